package payout_test

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/payoutkit/payout"
)

// requireRefused checks that a request is refused for these rules and no other,
// by Check and by Create alike, and that the provider hears nothing of it.
func requireRefused(t *testing.T, c *payout.Client, b *teller, r payout.Request, kind payout.ErrorKind, want ...string) {
	t.Helper()
	_, created := c.Create(t.Context(), r)
	for _, err := range []error{c.Check(r), created} {
		var e *payout.Error
		require.ErrorAs(t, err, &e)
		got := []string{}
		for _, v := range e.Violations {
			got = append(got, v.String())
		}
		require.Equal(t, want, got)
		require.Equal(t, kind, payout.KindOf(err))
		require.Equal(t, "teller-1", e.Provider)
		require.Equal(t, payout.OpCreate, e.Op)
	}
	require.Empty(t, b.calls, "the provider was called")
}

func TestCheck(t *testing.T) {
	const (
		invalid, unsupported = payout.ErrInvalid, payout.ErrUnsupported
		url                  = "must be an absolute https address"
		control              = "must not contain control characters"
		two                  = "must be a language's two letters (ISO 639-1), in lower case"
		names                = "metadata: names must be 1 to 64 characters, without control characters and without spaces around"
	)
	metadata := func(name, value string) func(*payout.Request) {
		return func(r *payout.Request) { r.Metadata = map[string]string{name: value} }
	}
	returnURL := func(text string) func(*payout.Request) {
		return func(r *payout.Request) { r.ReturnURL = text }
	}
	options := func(o ...payout.Option) func(*payout.Request) {
		return func(r *payout.Request) { r.Options = o }
	}
	card := func(number string) payout.Destination { return payout.Card{Number: payout.NewSecret(number)} }
	for name, row := range map[string]struct {
		change func(*payout.Request)
		kind   payout.ErrorKind
		want   string
	}{
		"no reference":     {func(r *payout.Request) { r.Reference = "" }, invalid, "reference: is required (teller:7)"},
		"long reference":   {func(r *payout.Request) { r.Reference = strings.Repeat("x", 33) }, invalid, "reference: must be at most 32 characters (teller:7)"},
		"no amount":        {func(r *payout.Request) { r.Amount = payout.Money{} }, invalid, "amount: is required"},
		"zero amount":      {func(r *payout.Request) { r.Amount = payout.FromMinor(0, payout.RUB) }, invalid, "amount: must be positive"},
		"negative amount":  {func(r *payout.Request) { r.Amount = payout.FromMinor(-1, payout.RUB) }, invalid, "amount: must be positive"},
		"least money":      {func(r *payout.Request) { r.Amount = payout.FromMinor(math.MinInt64, payout.RUB) }, invalid, "amount: must be positive"},
		"small amount":     {func(r *payout.Request) { r.Amount = payout.FromMinor(99, payout.RUB) }, invalid, "amount: must be at least 1.00 RUB"},
		"large amount":     {func(r *payout.Request) { r.Amount = payout.MustMoney("600000.01 RUB") }, invalid, "amount: must be at most 600000.00 RUB"},
		"large in its own": {func(r *payout.Request) { r.Amount = payout.MustMoney("999.01 KZT") }, invalid, "amount: must be at most 999.00 KZT"},
		"currency":         {func(r *payout.Request) { r.Amount = payout.MustMoney("5 JPY") }, unsupported, "amount: currency must be one of RUB, KZT"},

		"no destination":     {func(r *payout.Request) { r.Destination = nil }, invalid, "destination: is required"},
		"nil pointer":        {func(r *payout.Request) { r.Destination = (*payout.Card)(nil) }, invalid, "destination: is required"},
		"kind":               {func(r *payout.Request) { r.Destination = payout.SBP{} }, unsupported, "destination: must be one of card, saved_card, passbook"},
		"no kind":            {func(r *payout.Request) { r.Destination = odd{} }, unsupported, "destination: must be one of card, saved_card, passbook"},
		"a disguised card":   {func(r *payout.Request) { r.Destination = struct{ payout.Card }{} }, invalid, "destination: is not of the type that kind card declares"},
		"card number":        {func(r *payout.Request) { r.Destination = card("4111111111111112") }, invalid, "destination.number: must have a valid check digit: one or more digits are wrong"},
		"card by pointer":    {func(r *payout.Request) { r.Destination = &payout.Card{} }, invalid, "destination.number: is required"},
		"stranger's":         {func(r *payout.Request) { r.Destination = passbook{Office: office{Clerk: "c"}} }, invalid, "destination.number: is required"},
		"stranger's pointer": {func(r *payout.Request) { r.Destination = &passbook{Number: payout.NewSecret("A")} }, invalid, "destination.clerk_2: is required"},

		"source":           {func(r *payout.Request) { r.Source.SavedCard = "a\nb" }, invalid, "source.saved_card: " + control},
		"recipient":        {func(r *payout.Request) { r.Recipient.Address.Country = "kz" }, invalid, "recipient.country: must be a country's two letters (ISO 3166-1), in capitals"},
		"description":      {func(r *payout.Request) { r.Description = strings.Repeat("я", 21) }, invalid, "description: must be at most 20 characters"},
		"language":         {func(r *payout.Request) { r.Language = "RU" }, invalid, "language: " + two},
		"language, 3":      {func(r *payout.Request) { r.Language = "rus" }, invalid, "language: " + two},
		"return URL":       {returnURL("http://a.example"), invalid, "return_url: " + url},
		"fail URL":         {func(r *payout.Request) { r.FailURL = "/fail" }, invalid, "fail_url: " + url},
		"callback URL":     {func(r *payout.Request) { r.CallbackURL = "https://user:p@a.example" }, invalid, "callback_url: " + url},
		"URL without host": {returnURL("https:///x"), invalid, "return_url: " + url},
		"URL with a port":  {returnURL("https://:443/x"), invalid, "return_url: " + url},
		"URL with a break": {returnURL("https://a.example/\n"), invalid, "return_url: " + url},
		"not a URL":        {returnURL("https://a.example/%zz"), invalid, "return_url: " + url},
		"long URL":         {returnURL("https://a.example/" + strings.Repeat("x", 2048)), invalid, "return_url: must be at most 2048 characters"},

		"metadata":              {metadata("order_id", "a\x00"), invalid, "metadata.order_id: " + control},
		"long metadata":         {metadata("a", strings.Repeat("x", 1025)), invalid, "metadata.a: must be at most 1024 characters"},
		"metadata's name":       {metadata("", "x"), invalid, names},
		"metadata's long name":  {metadata(strings.Repeat("я", 65), "x"), invalid, names},
		"metadata in two cases": {func(r *payout.Request) { r.Metadata = map[string]string{"Key": "1", "key": "2"} }, invalid, "metadata.key: names must differ in more than case"},
		"a private name":        {metadata("4111111111111111", " "), invalid, "metadata: must not begin or end with a space"},

		"option":         {options(extra{}), invalid, "options.extra.purpose: is required"},
		"option's field": {options(&extra{Purpose: "1190"}), invalid, "options.extra.purpose: must be at most 3 characters"},
		"option twice":   {options(extra{"1"}, &extra{"1"}), invalid, "options.extra: stands twice"},
		"no option":      {options(extra{"1"}, nil), invalid, "options.1: has no kind"},
	} {
		t.Run(name, func(t *testing.T) {
			c, b := answers(payout.Payout{}, errors.New("not to be called"))
			r := request()
			row.change(&r)
			requireRefused(t, c, b, r, row.kind, row.want)
		})
	}
}

