package dispatch

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/payoutkit/payout"
)

// Dispatcher brings payouts to banks, each at most once, and knows or asks what
// became of them. It is safe for concurrent use, also by several processes on one
// journal.
type Dispatcher struct {
	journal  Journal
	observer Observer
	now      func() time.Time
	keys     Keys
	sealer   Sealer
	kinds    kinds
	times    Times
	config   Config

	routes  []route
	lanes   map[string]*lane // by account
	named   map[string]*lane // by the provider's name
	pending sync.Map         // requests that may still be sent, by reference
	actions sync.Map         // pages to be acted on, by reference
	loose   loose            // of pending, those whose payout may never be

	doubt    atomic.Pointer[Doubt] // nil: the journal was not asked
	learning sync.Mutex
	epoch    atomic.Int64 // 0: none; nothing is sent
	checked  atomic.Bool  // the keys are the journal's
	failures atomic.Int64 // commits of which nobody knows whether they happened
	intent   atomic.Int64
	wake     chan struct{}
	news     [2]atomic.Bool // by Work: something may be due that was not

	backlog int // of questions that are due, from which on nothing is sent

	holding sync.Mutex
	holds   map[string]Hold
	heldAt  time.Time
	// unwritten are holds that the journal did not take.
	unwritten map[string]Hold
}

// route is a Route with what choosing needs of its provider.
type route struct {
	Route
	lane *lane
}

// New checks a configuration and returns its dispatcher. It does no I/O. The error
// is ErrInvalid and names what is wrong.
func New(c Config) (*Dispatcher, error) {
	c = c.withDefaults()
	if err := c.check(); err != nil {
		return nil, err
	}
	d := &Dispatcher{
		journal: c.Journal, observer: c.Observer, now: c.Now, keys: c.Keys, sealer: c.Sealer, times: c.Times,
		kinds: kindsOf(c.Providers), config: c,
		lanes: map[string]*lane{}, named: map[string]*lane{}, holds: map[string]Hold{}, unwritten: map[string]Hold{},
		wake: make(chan struct{}, 1),
	}
	for _, p := range c.Providers {
		rates, ok := c.Limits[p.Name()]
		if !ok {
			rates = c.Rates
		}
		l := newLane(p, rates)
		d.backlog = max(d.backlog, l.rates.Backlog)
		d.lanes[l.info.Account], d.named[l.info.Name] = l, l
	}
	for _, r := range c.Routes {
		r.Name, r.Weight = cmp.Or(r.Name, r.Provider), cmp.Or(r.Weight, 1)
		d.routes = append(d.routes, route{r, d.named[r.Provider]})
	}
	slices.SortStableFunc(d.routes, func(a, b route) int { return cmp.Compare(a.Priority, b.Priority) })
	return d, nil
}

// rules are what Next goes by for an attempt.
func (d *Dispatcher) rules(e Entry, n int) Rules {
	account := ""
	if n >= 0 && n < len(e.Attempts) {
		account = e.Attempts[n].Account
	}
	return d.rulesAt(account)
}

// rulesAt are those of an account, whatever attempt it is about.
func (d *Dispatcher) rulesAt(account string) Rules {
	r := Rules{
		CallTimeout: d.times.CallTimeout, Apart: d.times.Apart, RetryEvery: d.times.RetryEvery,
		ReviewEvery: d.times.ReviewEvery, Patrol: d.times.Patrol, SendFor: d.times.SendFor,
	}
	if doubt := d.doubt.Load(); doubt != nil && doubt.Number != 0 {
		r.Doubt, r.LostUntil = doubt.Number, doubt.Since.Add(d.times.SendWindow)
	}
	l, ok := d.lanes[account]
	if !ok { // nothing is known about it, so nothing proves anything
		return r
	}
	r.Dedup, r.Absence, r.Polling = l.info.Dedup, l.info.Absence, l.info.Polling
	if p, ok := d.times.Polling[l.info.Name]; ok {
		r.Polling = p
	}
	return r
}

// commit writes what follows from an event, tells the observer, and returns the
// entry as it stands now.
func (d *Dispatcher) commit(ctx context.Context, e Entry, ev Event) (Entry, error) {
	return d.write(ctx, e, Next(e, ev, d.rules(e, ev.Attempt)))
}

