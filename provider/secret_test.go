package provider_test

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/provider"
)

// shown returns everything that printing, logging, encoding and dumping make of v.
func shown(t *testing.T, v any) string {
	t.Helper()
	var out strings.Builder
	fmt.Fprintf(&out, "%v %+v %#v %s %q %x\n", v, v, v, v, v, v)
	if b, err := json.Marshal(v); err == nil {
		out.Write(b)
	}
	var log bytes.Buffer
	slog.New(slog.NewTextHandler(&log, nil)).Info("text", "v", v)
	slog.New(slog.NewJSONHandler(&log, nil)).Info("json", "v", v)
	out.Write(log.Bytes())
	diff := &failing{}
	assert.Equal(diff, []any{v}, []any{v, 1}) // testify's diff is made by go-spew
	require.NotEmpty(t, diff.said)
	out.WriteString(diff.said)
	out.WriteString(strings.Join(dump(v), "\n"))
	return out.String()
}

type failing struct{ said string }

func (f *failing) Errorf(format string, args ...any) { f.said += fmt.Sprintf(format, args...) }

// hides asserts that no secret is in what is shown, in any spelling.
func hides(t *testing.T, v any, secrets ...string) {
	t.Helper()
	all := shown(t, v)
	for _, secret := range secrets {
		assert.NotContains(t, all, secret)
		assert.NotContains(t, all, fmt.Sprintf("%x", secret))
	}
}

// The link is looked at while a connection that has carried the secrets lies in its
// pool: the buffers of net/http still hold them.
func TestNothingOfALinkIsShown(t *testing.T) {
	b := openBank(t, serverTLS(t), func(x *exchange) {
		x.request()
		x.say("HTTP/1.1 200 OK\r\nSet-Cookie: answer-secret\r\nContent-Length: 13\r\n\r\nanswer-secret")
		x.untilClosed()
	})
	own := trusted().certificate(t, nil)
	h := provider.HTTP{
		Roots:             trusted().roots(),
		Proxy:             func(*http.Request) (*url.URL, error) { return nil, nil },
		ClientCertificate: func(*tls.CertificateRequestInfo) (*tls.Certificate, error) { return &own, nil },
	}
	proxied := h
	proxied.Proxy = http.ProxyURL(&url.URL{Scheme: "http", Host: "127.0.0.1:1", User: url.UserPassword("u", "proxy-password")})
	for _, c := range []struct {
		name string
		h    provider.HTTP
	}{{"direct", h}, {"proxied", proxied}} {
		t.Run(c.name, func(t *testing.T) {
			l, err := c.h.Open(b.url)
			require.NoError(t, err)
			defer l.CloseIdle()
			_, err = l.Do(t.Context(), post())
			secrets := append([]string{"proxy-password", "answer-secret"}, secrets...)
			if err != nil {
				hides(t, err, secrets...)
			}
			for _, v := range []any{l, *l, c.h, &c.h} {
				hides(t, v, secrets...)
			}
		})
	}
}

// The dump above sees what is there to see: a buffer that was flushed, behind
// pointers, interfaces and fields that are nobody's business.
func TestTheDumpFindsWhatIsThere(t *testing.T) {
	w := bufio.NewWriter(io.Discard)
	_, err := w.WriteString(payBody)
	require.NoError(t, err)
	require.NoError(t, w.Flush())
	type private struct{ inner any }
	hidden := private{map[string]*private{"s3cret-password": {inner: []io.Writer{w}}}}
	for _, secret := range secrets {
		assert.Contains(t, strings.Join(dump(hidden), "\n"), secret)
		assert.Contains(t, shown(t, &hidden), secret)
	}
}

func TestNothingOfAPrivateKeyIsShown(t *testing.T) {
	text := pkcs8(t, rsaKey())
	key, err := provider.ParsePrivateKey(payout.NewSecret(text), payout.Secret{})
	require.NoError(t, err)
	d := rsaKey().D
	limb := d.Bytes()[len(d.Bytes())-8:] // a word of it, whichever way round it is kept
	reversed := bytes.Clone(limb)
	slices.Reverse(reversed)
	for _, v := range []any{key, &key, struct{ Key provider.PrivateKey }{key}, map[string]any{"key": key}} {
		hides(t, v, d.String(), d.Text(16), string(limb), string(reversed), text[100:150])
	}
}

// Calls and answers are made of what has to be sent, but no print shows it.
func TestCallsAndAnswersPrintWithoutTheirContent(t *testing.T) {
	call := post()
	answer := provider.Answer{Status: 200, Header: call.Header, Body: call.Body}
	for _, v := range []any{call, &call, answer, &answer} {
		var log bytes.Buffer
		slog.New(slog.NewTextHandler(&log, nil)).Info("text", "v", v)
		slog.New(slog.NewJSONHandler(&log, nil)).Info("json", "v", v)
		all := fmt.Sprintf("%v %+v %#v %s %q %x %d", v, v, v, v, v, v, v) + log.String()
		for _, secret := range secrets {
			assert.NotContains(t, all, secret)
			assert.NotContains(t, all, fmt.Sprintf("%x", secret))
		}
	}
	assert.Equal(t, "POST call", fmt.Sprint(call))
	assert.Equal(t, "HTTP 200, 39 bytes", fmt.Sprint(answer))
}
