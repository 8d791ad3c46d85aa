package provider_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/provider"
)

// Whatever bytes a bank answers with: the call arrives once, comes to an end, and is
// answered in full within the limit, or has an unknown outcome that quotes nothing.
func FuzzBytes(f *testing.F) {
	for _, said := range []string{
		answerOK, "", "HTTP/1.1 200 OK\r\n\r\n{}", "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n{}", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
		"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n2\r\n{}\r\n0\r\nTrailer: x\r\n\r\n", "HTTP/1.1 100 Continue\r\n\r\n" + answerOK,
		"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n", "HTTP/1.1 307 Temporary Redirect\r\nLocation: /pay\r\nContent-Length: 0\r\n\r\n",
		"HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\n{}" + answerOK, "HTTP/1.1 204 No Content\r\n\r\n", "HTTP/1.1 401 s3cret-password\r\nContent-Length: 0\r\n\r\n",
		"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\n\x1f\x8b", "HTTP/1.1 429 x\r\nRetry-After: 9999999\r\nContent-Length: 0\r\n\r\n", "HTTP/2.0 200 OK\r\n\r\n", "\x00\x01\x02",
		"HTTP/1.1 200 OK\r\nContent-Length: 65\r\n\r\n" + strings.Repeat("x", 65), "HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n",
	} {
		f.Add(said)
	}
	config := serverTLS(f)
	f.Fuzz(func(t *testing.T, said string) {
		b, p := openPipeBank(t, config, says(said))
		l := link(t, pipeURL, provider.HTTP{Dial: p.dial, MaxAnswer: 64})
		a, err := l.Do(t.Context(), post())
		l.CloseIdle()
		require.Len(t, b.drained(), 1)
		if err != nil {
			proves(t, err, payout.ErrOutcomeUnknown)
			return
		}
		assert.LessOrEqual(t, len(a.Body), 64)
		assert.GreaterOrEqual(t, a.Status, 200)
		assert.True(t, strings.HasPrefix(said, "HTTP/"))
	})
}
