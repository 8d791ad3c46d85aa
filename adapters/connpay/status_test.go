package connpay_test

import (
	"crypto/tls"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/adapters/connpay"
	"github.com/payoutkit/payout/sandbox"
	"github.com/payoutkit/payout/sandbox/bank"
)

// stated is a paid status answer about p-1.
func stated(c change) string {
	return answer(c, "type", "status-response", "serial-number", "00000000-0000-0000-0000-000002e2c323",
		"merchant-order-id", "p-1", "paynet-order-id", "6982864", "status", "approved", "amount", "10.42", "currency", "USD",
		"end-point-id", "39915", "order-stage", "transfer_approved", "error-code", "-", "redirect-to", "-")
}

// Every word of the platform's list and what is no word of it, with what else an
// answer says.
func TestStatusAnswers(t *testing.T) {
	const unknown = "error: outcome unknown"
	none := payout.Secret{}
	page := payout.NewSecret("https://gate.example/form?token=1")
	for name, tt := range map[string]struct {
		status int
		body   string
		want   string
		page   payout.Secret
	}{
		"approved":                      {200, stated(nil), "paid", none},
		"declined":                      {200, stated(change{"status": "declined", "error-code": "7"}), "failed declined", none},
		"filtered":                      {200, stated(change{"status": "filtered", "error-code": "7"}), "failed fraud_control", none},
		"error":                         {200, stated(change{"status": "error"}), "review", none},
		"processing":                    {200, stated(change{"status": "processing"}), "pending", none},
		"unknown":                       {200, stated(change{"status": "unknown"}), "unknown", none},
		"a word of no list":             {200, stated(change{"status": "reversed"}), "unknown", none},
		"a word in capitals":            {200, stated(change{"status": "APPROVED"}), "unknown", none},
		"no word":                       {200, stated(change{"status": "-"}), "unknown", none},
		"an empty word":                 {200, stated(change{"status": ""}), "unknown", none},
		"two words":                     {200, stated(nil) + "\n&status=declined", unknown, none},
		"the stage never decides":       {200, stated(change{"status": "processing", "order-stage": "transfer_approved"}), "pending", none},
		"a code never decides":          {200, stated(change{"error-code": "7"}), "paid", none},
		"paid, order not told":          {200, stated(change{"merchant-order-id": "-"}), "unknown", none},
		"paid, another order":           {200, stated(change{"merchant-order-id": "p-2"}), "unknown", none},
		"paid, amount not told":         {200, stated(change{"amount": "-"}), "unknown", none},
		"paid, currency not told":       {200, stated(change{"currency": "-"}), "unknown", none},
		"paid, another amount":          {200, stated(change{"amount": "10.43"}), "unknown", none},
		"paid, minor units":             {200, stated(change{"amount": "1042"}), "unknown", none},
		"paid, another currency":        {200, stated(change{"currency": "EUR"}), "unknown", none},
		"paid, a comma":                 {200, stated(change{"amount": "10,42"}), "unknown", none},
		"paid, three decimals":          {200, stated(change{"amount": "10.421"}), "unknown", none},
		"paid, an exponent":             {200, stated(change{"amount": "1042e-2"}), "unknown", none},
		"paid, currency by number":      {200, stated(change{"currency": "840"}), "unknown", none},
		"declined, order not told":      {200, stated(change{"status": "declined", "merchant-order-id": "-"}), "unknown", none},
		"declined, another order":       {200, stated(change{"status": "declined", "merchant-order-id": "p-2"}), "unknown", none},
		"declined, amount not told":     {200, stated(change{"status": "declined", "amount": "-"}), "failed declined", none},
		"declined, another amount":      {200, stated(change{"status": "declined", "amount": "10.43"}), "unknown", none},
		"declined, a comma":             {200, stated(change{"status": "declined", "amount": "10,42"}), "unknown", none},
		"paid under HTTP 500":           {500, stated(nil), unknown, none},
		"paid under HTTP 202":           {202, stated(nil), unknown, none},
		"not a status":                  {200, stated(change{"type": "async-response"}), unknown, none},
		"type not told":                 {200, stated(change{"type": "-"}), unknown, none},
		"error, not found":              {200, refused(change{"type": "error"}), unknown, none}, // no code of it is documented
		"refused":                       {200, refused(nil), unknown, none},
		"the access page":               {403, "<html><p>Access is denied</p></html>", unknown, none},
		"a comment after it":            {200, stated(nil) + "<!-- proxy -->", unknown, none},
		"JSON":                          {200, `{"type":"status-response","status":"approved"}`, unknown, none},
		"CRLF and a line feed":          {200, strings.ReplaceAll(stated(nil), "\n", "\r\n") + "\n", "paid", none},
		"a form for the receiver":       {200, stated(change{"status": "processing", "redirect-to": page.Reveal()}), "action_required", page},
		"a form, word of no list":       {200, stated(change{"status": "waiting", "redirect-to": page.Reveal()}), "action_required", page},
		"a form that is not encrypted":  {200, stated(change{"status": "processing", "redirect-to": "http://gate.example/"}), "pending", none},
		"a form after the end":          {200, stated(change{"redirect-to": page.Reveal()}), "paid", none},
		"a form, but a person must see": {200, stated(change{"status": "error", "redirect-to": page.Reveal()}), "review", none},
	} {
		capture, client := captured(t, connpay.Config{})
		capture.Say(tt.status, tt.body)
		p, err := client.Find(t.Context(), request("p-1", "1234567890").Ref())
		require.Equal(t, tt.want, told(t, p, err), name)
		require.Equal(t, tt.page, p.Action.URL, name)
		if p.Status == payout.StatusFailed && strings.Contains(tt.body, "error-code") {
			require.Equal(t, "7", p.Failure.Code, name)
		}
	}
}

// A receiver who has to act first: the page is told, and once it was acted on there the
// payout goes on by itself. Nothing is sent again.
func TestReceiversForm(t *testing.T) {
	for _, asked := range []bool{false, true} {
		gate, client := simulate(t, sandbox.ConnPayConfig{Processing: -1}, connpay.Config{JSON: asked})
		gate.Script(bank.Script{Operation: bank.Create, Reference: "p-1", Act: sandbox.AwaitReceiver()})
		req := request("p-1", "1234567890")
		req.ReturnURL = "https://platform.example/back"
		_, err := client.Create(t.Context(), req)
		require.NoError(t, err)
		p, err := client.Find(t.Context(), req.Ref())
		require.NoError(t, err)
		require.Equal(t, payout.StatusActionRequired, p.Status)
		require.Zero(t, gate.Ledger().Times("p-1"))

		browser := &http.Client{
			Transport:     &http.Transport{TLSClientConfig: &tls.Config{RootCAs: gate.Roots(), MinVersion: tls.VersionTLS12}, DisableKeepAlives: true},
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		}
		page, err := http.NewRequestWithContext(t.Context(), http.MethodPost, p.Action.URL.Reveal(), http.NoBody)
		require.NoError(t, err)
		answer, err := browser.Do(page)
		require.NoError(t, err)
		require.NoError(t, answer.Body.Close())

		p, err = client.Find(t.Context(), req.Ref())
		require.NoError(t, err)
		require.Equal(t, payout.StatusPaid, p.Status)
		require.True(t, p.Action.IsZero())
		require.Equal(t, 1, gate.Ledger().Times("p-1"))
		require.Equal(t, 1, gate.Count(bank.Create, "p-1"))
	}
}
