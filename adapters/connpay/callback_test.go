package connpay_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/adapters/connpay"
	"github.com/payoutkit/payout/sandbox"
	"github.com/payoutkit/payout/sandbox/bank"
)

// The platform's vectors, under the key test-merchant-control and under another.
const (
	vector      = "status=approved&orderid=1234567&client_orderid=hf-abc&control=652ace404c4dfe8bba069ecee594ec23a89340e1"
	otherKey    = "AF4B5DE6-3468-424C-A922-C1DAD7CB4509"
	otherVector = "status=approved&orderid=123&client_orderid=invoice-1&control=5bc8ee48f9ba37c0fd1e0b052a9bc105c6df87e1"
)

func get(query string) *http.Request {
	return httptest.NewRequest(http.MethodGet, "/callback?"+query, http.NoBody)
}

func post(query, body string) *http.Request {
	return httptest.NewRequest(http.MethodPost, "/callback?"+query, strings.NewReader(body))
}

// What the two vectors are about.
var hfABC, invoice1 = payout.Ref{Reference: "hf-abc", ProviderID: "1234567"}, payout.Ref{Reference: "invoice-1", ProviderID: "123"}

// What is a callback of the bank's, and what it is about: nothing but that.
func TestCallbacks(t *testing.T) {
	const control = "652ace404c4dfe8bba069ecee594ec23a89340e1"
	for name, tt := range map[string]struct {
		c    connpay.Config
		r    *http.Request
		want payout.Ref
	}{
		"GET":                          {r: get(vector), want: hfABC},
		"POST":                         {r: post("", vector), want: hfABC},
		"another key":                  {c: connpay.Config{Control: s(otherKey)}, r: get(otherVector), want: invoice1},
		"in another order, with more":  {r: get("amount=10.42&control=" + control + "&client_orderid=hf-abc&merchant_data=%7B%7D&x[]=&orderid=1234567&status=approved"), want: hfABC},
		"the platform's own in a POST": {r: post("tenant=1", vector), want: hfABC},
		"shared out in a POST":         {r: post("status=approved&orderid=1234567", "client_orderid=hf-abc&control="+control), want: hfABC},
		"the same twice":               {r: post(vector, vector), want: hfABC},
		"escaped":                      {r: get(strings.ReplaceAll(vector, "-", "%2D")), want: hfABC},
		"other names": {
			c:    connpay.Config{Callback: connpay.CallbackNames{Status: "st", OrderID: "pne", ClientOrderID: "ref", Control: "sum"}},
			r:    get("st=approved&pne=1234567&ref=hf-abc&sum=" + control + "&status=declined&control=x"),
			want: hfABC,
		},
		"one other name": {
			c:    connpay.Config{Callback: connpay.CallbackNames{ClientOrderID: "merchant_order"}},
			r:    get(strings.Replace(vector, "client_orderid", "merchant_order", 1)),
			want: hfABC,
		},
		"long": {r: post("", vector+"&merchant_data="+letters(900_000)), want: hfABC},
	} {
		_, client := captured(t, tt.c)
		got, err := client.ReadCallback(tt.r)
		require.NoError(t, err, name)
		require.Equal(t, tt.want, got, name)
	}
}

