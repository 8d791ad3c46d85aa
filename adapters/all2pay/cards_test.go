package all2pay_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/adapters/all2pay"
	"github.com/payoutkit/payout/adapters/internal/adaptertest"
	"github.com/payoutkit/payout/sandbox"
	"github.com/payoutkit/payout/sandbox/bank"
)

func own(client *payout.Client) *all2pay.Provider { return client.Provider().(*all2pay.Provider) }

// cardOf is a request for a card to be saved.
func cardOf(reference string) payout.SaveCardRequest {
	return payout.SaveCardRequest{Reference: reference, OwnerID: "person-1", Card: toCard, CVV: payout.NewSecret("737")}
}

// What both methods send, byte for byte: #1 userName, #13 cvv or cvc, #14 orderNumber,
// #46 both headers, and the CVV where it is asked for and nowhere else.
func TestSaveCardRequests(t *testing.T) {
	const (
		head  = `{"pan":"4111111111111111","orderNumber":"card-1","clientId":"person-1"`
		login = `,"userName":"payout_api_username","password":"payout_api_password"}`
	)
	whole := cardOf("card-1")
	whole.Card.Expiry, whole.Card.Holder = payout.NewSecret("2034-12"), payout.NewSecret("TEST NAME")
	for name, tt := range map[string]struct {
		config all2pay.Config
		source bool
		req    payout.SaveCardRequest
		body   string
	}{
		"a recipient's":          {req: cardOf("card-1"), body: head + login},
		"a recipient's, whole":   {req: whole, body: head + `,"year":"2034","month":"12","cardholderName":"TEST NAME"` + login},
		"a recipient's, child":   {config: all2pay.Config{MerchantLogin: "child"}, req: cardOf("card-1"), body: head + login},
		"#13 #14 a payer's":      {source: true, req: cardOf("card-1"), body: head + `,"cvv":"737"` + login},
		"#13 a payer's, by cvc":  {config: all2pay.Config{CVC: true}, source: true, req: cardOf("card-1"), body: head + `,"cvc":"737"` + login},
		"a payer's, whole":       {source: true, req: whole, body: head + `,"cvv":"737","year":"2034","month":"12","cardholderName":"TEST NAME"` + login},
		"a payer's, for a child": {config: all2pay.Config{MerchantLogin: "child"}, source: true, req: cardOf("card-1"), body: head + `,"cvv":"737","merchantLogin":"child"` + login},
	} {
		capture, client := captured(t, tt.config)
		method, save := "createTargetBindingId.do", client.SaveCard
		if tt.source {
			method, save = "createSourceBindingId.do", client.SaveSourceCard
		}
		sent := capture.By(t, func() { _, _ = save(t.Context(), tt.req) })
		require.Equal(t, "POST /payouts/api/v2/"+method, sent.Method+" "+sent.Target, name)
		require.Equal(t, tt.body, sent.Body, name)
		sent.RequireHeader(t, adaptertest.ModuleHeader)
	}
}

