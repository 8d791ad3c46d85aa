package adaptertest

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"github.com/payoutkit/payout"
)

var (
	formAction = regexp.MustCompile(`<form method="post" action="([^"]+)"`)
	formInput  = regexp.MustCompile(`<input [^>]*name="([^"]+)"`)
	formButton = regexp.MustCompile(`<button [^>]*name="([^"]+)" [^>]*value="([^"]+)"`)
)

// Enter is somebody at a page of the bank's: it opens the address, types text into the
// one field that the form there has, and sends it in by its first button.
func Enter(text string) func(ctx context.Context, browser *http.Client, action payout.Action) error {
	return func(ctx context.Context, browser *http.Client, action payout.Action) error {
		page, err := visit(ctx, browser, http.MethodGet, action.URL.Reveal(), nil)
		if err != nil {
			return err
		}
		form, field := formAction.FindStringSubmatch(page), formInput.FindStringSubmatch(page)
		if form == nil || field == nil {
			return errors.New("the page has no form to fill in")
		}
		values := url.Values{field[1]: {text}}
		if button := formButton.FindStringSubmatch(page); button != nil {
			values.Set(button[1], button[2])
		}
		_, err = visit(ctx, browser, http.MethodPost, html.UnescapeString(form[1]), values)
		return err
	}
}

// visit follows the redirects of a page that was opened, and none of a form that was
// sent in.
func visit(ctx context.Context, browser *http.Client, method, address string, form url.Values) (string, error) {
	req, err := http.NewRequestWithContext(ctx, method, address, strings.NewReader(form.Encode()))
	if err != nil {
		return "", err
	}
	if method == http.MethodPost {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	resp, err := browser.Do(req)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return "", err
	}
	next, redirected := resp.Location()
	switch {
	case redirected == nil && method == http.MethodGet:
		return visit(ctx, browser, method, next.String(), nil)
	case redirected != nil && resp.StatusCode != http.StatusOK:
		return "", fmt.Errorf("the page says %s", resp.Status)
	}
	return string(body), nil
}

// Browser trusts a bank and follows no redirect.
func Browser(t interface {
	Helper()
	Cleanup(f func())
}, server interface{ Roots() *x509.CertPool },
) *http.Client {
	t.Helper()
	c := &http.Client{
		Transport:     &http.Transport{TLSClientConfig: &tls.Config{RootCAs: server.Roots(), MinVersion: tls.VersionTLS12}},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	t.Cleanup(c.CloseIdleConnections)
	return c
}
