package sandbox_test

import (
	"encoding/json"
	"fmt"
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
