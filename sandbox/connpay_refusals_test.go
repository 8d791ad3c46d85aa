package sandbox_test

import (
	"crypto/rsa"
	"math/big"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout/sandbox"
	"github.com/payoutkit/payout/sandbox/bank"
)

// What the table of parameters can't say: rules about their form as a whole, and
// between them.
func TestConnPayRefusesByRule(t *testing.T) {
	const (
		paid  = "amount=10.42&client_orderid=1&currency=USD"
		good  = paid + "&account_number=1234"
		card  = paid + "&credit_card_number=4111111111111111"
		token = paid + "&card_recurring_payment_id=5"
		rpi   = paid + "&recurring-payment-id=5"
		there = "=https%3A%2F%2Fa.example"
	)
	for name, test := range map[string]struct {
		body, rule string
	}{
		"no reference":            {"account_number=1234&amount=10.42&currency=USD", "client_orderid: is required (connpay:18)"},
		"leading zero":            {strings.Replace(good, "10.42", "010.42", 1), "amount: does not match"},
		"minus":                   {strings.Replace(good, "10.42", "-10.42", 1), "amount: has the wrong type"},
		"three decimals":          {strings.Replace(good, "10.42", "10.423", 1), "amount: is not an amount of this currency"},
		"three with a zero":       {strings.Replace(good, "10.42", "10.420", 1), "amount: is not an amount of this currency"},
		"nothing":                 {strings.Replace(good, "10.42", "0.00", 1), "amount: is not an amount of this currency"},
		"currency elsewhere":      {strings.Replace(good, "USD", "EUR", 1), "currency: is not supported"},
		"unknown parameter":       {good + "&orderNumber=1", "orderNumber: is not a parameter of this method"},
		"hyphen for a line":       {good + "&bank-name=x", "bank-name: is not a parameter"},
		"line for a hyphen":       {paid + "&recurring_payment_id=5", "recurring_payment_id: is not a parameter"},
		"given twice":             {good + "&currency=EUR", "currency: is given twice"},
		"no destination":          {paid, "account_number: or another destination"},
		"two destinations":        {good + "&crypto_wallet_address=x", "account_number: or another destination"},
		"two tokens":              {token + "&recurring-payment-id=5", "account_number: or another destination"},
		"wallet, no type":         {paid + "&ewallet_wallet=1234", "ewallet_type: is required"},
		"type, no wallet":         {good + "&ewallet_type=t", "ewallet_wallet: is required beside ewallet_type"},
		"wallet":                  {paid + "&ewallet_wallet=1234&ewallet_type=t", ""},
		"card, bad digit":         {paid + "&credit_card_number=4111111111111112", "credit_card_number: has a wrong check digit"},
		"card alone":              {card, ""},
		"month 13":                {card + "&expire_month=13&expire_year=2034", "expire_month: does not match"},
		"year of another century": {card + "&expire_month=12&expire_year=1934", "expire_year: does not match"},
		"name, no card":           {good + "&card_printed_name=N", "credit_card_number: is required beside the card's other fields"},
		"code, no card":           {good + "&cvv2=123", "credit_card_number: is required beside the card's other fields"},
		"month, no year":          {card + "&expire_month=12", "expire_year: is required beside expire_month"},
		"token and card":          {token + "&credit_card_number=4111111111111111", "card_recurring_payment_id: can't be given together"},
		"token and month":         {token + "&expire_month=12", "card_recurring_payment_id: can't be given together"},
		"token and year":          {token + "&expire_year=2034", "card_recurring_payment_id: can't be given together"},
		"token and name":          {token + "&card_printed_name=N", "card_recurring_payment_id: can't be given together"},
		"RPI and name":            {rpi + "&card_printed_name=N", "recurring-payment-id: can't be given together"},
		"token and code":          {token + "&cvv2=123", ""},
		"all three redirects":     {good + "&redirect_url" + there + "&redirect_fail_url" + there + "&redirect_success_url" + there, "redirect_url: can't be given together"},
		"redirect and half":       {good + "&redirect_url" + there + "&redirect_fail_url" + there, "redirect_url: can't be given together"},
		"success alone":           {good + "&redirect_success_url" + there, "redirect_fail_url: is required beside redirect_success_url"},
		"fail alone":              {good + "&redirect_fail_url" + there, "redirect_success_url: is required beside redirect_fail_url"},
		"both of a pair":          {good + "&redirect_fail_url" + there + "&redirect_success_url" + there, ""},
		"plain URL":               {good + "&redirect_url=http%3A%2F%2Fa.example", ""},
		"an address":              {good + "&ipaddress=2001%3Adb8%3A%3A1", ""},
		"no form":                 {good + "&purpose", "body: is not well formed"},
	} {
		t.Run(name, func(t *testing.T) {
			g := startConnPay(t, sandbox.ConnPayConfig{Key: &testKey().PublicKey})
			a := g.post("/paynet/api/v4/payout/39915", test.body)
			if name == "no form" { // nobody can sign it
				denied(t, g, a, test.rule)
				return
			}
			if test.rule == "" {
				assert.Contains(t, a.body, "type=async-response\n")
				assert.Len(t, g.Ledger().Entries(), 1)
				return
			}
			assert.Regexp(t, "(?s)^type=validation-error\n&serial-number=[0-9a-f-]{36}\n.*&error-message=[^\n]+\n&error-code=1\n$", a.body)
			require.Len(t, g.Refusals(), 1)
			assert.Contains(t, g.Refusals()[0].Refused, test.rule)
			reference := g.Refusals()[0].Reference
			assert.Equal(t, reference, fields(t, a.body).Get("merchant-order-id"))
			assert.Equal(t, reference != "", strings.Contains(a.body, "merchant-order-id"))
			assert.Empty(t, g.Ledger().Entries())
		})
	}
}