func TestCheckAccepts(t *testing.T) {
	for name, change := range map[string]func(*payout.Request){
		"as it is": func(*payout.Request) {},
		"least":    func(r *payout.Request) { r.Amount = payout.MustMoney("1.00 RUB") },
		"most":     func(r *payout.Request) { r.Amount = payout.MustMoney("600000.00 RUB") },
		"pointer":  func(r *payout.Request) { r.Destination = &payout.SavedCard{ID: "b"} },
		"stranger's": func(r *payout.Request) {
			r.Destination = passbook{Number: payout.NewSecret("A1"), Office: office{Clerk: "c"}}
		},
		"source": func(r *payout.Request) { r.Source.SavedCard = "corporate-card" },
		"addresses": func(r *payout.Request) {
			r.ReturnURL = "https://a.example:8443/ok?x=1#y"
			r.CallbackURL = "https://[::1]/"
		},
		"empty metadata": func(r *payout.Request) { r.Metadata = map[string]string{"a": "", "имя": "значение"} },
		"options":        func(r *payout.Request) { r.Options = []payout.Option{extra{"1"}, odd2{}} },
		"language":       func(r *payout.Request) { r.Language = "kk" },
		"longest name":   func(r *payout.Request) { r.Metadata = map[string]string{strings.Repeat("я", 64): "x"} },
		"longest text":   func(r *payout.Request) { r.Description = strings.Repeat("я", 20) },
	} {
		c, b := answers(payout.Payout{Status: payout.StatusPending}, nil)
		r := request()
		change(&r)
		require.NoError(t, c.Check(r), name)
		require.Empty(t, b.calls, "Check sends nothing")
		_, err := c.Create(t.Context(), r)
		require.NoError(t, err, name)
		require.Equal(t, []payout.Op{payout.OpCreate}, b.calls, "Create sends once")
	}
}

// odd2 is an option without fields.
type odd2 struct{}

func (odd2) Kind() payout.Kind { return odd2Kind }

var odd2Kind = payout.NewKind[odd2]("odd2", "an option that is there or not")

