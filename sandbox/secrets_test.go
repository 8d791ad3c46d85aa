package sandbox_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout/sandbox"
	"github.com/payoutkit/payout/sandbox/bank"
)

// recorder catches what testify prints about a difference.
type recorder struct{ strings.Builder }

func (r *recorder) Errorf(format string, args ...any) { fmt.Fprintf(r, format, args...) }

// known is all that a bank remembers, printed in every way.
func known(t *testing.T, s *bank.Server) string {
	t.Helper()
	r := &recorder{}
	for _, v := range []any{s.Requests(), s.Refusals(), s.Ledger().Entries(), s.Orders()} {
		r.Errorf("%v %+v %#v\n", v, v, v)
		assert.Equal(r, nil, v)
	}
	r.Errorf("%s", strings.ReplaceAll(fmt.Sprintf("%v %+v %#v", s, s, s), s.URL(), ""))
	text, err := json.Marshal([]any{s.Requests(), s.Ledger().Entries()})
	require.NoError(t, err)
	return r.String() + string(text)
}

// No card number, password or signature is in what a bank keeps, whether it took the
// request or not.
func TestNothingSecretIsKept(t *testing.T) {
	// Not a clock with digits that could be mistaken for a secret.
	hour := time.Now().Truncate(time.Hour)
	clock := bank.Config{Now: func() time.Time { return hour }}
	check := func(t *testing.T, s *bank.Server, secrets ...string) {
		t.Helper()
		text := known(t, s)
		require.Contains(t, text, "p-1", "the test looks at something")
		for _, secret := range secrets {
			assert.False(t, strings.Contains(text, secret), secret)
		}
	}
	t.Run("all2pay", func(t *testing.T) {
		m, c := startAll2Pay(t, sandbox.ModuleConfig{Bank: clock})
		good := edit(t, all2payRequest, "payout_1", "p-1")
		post(t, c, m, "performPayout.do", good)
		post(t, c, m, "performPayout.do", edit(t, good, "payout_api_password", "guess-4711"))
		post(t, c, m, "performPayout.do", edit(t, good, "4111111111111111", "4111111111111112"))
		post(t, c, m, "performPayout.do", edit(t, good, `"currency"`, `"4111111111111111": "x", "currency"`))
		post(t, c, m, "performPayout.do", edit(t, good, `"643"`, `"4111111111111111"`))
		post(t, c, m, "4111111111111111", good)
		post(t, c, m, "performPayout.do", edit(t, good, "p-1", "p-2", panTarget, sbpTarget))
		check(t, m.Server, "4111111111111111", "4111111111111112", "payout_api_password", "guess-4711", "79261214249", "Щукин", "Doe")
	})
	t.Run("pages, tokens and saved cards", func(t *testing.T) {
		pageClock := atNoon()
		pageClock.Rand = rand.NewChaCha8([32]byte{}) // ids, as the time, without digits that could be mistaken
		m, c := startAll2Pay(t, sandbox.ModuleConfig{Bank: pageClock, Keys: []sandbox.ModuleKey{{Private: testKey()}}})
		b := browser{t, c}
		var shown strings.Builder
		formURL := register(t, c, m, edit(t, all2payRegister, "1645458818047", "p-1"))
		for _, typed := range []string{"4111111111111112", "4111111111111111", "5555555555554444"} {
			shown.WriteString(b.submit(formURL, "pan="+typed).body)
			shown.WriteString(b.open(formURL).body)
		}
		b.submit(formURL, "pan=4111111111111111&4111111111111111=1")
		post(t, c, m, "createTargetBindingId.do", edit(t, targetCard, "1728285261_2111", "p-2"))
		acs, _ := post(t, c, m, "createSourceBindingId.do", edit(t, sourceCard, "1234567890", "p-3", `"123"`, `"9757"`)).json(t)["acsUrl"].(string)
		post(t, c, m, "createSourceBindingId.do", edit(t, sourceCard, "1234567890", "p-4", `"123"`, `"9757x"`))
		shown.WriteString(b.open(acs).body)
		shown.WriteString(b.submit(acs, "code=12345678&answer=confirm").body)
		shown.WriteString(b.open(acs).body)
		token := seal(t, &testKey().PublicKey, "2026-07-06T12:00:00+00:00"+"/"+tokenUUID+"/4111111111111111///////p-5")
		require.Equal(t, 200, post(t, c, m, "performPayout.do", tokenRequest(t, "p-5", token)).status)
		post(t, c, m, "performPayout.do", tokenRequest(t, "p-6", token))
		require.Len(t, m.Orders(), 4)
		require.Contains(t, shown.String(), "411111XXXXXX1111")
		secrets := []string{"4111111111111111", "4111111111111112", "5555555555554444", "9757", "12345678", "payout_api_password", token, "Test Name"}
		check(t, m.Server, secrets...)
		for _, number := range secrets[:3] {
			assert.NotContains(t, shown.String(), number)
		}
		for _, o := range m.Orders()[1:] {
			other := b.open(strings.Replace(formURL, m.Orders()[0].ID, o.ID, 1))
			assert.Equal(t, 404, other.status, "no page of another order")
		}
	})
	t.Run("ConnPay", func(t *testing.T) {
		g := startConnPay(t, sandbox.ConnPayConfig{Bank: clock, ClockWindow: 2 * time.Hour, Balance: true})
		const path, rest = "/paynet/api/v4/payout/39915", "&amount=1&client_orderid=p-1&currency=USD"
		g.post(path, "credit_card_number=4111111111111111&cvv2=9757&receiver_last_name=Doe&merchant_data=their-own-business"+rest)
		g.post(path, "credit_card_number=4111111111111112&cvv2=9757"+rest)
		g.post(path, "account_number=40817810099910004312&4111111111111111=1"+rest)
		g.post(path, "account_number=40817810099910004312&receiver_email=doe%40example.com&server_callback_url=https%3A%2F%2Fa.example%2Ftoken-4711"+rest)
		g.post(path, "ewallet_wallet=purse-77712345&ewallet_type=t"+rest)
		g.post(path, "crypto_wallet_address=bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f&redirect_url=https%3A%2F%2Fa.example%2Ftoken-4711"+rest)
		g.post(path, "card_recurring_payment_id=770077007700&receiver_inn=500100732259"+rest)
		g.post("/paynet/api/v4/status/39915", "login=TestMerchant&client_orderid=p-1")
		g.askV2("39915", "p-1", "")
		g.askBalance("39915", "")
		check(t, g.Server, "4111111111111111", "4111111111111112", "9757", "40817810099910004312", "Doe", "oauth_signature=", "test-merchant-control",
			"their-own-business", "doe@example.com", "token-4711", "purse-77712345", "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f", "770077007700", "500100732259", g.MerchantKey().D.String())
	})
}
