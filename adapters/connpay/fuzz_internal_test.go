package connpay

import (
	"crypto/sha1"
	"encoding/hex"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/provider"
)

var answerSeeds = []string{
	"type=async-response\n&serial-number=00000000-0000-0000-0000-0000005b2a8a\n&merchant-order-id=p-1\n&paynet-order-id=1\n&end-point-id=39915\n",
	"type=status-response\n&status=approved\n&merchant-order-id=p-1\n&amount=12.34\n&currency=USD\n&paynet-order-id=1\n",
	"type=status-response\n&status=declined\n&merchant-order-id=p-1\n&error-code=7\n", "type=status-response&status=filtered&amount=1",
	"type=status-response&status=processing&redirect-to=https%3A%2F%2Facs.example&merchant-order-id=p-1", "type=status-response&status=unknown", "type=status-response&status=error",
	"type=validation-error\n&error-message=4111111111111111\n&error-code=8\n", "type=validation-error&paynet-order-id=1", "type=validation-error&merchant-order-id=p-2",
	"type=error&error-code=1", "status=approved", "type=status-response&status=Approved", "type=status-response&status=approved&status=declined", "<html>type=status-response&status=approved",
	`{"type":"status-response","status":"approved","merchant-order-id":"p-1","amount":12.34,"currency":"USD"}`, `{"type":"validation-error","error-code":8}`,
	`{"type":"status-response","status":"declined"}`, `{"type":"status-response","status":"approved","Status":"declined"}`, `{"type":"async-response","status":["approved"]}`,
}

// says reports whether a body has a text in it, in whatever escapes.
func says(body []byte, text string) bool {
	unescaped, err := url.QueryUnescape(string(body))
	if err != nil {
		unescaped = ""
	}
	return strings.Contains(string(body), text) || strings.Contains(unescaped, text) || strings.Contains(string(body), `\u`)
}

// What is final was listed as final and stands in the answer to a question; an answer that
// refuses a payout is listed, about this order and about none that was made; and nothing
// that was answered was not sent.
func FuzzAnswer(f *testing.F) {
	for _, seed := range answerSeeds {
		for _, status := range []int{200, 400, 429, 500} {
			f.Add(status, strings.HasPrefix(seed, "{"), []byte(seed))
		}
	}
	f.Fuzz(func(t *testing.T, status int, inJSON bool, body []byte) {
		p := &Provider{json: inJSON}
		a := provider.Answer{Status: status, Body: body}
		read := parseForm
		if p.inJSON(a) {
			read = parseJSON
		}
		answered, ok := read(body)
		if !ok {
			return
		}
		sane := func(got payout.Payout, err error) {
			require.False(t, payout.SafeToRetry(err), "an answer came, so the request had left")
			if err != nil {
				require.Zero(t, got)
				require.NotContains(t, err.Error(), "4111111111111111")
			}
			require.NotEqual(t, payout.StatusReturned, got.Status)
		}

		got, err := found(a, answered)
		sane(got, err)
		require.NotErrorIs(t, err, payout.ErrNotFound)
		switch got.Status {
		case payout.StatusPaid:
			require.True(t, status == http.StatusOK && says(body, "status-response") && says(body, "approved"))
		case payout.StatusFailed:
			require.True(t, status == http.StatusOK && says(body, "status-response") && (says(body, "declined") || says(body, "filtered")))
			require.NotEmpty(t, got.Reference, "whoever takes a payout for failed may pay again")
		default:
			require.Zero(t, got.Failure)
		}

		got, err = p.created(a, answered, "p-1")
		sane(got, err)
		switch {
		case err == nil:
			require.True(t, status == http.StatusOK && says(body, "async-response"))
			require.Equal(t, payout.StatusPending, got.Status, "received, and no more")
		case payout.KindOf(err) == payout.ErrRefused:
			require.True(t, says(body, "validation-error"))
			require.True(t, status == http.StatusOK || inJSON && status >= 400 && status < 500 && status != 429)
			require.Empty(t, answered["paynet-order-id"])
			require.Contains(t, []string{"", "p-1"}, answered["merchant-order-id"])
		default:
			require.ErrorIs(t, err, payout.ErrOutcomeUnknown)
		}
	})
}

// A callback counts if its control is the SHA-1 of the three that it names and the
// merchant's key, and is about those alone.
func FuzzReadCallback(f *testing.F) {
	const key = "test-merchant-control"
	const vector = "status=approved&orderid=1234567&client_orderid=hf-abc&control=652ace404c4dfe8bba069ecee594ec23a89340e1"
	f.Add(false, vector, "")
	f.Add(true, "", vector)
	f.Add(true, "status=approved&orderid=1234567", strings.TrimPrefix(vector, "status=approved&orderid=1234567&"))
	f.Add(true, vector, strings.Replace(vector, "approved", "declined", 1))
	f.Add(false, "status=approved1&orderid=234567&client_orderid=hf-abc&control=652ace404c4dfe8bba069ecee594ec23a89340e1", "")
	f.Add(false, strings.ToUpper(vector), "")
	f.Add(false, strings.Replace(vector, "hf-abc", "hf-abd", 1), "")
	f.Add(false, strings.Replace(vector, "control=6", "control=7", 1), "")
	f.Add(true, "", strings.Replace(vector, "approved", "declined", 1))
	f.Add(false, "", "")
	f.Add(true, "a=%", ";")
	p := &Provider{control: payout.NewSecret(key), callback: CallbackNames{}.withDefaults()}
	f.Fuzz(func(t *testing.T, inBody bool, query, body string) {
		r := httptest.NewRequest(http.MethodGet, "/callback", http.NoBody)
		if inBody {
			r = httptest.NewRequest(http.MethodPost, "/callback", strings.NewReader(body))
		}
		r.URL.RawQuery = query
		ref, err := p.ReadCallback(r)
		if err != nil {
			require.Zero(t, ref)
			require.Contains(t, []payout.ErrorKind{payout.ErrInvalid, payout.ErrUnauthorized}, payout.KindOf(err))
			require.NotContains(t, err.Error(), key)
			require.Less(t, len(err.Error()), 100, "it quotes nothing")
			return
		}
		all := query
		if inBody {
			all += "&" + body
		}
		form, err := url.ParseQuery(all)
		require.NoError(t, err)
		require.Equal(t, payout.Ref{Reference: form.Get("client_orderid"), ProviderID: form.Get("orderid")}, ref)
		sum := sha1.Sum([]byte(form.Get("status") + form.Get("orderid") + form.Get("client_orderid") + key))
		require.Equal(t, hex.EncodeToString(sum[:]), form.Get("control"))
		for _, name := range []string{"status", "orderid", "client_orderid", "control"} {
			require.NotEmpty(t, form.Get(name))
			for _, again := range form[name] {
				require.Equal(t, form.Get(name), again)
			}
		}
	})
}

// Metadata comes back as it was given, and what somebody else wrote there is kept as it is.
func FuzzMerchantData(f *testing.F) {
	for _, text := range []string{`{"a":"b"}`, `{"a":1}`, `{}`, `{"a":"b","A":"c"}`, `null`, `x`, "{\"\xff\":\"\"}", `{"a":"\u0000<>&"}`, ``} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		m := metadata(text)
		if text == "" {
			require.Empty(t, m)
			return
		}
		written, err := asJSON(m)
		require.NoError(t, err)
		if len(m) > 0 && m["merchant_data"] != text {
			require.Equal(t, m, metadata(written))
		}
	})
}
