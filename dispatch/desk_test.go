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

// reply is what a bank answers to one call.
type reply func(ctx context.Context, asked payout.Ref) (payout.Payout, error)

// says is an answer with a status, about what was asked.
func says(s payout.Status) reply {
	return func(_ context.Context, asked payout.Ref) (payout.Payout, error) {
		p := payout.Payout{Reference: asked.Reference, Amount: asked.Amount, Status: s}
		if s == payout.StatusFailed {
			p.Failure.Reason = payout.ReasonInsufficientFunds
		}
		if s == payout.StatusActionRequired {
			p.Action.URL = payout.NewSecret("https://bank.example/page")
		}
		return p, nil
	}
}

func failed(why payout.Reason) reply {
	return func(_ context.Context, asked payout.Ref) (payout.Payout, error) {
		return payout.Payout{Reference: asked.Reference, Amount: asked.Amount, Status: payout.StatusFailed, Failure: payout.Failure{Reason: why}}, nil
	}
}

// fails is an error that proves something.
func fails(k payout.ErrorKind) reply { return broken(&payout.Error{Kind: k}) }

func broken(err error) reply {
	return func(context.Context, payout.Ref) (payout.Payout, error) { return payout.Payout{}, err }
}

func panics(context.Context, payout.Ref) (payout.Payout, error) {
	panic("4111111111111111 must not be seen")
}

// teller is a bank that answers as a test says; the last word of each list stays. It
// pays if it was told nothing.
type teller struct {
	info   payout.Info
	create []reply
	find   []reply
	plain  bool  // it returns no metadata
	unsafe bool  // it asks nobody whether it may send
	signed error // what a callback that is not the bank's is

	mu    sync.Mutex
	sent  []payout.Request
	asked []payout.Ref
}

func bank(name string) *teller {
	return &teller{info: payout.Info{
		Adapter: "teller", Name: name, Account: "account-of-" + name,
		Amounts:      []payout.AmountRange{{Min: payout.MustMoney("0.01 EUR"), Max: payout.MustMoney("9999.99 EUR")}},
		Destinations: payout.Kinds(),
		Description:  64,
	}}
}

// does sets what the bank answers to Create, asks what to Find.
func (b *teller) does(replies ...reply) *teller {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.create = replies
	return b
}

func (b *teller) tells(replies ...reply) *teller {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.find = replies
	return b
}

// Info implements [payout.Provider].
func (b *teller) Info() payout.Info { return b.info }

// Create implements [payout.Provider].
func (b *teller) Create(ctx context.Context, req payout.Request) (payout.Payout, error) {
	if !b.unsafe && !payout.SendPermitted(ctx) {
		return payout.Payout{}, &payout.Error{Kind: payout.ErrNotSent}
	}
	b.mu.Lock()
	b.sent = append(b.sent, req)
	next := first(&b.create, says(payout.StatusPaid))
	b.mu.Unlock()
	p, err := next(ctx, req.Ref())
	if !b.plain {
		p.Metadata = req.Metadata
	}
	return p, err
}

// Find implements [payout.Provider].
func (b *teller) Find(ctx context.Context, ref payout.Ref) (payout.Payout, error) {
	b.mu.Lock()
	b.asked = append(b.asked, ref)
	next := first(&b.find, says(payout.StatusPaid))
	var metadata map[string]string
	for _, req := range b.sent {
		if req.Reference == ref.Reference && !b.plain {
			metadata = req.Metadata
		}
	}
	b.mu.Unlock()
	p, err := next(ctx, ref)
	if p.Metadata == nil {
		p.Metadata = metadata
	}
	return p, err
}

// first takes the first of replies, and leaves the last one where it is.
func first(replies *[]reply, without reply) reply {
	all := *replies
	if len(all) == 0 {
		return without
	}
	if len(all) > 1 {
		*replies = all[1:]
	}
	return all[0]
}

// ReadCallback implements [payout.CallbackReader].
func (b *teller) ReadCallback(r *http.Request) (payout.Ref, error) {
	if b.signed != nil {
		return payout.Ref{}, b.signed
	}
	return payout.Ref{Reference: r.URL.Query().Get("reference")}, nil
}

func (b *teller) times() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.sent)
}

func (b *teller) questions() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.asked)
}

