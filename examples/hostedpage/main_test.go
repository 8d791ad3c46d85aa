package main

import (
	"bufio"
	"context"
	"crypto/tls"
	"html"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// started is the program with a page that is open for some seconds: the page's address,
// and what else it prints, once it has stopped.
func started(t *testing.T, seconds int) (page string, rest func() string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	t.Cleanup(cancel)
	out, in := io.Pipe()
	done := make(chan error, 1)
	go func() {
		done <- run(ctx, in, seconds)
		_ = in.Close()
	}()
	lines := bufio.NewScanner(out)
	for page == "" && lines.Scan() {
		if text := strings.TrimSpace(lines.Text()); strings.HasPrefix(text, "https://127.0.0.1:") {
			page = text
		}
	}
	require.NotEmpty(t, page)
	return page, func() string {
		var all strings.Builder
		for lines.Scan() {
			all.WriteString(lines.Text() + "\n")
		}
		require.NoError(t, <-done)
		return all.String()
	}
}

// browser puts up with a certificate that it does not know, as the reader of the
// program's words does.
func browser(t *testing.T) *http.Client {
	t.Helper()
	c := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true, MinVersion: tls.VersionTLS12}}}
	t.Cleanup(c.CloseIdleConnections)
	return c
}

func read(t *testing.T, resp *http.Response, err error) string {
	t.Helper()
	require.NoError(t, err)
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	return string(body)
}

var (
	form = regexp.MustCompile(`<form method="post" action="([^"]+)"`)
	link = regexp.MustCompile(`<a [^>]*href="([^"]+)"`)
)

// Somebody opens the page, enters a card and goes back to the shop: the program says
// paid and stops.
func TestPaid(t *testing.T) {
	t.Parallel()
	page, rest := started(t, 600)
	b := browser(t)
	resp, err := b.Get(page)
	body := read(t, resp, err)
	assert.Contains(t, body, "1500.00 RUB")
	action := form.FindStringSubmatch(body)
	require.NotNil(t, action)
	resp, err = b.PostForm(html.UnescapeString(action[1]), url.Values{"pan": {"4111 1111 1111 1111"}})
	back := link.FindStringSubmatch(read(t, resp, err))
	require.NotNil(t, back)
	resp, err = b.Get(html.UnescapeString(back[1]))
	assert.Contains(t, read(t, resp, err), "Whether you were paid we ask the bank")
	assert.Contains(t, rest(), "order-1001 is paid to card ******1111")
}

// Nobody opens the page: it expires, the bank says so, and the program stops.
func TestExpired(t *testing.T) {
	t.Parallel()
	_, rest := started(t, 1)
	assert.Contains(t, rest(), "order-1001 is failed: expired")
}

// The program can be stopped before.
func TestStopped(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	require.ErrorIs(t, run(ctx, io.Discard, 600), context.Canceled)
}
