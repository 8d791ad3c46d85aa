package provider_test

import (
	"context"
	"errors"
	"net"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/provider"
)

var errNoDial = errors.New("nobody may dial here")

// unreachable is a link that may not do any I/O.
func unreachable(t *testing.T) *provider.Link {
	return link(t, "https://bank.test/base", provider.HTTP{Dial: func(context.Context, string, string) (net.Conn, error) {
		t.Error("dialled")
		return nil, errNoDial
	}})
}

func TestCallsThatCantBeMade(t *testing.T) {
	with := func(name string, values ...string) func(*provider.Call) {
		return func(c *provider.Call) { c.Header[name] = values }
	}
	path := func(p string) func(*provider.Call) { return func(c *provider.Call) { c.Path = p } }
	method := func(m string) func(*provider.Call) { return func(c *provider.Call) { c.Method = m } }
	const badPath = "path: must begin with a slash and have no query, fragment, control character or dot segment"
	for _, c := range []struct {
		name   string
		change func(*provider.Call)
		rule   string
	}{
		{"key", with("Idempotency-Key", "1"), "header: must not be Idempotency-Key"},
		{"key in small letters", with("idempotency-key", "1"), "header: must not be Idempotency-Key"},
		{"key in capitals", with("IDEMPOTENCY-KEY", "1"), "header: must not be Idempotency-Key"},
		{"key without a value", with("Idempotency-Key"), "header: must not be Idempotency-Key"},
		{"x-key", with("X-Idempotency-Key", "1"), "header: must not be X-Idempotency-Key"},
		{"x-key in odd letters", with("x-iDEMPOTENCY-kEY", "1"), "header: must not be X-Idempotency-Key"},
		{"key with a space", with("Idempotency-Key ", "1"), "header: must be a valid name with valid values"},
		{"key with a colon", with("Idempotency-Key:", "1"), "header: must be a valid name with valid values"},
		{"host", with("Host", "elsewhere"), "header: must not be Host"},
		{"length", with("content-length", "1"), "header: must not be Content-Length"},
		{"framing", with("Transfer-Encoding", "chunked"), "header: must not be Transfer-Encoding"},
		{"upgrade", with("Upgrade", "h2c"), "header: must not be Upgrade"},
		{"connection", with("Connection", "close"), "header: must not be Connection"},
		{"expect", with("Expect", "100-continue"), "header: must not be Expect"},
		{"trailer", with("Trailer", "X"), "header: must not be Trailer"},
		{"no name", with("", "1"), "header: must be a valid name with valid values"},
		{"name not ASCII", with("X-Hаsh", "1"), "header: must be a valid name with valid values"},
		{"value with a line", with("X-Hash", "4111111111111111\r\nX: y"), "header: must be a valid name with valid values"},
		{"value with NUL", with("X-Hash", "4111111111111111\x00"), "header: must be a valid name with valid values"},
		{"a name twice", with("content-type", "text/plain"), "header: must not stand twice"},
		{"method", method("PUT"), "method: must be GET or POST"},
		{"no method", method(""), "method: must be GET or POST"},
		{"method in small letters", method("post"), "method: must be GET or POST"},
		{"method with a line", method("GET / HTTP/1.1\r\n"), "method: must be GET or POST"},
		{"no path", path(""), badPath},
		{"relative", path("pay"), badPath},
		{"query", path("/pay?x=4111111111111111"), badPath},
		{"fragment", path("/pay#x"), badPath},
		{"up", path("/../pay"), badPath},
		{"up, escaped", path("/%2e%2e/pay"), badPath},
		{"here", path("/./pay"), badPath},
		{"backslash", path(`/..\pay`), badPath},
		{"bad escape", path("/%zz"), badPath},
		{"line", path("/pay\r\n"), badPath},
		{"line, escaped", path("/pay%0d%0a"), badPath},
	} {
		t.Run(c.name, func(t *testing.T) {
			call := post()
			c.change(&call)
			_, err := unreachable(t).Do(t.Context(), call)
			e := proves(t, err, payout.ErrInvalid)
			require.Len(t, e.Violations, 1)
			assert.Equal(t, c.rule, e.Violations[0].String())
		})
	}
}

func TestEveryBrokenRuleOfACallIsNamed(t *testing.T) {
	_, err := unreachable(t).Do(t.Context(), provider.Call{Header: http.Header{"Host": nil, "Te": nil}})
	e := proves(t, err, payout.ErrInvalid)
	assert.Len(t, e.Violations, 4)
}

func TestWhatIsSent(t *testing.T) {
	b := openBank(t, serverTLS(t), answering)
	l := link(t, b.url+"/base/", provider.HTTP{})
	header := http.Header{"x-hash": {"one", "two"}, "User-Agent": {"another"}}
	for _, call := range []provider.Call{
		{Method: http.MethodPost, Path: "/pay/%d0%b0%20b", Header: header, Body: []byte("{}")},
		{Method: http.MethodPost, Path: "/empty"},
		{Method: http.MethodGet, Path: "/get/"},
	} {
		_, err := l.Do(t.Context(), call)
		require.NoError(t, err)
	}
	l.CloseIdle()
	sent := b.drained()
	require.Len(t, sent, 3)
	for i := range sent {
		sent[i].conn = 0
	}
	host := b.url[len("https://"):]
	agent := http.Header{"User-Agent": {"payout-go"}}
	assert.Equal(t, request{0, "POST", "/base/pay/а b", host, http.Header{"X-Hash": {"one", "two"}, "User-Agent": agent["User-Agent"], "Content-Length": {"2"}}, "{}"}, sent[0])
	assert.Equal(t, request{0, "POST", "/base/empty", host, http.Header{"User-Agent": agent["User-Agent"], "Content-Length": {"0"}}, ""}, sent[1])
	assert.Equal(t, request{0, "GET", "/base/get/", host, agent, ""}, sent[2])
	assert.Equal(t, http.Header{"x-hash": {"one", "two"}, "User-Agent": {"another"}}, header, "the caller's header is left as it was")
}
