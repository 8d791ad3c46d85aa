package bank_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout/sandbox/bank"
)

// What a client sees of an answer that is spoiled after the bank has paid, on a new
// and on a warm connection.
func TestReplies(t *testing.T) {
	whole := `{"id":"1","reference":"p","amount":1050,"currency":"EUR","status":"paid"}`
	for name, test := range map[string]struct {
		reply  bank.Reply
		status int
		body   string
		header string // "Name: value"
		broken bool
	}{
		"as it is":         {bank.Reply{}, 200, whole, "Content-Type: application/json;charset=UTF-8", false},
		"lost":             {bank.Lost(), 0, "", "", true},
		"lost by a reset":  {bank.Reply{Cut: bank.BeforeHead, Reset: true}, 0, "", "", true},
		"cut in the head":  {bank.Reply{Cut: bank.InHead}, 0, "", "", true},
		"cut in the body":  {bank.Reply{Cut: bank.InBody}, 200, whole[:len(whole)/2], "", true},
		"page of a proxy":  {bank.ProxyPage(), 502, "", "Content-Type: text/html", false},
		"firewall":         {bank.Forbidden(), 403, "", "", false},
		"too many":         {bank.TooMany(90 * time.Second), 429, "Too Many Requests", "Retry-After: 90", false},
		"redirect":         {bank.Redirect(307, "https://elsewhere.example/"), 307, "", "Location: https://elsewhere.example/", false},
		"empty":            {bank.Empty(), 200, "", "Content-Length: 0", false},
		"truncated":        {bank.Truncated(), 200, whole[:len(whole)/2], "", false},
		"oversized":        {bank.Oversized(1 << 20), 200, whole + strings.Repeat(" ", 1<<20), "", false},
		"another type":     {bank.HTTP(200, "application/json", "[]"), 200, "[]", "", false},
		"the status alone": {bank.Reply{Status: 503}, 503, whole, "Content-Type: application/json;charset=UTF-8", false},
		"a body alone":     {bank.Reply{Body: []byte("<html>")}, 200, "<html>", "Content-Type: ", false},
		"in its own form":  {bank.With(bank.JSON(400, bank.Object{{Name: "e", Value: "<1>"}})), 400, `{"e":"<1>"}`, "", false},
		"dripping":         {bank.Reply{Drip: time.Microsecond}, 200, whole, "", false},
	} {
		for _, warm := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, warm %v", name, warm), func(t *testing.T) {
				h := start(t)
				if warm {
					h.ask("nobody")
				}
				h.Script(bank.Script{Operation: bank.Create, Reply: test.reply})
				a, err := h.tryPay("p")
				assert.Equal(t, test.broken, err != nil, "%v", err)
				assert.Equal(t, warm, a.reused)
				assert.Equal(t, test.status, a.status)
				if test.body != "" || test.header == "Content-Length: 0" {
					assert.Equal(t, test.body, a.body)
				}
				if name, value, ok := strings.Cut(test.header, ": "); ok {
					assert.Equal(t, value, a.header.Get(name))
				}
				assert.Equal(t, 1, h.Ledger().Times("p"))
				assert.Equal(t, 1, h.Count(bank.Create, "p"))
				h.ClearScripts()
				assert.Equal(t, "paid", h.word(h.ask("p")), "and the bank knows")
			})
		}
	}
}

func TestSlowAnswer(t *testing.T) {
	h := start(t)
	gate := bank.NewGate()
	h.Script(bank.Script{Reference: "p", Operation: bank.Create, Reply: bank.Reply{Hold: gate}})
	ctx, cancel := context.WithCancel(t.Context())
	var calls sync.WaitGroup
	calls.Go(func() {
		_, err := h.do(ctx, http.MethodPost, "/payments", payBody("p"))
		assert.ErrorIs(t, err, context.Canceled)
	})
	require.NoError(t, h.Ledger().WaitTimes(t.Context(), "p", 1), "it acted before it answered")
	cancel()
	calls.Wait()

	h.Script(bank.Script{Reference: "q", Reply: bank.Reply{Hold: gate}})
	calls.Go(func() { assert.Equal(t, 200, h.pay("q").status) })
	require.NoError(t, h.Ledger().WaitTimes(t.Context(), "q", 1))
	gate.Open()
	gate.Open()
	calls.Wait()
	h.Close()
	assert.Equal(t, []int{0, 200}, []int{h.Requests()[0].Status, h.Requests()[1].Status}, "nothing was sent to who had gone")
}
