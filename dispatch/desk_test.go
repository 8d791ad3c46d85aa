package dispatch_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/dispatch"
)

var testKeys = dispatch.Keys{Current: 2, Versions: map[uint32]payout.Secret{
	1: payout.NewSecret("the first key of the tests, 32 bytes and more"),
	2: payout.NewSecret("the second key of the tests, 32 bytes or more"),
}}

// clock is a clock that stands still until a test moves it.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) set(at time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if at.After(c.at) {
		c.at = at
	}
}

// watch is an Observer that keeps what it sees.
type watch struct {
	mu     sync.Mutex
	moved  []dispatch.Moved
	alarms []dispatch.Alarm
	steps  []dispatch.Stepped
}

func (w *watch) Step(ctx context.Context, _ string) (context.Context, func(dispatch.Stepped)) {
	return ctx, func(s dispatch.Stepped) {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.steps = append(w.steps, s)
	}
}

func (w *watch) Moved(_ context.Context, m dispatch.Moved) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.moved = append(w.moved, m)
}

func (w *watch) Alarm(_ context.Context, a dispatch.Alarm) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.alarms = append(w.alarms, a)
}

// heard returns the alarms so far, by kind, in order.
func (w *watch) heard() (out []dispatch.AlarmKind) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, a := range w.alarms {
		out = append(out, a.Kind)
	}
	return out
}

// desk is a dispatcher with its banks, its journal and its clock.
type desk struct {
	*dispatch.Dispatcher
	t       testing.TB
	config  dispatch.Config
	journal dispatch.Journal
	clock   *clock
	seen    *watch
	banks   []*teller
}

// opened returns a dispatcher. What c lacks is filled in: a journal in memory, a route
// to each bank in order, keys, a clock that stands.
func opened(t testing.TB, c dispatch.Config, banks ...*teller) *desk {
	t.Helper()
	d := &desk{t: t, clock: &clock{at: began}, seen: &watch{}, banks: banks}
	if c.Journal == nil {
		c.Journal = dispatch.NewMemory()
	}
	if c.Keys.Versions == nil {
		c.Keys = testKeys
	}
	if c.Now == nil {
		c.Now = d.clock.now
	}
	if c.Observer == nil {
		c.Observer = d.seen
	}
	for i, b := range banks {
		c.Providers = append(c.Providers, payout.NewClient(b))
		if len(c.Routes) < len(banks) && !slices.ContainsFunc(c.Routes, func(r dispatch.Route) bool { return r.Provider == b.info.Name }) {
			c.Routes = append(c.Routes, dispatch.Route{Provider: b.info.Name, Priority: i})
		}
	}
	d.config, d.journal = c, c.Journal
	d.restart()
	return d
}

// restart is a new process with the same journal, banks and clock.
func (d *desk) restart() {
	d.t.Helper()
	var err error
	d.Dispatcher, err = dispatch.New(d.config)
	require.NoError(d.t, err)
}

// another is a second process on the same journal.
func (d *desk) another() *desk {
	d.t.Helper()
	other := *d
	other.restart()
	return &other
}

func (d *desk) pass(by time.Duration) { d.clock.set(d.clock.now().Add(by)) }

// take submits a request.
func (d *desk) take(req payout.Request, options ...dispatch.SubmitOption) dispatch.Ticket {
	d.t.Helper()
	ticket, err := d.Submit(d.t.Context(), req, options...)
	require.NoError(d.t, err)
	return ticket
}

func (d *desk) load(reference string) dispatch.Entry {
	d.t.Helper()
	e, err := d.journal.Load(context.Background(), reference)
	require.NoError(d.t, err)
	return e
}

// step makes one step, whenever it is due, and returns what stands then.
func (d *desk) step(reference string) dispatch.Entry {
	d.t.Helper()
	d.clock.set(d.load(reference).Due)
	_, _, err := d.Step(d.t.Context(), reference)
	require.NoError(d.t, err)
	return d.load(reference)
}

// until steps on until a payout is in a state.
func (d *desk) until(reference string, want dispatch.State) dispatch.Entry {
	d.t.Helper()
	for range 3000 {
		if e := d.load(reference); e.State == want {
			return e
		}
		d.clock.set(d.load(reference).Due)
		next, _, err := d.Step(d.t.Context(), reference)
		require.NoError(d.t, err)
		d.clock.set(next)
	}
	d.t.Fatalf("%s: it is %s, and never becomes %s", reference, d.load(reference).State, want)
	return dispatch.Entry{}
}

// used returns how much of a limit is in use.
func (d *desk) used(bucket string) dispatch.Used {
	d.t.Helper()
	u, err := d.journal.Used(context.Background(), bucket)
	require.NoError(d.t, err)
	return u
}

// happened is a payout's history, in words.
func (d *desk) happened(reference string) (out []string) {
	d.t.Helper()
	events, err := d.History(context.Background(), reference)
	require.NoError(d.t, err)
	for _, ev := range events {
		out = append(out, ev.Kind.String())
	}
	return out
}

// order is a request of ten euros to a test card.
func order(reference string) payout.Request {
	return payout.Request{
		Reference: reference, Amount: payout.MustMoney("10.00 EUR"),
		Destination: payout.Card{Number: payout.NewSecret("4111111111111111")},
	}
}

// callbackOf is the call that a bank makes.
func callbackOf(reference string) *http.Request {
	return httptest.NewRequest(http.MethodPost, "https://platform.invalid/?reference="+reference, nil)
}

// hint is a bank's call about a reference.
func (d *desk) hint(bank, reference string) error {
	w := httptest.NewRecorder()
	d.Callback(bank).ServeHTTP(w, callbackOf(reference))
	if w.Code != http.StatusOK {
		return errors.New(w.Body.String())
	}
	return nil
}