// Who sends a wrong request hears all that is wrong with it, in one order.
func TestCheckNamesEveryRuleAtOnce(t *testing.T) {
	r := payout.Request{
		Reference: "a b", Amount: payout.FromMinor(-1, payout.JPY), Destination: payout.SBP{}, Language: "EN", FailURL: "x", ReturnURL: "x", CallbackURL: "x",
		Source: payout.Source{SavedCard: " "}, Recipient: payout.Recipient{Email: payout.NewSecret("x"), Phone: payout.NewSecret(" ")},
		Description: "\n", Metadata: map[string]string{"b": "\n", "a": "\n", "": "\n", "c": "\n", "d": "\n"}, Options: []payout.Option{nil, extra{}},
	}
	const space, control, url = "must not begin or end with a space", "must not contain control characters", "must be an absolute https address"
	for range 5 {
		_, b := answers(payout.Payout{}, nil)
		b.info.SourceCards = false
		c := payout.NewClient(b)
		requireRefused(t, c, b, r, payout.ErrInvalid,
			"reference: has a character at position 2 that is not allowed; allowed are ASCII letters, digits - _ (teller:7)",
			"amount: must be positive",
			"source.saved_card: "+space,
			"recipient.phone: "+space, "recipient.email: must be one e-mail address",
			"description: "+control,
			"language: must be a language's two letters (ISO 639-1), in lower case",
			"return_url: "+url, "fail_url: "+url, "callback_url: "+url,
			"metadata: names must be 1 to 64 characters, without control characters and without spaces around",
			"metadata.a: "+control, "metadata.b: "+control, "metadata.c: "+control, "metadata.d: "+control,
			"options.0: has no kind", "options.extra.purpose: is required",
			"amount: currency must be one of RUB, KZT",
			"destination: must be one of card, saved_card, passbook",
			"source.saved_card: must be empty: this provider pays from its own account only",
		)
	}
}

// What a provider lacks is told from what is wrong: another provider may have it.
func TestCheckUnsupported(t *testing.T) {
	_, b := answers(payout.Payout{}, nil)
	b.info.SourceCards, b.info.Amounts, b.info.Destinations = false, nil, nil
	c := payout.NewClient(b)
	r := request()
	r.Source.SavedCard = "card"
	requireRefused(t, c, b, r, payout.ErrUnsupported,
		"amount: currency must be one of the provider's, which has none",
		"destination: must be one of the provider's, which has none",
		"source.saved_card: must be empty: this provider pays from its own account only")
	r.Language = "x"
	err := c.Check(r)
	require.Equal(t, payout.ErrInvalid, payout.KindOf(err), "what is wrong everywhere weighs more")
}

func TestCheckOfADescriptionThatIsIgnored(t *testing.T) {
	_, b := answers(payout.Payout{}, nil)
	b.info.Description = 0
	c := payout.NewClient(b)
	r := request()
	r.Description = strings.Repeat("\n", 1000)
	require.NoError(t, c.Check(r))
}

// Whatever stands in a request, no error repeats it.
func TestPropertyCheckNeverRepeatsAValue(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		canary := rapid.StringMatching(`[0-9]{14,19}|[Ж-Я]{8,20}`).Draw(t, "canary")
		bad := func(label string) string {
			return rapid.SampledFrom([]string{"", "\n", " ", "\xff", "@", "://", "%"}).Draw(t, label) + canary + "\n"
		}
		r := payout.Request{
			Reference: bad("reference"), Source: payout.Source{SavedCard: bad("source")}, Description: bad("description"), Language: bad("language"),
			ReturnURL: bad("return"), FailURL: bad("fail"), CallbackURL: bad("callback"), Metadata: map[string]string{canary: bad("metadata"), bad("name"): "x"},
			Destination: payout.Card{Number: payout.NewSecret(bad("number"))}, Recipient: payout.Recipient{ID: bad("id"), Email: payout.NewSecret(bad("email"))},
			Options: []payout.Option{extra{bad("option")}},
		}
		c, _ := answers(payout.Payout{}, nil)
		err := c.Check(r)
		require.Error(t, err)
		require.NotContains(t, fmt.Sprintf("%v %+v %#v", err, err, err), canary)
	})
}

// A broken rule is shown with what the bank calls the field, where the provider says so.
func TestCheckNamesTheBanksField(t *testing.T) {
	b := &teller{info: facts()}
	b.info.Fields = map[string]payout.BankField{
		"description": {Name: "order_desc", Doc: "teller:9"}, "amount": {Doc: "teller:10"}, "reference": {Name: "client_orderid", Doc: "teller:11"},
	}
	c := payout.NewClient(b)
	r := request()
	r.Reference, r.Description, r.Language = "a/b", strings.Repeat("x", 21), "EN"
	r.Amount = payout.MustMoney("0.99 RUB")
	requireRefused(t, c, b, r, payout.ErrInvalid,
		"reference: has a character at position 2 that is not allowed; allowed are ASCII letters, digits - _ (client_orderid) (teller:7)",
		"amount: must be at least 1.00 RUB (teller:10)",
		"description: must be at most 20 characters (order_desc) (teller:9)",
		"language: must be a language's two letters (ISO 639-1), in lower case",
	)
}