// What is none: by its kind, and never with a word of it in the error.
func TestNoCallbacks(t *testing.T) {
	without := func(name string) *http.Request {
		form, err := url.ParseQuery(vector)
		require.NoError(t, err)
		form.Del(name)
		return get(form.Encode())
	}
	change := func(old, new string) *http.Request {
		require.Equal(t, 1, strings.Count(vector, old))
		return get(strings.Replace(vector, old, new, 1))
	}
	broken := post("", "")
	broken.Body = io.NopCloser(iotest.ErrReader(errors.New("gone")))
	put := post("", vector)
	put.Method = http.MethodPut
	for name, tt := range map[string]struct {
		c    connpay.Config
		r    *http.Request
		want payout.ErrorKind
	}{
		"another status":        {r: change("approved", "declined"), want: payout.ErrUnauthorized},
		"another order":         {r: change("1234567", "1234568"), want: payout.ErrUnauthorized},
		"another reference":     {r: change("hf-abc", "hf-abd"), want: payout.ErrUnauthorized},
		"another control":       {r: change("652ace", "652acf"), want: payout.ErrUnauthorized},
		"half a control":        {r: change("c4dfe8bba069ecee594ec23a89340e1", ""), want: payout.ErrUnauthorized},
		"control in capitals":   {r: change("652ace404c4dfe8bba069ecee594ec23a89340e1", "652ACE404C4DFE8BBA069ECEE594EC23A89340E1"), want: payout.ErrUnauthorized},
		"a space more":          {r: change("approved", "approved%20"), want: payout.ErrUnauthorized},
		"another key":           {c: connpay.Config{Control: s(otherKey)}, r: get(vector), want: payout.ErrUnauthorized},
		"no status":             {r: without("status"), want: payout.ErrInvalid},
		"no order":              {r: without("orderid"), want: payout.ErrInvalid},
		"no reference":          {r: without("client_orderid"), want: payout.ErrInvalid},
		"no control":            {r: without("control"), want: payout.ErrInvalid},
		"an empty status":       {r: change("approved", ""), want: payout.ErrInvalid},
		"an empty order":        {r: change("1234567", ""), want: payout.ErrInvalid},
		"an empty reference":    {r: change("hf-abc", ""), want: payout.ErrInvalid},
		"an empty control":      {r: change("652ace404c4dfe8bba069ecee594ec23a89340e1", ""), want: payout.ErrInvalid},
		"nothing":               {r: get(""), want: payout.ErrInvalid},
		"nothing in a POST":     {r: post("", ""), want: payout.ErrInvalid},
		"a body in a GET":       {r: httptest.NewRequest(http.MethodGet, "/", strings.NewReader(vector)), want: payout.ErrInvalid},
		"a PUT":                 {r: put, want: payout.ErrInvalid},
		"two statuses":          {r: get(vector + "&status=declined"), want: payout.ErrInvalid},
		"two in a POST":         {r: post("client_orderid=hf-abd", vector), want: payout.ErrInvalid},
		"no form":               {r: post("", vector+"&%zz"), want: payout.ErrInvalid},
		"JSON":                  {r: post("", `{"status":"approved"}`), want: payout.ErrInvalid},
		"too long":              {r: post("", vector+"&merchant_data="+letters(1<<20)), want: payout.ErrInvalid},
		"a body that is broken": {r: broken, want: payout.ErrInvalid},
		"the names of others": {
			c: connpay.Config{Callback: connpay.CallbackNames{Status: "st"}}, r: get(vector), want: payout.ErrInvalid,
		},
	} {
		capture, client := captured(t, tt.c)
		got, err := client.ReadCallback(tt.r)
		require.ErrorIs(t, err, tt.want, name)
		require.Zero(t, got, name)
		require.NotContains(t, err.Error(), "hf-ab", name)
		require.Empty(t, capture.Sent(), name)
	}
}

// With every field empty the control is that of nothing but the key, which a call with
// another one may show: it must not pass.
func TestEmptyCallback(t *testing.T) {
	_, client := captured(t, connpay.Config{})
	// SHA-1 of "test-merchant-control".
	_, err := client.ReadCallback(get("status=&orderid=&client_orderid=&control=1a66987ac24e927ff2979f83a41cb818936a9e62"))
	require.ErrorIs(t, err, payout.ErrInvalid)
}

// platform is the address where the gateway calls: a handler, reached without a socket.
type platform struct{ http.Handler }

func (p platform) RoundTrip(r *http.Request) (*http.Response, error) {
	w := httptest.NewRecorder()
	p.ServeHTTP(w, r)
	return w.Result(), nil
}