// What breaks the tables of the two methods, by the adapter itself. Nothing is sent.
func TestSaveCardRules(t *testing.T) {
	capture, client := captured(t, all2pay.Config{})
	p := own(client)
	type rows map[string]struct {
		change func(*payout.SaveCardRequest)
		want   string
	}
	common := func(order, owner, pan string) rows {
		return rows{
			"no reference":   {func(r *payout.SaveCardRequest) { r.Reference = "" }, "reference: is required (orderNumber) (all2pay:" + order + ")"},
			"a slash":        {func(r *payout.SaveCardRequest) { r.Reference = "a/b" }, "reference: has a character at position 2 that is not allowed; allowed are ASCII letters, digits - _ (orderNumber) (all2pay:" + order + ")"},
			"33 letters":     {func(r *payout.SaveCardRequest) { r.Reference = strings.Repeat("7", 33) }, "reference: must be at most 32 characters (orderNumber) (all2pay:" + order + ")"},
			"nobody's":       {func(r *payout.SaveCardRequest) { r.OwnerID = "" }, "owner_id: is required (clientId) (all2pay:" + owner + ")"},
			"256 letters":    {func(r *payout.SaveCardRequest) { r.OwnerID = strings.Repeat("a", 256) }, "owner_id: must be at most 255 characters (clientId) (all2pay:" + owner + ")"},
			"no card":        {func(r *payout.SaveCardRequest) { r.Card = payout.Card{} }, "card.number: is required (pan) (all2pay:" + pan + ")"},
			"letters":        {func(r *payout.SaveCardRequest) { r.Card.Number = payout.NewSecret("4111x") }, "card.number: must be 12 to 19 digits (pan) (all2pay:" + pan + ")"},
			"eleven digits":  {func(r *payout.SaveCardRequest) { r.Card.Number = payout.NewSecret("41111111111") }, "card.number: must be 12 to 19 digits (pan) (all2pay:" + pan + ")"},
			"no month at al": {func(r *payout.SaveCardRequest) { r.Card.Expiry = payout.NewSecret("12/34") }, ""},
		}
	}
	target, source := common("637-638", "639-640", "641-642"), common("722, 742", "708-709", "698-699")
	const month = "card.expiry: must be a month as YYYY-MM (year) (all2pay:"
	for name, tt := range target {
		if tt.want == "" {
			tt.want = month + "645-646)"
		}
		req := cardOf("card-1")
		tt.change(&req)
		_, err := p.SaveCard(t.Context(), req)
		require.Equal(t, []string{tt.want}, broken(err), name)
	}
	source["no CVV"] = struct {
		change func(*payout.SaveCardRequest)
		want   string
	}{func(r *payout.SaveCardRequest) { r.CVV = payout.Secret{} }, "cvv: is required (cvv) (all2pay:704-705)"}
	source["two digits"] = struct {
		change func(*payout.SaveCardRequest)
		want   string
	}{func(r *payout.SaveCardRequest) { r.CVV = payout.NewSecret("12") }, "cvv: must be 3 or 4 digits (cvv) (all2pay:704-705)"}
	for name, tt := range source {
		if tt.want == "" {
			tt.want = month + "702-703)"
		}
		req := cardOf("card-1")
		tt.change(&req)
		_, err := p.SaveSourceCard(t.Context(), req)
		require.Equal(t, []string{tt.want}, broken(err), name)
	}
	_, err := p.FindCard(t.Context(), "a/b")
	require.ErrorContains(t, err, "payout: all2pay: find card: invalid, nothing was sent: reference: has a character")
	require.Empty(t, capture.Sent())
}

// The document's answers: #15, the second of them repaired where the page broke it
// (a comma is missing after termUrl, one too many stands at the end); #16, is3DSVer2
// is false and there is a short page all the same; #17, an errorCode that its table
// has not; #18, a message beside success; #19, an orderId that is not there.
func TestDocumentedCards(t *testing.T) {
	const (
		saved = `{
"errorCode": "0",
"errorMessage": "SUCCESS",
"bindingId": "bff03edd-66ee-7f1d-ac01-936e088ae411",
"clientId": "TestClientID",
"maskedPan": "4111XXXXXXXX1111",
"orderNumber": "1728285261_2111"
}`
		first = `{
"acsUrl": "https://tst.rbstest.ru/payment/rest/getwhitepageurl.do?mdOrder=7bfa0573-b798-4a3e-9380-da1438f23f47&threeDsServerTransId=019eccbe-2b19-49d0-86aa-b6124b27e81a",
"errorCode": "0",
"info": "Your payment has been processed, redirecting...",
"is3DSVer2": false,
"mdOrder": "7bfa0573-b798-4a3e-9380-da1438f23f47",
"paReq": "White page paReq",
"shortUrl": "https://tst.rbstest.ru/payment/acsRedirect.do?orderId=7bfa0573-b798-4a3e-9380-da1438f23f47",
"termUrl": "https://tst.rbstest.ru/payouts/api/v2/finish3DSv2.do",
"orderNumber": "1234567890"
}`
		second = `{
"errorCode": "0",
"errorMessage": "Success",
"bindingId": "08bc10f3-67b3-705b-a8af-bf0407752e00",
"clientId": "ClientId",
"maskedPan": "4111XXXXXXXX1111",
"merchantLogin": "testUser",
"orderId": "7bfa0573-b798-4a3e-9380-da1438f23f47",
"orderType": "createSourceBindingId",
"orderNumber": "1234567890"
}`
	)
	const masked, order = "411111******1111", "7bfa0573-b798-4a3e-9380-da1438f23f47"
	capture, client := captured(t, all2pay.Config{})
	req := cardOf("1728285261_2111")
	req.OwnerID = "TestClientID"
	capture.Say(200, saved)
	got, err := client.SaveCard(t.Context(), req)
	require.NoError(t, err)
	require.Equal(t, payout.CardSaved{Reference: req.Reference, ID: "bff03edd-66ee-7f1d-ac01-936e088ae411", Masked: masked}, got)

	req = cardOf("1234567890")
	req.OwnerID = "ClientId"
	capture.Say(200, first)
	got, err = client.SaveSourceCard(t.Context(), req)
	require.NoError(t, err)
	require.Equal(t, payout.CardSaved{
		Reference: req.Reference, ProviderID: order, Masked: masked,
		Action: payout.Action{URL: payout.NewSecret("https://tst.rbstest.ru/payment/acsRedirect.do?orderId=" + order)},
	}, got)

	capture.Say(200, second)
	got, err = client.SaveSourceCard(t.Context(), req)
	require.NoError(t, err)
	require.Equal(t, payout.CardSaved{Reference: req.Reference, ProviderID: order, ID: "08bc10f3-67b3-705b-a8af-bf0407752e00", Masked: masked}, got)
	got, err = own(client).FindCard(t.Context(), "1234567890")
	require.NoError(t, err)
	require.Equal(t, payout.CardSaved{Reference: "1234567890", ProviderID: order, ID: "08bc10f3-67b3-705b-a8af-bf0407752e00", Masked: "******1111"}, got)
}

