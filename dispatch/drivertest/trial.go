package drivertest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/dispatch"
)

// trial is a case that is running.
type trial struct {
	Place
	ctx      context.Context // of calls
	deadline context.Context // of what is waited for
	banks    []*bank
	running  []*run
	gates    []*gate
}

func newTrial(ctx context.Context, p Place) *trial {
	if p.Late == 0 {
		p.Late = 2 * time.Second
	}
	return &trial{Place: p, ctx: context.WithoutCancel(ctx), deadline: ctx}
}

// bank returns a new one, which is asked for what those before it do not take.
func (t *trial) bank(name string) *bank {
	b := newBank(name)
	t.banks = append(t.banks, b)
	return b
}

// config is a configuration with the banks there are, in their order.
func (t *trial) config() dispatch.Config {
	c := dispatch.Config{
		Sealer: unsealed{}, Workers: 4,
		Keys:      dispatch.Keys{Versions: map[uint32]payout.Secret{0: payout.NewSecret("a key of thirty-two bytes, for tests")}},
		NextRoute: []payout.Reason{payout.ReasonInsufficientFunds},
		Rates:     dispatch.Rates{SendsPerSecond: 1e6, AsksPerSecond: 1e6, Unknowns: 1e6, Breaks: 1e6, Backlog: 1e6},
		Times: dispatch.Times{
			SendWindow: time.Second, CallTimeout: 2 * time.Second, Apart: 100 * time.Millisecond, RetryEvery: 100 * time.Millisecond,
			Check: 200 * time.Millisecond, Patrol: []time.Duration{-1},
		},
	}
	for i, b := range t.banks {
		c.Providers = append(c.Providers, payout.NewClient(calling{b}))
		c.Routes = append(c.Routes, dispatch.Route{Provider: b.info.Name, Priority: i})
	}
	return c
}

// unsealed is a sealer that seals nothing: the suite has test numbers only.
type unsealed struct{}

func (unsealed) Seal(_ context.Context, text []byte, _ string) ([]byte, error) { return text, nil }
func (unsealed) Open(_ context.Context, text []byte, _ string) ([]byte, error) { return text, nil }

// open returns another driver on the place.
func (t *trial) open(c dispatch.Config) Driver {
	d, err := t.Open(c)
	t.ok(err, "Open")
	return d
}

// run is a driver that runs.
type run struct {
	Driver
	cancel context.CancelFunc
	ended  chan struct{}
	err    error // of Run, once it has ended
}

// start runs a driver, until the case has ended at the latest.
func (t *trial) start(d Driver) *run {
	ctx, cancel := context.WithCancel(t.ctx)
	r := &run{Driver: d, cancel: cancel, ended: make(chan struct{})}
	t.running = append(t.running, r)
	go func() {
		defer close(r.ended)
		r.err = d.Run(ctx)
	}()
	return r
}

// stop ends a driver's Run.
func (t *trial) stop(r *run) {
	r.cancel()
	t.until("Run returns when its context has ended", r.stopped)
	t.is(r.err, context.Canceled, "Run, which returns why it ended")
}

func (r *run) stopped() bool {
	select {
	case <-r.ended:
		return true
	default:
		return false
	}
}

// end ends whatever the case has begun.
func (t *trial) end() (err error) {
	for _, r := range t.running {
		r.cancel()
	}
	for _, g := range t.gates {
		g.open()
	}
	timer := time.NewTimer(patience)
	defer timer.Stop()
	for _, r := range t.running {
		select {
		case <-r.ended:
		case <-timer.C:
			return errors.New("Run did not return when its context had ended")
		}
	}
	return nil
}

// gate holds calls up until it is opened.
type gate struct {
	came chan struct{} // a call has
	pass chan struct{}
	once sync.Once
}

func (t *trial) gate() *gate {
	g := &gate{came: make(chan struct{}, 100), pass: make(chan struct{})}
	t.gates = append(t.gates, g)
	return g
}