// From the gateway to the platform: it calls at the end of an order, by GET and by POST,
// under its own names and others, and comes again until it hears 200. What it says is a
// reason to ask, whatever it says.
func TestCallbacksOfTheGateway(t *testing.T) {
	for name, tt := range map[string]struct {
		gate sandbox.ConnPayCallbacks
		c    connpay.Config
	}{
		"GET":         {},
		"POST":        {gate: sandbox.ConnPayCallbacks{Post: true}},
		"other names": {gate: sandbox.ConnPayCallbacks{Names: map[string]string{"client_orderid": "ref", "control": "sum"}}, c: connpay.Config{Callback: connpay.CallbackNames{ClientOrderID: "ref", Control: "sum"}}},
	} {
		t.Run(name, func(t *testing.T) {
			var client *payout.Client
			var mu sync.Mutex
			var heard []payout.Payout
			first := true
			hint := func(ctx context.Context, ref payout.Ref) error {
				mu.Lock()
				defer mu.Unlock()
				if first {
					first = false
					return errors.New("not now")
				}
				p, err := client.Find(ctx, payout.Ref{Reference: ref.Reference, Amount: payout.FromMinor(1042, payout.USD)})
				heard = append(heard, p)
				return err
			}
			var handler http.Handler
			tt.gate.Transport = platform{http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { handler.ServeHTTP(w, r) })}
			tt.gate.Hosts, tt.gate.Pauses = []string{"platform.example"}, []time.Duration{time.Millisecond}
			gate, opened := simulate(t, sandbox.ConnPayConfig{Callbacks: tt.gate}, tt.c)
			client, handler = opened, payout.CallbackHandler(opened, hint)

			req := request("p-1", "1234567890")
			req.CallbackURL = "https://platform.example:8443/connpay?tenant=1"
			req.Metadata = map[string]string{"campaign": "spring & co"}
			_, err := client.Create(t.Context(), req)
			require.NoError(t, err)
			gate.ScriptCallback(sandbox.CallbackScript{Copies: 1})
			require.True(t, gate.Finish("p-1"))
			require.NoError(t, gate.WaitCallbacks(t.Context(), "p-1", 3))

			var answers []int
			for _, c := range gate.Callbacks() {
				answers = append(answers, c.Answer)
			}
			require.Equal(t, []int{503, 200, 200}, answers)
			mu.Lock()
			defer mu.Unlock()
			require.Len(t, heard, 2) // the copy too
			for _, p := range heard {
				require.Equal(t, payout.StatusPaid, p.Status)
				require.Equal(t, req.Metadata, p.Metadata)
			}
			require.Equal(t, 1, gate.Count(bank.Create, ""))
		})
	}
}

// What was changed on its way is nobody's hint.
func TestCallbacksThatWereChanged(t *testing.T) {
	var handler http.Handler
	gate, client := simulate(t, sandbox.ConnPayConfig{Callbacks: sandbox.ConnPayCallbacks{
		Transport: platform{http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { handler.ServeHTTP(w, r) })},
		Hosts:     []string{"platform.example"}, Pauses: []time.Duration{},
	}}, connpay.Config{})
	handler = payout.CallbackHandler(client, func(context.Context, payout.Ref) error {
		t.Error("a callback that was changed was taken")
		return nil
	})
	for reference, alter := range map[string]func(url.Values){
		"status":    func(v url.Values) { v.Set("status", "declined") },
		"reference": func(v url.Values) { v.Set("client_orderid", "another") },
		"order":     func(v url.Values) { v.Set("orderid", "1") },
		"empty": func(v url.Values) {
			for name := range v {
				v.Set(name, "")
			}
		},
	} {
		req := request(reference, "1234567890")
		req.CallbackURL = "https://platform.example/connpay"
		_, err := client.Create(t.Context(), req)
		require.NoError(t, err)
		gate.ScriptCallback(sandbox.CallbackScript{Reference: reference, Alter: alter})
		require.True(t, gate.Finish(reference))
		require.NoError(t, gate.WaitCallbacks(t.Context(), reference, 1))
	}
	for _, c := range gate.Callbacks() {
		require.NotEqual(t, 200, c.Answer, c.Reference)
	}
}
