package sandbox_test

import (
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout/sandbox"
	"github.com/payoutkit/payout/sandbox/bank"
)

// An order that its receiver has to go on with, and where he goes in the end.
func TestConnPayReceiverFillsTheForm(t *testing.T) {
	const (
		pair = "&redirect_success_url=https%3A%2F%2Fa.example%2Fgood&redirect_fail_url=https%3A%2F%2Fa.example%2Fbad"
		one  = "&redirect_url=https%3A%2F%2Fa.example%2Fback"
	)
	for name, test := range map[string]struct {
		account, redirect, status, location string
	}{
		"paid":               {sandbox.AccountApproved, "", "approved", ""},
		"paid, one way":      {sandbox.AccountApproved, one, "approved", "https://a.example/back"},
		"paid, the good way": {sandbox.AccountApproved, pair, "approved", "https://a.example/good"},
		"declined, one way":  {sandbox.AccountDeclined, one, "declined", "https://a.example/back"},
		"declined, the bad":  {sandbox.AccountDeclined, pair, "declined", "https://a.example/bad"},
		"an error, the bad":  {sandbox.AccountError, pair, "error", "https://a.example/bad"},
	} {
		t.Run(name, func(t *testing.T) {
			g := startConnPay(t, sandbox.ConnPayConfig{Key: &testKey().PublicKey})
			g.Script(bank.Script{Operation: bank.Create, Act: sandbox.AwaitReceiver()})
			g.post("/paynet/api/v4/payout/39915", "account_number="+test.account+"&amount=1&client_orderid=f&currency=USD"+test.redirect)
			ask := func() map[string][]string {
				return fields(t, g.post("/paynet/api/v4/status/39915", "login=TestMerchant&client_orderid=f").body)
			}
			var form string
			for range 3 {
				v := ask()
				assert.Equal(t, []string{"processing"}, v["status"])
				require.Len(t, v["redirect-to"], 1)
				form = v["redirect-to"][0]
			}
			require.True(t, strings.HasPrefix(form, g.URL()+"/paynet/form/6982864/"))
			browse := func(method string) answer {
				a, err := send(t, g.client, method, form, "", http.Header{})
				require.NoError(t, err)
				return a
			}
			assert.Contains(t, browse(http.MethodGet).body, `<form method="post">`)
			assert.Equal(t, 0, g.Ledger().Times("f"))

			var sent sync.WaitGroup
			for range 4 { // an impatient receiver
				sent.Go(func() {
					a, err := send(t, g.client, http.MethodPost, form, "", http.Header{})
					if assert.NoError(t, err) {
						assert.Contains(t, a.body, "Your payment is processing")
					}
				})
			}
			sent.Wait()
			g.ClearScripts()
			assert.NotContains(t, ask(), "redirect-to")
			assert.Equal(t, []string{test.status}, ask()["status"])
			browse(http.MethodPost) // once more, too late
			assert.Equal(t, []string{test.status}, ask()["status"])
			a := browse(http.MethodGet)
			assert.Equal(t, test.location, a.header.Get("Location"))
			assert.Equal(t, map[bool]int{true: 302, false: 200}[test.location != ""], a.status)
			assert.Equal(t, map[bool]int{true: 1}[test.status == "approved"], g.Ledger().Times("f"))
			assert.Empty(t, g.Refusals())
		})
	}
}

// Who does not have the form's address does not get in, and no log tells it.
func TestConnPayFormIsHidden(t *testing.T) {
	g := startConnPay(t, sandbox.ConnPayConfig{Key: &testKey().PublicKey})
	g.Script(bank.Script{Operation: bank.Create, Act: sandbox.AwaitReceiver()})
	g.post("/paynet/api/v4/payout/39915", connPayRequest)
	g.post("/paynet/api/v4/payout/39915", connPayRequest)
	form := fields(t, g.post("/paynet/api/v4/status/39915", "login=TestMerchant&client_orderid=1").body).Get("redirect-to")
	key := form[strings.LastIndex(form, "/")+1:]
	require.Len(t, key, 40)
	for _, path := range []string{"/paynet/form/6982864/" + key, "/paynet/form/6982865/1", "/paynet/form/1/" + key} {
		for _, method := range []string{http.MethodGet, http.MethodPost} {
			a, err := send(t, g.client, method, g.URL()+path, "", http.Header{})
			require.NoError(t, err)
			assert.Equal(t, 404, a.status, path)
		}
	}
	a, err := send(t, g.client, http.MethodPost, form, "", http.Header{})
	require.NoError(t, err)
	assert.Equal(t, 200, a.status)
	assert.Len(t, g.Ledger().Entries(), 1)
	assert.NotContains(t, known(t, g.Server), key)
}
