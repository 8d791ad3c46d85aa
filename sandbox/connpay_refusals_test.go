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

func TestConnPayRefusesByRule(t *testing.T) {
	const good = "account_number=1234&amount=10.42&client_orderid=1&currency=USD"
	for name, test := range map[string]struct {
		body, rule string
	}{
		"no reference":       {"account_number=1234&amount=10.42&currency=USD", "client_orderid: is required (connpay:18)"},
		"empty reference":    {"account_number=1234&amount=10.42&currency=USD&client_orderid=", "client_orderid: is required"},
		"reference of 129":   {strings.Replace(good, "client_orderid=1", "client_orderid="+strings.Repeat("1", 129), 1), "client_orderid: has the wrong length"},
		"reference of 128":   {strings.Replace(good, "client_orderid=1", "client_orderid="+strings.Repeat("1", 128), 1), ""},
		"no amount":          {"account_number=1234&client_orderid=1&currency=USD", "amount: is required"},
		"amount of 11":       {strings.Replace(good, "10.42", "12345678.90", 1), "amount: has the wrong length"},
		"comma":              {strings.Replace(good, "10.42", "10%2C42", 1), "amount: has the wrong type"},
		"minus":              {strings.Replace(good, "10.42", "-10.42", 1), "amount: has the wrong type"},
		"leading zero":       {strings.Replace(good, "10.42", "010.42", 1), "amount: does not match"},
		"three decimals":     {strings.Replace(good, "10.42", "10.423", 1), "amount: is not an amount of this currency"},
		"three with a zero":  {strings.Replace(good, "10.42", "10.420", 1), "amount: is not an amount of this currency"},
		"nothing":            {strings.Replace(good, "10.42", "0.00", 1), "amount: is not an amount of this currency"},
		"currency elsewhere": {strings.Replace(good, "USD", "EUR", 1), "currency: is not supported"},
		"small letters":      {strings.Replace(good, "USD", "usd", 1), "currency: does not match"},
		"unknown parameter":  {good + "&orderNumber=1", "orderNumber: is not a parameter of this method"},
		"hyphen for a line":  {good + "&bank-name=x", "bank-name: is not a parameter"},
		"given twice":        {good + "&currency=EUR", "currency: is given twice"},
		"description of 65":  {good + "&order_desc=" + strings.Repeat("d", 65), "order_desc: has the wrong length"},
		"64 letters of two":  {good + "&order_desc=" + strings.Repeat("%D0%B9", 64), ""},
		"no destination":     {"amount=10.42&client_orderid=1&currency=USD", "account_number: or another destination"},
		"two destinations":   {good + "&crypto_wallet_address=x", "account_number: or another destination"},
		"wallet, no type":    {"ewallet_wallet=1234&amount=10.42&client_orderid=1&currency=USD", "ewallet_type: is required"},
		"card, bad digit":    {"credit_card_number=4111111111111112&amount=10.42&client_orderid=1&currency=USD", "credit_card_number: has a wrong check digit"},
		"card of eleven":     {"credit_card_number=41111111111&amount=10.42&client_orderid=1&currency=USD", "credit_card_number: has the wrong length"},
		"month 13":           {good + "&expire_month=13", "expire_month: does not match"},
		"three redirects":    {good + "&redirect_url=https%3A%2F%2Fa.example&redirect_fail_url=https%3A%2F%2Fa.example&redirect_success_url=https%3A%2F%2Fa.example", "redirect_url: can't be given together"},
		"half a pair":        {good + "&redirect_success_url=https%3A%2F%2Fa.example", "redirect_success_url: needs redirect_fail_url"},
		"no URL":             {good + "&server_callback_url=nowhere", "server_callback_url: is not a URL"},
		"URL without host":   {good + "&redirect_url=https%3A%2F%2F%2Fx", "redirect_url: is not a URL"},
		"URL of files":       {good + "&redirect_url=ftp%3A%2F%2Fa.example", "redirect_url: is not a URL"},
		"URL, bad port":      {good + "&redirect_url=https%3A%2F%2Fa.example%3Ax", "redirect_url: is not a URL"},
		"plain URL":          {good + "&redirect_url=http%3A%2F%2Fa.example", ""},
		"both of a pair":     {good + "&redirect_fail_url=https%3A%2F%2Fa.example&redirect_success_url=https%3A%2F%2Fa.example", ""},
		"an address":         {good + "&ipaddress=2001%3Adb8%3A%3A1", ""},
		"alias alone":        {good + "&first_name=A", ""},
		"name alone":         {good + "&receiver_first_name=A", ""},
		"wallet":             {"ewallet_wallet=1234&ewallet_type=t&amount=10.42&client_orderid=1&currency=USD", ""},
		"token and card":     {"card_recurring_payment_id=5&expire_month=12&amount=10.42&client_orderid=1&currency=USD", "card_recurring_payment_id: can't be given together"},
		"token and year":     {"card_recurring_payment_id=5&expire_year=2034&amount=10.42&client_orderid=1&currency=USD", "card_recurring_payment_id: can't be given together"},
		"token and name":     {"card_recurring_payment_id=5&card_printed_name=N&amount=10.42&client_orderid=1&currency=USD", "card_recurring_payment_id: can't be given together"},
		"no address":         {good + "&ipaddress=999.1.1.1", "ipaddress: is not an address"},
		"alias beside name":  {good + "&first_name=A&receiver_first_name=A", "receiver_first_name: is given twice"},
		"letters in a phone": {good + "&receiver_phone=12a", "receiver_phone: has the wrong type"},
	} {
		t.Run(name, func(t *testing.T) {
			g := startConnPay(t, sandbox.ConnPayConfig{Key: &testKey().PublicKey})
			address := g.URL() + "/paynet/api/v4/payout/39915"
			header := sign(t, testKey(), address, test.body, oauthParams("TestMerchant", time.Now()))
			a, err := send(t, g.client, http.MethodPost, address, test.body, formHeader(header))
			require.NoError(t, err)
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

func TestConnPayEndpointProfile(t *testing.T) {
	g := startConnPay(t, sandbox.ConnPayConfig{Endpoints: []sandbox.Endpoint{
		{ID: "1", Currencies: currencies("USD"), Required: []string{"bank_name"}},
	}})
	a := g.post("/paynet/api/v4/payout/1", connPayRequest)
	assert.Contains(t, a.body, "Parameter+bank_name+is+required")
	a = g.post("/paynet/api/v4/payout/1", connPayRequest+"&bank_name=B")
	assert.Contains(t, a.body, "async-response")
	a = g.post("/paynet/api/v4/payout/39915", connPayRequest)
	assert.Contains(t, a.body, "validation-error", "another endpoint")
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
		{"40000", "login=TestMerchant&client_orderid=1", "endpoint: is not known", "<title>404</title>"},
	} {
		a := g.post("/paynet/api/v4/status/"+test.path, test.body)
		assert.Contains(t, a.body, test.answer)
		refused := g.Refusals()
		assert.Contains(t, refused[len(refused)-1].Refused, test.rule)
	}
	// A serial-number of another request than the one that made the order finds nothing.
	for serial, want := range map[string]string{"00000000-0000-0000-0000-000002e2c322": "status-response", "00000000-0000-0000-0000-000002e2c323": "error"} {
		a := g.post("/paynet/api/v4/status/39915", "login=TestMerchant&client_orderid=1&by-request-sn="+serial)
		assert.Equal(t, want, fields(t, a.body).Get("type"))
	}
}