// What answers to SaveCard and SaveSourceCard mean. #20: an identifier is one only if
// the call worked.
func TestSaveCardAnswers(t *testing.T) {
	const page = "https://acs.example/p?mdOrder=1"
	for name, tt := range map[string]struct {
		status int
		answer string
		fails  bool
		err    payout.ErrorKind // of what fails
		id     string
		page   string
	}{
		"saved":                    {status: 200, answer: `{"errorCode":"0","bindingId":"b-1","orderNumber":"card-1"}`, id: "b-1"},
		"code as a number":         {status: 200, answer: `{"errorCode":0,"bindingId":"b-1"}`, id: "b-1"},
		"not yet":                  {status: 200, answer: `{"errorCode":"0","orderNumber":"card-1"}`},
		"#17 a page, no code":      {status: 200, answer: `{"acsUrl":"` + page + `","orderNumber":"card-1"}`, page: page},
		"#16 a page of version 2":  {status: 200, answer: `{"errorCode":"0","is3DSVer2":true,"acsUrl":"` + page + `"}`, page: page},
		"a page beside a card":     {status: 200, answer: `{"errorCode":"0","bindingId":"b-1","acsUrl":"` + page + `"}`, page: page},
		"a short page of a script": {status: 200, answer: `{"errorCode":"0","shortUrl":"javascript:alert(1)","acsUrl":"` + page + `"}`, page: page},
		"a page without TLS":       {status: 200, answer: `{"errorCode":"0","acsUrl":"http://acs.example/"}`},
		"#20 a card and an error":  {status: 400, answer: `{"errorCode":"98","bindingId":"b-1"}`, fails: true},
		"a page and an error":      {status: 400, answer: `{"errorCode":"98","acsUrl":"` + page + `"}`, fails: true},
		"another order's refusal":  {status: 400, answer: `{"errorCode":"98","orderNumber":"card-2"}`, fails: true},
		"another order's card":     {status: 200, answer: `{"errorCode":"0","bindingId":"b-1","orderNumber":"card-2"}`, fails: true},
		"another's card":           {status: 200, answer: `{"errorCode":"0","bindingId":"b-1","clientId":"person-2"}`, fails: true},
		"another card":             {status: 200, answer: `{"errorCode":"0","bindingId":"b-1","maskedPan":"411111XXXXXX1112"}`, fails: true},
		"a known order":            {status: 200, answer: `{"errorCode":"1"}`, fails: true},
		"no code":                  {status: 200, answer: `{"bindingId":"b-1"}`, fails: true},
		"a page of a proxy":        {status: 502, answer: `<html>`, fails: true},
		"success under an error":   {status: 500, answer: `{"errorCode":"0","bindingId":"b-1"}`, fails: true},
		"refused":                  {status: 400, answer: `{"errorCode":"98"}`, fails: true, err: payout.ErrRefused},
		"not known":                {status: 401, answer: `{"errorCode":"90"}`, fails: true, err: payout.ErrUnauthorized},
		"no such card":             {status: 502, answer: `{"errorCode":"204"}`, fails: true, err: payout.ErrRefused},
		"a restricted card":        {status: 200, answer: `{"errorCode":"902"}`, fails: true, err: payout.ErrRefused},
		"no funds, of all things":  {status: 200, answer: `{"errorCode":"116"}`, fails: true},
	} {
		capture, client := captured(t, all2pay.Config{})
		capture.Say(tt.status, tt.answer)
		for _, save := range []func() (payout.CardSaved, error){
			func() (payout.CardSaved, error) { return client.SaveCard(t.Context(), cardOf("card-1")) },
			func() (payout.CardSaved, error) { return client.SaveSourceCard(t.Context(), cardOf("card-1")) },
		} {
			got, err := save()
			if tt.fails {
				require.Error(t, err, name)
				require.Equal(t, tt.err, payout.KindOf(err), name)
				require.Zero(t, got, name)
				continue
			}
			require.NoError(t, err, name)
			require.Equal(t, []any{tt.id, payout.NewSecret(tt.page)}, []any{got.ID, got.Action.URL}, name)
		}
	}
}

