package dispatch

import (
	"cmp"
	"slices"
	"time"

	"github.com/payoutkit/payout"
)

// Config is what a [Dispatcher] is made of. Journal, Providers, Routes and Keys are
// required; everything else has a default.
type Config struct {
	Journal Journal

	// Providers are the accounts to send through and to ask at. One that no route
	// names any more stays here for as long as the journal has payouts of it.
	Providers []*payout.Client
	Routes    []Route

	// Keys make fingerprints and references; see [Keys].
	Keys Keys
	// Sealer seals requests, so that unsent work goes on after a restart. Nil: it then
	// waits for the request to be submitted again.
	Sealer Sealer

	// MaxAttempts bounds how many banks a payout may be sent to. 0: 3.
	MaxAttempts int
	// NextRoute are the reasons for which a payout that failed at one bank is tried at
	// another. Nil: insufficient funds, a used-up limit, an invalid destination there.
	NextRoute []payout.Reason

	Times  Times
	Rates  Rates
	Limits map[string]Rates // of single providers
	// Allotter hands out what Rates allow among processes. Nil: each has it for itself.
	Allotter Allotter
	Observer Observer
	// Now tells the time; nil: time.Now.
	Now func() time.Time
	// Workers is how many steps Run makes at once. 0: 16.
	Workers int
}

// Times are the dispatcher's times. Zero ones have the defaults named.
type Times struct {
	// SendWindow is how long after the commit of an intent its first byte may leave.
	// 10 s.
	SendWindow time.Duration
	// CallTimeout bounds a call to a bank. 90 s.
	CallTimeout time.Duration
	// SendFor is how long after Submit a payout may first be sent. 24 h.
	SendFor time.Duration
	// ReviewAfter is how long after its sending a payout whose fate is not known goes
	// to a person. 24 h. ReviewEvery is how often it is asked about then. 1 h.
	ReviewAfter time.Duration
	ReviewEvery time.Duration
	// RetryEvery is the first wait before something is sent that was not. 5 s.
	RetryEvery time.Duration
	// Apart is how far apart two answers "not found" have to be to count as two. 1 min.
	Apart time.Duration
	// Patrol are the times after which what is final is asked about again, each from
	// the one before. 1 h, 24 h, 72 h. One that is negative ends it.
	Patrol []time.Duration
	// Check is how long a held provider waits for its first check. 30 s.
	Check time.Duration
	// Turn is how long a step waits for its turn at a provider whose rates are used up,
	// before it says when to come again. For engines that queue by provider. 0: not at all.
	Turn time.Duration
	// Polling are schedules instead of those of Info, by provider.
	Polling map[string]payout.Polling
}

// Rates bound the calls to one provider.
type Rates struct {
	// SendsPerSecond and AsksPerSecond; 0: 50 and 20.
	SendsPerSecond, AsksPerSecond float64
	// Unknowns in a row hold the provider. 0: 5.
	Unknowns int
	// Refusals to connect in a row turn payouts to other routes for BreakFor. 0: 5, 30 s.
	Breaks   int
	BreakFor time.Duration
	// Backlog of questions that are due, above which nothing is sent. 0: 1000.
	Backlog int
}

// maxStrikes is how often a step may fail in a row.
const maxStrikes = 5

func (c Config) withDefaults() Config {
	t := &c.Times
	t.SendWindow = cmp.Or(t.SendWindow, 10*time.Second)
	t.CallTimeout = cmp.Or(t.CallTimeout, 90*time.Second)
	t.SendFor = cmp.Or(t.SendFor, 24*time.Hour)
	t.ReviewAfter = cmp.Or(t.ReviewAfter, 24*time.Hour)
	t.ReviewEvery = cmp.Or(t.ReviewEvery, time.Hour)
	t.RetryEvery = cmp.Or(t.RetryEvery, 5*time.Second)
	t.Apart = cmp.Or(t.Apart, time.Minute)
	t.Check = cmp.Or(t.Check, 30*time.Second)
	if t.Patrol == nil {
		t.Patrol = []time.Duration{time.Hour, 24 * time.Hour, 72 * time.Hour}
	}
	if n := slices.IndexFunc(t.Patrol, func(d time.Duration) bool { return d < 0 }); n >= 0 {
		t.Patrol = t.Patrol[:n]
	}
	c.MaxAttempts = cmp.Or(c.MaxAttempts, 3)
	c.Workers = cmp.Or(c.Workers, 16)
	if c.NextRoute == nil {
		c.NextRoute = []payout.Reason{payout.ReasonInsufficientFunds, payout.ReasonLimitExceeded, payout.ReasonDestinationInvalid}
	}
	if c.Observer == nil {
		c.Observer = NoObserver()
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	return c
}

func (r Rates) withDefaults() Rates {
	r.SendsPerSecond = cmp.Or(r.SendsPerSecond, 50)
	r.AsksPerSecond = cmp.Or(r.AsksPerSecond, 20)
	r.Unknowns = cmp.Or(r.Unknowns, 5)
	r.Breaks = cmp.Or(r.Breaks, 5)
	r.BreakFor = cmp.Or(r.BreakFor, 30*time.Second)
	r.Backlog = cmp.Or(r.Backlog, 1000)
	return r
}

// Bounds returns SendWindow and CallTimeout, with their defaults: what an engine that
// takes a step for lost has to wait for.
func (t Times) Bounds() (sendWindow, callTimeout time.Duration) {
	t = Config{Times: t}.withDefaults().Times
	return t.SendWindow, t.CallTimeout
}
