package connpay_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/adapters/connpay"
	"github.com/payoutkit/payout/sandbox"
	"github.com/payoutkit/payout/sandbox/bank"
)

// What a question about a balance looks like: signed with HMAC-SHA1 by the control key,
// its parameters in the body as well as in the header, but for the signature.
func TestAskingForBalances(t *testing.T) {
	at := time.Unix(1686924613, 999)
	const control, hard = "test-merchant-control", `k+e/y=%41 & é~"`
	var right, wrong strings.Builder
	for name, tt := range map[string]struct {
		endpoint connpay.Endpoint
		balance  connpay.Balance
		login    string
		target   string
		body     string // before the parameters of OAuth
		control  string
	}{
		"merchant":        {endpoint, connpay.Balance{Of: connpay.BalanceOfMerchant}, "TestMerchant", "merchant/TestMerchant", "", control},
		"merchant, named": {endpoint, connpay.Balance{Of: connpay.BalanceOfMerchant, Name: "a b&c"}, "TestMerchant", "merchant/TestMerchant", "balance-name=a%20b%26c&", control},
		"group":           {group, connpay.Balance{Of: connpay.BalanceOfMerchant}, "TestMerchant", "merchant/TestMerchant", "", control},
		"endpoint":        {endpoint, connpay.Balance{Of: connpay.BalanceOfEndpoint}, "TestMerchant", "39915", "", control},
		"endpoint, named": {endpoint, connpay.Balance{Of: connpay.BalanceOfEndpoint, Name: "USD"}, "TestMerchant", "39915", "balance-provider=USD&", control},
		"a hard login":    {endpoint, connpay.Balance{Of: connpay.BalanceOfMerchant}, "a b/é", "merchant/a%20b%2F%C3%A9", "", control},
		// RFC 5849, 3.4.2: the key of the HMAC is the control key percent-encoded, and '&'.
		"a hard control": {endpoint, connpay.Balance{Of: connpay.BalanceOfMerchant}, "TestMerchant", "merchant/TestMerchant", "", hard},
	} {
		capture, client := captured(t, connpay.Config{
			Endpoint: tt.endpoint, Balance: tt.balance, Login: tt.login, Control: s(tt.control), Now: func() time.Time { return at }, Rand: strings.NewReader(strings.Repeat("\xab", 16)),
		})
		sent := capture.By(t, func() { _, _ = client.Balances(t.Context(), payout.Source{}) })
		require.Equal(t, "POST /paynet/api/v2/get-balance/"+tt.target, sent.Method+" "+sent.Target, name)
		protocol := "oauth_consumer_key=" + url.PathEscape(tt.login) + "&oauth_nonce=abababababababababababababababab" +
			"&oauth_signature_method=HMAC-SHA1&oauth_timestamp=1686924613&oauth_version=1.0"
		require.Equal(t, tt.body+protocol, sent.Body, name)
		sent.RequireHeader(t, formHeader)
		require.Regexp(t, `^OAuth oauth_consumer_key="[^"]+", oauth_nonce="abababababababababababababababab", oauth_signature="[A-Za-z0-9%]+%3D", `+
			`oauth_signature_method="HMAC-SHA1", oauth_timestamp="1686924613", oauth_version="1.0"$`, sent.Header.Get("Authorization"), name)
		right.WriteString(signedRequest(t, sent, "hmac", tt.control))
		wrong.WriteString(signedRequest(t, sent, "hmac", "another"))
	}
	// Verified by an implementation that is not ours: the parameters count once, though
	// they stand twice.
	for _, line := range verify(t, right.String()) {
		require.True(t, strings.HasPrefix(line, "POST&https%3A%2F%2F"), line)
	}
	for _, line := range verify(t, wrong.String()) {
		require.Contains(t, line, "does not verify")
	}
}

// Answers in JSON: one balance or several, as the platform's pages show them. What is
// not certain is no balance.
func TestBalanceAnswers(t *testing.T) {
	usd := func(available, hold string) payout.Balance {
		b := payout.Balance{Available: payout.MustMoney(available + " USD")}
		if hold != "" {
			b.OnHold = payout.MustMoney(hold + " USD")
		}
		return b
	}
	const one = `{"name":"main","amount":1500.5,"online-balance-live-amount":1400.25,"total-rolling-reserve-amount":100.25,"currency":"USD","amount-buffer-hold":10.42}`
	for name, tt := range map[string]struct {
		status int
		body   string
		want   []payout.Balance // nil: it can't be read
	}{
		"one":                     {200, one, []payout.Balance{usd("1400.25", "10.42")}},
		"a list":                  {200, "[" + one + "]", []payout.Balance{usd("1400.25", "10.42")}},
		"two currencies":          {200, "[" + one + `,{"amount":7,"currency":"EUR"}]`, []payout.Balance{usd("1400.25", "10.42"), {Available: payout.MustMoney("7.00 EUR")}}},
		"one that is not paid in": {200, "[" + one + `,{"amount":7,"currency":"GBP"}]`, []payout.Balance{usd("1400.25", "10.42")}},
		"no more than an amount":  {200, `{"amount":"29.99","currency":"USD"}`, []payout.Balance{usd("29.99", "")}},
		"below zero":              {200, `{"amount":-5,"currency":"USD"}`, []payout.Balance{usd("-5.00", "")}},
		"nothing":                 {200, `{"amount":0,"currency":"USD","amount-buffer-hold":0}`, []payout.Balance{usd("0.00", "0.00")}},
		"none":                    {200, `[]`, []payout.Balance{}},
		"two in one currency":     {200, "[" + one + "," + one + "]", nil},
		"no currency":             {200, `{"balance-amount":29.99}`, nil}, // of which of four?
		"currency of nowhere":     {200, `{"amount":1,"currency":"ZZZ"}`, nil},
		"no amount":               {200, `{"currency":"USD"}`, nil},
		"amount in words":         {200, `{"amount":"much","currency":"USD"}`, nil},
		"too many decimals":       {200, `{"amount":29.999,"currency":"USD"}`, nil},
		"an exponent":             {200, `{"amount":1E3,"currency":"USD"}`, nil},
		"hold in words":           {200, `{"amount":1,"amount-buffer-hold":"some","currency":"USD"}`, nil},
		"amount in a list":        {200, `{"amount":[1],"currency":"USD"}`, nil},
		"amount twice":            {200, `{"amount":1,"amount":2,"currency":"USD"}`, nil},
		"another status":          {500, one, nil},
		"a form":                  {200, "type=error&error-message=Not+enabled&error-code=3", nil},
		"a comma too many":        {200, `[{"amount":29.99,}]`, nil},
		"nothing at all":          {200, "", nil},
	} {
		capture, client := captured(t, connpay.Config{Endpoint: group, Balance: connpay.Balance{Of: connpay.BalanceOfMerchant}})
		capture.Say(tt.status, tt.body)
		before := time.Now()
		got, err := client.Balances(t.Context(), payout.Source{})
		if tt.want == nil {
			require.ErrorIs(t, err, payout.ErrOutcomeUnknown, name)
			continue
		}
		require.NoError(t, err, name)
		require.Len(t, got, len(tt.want), name)
		for i, b := range got {
			require.WithinRange(t, b.At, before, time.Now())
			b.At = time.Time{}
			require.Equal(t, tt.want[i], b, name)
		}
	}
}