func TestConnPayWantsAForm(t *testing.T) {
	g := startConnPay(t, sandbox.ConnPayConfig{Key: &testKey().PublicKey})
	for _, path := range []string{"/paynet/api/v4/payout/39915", "/paynet/api/v4/status/39915"} {
		header := formHeader(sign(t, testKey(), g.URL()+path, connPayRequest, oauthParams("TestMerchant", time.Now())))
		header.Set("Content-Type", "text/plain")
		a, err := send(t, g.client, http.MethodPost, g.URL()+path, connPayRequest, header)
		require.NoError(t, err)
		assert.Contains(t, a.body, "type=validation-error")
	}
	require.Len(t, g.Refusals(), 2)
	for _, r := range g.Refusals() {
		assert.Contains(t, r.Refused, "Content-Type: must be")
	}
	assert.Empty(t, g.Ledger().Entries())
}

func TestConnPayConfigIsChecked(t *testing.T) {
	for _, bits := range []uint{2047, 4097} {
		key := &rsa.PublicKey{N: new(big.Int).Lsh(big.NewInt(1), bits-1), E: 65537}
		_, err := sandbox.StartConnPay(sandbox.ConnPayConfig{Key: key})
		require.ErrorContains(t, err, "2048 to 4096 bits")
	}
	l, err := net.Listen("tcp", "0.0.0.0:0")
	require.NoError(t, err)
	_, err = sandbox.StartConnPay(sandbox.ConnPayConfig{Bank: bank.Config{Listener: l}, Key: &testKey().PublicKey})
	require.ErrorContains(t, err, "loopback")
	l, err = net.Listen("tcp", "0.0.0.0:0")
	require.NoError(t, err)
	_, err = sandbox.StartAll2Pay(sandbox.ModuleConfig{Bank: bank.Config{Listener: l}})
	require.ErrorContains(t, err, "loopback")
}

func TestConnPayStatusRefusals(t *testing.T) {
	g := startConnPay(t, sandbox.ConnPayConfig{})
	g.post("/paynet/api/v4/payout/39915", connPayRequest)
	for _, test := range []struct{ path, body, rule, answer string }{
		{"39915", "login=TestMerchant", "client_orderid: is required", "type=validation-error"},
		{"39915", "client_orderid=1", "login: is required", "type=validation-error"},
		{"39915", "login=Other&client_orderid=1", "login: is not known", "type=validation-error"},
		{"39915", "login=TestMerchant&client_orderid=1&orderid=x", "orderid: has the wrong type", "type=validation-error"},
		{"39915", "login=TestMerchant&client_orderid=1&control=x", "control: is not a parameter", "type=validation-error"},
		{"40000", "login=TestMerchant&client_orderid=1", "endpoint: is not known", "type=validation-error"},
		{"1001", "login=TestMerchant&client_orderid=1", "endpoint: is not known", "type=validation-error"},
		{"group/1001", "login=TestMerchant&client_orderid=1", "no such method here", "<title>404</title>"},
	} {
		a := g.post("/paynet/api/v4/status/"+test.path, test.body)
		assert.Contains(t, a.body, test.answer)
		refused := g.Refusals()
		assert.Contains(t, refused[len(refused)-1].Refused, test.rule)
	}
}
