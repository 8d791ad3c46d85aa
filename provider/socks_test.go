package provider_test

import (
	"io"
	"net"
	"net/http"
	"net/url"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/provider"
)

// socks is as much of a SOCKS 5 proxy (RFC 1928) as shows that a link works through
// one. It sends every name to target, or answers with a refusal.
func socks(target string, refusal byte) func(*exchange) {
	return func(x *exchange) {
		hello := make([]byte, 2)
		if _, err := io.ReadFull(x.in, hello); err != nil {
			return
		}
		_, _ = io.CopyN(io.Discard, x.in, int64(hello[1]))
		x.say("\x05\x00")
		head := make([]byte, 5)
		if _, err := io.ReadFull(x.in, head); err != nil {
			return
		}
		_, _ = io.CopyN(io.Discard, x.in, int64(head[4])+2)
		x.say("\x05" + string(refusal) + "\x00\x01\x00\x00\x00\x00\x00\x00")
		if refusal != 0 {
			x.untilClosed()
			return
		}
		far, err := net.Dial("tcp", target)
		if err != nil {
			return
		}
		var back sync.WaitGroup
		back.Go(func() {
			_, _ = io.Copy(x.Conn, far)
			_ = x.Close()
		})
		_, _ = io.Copy(far, x.in)
		_ = far.Close()
		back.Wait()
	}
}

func TestThroughSOCKS(t *testing.T) {
	for _, c := range []struct {
		name    string
		refusal byte
		serve   func(*exchange)
		err     error
		seen    int
	}{
		{"answered", 0, answering, nil, 1},
		{"answer lost", 0, says(""), payout.ErrOutcomeUnknown, 1},
		{"refused", 5, answering, payout.ErrNotSent, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := openBank(t, serverTLS(t), c.serve)
			proxy := openBank(t, nil, socks(b.listen.Addr().String(), c.refusal))
			l := link(t, "https://bank.test", provider.HTTP{Proxy: http.ProxyURL(&url.URL{Scheme: "socks5", Host: proxy.listen.Addr().String()})})
			_, err := l.Do(t.Context(), post())
			if kind, fails := c.err.(payout.ErrorKind); fails {
				proves(t, err, kind)
			} else {
				require.NoError(t, err)
			}
			l.CloseIdle()
			assert.Len(t, b.drained(), c.seen)
		})
	}
}
