package rbs_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/adapters/all2pay"
	"github.com/payoutkit/payout/adapters/bereke"
	"github.com/payoutkit/payout/adapters/internal/adaptertest"
	"github.com/payoutkit/payout/provider"
	"github.com/payoutkit/payout/sandbox"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

type adapter interface {
	payout.Provider
	CloseIdleConnections()
}

// edition is a bank that runs the module. What both banks do alike is tested through
// both adapters.
type edition struct {
	name     string
	currency payout.Currency
	start    func(sandbox.ModuleConfig) (*sandbox.Module, error)
	open     func(account) (adapter, error)
}

// account is what a test may set of an adapter's configuration.
type account struct {
	baseURL, password, source string
	dedup                     payout.Dedup
	evidence                  string
	absence                   payout.Absence
	now                       func() time.Time
	http                      provider.HTTP
}

const userName = "payout_api_username" // all2pay:267

var (
	all2payEdition = edition{"all2pay", payout.RUB, sandbox.StartAll2Pay,
		func(a account) (adapter, error) {
			return all2pay.New(all2pay.Config{
				BaseURL: a.baseURL, UserName: userName, Password: payout.NewSecret(a.password), SourceBindingID: a.source,
				Dedup: a.dedup, DedupEvidence: a.evidence, Absence: a.absence, Now: a.now, HTTP: a.http,
			})
		}}
	berekeEdition = edition{"bereke", payout.KZT, sandbox.StartBereke,
		func(a account) (adapter, error) {
			return bereke.New(bereke.Config{
				BaseURL: a.baseURL, UserName: userName, Password: payout.NewSecret(a.password), SourceBindingID: a.source,
				Dedup: a.dedup, DedupEvidence: a.evidence, Absence: a.absence, Now: a.now, HTTP: a.http,
			})
		}}
)

func both(t *testing.T, test func(*testing.T, edition)) {
	for _, e := range []edition{all2payEdition, berekeEdition} {
		t.Run(e.name, func(t *testing.T) { test(t, e) })
	}
}

// client opens the adapter, and notes the alarms.
func (e edition) client(t *testing.T, a account) (*payout.Client, *alarms) {
	t.Helper()
	p, err := e.open(a)
	require.NoError(t, err)
	t.Cleanup(p.CloseIdleConnections)
	seen := &alarms{Observer: payout.NoObserver()}
	return payout.NewClient(p, payout.WithObserver(seen)), seen
}

// inSandbox is the bank's simulation.
func (e edition) inSandbox(t *testing.T) (*sandbox.Module, *payout.Client) {
	t.Helper()
	return e.configured(t, sandbox.ModuleConfig{}, account{})
}

// configured is the bank's simulation, set up in some way, with a client of an account
// there.
func (e edition) configured(t *testing.T, cfg sandbox.ModuleConfig, a account) (*sandbox.Module, *payout.Client) {
	t.Helper()
	bank, err := e.start(cfg)
	require.NoError(t, err)
	t.Cleanup(bank.Close)
	a.baseURL, a.password, a.http = bank.URL(), bank.Password(), provider.HTTP{Roots: bank.Roots()}
	client, _ := e.client(t, a)
	return bank, client
}

// scripted is a bank that says what it is told to.
func (e edition) scripted(t *testing.T) (*adaptertest.Capture, *payout.Client, *alarms) {
	t.Helper()
	bank := adaptertest.NewCapture()
	t.Cleanup(bank.Close)
	client, seen := e.client(t, account{baseURL: bank.URL(), password: "payout_api_password", http: bank.HTTP()})
	return bank, client, seen
}

// request is one that either bank pays.
func (e edition) request(reference string) payout.Request {
	return payout.Request{
		Reference:   reference,
		Amount:      payout.FromMinor(1234, e.currency),
		Destination: payout.Card{Number: payout.NewSecret("4111111111111111")},
		Recipient:   payout.Recipient{Name: payout.NewSecret("John Doe")},
	}
}

// hosted is one whose recipient enters the card on the bank's page.
func (e edition) hosted(reference string) payout.Request {
	req := e.request(reference)
	req.Destination, req.ReturnURL, req.FailURL = payout.HostedPage{}, "https://platform.example/done", "https://platform.example/failed"
	return req
}

// option is the adapter's own, with the life of a page.
func (e edition) option(seconds string) payout.Option {
	if e.name == "all2pay" {
		return all2pay.Order{SessionTimeoutSecs: seconds}
	}
	return bereke.Order{SessionTimeoutSecs: seconds}
}

// answer is a paid answer about request("p-1"), changed by raw JSON values; "" takes
// a member away.
func (e edition) answer(change map[string]string) string {
	members := map[string]string{
		"errorCode": `"0"`, "orderNumber": `"p-1"`, "amount": "1234", "currency": `"` + e.currency.Numeric() + `"`, "orderStatus": `"2"`,
	}
	maps.Copy(members, change)
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(members)) {
		if members[name] != "" {
			parts = append(parts, fmt.Sprintf("%q:%s", name, members[name]))
		}
	}
	return "{" + strings.Join(parts, ",") + "}"
}

// told is what a call told, in a few words: "paid", "failed declined", "error: not
// found".
func told(t *testing.T, p payout.Payout, err error) string {
	t.Helper()
	require.False(t, payout.SafeToRetry(err), "an answer came, so the request had left")
	switch {
	case err != nil:
		require.Zero(t, p)
		return "error: " + payout.KindOf(err).Error()
	case p.Status == payout.StatusFailed:
		return "failed " + p.Failure.Reason.String()
	default:
		require.Zero(t, p.Failure)
		return p.Status.String()
	}
}

// alarms is an Observer that keeps the alarms.
type alarms struct {
	payout.Observer
	mu    sync.Mutex
	kinds []payout.AlarmKind
}

func (a *alarms) Alarm(_ context.Context, alarm payout.Alarm) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.kinds = append(a.kinds, alarm.Kind)
}

// take returns the alarms since the last call.
func (a *alarms) take() []payout.AlarmKind {
	a.mu.Lock()
	defer a.mu.Unlock()
	defer func() { a.kinds = nil }()
	return a.kinds
}
