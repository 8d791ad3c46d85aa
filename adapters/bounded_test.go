package adapters_test

import (
	"bufio"
	"context"
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/provider"
)

// Whatever the bank does not stop saying, and however slowly, every call of every adapter
// comes to an end, has an unknown outcome, and has read little.
func TestEveryAnswerIsBounded(t *testing.T) {
	ours := newAuthority(t)
	config := &tls.Config{Certificates: []tls.Certificate{ours.certificate(t, nil)}}
	const most = 16 << 20 // far more than limits and what sockets hold
	for name, c := range map[string]struct{ begin, again string }{
		"a body":               {"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n", " "},
		"a body with a length": {"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n", " "},
		"chunks":               {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "40\r\n" + strings.Repeat(" ", 0x40) + "\r\n"},
		"headers":              {"HTTP/1.1 200 OK\r\n", "X-More: and more\r\n"},
		"one header":           {"HTTP/1.1 200 OK\r\nX-More: ", "and more"},
		"a status line":        {"HTTP/1.1 200 ", "OK"},
		"interim answers":      {"", "HTTP/1.1 103 Early Hints\r\n\r\n"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var unbounded atomic.Bool
			var enough atomic.Pointer[context.CancelFunc] // of the call to the slow bank
			quick := listen(t, config, func(conn net.Conn) {
				if _, err := http.ReadRequest(bufio.NewReader(conn)); err != nil {
					return
				}
				n, err := io.WriteString(conn, c.begin)
				for many := strings.Repeat(c.again, 4<<10); err == nil && n < most; {
					var more int
					more, err = io.WriteString(conn, many)
					n += more
				}
				if n >= most {
					unbounded.Store(true)
				}
			})
			slow := listen(t, config, func(conn net.Conn) {
				in := bufio.NewReader(conn)
				r, err := http.ReadRequest(in)
				if err != nil {
					return
				}
				_, _ = io.Copy(io.Discard, r.Body)
				gone := make(chan struct{})
				go func() {
					defer close(gone)
					_, _ = in.ReadByte()
				}()
				_, err = io.WriteString(conn, c.begin)
				for tick, n := time.NewTicker(time.Millisecond), 0; err == nil; n++ {
					if n == 3 {
						(*enough.Load())()
					}
					select {
					case <-tick.C:
						_, err = io.WriteString(conn, c.again)
					case <-gone:
						err = io.EOF
					}
				}
				_ = conn.Close()
				<-gone
			})
			for _, r := range rails {
				for name, call := range r.at(t, "https://"+quick, provider.HTTP{Roots: ours.roots()}).calls() {
					requireUnknown(t, call(t.Context()), r.name, name)
				}
				for name, call := range r.at(t, "https://"+slow, provider.HTTP{Roots: ours.roots()}).calls() {
					ctx, cancel := context.WithCancel(t.Context())
					enough.Store(&cancel)
					err := call(ctx)
					require.ErrorIs(t, err, context.Canceled)
					requireUnknown(t, err, r.name, name)
				}
			}
			require.False(t, unbounded.Load())
		})
	}
}

func requireUnknown(t *testing.T, err error, what ...string) {
	t.Helper()
	require.ErrorIs(t, err, payout.ErrOutcomeUnknown, what)
	require.False(t, payout.SafeToRetry(err), what)
	requireOpaque(t, "error", err)
}