func (g *gate) wait() {
	g.came <- struct{}{}
	<-g.pass
}

func (g *gate) open() { g.once.Do(func() { close(g.pass) }) }

// order is a request of fifteen hundred roubles to a test card.
func order(reference string) payout.Request {
	return payout.Request{
		Reference: reference, Amount: payout.MustMoney("1500.00 RUB"),
		Destination: payout.Card{Number: payout.NewSecret("4111111111111111")},
		Recipient:   payout.Recipient{Name: payout.NewSecret("IVAN PETROV")},
	}
}

// numbered returns the references of n payouts.
func numbered(prefix string, n int) (out []string) {
	for i := range n {
		out = append(out, fmt.Sprintf("%s-%02d", prefix, i))
	}
	return out
}

// submit has a driver take payouts on.
func (t *trial) submit(d Driver, references ...string) {
	for _, reference := range references {
		_, err := d.Submit(t.ctx, order(reference))
		t.ok(err, "Submit of %s", reference)
	}
}

// load returns what the journal has of a payout.
func (t *trial) load(reference string) dispatch.Entry {
	e, err := t.Journal.Load(t.ctx, reference)
	t.ok(err, "Load of %s", reference)
	return e
}

// all reports whether payouts are all in a state.
func (t *trial) all(s dispatch.State, references ...string) func() bool {
	return func() bool {
		for _, reference := range references {
			if t.load(reference).State != s {
				return false
			}
		}
		return true
	}
}

// glance is how often it is looked whether something is so.
const glance = 10 * time.Millisecond

// until waits until something is so, and ends the case if it never is.
func (t *trial) until(what string, so func() bool) { t.within(patience, what, so) }

// within is until, for so long.
func (t *trial) within(d time.Duration, what string, so func() bool) {
	begun := time.Now()
	if !t.watch(d, so) {
		t.fail("it never came to this, within %s: %s%s", time.Since(begun).Round(time.Millisecond), what, t.standing())
	}
}

// never watches for a while that something is not so.
func (t *trial) never(d time.Duration, what string, so func() bool) {
	if t.watch(d, so) {
		t.fail("it came to this: %s%s", what, t.standing())
	}
}

// watch reports whether something is so within a time.
func (t *trial) watch(d time.Duration, so func() bool) bool {
	timer, look := time.NewTimer(d), time.NewTicker(glance)
	defer timer.Stop()
	defer look.Stop()
	for !so() {
		select {
		case <-look.C:
		case <-timer.C:
			return so()
		case <-t.deadline.Done():
			return so()
		}
	}
	return true
}

// standing tells where the payouts stand.
func (t *trial) standing() (out string) {
	entries, err := t.Journal.List(t.ctx, dispatch.Filter{})
	if err != nil {
		return "; " + err.Error()
	}
	for _, e := range entries {
		out += "\n" + e.String()
		for _, a := range e.Attempts {
			out += fmt.Sprintf(", %s at %s", a.State, a.Provider)
		}
	}
	return out
}

// judge holds the banks' books against the journal, whatever the case is about: no money
// has moved twice for an order, all that has moved is some payout's, and of one payout it
// has moved once.
func (t *trial) judge() {
	moved := map[string]int{} // by payout
	for _, b := range t.banks {
		b.mu.Lock()
		books := map[string]int{}
		for reference, n := range b.books {
			books[reference] = n
		}
		b.mu.Unlock()
		for reference, n := range books {
			e, err := t.Journal.FindAttempt(t.ctx, b.info.Account, reference)
			t.ok(err, "the payout for which %s has paid %s", b.info.Name, reference)
			switch moved[e.Reference] += n; {
			case moved[e.Reference] > 1:
				t.fail("money moved %d times for %s", moved[e.Reference], e)
			case e.State == dispatch.StatePlanned || e.State == dispatch.StateAwaiting || e.State == dispatch.StateFailed || e.State == dispatch.StateCancelled:
				t.fail("money moved for %s", e)
			}
		}
	}
}