// last returns what was sent last.
func (b *teller) last() payout.Request {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.sent[len(b.sent)-1]
}

// order is a request of ten euros to a test card.
func order(reference string) payout.Request {
	return payout.Request{
		Reference: reference, Amount: payout.MustMoney("10.00 EUR"),
		Destination: payout.Card{Number: payout.NewSecret("4111111111111111")},
	}
}

// flaky is a journal that fails as a test says.
type flaky struct {
	dispatch.Journal
	mu     sync.Mutex
	before func(call string, c dispatch.Change) error // what happens instead
	behind func(call string, c dispatch.Change) error // what is returned though it happened
}

var errJournal = errors.New("the journal can't be reached")

func (f *flaky) set(before, behind func(string, dispatch.Change) error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.before, f.behind = before, behind
}

func (f *flaky) fault(call string, c dispatch.Change, do func() error) error {
	f.mu.Lock()
	before, behind := f.before, f.behind
	f.mu.Unlock()
	if before != nil {
		if err := before(call, c); err != nil {
			return err
		}
	}
	err := do()
	if err == nil && behind != nil {
		err = behind(call, c)
	}
	return err
}

// never is a fault of one call, as long as it is set.
func never(what string) func(string, dispatch.Change) error {
	return func(call string, c dispatch.Change) error {
		if call == what || call+" "+c.Event.Kind.String() == what {
			return errJournal
		}
		return nil
	}
}

// once is a fault of one call, the first time.
func once(what string) func(string, dispatch.Change) error {
	var done sync.Once
	fault := never(what)
	return func(call string, c dispatch.Change) (err error) {
		if fault(call, c) != nil {
			done.Do(func() { err = errJournal })
		}
		return err
	}
}

func (f *flaky) Epoch(ctx context.Context) (n int64, err error) {
	err = f.fault("epoch", dispatch.Change{}, func() error { n, err = f.Journal.Epoch(ctx); return err })
	return n, err
}

func (f *flaky) Insert(ctx context.Context, e dispatch.Entry) (out dispatch.Entry, inserted bool, err error) {
	err = f.fault("insert", dispatch.Change{Entry: e}, func() error { out, inserted, err = f.Journal.Insert(ctx, e); return err })
	return out, inserted && err == nil, err
}

func (f *flaky) Load(ctx context.Context, reference string) (e dispatch.Entry, err error) {
	err = f.fault("load", dispatch.Change{}, func() error { e, err = f.Journal.Load(ctx, reference); return err })
	return e, err
}

func (f *flaky) FindAttempt(ctx context.Context, account, reference string) (e dispatch.Entry, err error) {
	err = f.fault("find attempt", dispatch.Change{}, func() error { e, err = f.Journal.FindAttempt(ctx, account, reference); return err })
	return e, err
}

func (f *flaky) Commit(ctx context.Context, c dispatch.Change) error {
	return f.fault("commit", c, func() error { return f.Journal.Commit(ctx, c) })
}

func (f *flaky) Due(ctx context.Context, w dispatch.Work, now time.Time, limit int) (out []dispatch.Due, err error) {
	err = f.fault("due", dispatch.Change{}, func() error { out, err = f.Journal.Due(ctx, w, now, limit); return err })
	return out, err
}

func (f *flaky) List(ctx context.Context, filter dispatch.Filter) (out []dispatch.Entry, err error) {
	err = f.fault("list", dispatch.Change{}, func() error { out, err = f.Journal.List(ctx, filter); return err })
	return out, err
}

func (f *flaky) Used(ctx context.Context, bucket string) (u dispatch.Used, err error) {
	err = f.fault("used", dispatch.Change{}, func() error { u, err = f.Journal.Used(ctx, bucket); return err })
	return u, err
}

func (f *flaky) SetHold(ctx context.Context, h dispatch.Hold) error {
	return f.fault("set hold", dispatch.Change{}, func() error { return f.Journal.SetHold(ctx, h) })
}

func (f *flaky) Holds(ctx context.Context) (out []dispatch.Hold, err error) {
	err = f.fault("holds", dispatch.Change{}, func() error { out, err = f.Journal.Holds(ctx); return err })
	return out, err
}

// references are those of what was sent, in order.
func (b *teller) references() (out []string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, req := range b.sent {
		out = append(out, req.Reference)
	}
	return out
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
