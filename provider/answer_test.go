package provider_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/provider"
)

func TestRetryAfter(t *testing.T) {
	for _, c := range []struct {
		name, header string
		want         time.Duration
	}{
		{"absent", "", 0},
		{"seconds", "120", 2 * time.Minute},
		{"nothing", "0", 0},
		{"leading zeros", "007", 7 * time.Second},
		{"the longest", "999999", 999999 * time.Second},
		{"longer", "1000000", 0},
		{"endless", "99999999999999999999999", 0},
		{"below zero", "-5", 0},
		{"a plus", "+5", 0},
		{"a fraction", "1.5", 0},
		{"a unit", "5s", 0},
		{"a space", "5 5", 0},
		{"digits of another script", "٥", 0},
		{"a date", "Wed, 21 Oct 2026 07:28:00 GMT", 0},
		{"a word", "soon", 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := provider.Answer{Status: 429, Header: http.Header{"Retry-After": {c.header}}}
			assert.Equal(t, c.want, a.Unknown("busy").RetryAfter)
			assert.Equal(t, c.want, a.Error(payout.ErrRateLimited, "", "").RetryAfter)
		})
	}
	t.Run("from the wire", func(t *testing.T) {
		b := openBank(t, serverTLS(t), says("HTTP/1.1 429 Too Many\r\nretry-after:  7 \r\nContent-Length: 0\r\n\r\n"))
		a, err := link(t, b.url, provider.HTTP{}).Do(t.Context(), post())
		require.NoError(t, err)
		assert.Equal(t, 7*time.Second, a.Error(payout.ErrRateLimited, "", "").RetryAfter)
	})
}

func TestErrorsOfAnAnswer(t *testing.T) {
	a := provider.Answer{Status: 400, Body: []byte("4111111111111111")}
	t.Run("unknown", func(t *testing.T) {
		e := proves(t, a.Unknown("no such row"), payout.ErrOutcomeUnknown)
		assert.Equal(t, payout.Error{HTTPStatus: 400, Detail: "no such row"}, *e)
	})
	t.Run("a code", func(t *testing.T) {
		e := proves(t, a.Error(payout.ErrRefused, "98", "why"), payout.ErrRefused)
		assert.Equal(t, payout.Error{Kind: payout.ErrRefused, HTTPStatus: 400, Code: "98", Detail: "why"}, *e)
	})
	for _, code := range []string{"4111111111111111", "Wrong password s3cret-password", "9<8"} {
		t.Run("a text in place of a code", func(t *testing.T) {
			e := proves(t, a.Error(payout.ErrRefused, code, ""), payout.ErrRefused)
			assert.Empty(t, e.Code)
		})
	}
	for _, kind := range []payout.ErrorKind{payout.ErrRefused, payout.ErrUnauthorized, payout.ErrRateLimited, payout.ErrNotFound, payout.ErrConflict, payout.ErrOutcomeUnknown} {
		t.Run(kind.Error(), func(t *testing.T) { proves(t, a.Error(kind, "", ""), kind) })
	}
	for _, kind := range []payout.ErrorKind{payout.ErrNotSent, payout.ErrInvalid, payout.ErrUnsupported} {
		t.Run("what was answered was sent: "+kind.Error(), func(t *testing.T) {
			proves(t, a.Error(kind, "", ""), payout.ErrOutcomeUnknown)
		})
	}
}

// Access that was denied holds the provider, unless it was the bank's own word for it.
func TestDeniedAccessHolds(t *testing.T) {
	for status, hold := range map[int]bool{200: false, 400: false, 401: true, 403: true, 404: false, 407: false, 429: false, 503: false} {
		a := provider.Answer{Status: status}
		assert.Equal(t, hold, a.Unknown("no such row").Hold, status)
		assert.Equal(t, hold, a.Error(payout.ErrNotSent, "", "").Hold, status)
		assert.False(t, a.Error(payout.ErrUnauthorized, "90", "").Hold, "%d: the kind says it", status)
	}
	// Also where the answer is not whole.
	for name, answer := range map[string]string{
		"cut":       "HTTP/1.1 403 Forbidden\r\nContent-Length: 100\r\n\r\n<html>",
		"too large": "HTTP/1.1 403 Forbidden\r\nContent-Length: 10\r\n\r\n<html>....",
	} {
		b := openBank(t, serverTLS(t), says(answer))
		_, err := link(t, b.url, provider.HTTP{MaxAnswer: 4}).Do(t.Context(), post())
		e := proves(t, err, payout.ErrOutcomeUnknown)
		assert.Equal(t, 403, e.HTTPStatus, name)
		assert.True(t, e.Hold, name)
	}
}

func TestInvalid(t *testing.T) {
	require.NoError(t, provider.Invalid())
	e := proves(t, provider.Invalid(payout.Violation{Field: "a", Rule: "must"}), payout.ErrInvalid)
	assert.Equal(t, []payout.Violation{{Field: "a", Rule: "must"}}, e.Violations)
}