// What became of a card, by the question that payouts have too: positive evidence, or
// no identifier.
func TestFindCardAnswers(t *testing.T) {
	const credit = `"operationList":[{"operationType":"P2P_CREDIT","resultCode":0}]`
	for name, tt := range map[string]struct {
		status int
		answer string
		id     string
		err    bool
		kind   payout.ErrorKind
	}{
		"as when it was saved":          {status: 200, answer: `{"errorCode":"0","orderNumber":"card-1","bindingId":"b-1","orderStatus":"2"}`, id: "b-1"},
		"by its type":                   {status: 200, answer: `{"errorCode":"0","orderNumber":"card-1","orderType":"createTargetBindingId","target":{"bindingId":"b-1","maskedPan":"411111XXXXXX1111"}}`, id: "b-1"},
		"of a payer":                    {status: 200, answer: `{"errorCode":"0","orderNumber":"card-1","orderType":"createSourceBindingId","source":{"bindingId":"b-1"}}`, id: "b-1"},
		"not yet":                       {status: 200, answer: `{"errorCode":"0","orderNumber":"card-1","orderStatus":"0"}`},
		"texts for identifiers":         {status: 200, answer: `{"errorCode":"0","orderNumber":"card-1","orderId":"IVAN PETROV","bindingId":"карта"}`},
		"a long text for one":           {status: 200, answer: `{"errorCode":"0","orderNumber":"card-1","bindingId":"` + strings.Repeat("b", 256) + `"}`},
		"waits for its owner":           {status: 200, answer: `{"errorCode":"0","orderNumber":"card-1","orderStatus":"5"}`},
		"declined":                      {status: 200, answer: `{"errorCode":"0","orderNumber":"card-1","orderStatus":"6","bindingId":"b-1"}`, err: true, kind: payout.ErrRefused},
		"declined, and not the end":     {status: 200, answer: `{"errorCode":"0","orderNumber":"card-1","orderStatus":"6","actionCode":-9000,"bindingId":"b-1"}`, err: true},
		"a payout to a saved card":      {status: 200, answer: `{"errorCode":"0","orderNumber":"card-1","orderStatus":"2","target":{"bindingId":"b-1"}}`},
		"a payout that was paid":        {status: 200, answer: `{"errorCode":"0","orderNumber":"card-1","orderStatus":"2","bindingId":"b-1",` + credit + `}`, err: true},
		"another order":                 {status: 200, answer: `{"errorCode":"0","orderNumber":"card-2","bindingId":"b-1"}`, err: true},
		"an order that nobody names":    {status: 200, answer: `{"errorCode":"0","bindingId":"b-1"}`, err: true},
		"not found":                     {status: 400, answer: `{"errorCode":"98"}`, err: true, kind: payout.ErrNotFound},
		"not known":                     {status: 401, answer: `{"errorCode":"90"}`, err: true, kind: payout.ErrUnauthorized},
		"something went wrong":          {status: 500, answer: `{"errorCode":"99"}`, err: true},
		"the page of a proxy":           {status: 404, answer: `<html>`, err: true},
		"an error with a card, somehow": {status: 200, answer: `{"errorCode":"98","orderNumber":"card-1","bindingId":"b-1"}`, err: true},
	} {
		capture, client := captured(t, all2pay.Config{})
		capture.Say(tt.status, tt.answer)
		got, err := own(client).FindCard(t.Context(), "card-1")
		if tt.err {
			require.Error(t, err, name)
			require.Equal(t, tt.kind, payout.KindOf(err), name)
			require.ErrorContains(t, err, "payout: all2pay: find card: ", name)
			require.Zero(t, got, name)
			continue
		}
		require.NoError(t, err, name)
		require.Equal(t, payout.CardSaved{Reference: "card-1", ID: tt.id, Masked: got.Masked}, got, name)
	}
}