func (d *Dispatcher) write(ctx context.Context, e Entry, c Change) (Entry, error) {
	if err := d.journal.Commit(ctx, c); err != nil {
		if !settledError(err) {
			// It may or may not have happened, and so may others: nothing is sent until the
			// journal proves that it can be written.
			d.failures.Add(1)
			d.epoch.Store(0)
		}
		return e, err
	}
	c.Entry.Version++
	m := Moved{
		Reference: e.Reference, Event: c.Event.Kind, From: e.State, To: c.Entry.State, Review: c.Entry.Review,
		Attempt: -1, Amount: e.Amount, At: c.Event.At, Took: c.Event.At.Sub(e.CreatedAt),
	}
	n := c.Event.Attempt
	switch c.Event.Kind {
	case EventIntended:
		n = c.Entry.current()
	case EventChecked:
		m.Provider = c.Event.Planned.Provider
	}
	if n >= 0 && n < len(c.Entry.Attempts) {
		m.Attempt, m.Provider, m.Route = n, c.Entry.Attempts[n].Provider, c.Entry.Attempts[n].Route
	}
	d.observer.Moved(ctx, m)
	for _, k := range c.Event.Alarms {
		d.observer.Alarm(ctx, Alarm{Kind: k, Reference: e.Reference, Provider: m.Provider, Attempt: m.Attempt})
	}
	if c.Entry.State.Final() {
		d.pending.Delete(e.Reference)
		d.actions.Delete(e.Reference)
	}
	return c.Entry, nil
}

// settledError reports whether an error of Commit says for certain that nothing was
// written.
func settledError(err error) bool {
	return errors.Is(err, ErrStale) || errors.Is(err, ErrLimit) || errors.Is(err, ErrReferenceTaken) || errors.Is(err, ErrNoEntry) ||
		errors.Is(err, ErrNotBegun)
}

// begin sees to it that there is an epoch to send under. Of several that are begun at
// once the first one is everybody's: under another nothing would be sent.
func (d *Dispatcher) begin(ctx context.Context) (int64, error) {
	if err := d.CheckKeys(ctx); err != nil {
		return 0, err
	}
	for {
		if n := d.epoch.Load(); n != 0 {
			return n, nil
		}
		failures := d.failures.Load()
		n, err := d.journal.Epoch(ctx)
		if err != nil {
			return 0, err
		}
		if _, err := d.learn(ctx); err != nil { // why there was none may be why there is doubt
			return 0, err
		}
		// One that was begun before a commit failed proves nothing of the time after.
		if d.failures.Load() == failures && d.epoch.CompareAndSwap(0, n) && d.failures.Load() != failures {
			d.epoch.CompareAndSwap(n, 0)
		}
	}
}

// Start begins an epoch to send under, which is when a journal notices that it has lost
// commits, and looks for unfinished payouts at accounts that are not configured: nobody
// could ask about them. Each is an alarm. It returns how many there are. A version of the
// key that an unfinished payout needs and that is not there is an alarm, too. What is final
// is not looked through, since a journal has ever more of that: if a question about it is
// due that nobody could ask, that is an alarm then.
func (d *Dispatcher) Start(ctx context.Context) (orphans int, err error) {
	if _, err := d.begin(ctx); err != nil {
		return 0, err
	}
	f := Filter{Limit: 1000, States: unfinished()}
	keyless := map[uint32]bool{}
	for {
		entries, err := d.journal.List(ctx, f)
		if err != nil {
			return orphans, err
		}
		for _, e := range entries {
			f.After = e.Reference
			v := e.Fingerprint.Version
			if _, ok := d.keys.Versions[v]; !ok && !keyless[v] {
				keyless[v] = true
				d.observer.Alarm(ctx, Alarm{Kind: AlarmKey, Reference: e.Reference, Attempt: -1, KeyVersion: v})
			}
			for n, a := range e.Attempts {
				if _, ok := d.lanes[a.Account]; !ok && !a.State.Final() && a.State != StateUnsent {
					orphans++
					d.observer.Alarm(ctx, Alarm{Kind: AlarmAccount, Reference: e.Reference, Provider: a.Provider, Attempt: n})
				}
			}
		}
		if len(entries) < f.Limit {
			return orphans, nil
		}
	}
}

// request returns a payout's request, if it is at hand: in memory, or sealed in the
// journal.
func (d *Dispatcher) request(ctx context.Context, e Entry) (payout.Request, bool, error) {
	v, _ := d.pending.Load(e.Reference)
	if req, ok := v.(*held); ok {
		// Somebody may just be submitting other content under this reference.
		if same, err := d.isOf(e, req); same || err != nil {
			return req.Request, same, err
		}
	}
	if d.sealer == nil || len(e.Sealed) == 0 {
		return payout.Request{}, false, nil
	}
	text, err := d.sealer.Open(ctx, e.Sealed, e.Reference)
	switch {
	case errors.Is(err, ErrErased):
		return payout.Request{}, false, nil
	case err != nil:
		return payout.Request{}, false, err
	}
	req, err := d.kinds.decode(text)
	if err != nil {
		return payout.Request{}, false, err
	}
	f, _ := d.keys.fingerprint(d.keys.Current, req)
	same, err := d.isOf(e, &held{req, f})
	if err == nil && !same {
		err = errors.New("dispatch: a sealed request that is not this payout's")
	}
	return req, same, err
}
