package bank_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/payoutkit/payout/sandbox/bank"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func trusting(b *bank.Server) *http.Client {
	return &http.Client{
		Transport:     &http.Transport{TLSClientConfig: &tls.Config{RootCAs: b.Roots(), MinVersion: tls.VersionTLS12}},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

type answer struct {
	status int
	header http.Header
	body   string
	reused bool
}

func (a answer) json(t *testing.T) map[string]any {
	t.Helper()
	var v map[string]any
	require.NoError(t, json.Unmarshal([]byte(a.body), &v), "body: %q", a.body)
	return v
}

// harness is a plain bank and a client of it.
type harness struct {
	*bank.Server
	t      *testing.T
	client *http.Client
}

func start(t *testing.T) *harness {
	t.Helper()
	b, err := startPlainBank(bank.Config{})
	require.NoError(t, err)
	t.Cleanup(b.Close)
	client := trusting(b)
	t.Cleanup(client.CloseIdleConnections)
	return &harness{b, t, client}
}

func (h *harness) do(ctx context.Context, method, path, body string) (a answer, err error) {
	trace := &httptrace.ClientTrace{GotConn: func(i httptrace.GotConnInfo) { a.reused = i.Reused }}
	req, err := http.NewRequestWithContext(httptrace.WithClientTrace(ctx, trace), method, h.URL()+path, strings.NewReader(body))
	if err != nil {
		return a, err
	}
	req.GetBody = nil
	req.Header.Set("X-Key", "k")
	resp, err := h.client.Do(req)
	if err != nil {
		return a, err
	}
	var b bytes.Buffer
	_, err = io.Copy(&b, resp.Body)
	a.status, a.header, a.body = resp.StatusCode, resp.Header, b.String()
	return a, errors.Join(err, resp.Body.Close())
}

func payBody(reference string) string {
	return fmt.Sprintf(`{"reference":%q,"amount":1050,"card":"4111111111111111"}`, reference)
}

func (h *harness) tryPay(reference string) (answer, error) {
	return h.do(h.t.Context(), http.MethodPost, "/payments", payBody(reference))
}

func (h *harness) pay(reference string) answer {
	h.t.Helper()
	a, err := h.tryPay(reference)
	require.NoError(h.t, err)
	return a
}

func (h *harness) ask(reference string) answer {
	h.t.Helper()
	a, err := h.do(h.t.Context(), http.MethodGet, "/payments/"+reference, "")
	require.NoError(h.t, err)
	return a
}

// word is the status in an answer.
func (h *harness) word(a answer) any {
	h.t.Helper()
	return a.json(h.t)["status"]
}
