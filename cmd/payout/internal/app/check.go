package app

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"slices"
	"time"

	"github.com/payoutkit/payout"
)

// Finding is what one check found.
type Finding struct {
	About string `json:"about"` // a provider, or a part of the configuration
	Check string `json:"check"`
	State State  `json:"state"`
	Says  string `json:"says,omitempty"`
	Do    string `json:"do,omitempty"` // what helps
}

// State is how a check ended.
type State string

const (
	Good    State = "ok"
	Warning State = "warning"
	Bad     State = "wrong"
	Skipped State = "not checked"
)

// skew is how far this machine's clock may be from a bank's: a signature carries the
// time, and so does the journal.
const skew = 5 * time.Second

// CheckProvider reaches a bank without paying: is it there, is it the right one, does it
// know us.
func (a *App) CheckProvider(ctx context.Context, n int, now func() time.Time) []Finding {
	c := a.Clients[n]
	out := []Finding{a.host(ctx, n, now)}
	if out[0].State == Bad {
		return out
	}
	f := Finding{About: c.Name(), Check: "reachable", State: Skipped, Says: "this bank has no call for that"}
	if c.Supports(payout.AbilityPing) {
		f.State, f.Says = Good, ""
		if err := c.Ping(ctx); err != nil {
			f.State, f.Says, f.Do = Bad, err.Error(), "check url, proxy and the addresses that the bank lets in"
		}
	}
	out = append(out, f, credentials(ctx, c))
	f = Finding{About: c.Name(), Check: "balance", State: Skipped, Says: "not offered here"}
	if c.Supports(payout.AbilityBalances) {
		balances, err := c.Balances(ctx, payout.Source{})
		f.State, f.Says = Good, ""
		for _, b := range balances {
			f.Says += b.Available.String() + " "
		}
		if err != nil {
			f.State, f.Says, f.Do = Warning, err.Error(), "ask the bank whether this account may ask for its balance"
		}
	}
	return append(out, f)
}

// credentials asks about a reference that nobody ever used. Any answer shows that the
// bank knows us.
func credentials(ctx context.Context, c *payout.Client) Finding {
	f := Finding{About: c.Name(), Check: "credentials", State: Good}
	random := make([]byte, 12)
	_, _ = rand.Read(random)
	info := c.Info()
	if len(info.Amounts) == 0 {
		return f
	}
	_, err := c.Find(ctx, payout.Ref{Reference: hex.EncodeToString(random), Amount: info.Amounts[0].Min})
	var e *payout.Error
	held := errors.As(err, &e) && e.Hold
	switch {
	case errors.Is(err, payout.ErrUnauthorized) || held:
		f.State, f.Says, f.Do = Bad, err.Error(), "check login, password and keys, and whether the account is for this host"
	case err == nil || errors.Is(err, payout.ErrNotFound):
	case e != nil && e.HTTPStatus == http.StatusOK:
		f.Says = "it answers, and says nothing of a reference that it does not know"
	case errors.Is(err, payout.ErrNotSent):
		f.State, f.Says, f.Do = Bad, err.Error(), "check url, proxy and roots"
	default:
		f.State, f.Says = Warning, "the bank answered, and not clearly: "+err.Error()
	}
	return f
}

// host looks at the certificate and the clock of a bank's host.
func (a *App) host(ctx context.Context, n int, now func() time.Time) Finding {
	f := Finding{About: a.Clients[n].Name(), Check: "certificate and clock", State: Good}
	endpoint := a.File.Providers[n].URL()
	reach, err := a.File.Providers[n].HTTP(a.Sources)
	if err != nil {
		f.State, f.Says, f.Do = Bad, err.Error(), "mend the configuration"
		return f
	}
	client := &http.Client{
		Timeout: 20 * time.Second,
		Transport: &http.Transport{
			Proxy: reach.Proxy, DisableKeepAlives: true,
			TLSClientConfig: &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: reach.Roots, GetClientCertificate: reach.ClientCertificate},
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodHead, endpoint, nil)
	if err != nil {
		f.State, f.Says, f.Do = Bad, "url can't be read", "mend the configuration"
		return f
	}
	before := now()
	answer, err := client.Do(r)
	if err != nil {
		f.State, f.Says, f.Do = Bad, reason(err), "check url, roots and proxy, and that this machine's address is let in"
		return f
	}
	_ = answer.Body.Close()
	after := now()
	if answer.TLS == nil || len(answer.TLS.PeerCertificates) == 0 {
		f.State, f.Says = Bad, "no certificate"
		return f
	}
	ends := answer.TLS.PeerCertificates[0].NotAfter
	f.Says = fmt.Sprintf("%s, certificate until %s", tls.VersionName(answer.TLS.Version), ends.Format(time.DateOnly))
	if ends.Sub(after) < 14*24*time.Hour {
		f.State, f.Do = Warning, "the bank's certificate ends soon: ask what it will be then, if roots are set"
	}
	date, err := http.ParseTime(answer.Header.Get("Date"))
	switch {
	case err != nil:
		f.Says += ", no clock"
	case date.Before(before.Add(-skew-time.Second)) || date.After(after.Add(skew)):
		f.State, f.Do = Bad, "set this machine's clock: signatures and the journal depend on it"
		f.Says += fmt.Sprintf(", its clock says %s and ours %s", date.UTC().Format(time.RFC3339), after.UTC().Format(time.RFC3339))
	default:
		f.Says += ", clocks agree"
	}
	return f
}

// reason is why a connection failed, without the address's query or credentials.
func reason(err error) string {
	for {
		next := errors.Unwrap(err)
		if next == nil {
			return err.Error()
		}
		err = next
	}
}

// CheckFiles looks who may read what is secret.
func (a *App) CheckFiles() []Finding {
	var out []Finding
	lasting := a.File.LastingFiles()
	for _, path := range a.File.SecretFiles() {
		f := Finding{About: path, Check: "who may read it", State: Good}
		info, err := os.Stat(a.Sources.Path(path))
		switch {
		case errors.Is(err, fs.ErrNotExist) && slices.Contains(lasting, path):
			f.State, f.Says, f.Do = Bad, err.Error(), "restore it from the backup: another one does not know what this one made; create one only if the journal is new"
		case errors.Is(err, fs.ErrNotExist):
			f.State, f.Says, f.Do = Bad, err.Error(), "put there what the bank or the database gave you"
		case err != nil:
			f.State, f.Says, f.Do = Bad, err.Error(), "let this user read it"
		case info.Mode().Perm()&0o077 != 0:
			f.State, f.Says, f.Do = Warning, info.Mode().Perm().String(), "chmod 600 "+path
		default:
			f.Says = info.Mode().Perm().String()
		}
		out = append(out, f)
	}
	return out
}
