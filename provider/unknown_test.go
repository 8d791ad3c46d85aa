package provider_test

import (
	"crypto/tls"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/provider"
)

// What a bank can do to a call once a byte of it has left. Nothing of it says
// whether money has moved.
var misbehaviours = []struct {
	name     string
	serve    func(*exchange)
	status   int // of the answer that was begun
	requests int // that arrive whole
}{
	{"closed without a byte", func(x *exchange) { x.request() }, 0, 1},
	{"cut without a byte", func(x *exchange) { x.request(); x.cut() }, 0, 1},
	{"reset without a byte", func(x *exchange) { x.request(); x.reset() }, 0, 1},
	{"reset before it was read", func(x *exchange) { x.touch(); x.reset() }, 0, 0},
	{"cut before it was read", func(x *exchange) { x.touch(); x.cut() }, 0, 0},
	{"half a status line", says("HTTP/1.1 20"), 0, 1},
	{"half a header", says("HTTP/1.1 200 OK\r\nContent-Le"), 0, 1},
	{"no body", says("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n"), 200, 1},
	{"truncated body", says("HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{}"), 200, 1},
	{"truncated body of an error", says("HTTP/1.1 400 Bad Request\r\nContent-Length: 99\r\n\r\n{}"), 400, 1},
	{"chunks cut", says("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n"), 200, 1},
	{"a chunk cut", says("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\n{}"), 200, 1},
	{"no chunk", says("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}"), 200, 1},
	{"cut where a body without length would end", func(x *exchange) {
		x.request()
		x.say("HTTP/1.1 200 OK\r\n\r\n{}")
		x.cut()
	}, 200, 1},
	{"body over the limit", says("HTTP/1.1 200 OK\r\nContent-Length: 1025\r\n\r\n" + strings.Repeat(" ", 1025)), 200, 1},
	{"chunked body over the limit", says("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n401\r\n" + strings.Repeat(" ", 1025) + "\r\n0\r\n\r\n"), 200, 1},
	{"headers over the limit", says("HTTP/1.1 200 OK\r\nA: " + strings.Repeat("4111111111111111", 5000) + "\r\n\r\n"), 0, 1},
	{"interim answers without end", flood("HTTP/1.1 103 Early Hints\r\nA: b\r\n\r\n"), 0, 1},
	{"continue without end", flood("HTTP/1.1 100 Continue\r\n\r\n"), 0, 1},
	{"an upgrade", says("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n"), 101, 1},
	{"another protocol", says("SSH-2.0-OpenSSH_9.2\r\n"), 0, 1},
	{"a page without HTTP", says("<html>4111111111111111</html>"), 0, 1},
	{"no number for a status", says("HTTP/1.1 abc s3cret-password\r\n\r\n"), 0, 1},
	{"no header", says("HTTP/1.1 200 OK\r\n4111111111111111\r\n\r\n"), 0, 1},
	{"two lengths", says("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}"), 0, 1},
	{"a length below nothing", says("HTTP/1.1 200 OK\r\nContent-Length: -2\r\n\r\n{}"), 0, 1},
	{"NUL bytes", says("\x00\x00\x00\x00\r\n\r\n"), 0, 1},
}

// says reads the request, says text and closes.
func says(text string) func(*exchange) {
	return func(x *exchange) {
		if x.request() {
			x.say(text)
		}
	}
}

func flood(text string) func(*exchange) {
	return func(x *exchange) {
		if x.request() {
			for {
				if _, err := x.Write([]byte(text)); err != nil {
					return
				}
			}
		}
	}
}

// touch waits until the request has begun to come.
func (x *exchange) touch() { _, _ = x.in.ReadByte() }

func TestUnknownOnceAByteHasLeft(t *testing.T) {
	for _, c := range misbehaviours {
		t.Run(c.name, func(t *testing.T) {
			for _, call := range []struct {
				name string
				call provider.Call
			}{{"POST", post()}, {"GET", get()}} {
				t.Run(call.name+" on a new connection", func(t *testing.T) {
					b := openBank(t, serverTLS(t), func(x *exchange) {
						if x.number > 1 {
							answering(x) // whoever comes twice would be served
							return
						}
						c.serve(x)
					})
					l := link(t, b.url, provider.HTTP{MaxAnswer: 1024})
					_, err := l.Do(t.Context(), call.call)
					e := proves(t, err, payout.ErrOutcomeUnknown)
					assert.Equal(t, c.status, e.HTTPStatus)
					l.CloseIdle()
					assert.Len(t, b.drained(), c.requests)
				})
				t.Run(call.name+" on a reused connection", func(t *testing.T) {
					reusing(t, func(t *testing.T) *bank {
						b := openBank(t, serverTLS(t), warm(c.serve))
						l := link(t, b.url, provider.HTTP{MaxAnswer: 1024})
						_, err := l.Do(t.Context(), call.call)
						require.NoError(t, err)
						_, err = l.Do(t.Context(), call.call)
						l.CloseIdle()
						requests := b.drained()
						if !b.reused {
							return b
						}
						e := proves(t, err, payout.ErrOutcomeUnknown)
						assert.Equal(t, c.status, e.HTTPStatus)
						assert.Len(t, requests, 1+c.requests)
						return b
					})
				})
			}
		})
	}
}

// A body that ends where the connection does is whole if the bank said so in TLS.
func TestABodyWithoutLengthIsWholeIfTheBankSaidGoodbye(t *testing.T) {
	for _, version := range []uint16{tls.VersionTLS12, tls.VersionTLS13} {
		t.Run(tls.VersionName(version), func(t *testing.T) {
			config := serverTLS(t)
			config.MaxVersion = version
			b := openBank(t, config, says("HTTP/1.1 200 OK\r\n\r\n{}"))
			a, err := link(t, b.url, provider.HTTP{}).Do(t.Context(), post())
			require.NoError(t, err)
			assert.Equal(t, "{}", string(a.Body))
		})
	}
}

func TestTheLimitOfABody(t *testing.T) {
	const mega = 1 << 20
	for _, c := range []struct {
		name  string
		limit int64
		size  int
		fits  bool
	}{
		{"at the limit", 10, 10, true},
		{"over the limit", 10, 11, false},
		{"at the default limit", 0, mega, true},
		{"over the default limit", 0, mega + 1, false},
		{"no limit to speak of", 1<<63 - 1, 10, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := openBank(t, serverTLS(t), func(x *exchange) {
				x.request()
				x.say("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
				x.say(fmt.Sprintf("%x\r\n%s\r\n0\r\n\r\n", c.size, strings.Repeat("x", c.size)))
			})
			a, err := link(t, b.url, provider.HTTP{MaxAnswer: c.limit}).Do(t.Context(), post())
			if !c.fits {
				e := proves(t, err, payout.ErrOutcomeUnknown)
				assert.Equal(t, "the answer is larger than the limit", e.Detail)
				return
			}
			require.NoError(t, err)
			assert.Len(t, a.Body, c.size)
		})
	}
}