// A recipient's card in the simulated bank: saved, found when the answer was lost, paid
// to, and never a payout.
func TestSaveCardAndPay(t *testing.T) {
	server, client := inSandbox(t, sandbox.ModuleConfig{})
	server.Script(bank.Script{Operation: bank.SaveCard, Reference: "lost", Reply: bank.Lost()})
	for _, reference := range []string{"card-1", "lost"} {
		saved, err := client.SaveCard(t.Context(), cardOf(reference))
		if reference == "lost" {
			require.ErrorIs(t, err, payout.ErrOutcomeUnknown)
			saved, err = own(client).FindCard(t.Context(), reference)
		}
		require.NoError(t, err)
		require.NotEmpty(t, saved.ID)
		require.True(t, strings.HasSuffix(saved.Masked, "******1111"))
		require.Equal(t, 1, server.Count(bank.SaveCard, reference))

		req := request(payout.SavedCard{ID: saved.ID})
		req.Reference, req.Recipient.ID = "pay-"+reference, "person-1"
		paid, err := client.Create(t.Context(), req)
		require.NoError(t, err)
		require.Equal(t, payout.StatusPaid, paid.Status)
		require.Equal(t, "411111XXXXXX1111", server.Ledger().Moved("pay-" + reference)[0].Destination)

		// Even if the bank's answer claims the amount of a payout.
		server.Script(bank.Script{Operation: bank.Status, Reference: reference, Alter: bank.Claim(req.Amount)})
		looked, err := client.Find(t.Context(), payout.Ref{Reference: reference, Amount: req.Amount})
		require.NoError(t, err)
		require.Equal(t, payout.StatusUnknown, looked.Status)
		require.Equal(t, 0, server.Ledger().Times(reference))
	}
	require.Empty(t, server.Refusals())
}

// A payer's card: the owner passes 3-D Secure, and then it can be paid from.
func TestSaveSourceCardAndPay(t *testing.T) {
	server, client := inSandbox(t, sandbox.ModuleConfig{SavedSource: payout.FromMinor(1_000_000, payout.RUB)})
	saved, err := client.SaveSourceCard(t.Context(), cardOf("card-1"))
	require.NoError(t, err)
	require.Empty(t, saved.ID)
	require.NotEmpty(t, saved.ProviderID)
	require.Contains(t, saved.Action.URL.Reveal(), "/payment/acsRedirect.do?")

	waiting, err := own(client).FindCard(t.Context(), "card-1")
	require.NoError(t, err)
	require.Empty(t, waiting.ID)
	enter := adaptertest.Enter(sandbox.ThreeDSCode)
	require.NoError(t, enter(t.Context(), adaptertest.Browser(t, server), saved.Action))
	found, err := own(client).FindCard(t.Context(), "card-1")
	require.NoError(t, err)
	require.NotEmpty(t, found.ID)

	req := request(toCard)
	req.Source.SavedCard = found.ID
	paid, err := client.Create(t.Context(), req)
	require.NoError(t, err)
	require.Equal(t, payout.StatusPaid, paid.Status)
	require.Equal(t, found.ID, server.Ledger().Moved("p-1")[0].Account)

	// Without 3-D Secure the first answer has the card.
	_, client = inSandbox(t, sandbox.ModuleConfig{NoThreeDS: true})
	saved, err = client.SaveSourceCard(t.Context(), cardOf("card-2"))
	require.NoError(t, err)
	require.NotEmpty(t, saved.ID)
	require.Zero(t, saved.Action)
	require.Empty(t, server.Refusals())
}

// #31: a payout for which the issuer wants 3-D Secure waits, and is paid once it is
// passed.
func TestPayoutWithThreeDSecure(t *testing.T) {
	server, client := inSandbox(t, sandbox.ModuleConfig{})
	server.Script(bank.Script{Operation: bank.Create, Reference: "p-1", Act: sandbox.Challenge()})
	p, err := client.Create(t.Context(), request(toCard))
	require.NoError(t, err)
	require.Equal(t, payout.StatusActionRequired, p.Status)
	require.Equal(t, 0, server.Ledger().Times("p-1"))
	found, err := client.Find(t.Context(), p.Ref())
	require.NoError(t, err)
	require.Equal(t, payout.StatusActionRequired, found.Status)
	require.NoError(t, adaptertest.Enter(sandbox.ThreeDSCode)(t.Context(), adaptertest.Browser(t, server), p.Action))
	found, err = client.Find(t.Context(), p.Ref())
	require.NoError(t, err)
	require.Equal(t, payout.StatusPaid, found.Status)
}