// An endpoint's answer has no currency: it is the endpoint's, if that has only one.
func TestBalanceOfAnEndpoint(t *testing.T) {
	capture, client := captured(t, connpay.Config{Balance: connpay.Balance{Of: connpay.BalanceOfEndpoint}})
	capture.Say(200, `[{"balance-amount":29.99}]`)
	got, err := client.Balances(t.Context(), payout.Source{})
	require.NoError(t, err)
	require.Equal(t, payout.MustMoney("29.99 USD"), got[0].Available)
}

// Access that is denied holds the provider here too, and a card has no balance.
func TestBalanceRefusals(t *testing.T) {
	capture, client := captured(t, connpay.Config{Balance: connpay.Balance{Of: connpay.BalanceOfMerchant}})
	capture.Say(403, "<html><p>Access is denied</p></html>")
	_, err := client.Balances(t.Context(), payout.Source{})
	var e *payout.Error
	require.ErrorAs(t, err, &e)
	require.True(t, e.Hold)
	sent := len(capture.Sent())
	_, err = client.Balances(t.Context(), payout.Source{SavedCard: "7"})
	require.ErrorIs(t, err, payout.ErrUnsupported)
	require.Len(t, capture.Sent(), sent)

	capture, client = captured(t, connpay.Config{Balance: connpay.Balance{Of: connpay.BalanceOfMerchant}, Rand: strings.NewReader("")})
	_, err = client.Balances(t.Context(), payout.Source{})
	require.ErrorIs(t, err, payout.ErrNotSent)
	require.Empty(t, capture.Sent())
}

// As the gateway counts: what is under way is on hold.
func TestBalancesInSandbox(t *testing.T) {
	for name, c := range map[string]connpay.Config{
		"endpoint":        {Endpoint: endpoint, Balance: connpay.Balance{Of: connpay.BalanceOfEndpoint}},
		"endpoint, named": {Endpoint: endpoint, Balance: connpay.Balance{Of: connpay.BalanceOfEndpoint, Name: "USD"}},
		"merchant":        {Endpoint: endpoint, Balance: connpay.Balance{Of: connpay.BalanceOfMerchant}},
		"in JSON":         {Endpoint: endpoint, Balance: connpay.Balance{Of: connpay.BalanceOfMerchant, Name: "USD"}, JSON: true},
		"a hard control":  {Endpoint: endpoint, Balance: connpay.Balance{Of: connpay.BalanceOfMerchant}, Control: s(`k+e/y=%41 & é~"`)},
	} {
		gate, client := simulate(t, sandbox.ConnPayConfig{Balance: true, Control: c.Control.Reveal()}, c)
		gate.Ledger().Fund("39915/USD", payout.MustMoney("100.00 USD"))
		gate.Script(bank.Script{Operation: bank.Create, Reference: "p-2", Act: bank.Pend(0)})
		for _, reference := range []string{"p-1", "p-2"} {
			p, err := client.Create(t.Context(), request(reference, "1234567890"))
			require.NoError(t, err, name)
			_, err = client.Find(t.Context(), p.Ref())
			require.NoError(t, err, name)
			_, err = client.Find(t.Context(), p.Ref())
			require.NoError(t, err, name)
		}
		got, err := client.Balances(t.Context(), payout.Source{})
		require.NoError(t, err, name, gate.Refusals())
		require.Len(t, got, 1, name)
		require.Equal(t, payout.MustMoney("89.58 USD"), got[0].Available, name)
		require.Equal(t, payout.MustMoney("10.42 USD"), got[0].OnHold, name)
		require.Empty(t, gate.Refusals(), name)
	}
	// Until support has turned it on there is none.
	_, client := simulate(t, sandbox.ConnPayConfig{}, connpay.Config{Balance: connpay.Balance{Of: connpay.BalanceOfMerchant}})
	_, err := client.Balances(t.Context(), payout.Source{})
	require.ErrorIs(t, err, payout.ErrOutcomeUnknown)
}
