package conformance

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/payoutkit/payout"
)

// world is what a case plays in: a bank, a network, and the provider under test with
// its client, all new.
type world struct {
	t        *T
	bank     Bank
	net      *network
	provider payout.Provider
	client   *payout.Client

	mu     sync.Mutex
	alarms []payout.Alarm
	n      int
}

func (t *T) world() *world {
	bank, err := t.h.NewBank()
	if err != nil {
		t.fatalf("the bank does not start: %v", err)
	}
	t.cleanup(bank.Close)
	net, err := newNetwork(bank)
	if err != nil {
		t.fatalf("the network does not start: %v", err)
	}
	t.cleanup(net.close)
	w := &world{t: t, bank: bank, net: net}
	w.provider = t.provider(net)
	w.client = payout.NewClient(w.provider, payout.WithObserver(w))
	return w
}

// provider makes one, and has its idle connections closed at the end.
func (t *T) provider(n *network) payout.Provider {
	p, err := t.h.New(n.url, n.roots)
	if err != nil {
		t.fatalf("Harness.New failed: %v", err)
	}
	t.closeIdle(p)
	return p
}

func (t *T) closeIdle(p payout.Provider) {
	if c, ok := p.(interface{ CloseIdleConnections() }); ok {
		t.cleanup(c.CloseIdleConnections)
	}
}

// Start implements [payout.Observer].
func (w *world) Start(ctx context.Context, _ payout.Call) (context.Context, func(payout.Outcome)) {
	return ctx, nil
}

// Alarm implements [payout.Observer].
func (w *world) Alarm(_ context.Context, a payout.Alarm) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.alarms = append(w.alarms, a)
}

func (w *world) alarmed() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.alarms) > 0
}

// request returns the harness's first request under a new reference.
func (w *world) request() payout.Request { return w.as(w.t.h.Requests[0]) }

// as gives a request a new reference, and completes it.
func (w *world) as(r payout.Request) payout.Request {
	r.Reference = w.reference()
	return w.prepared(r)
}

// reference returns a new one, in the alphabet that every rule has to allow.
func (w *world) reference() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.n++
	return fmt.Sprintf("c%06d", w.n)
}

// create sends one payout and holds what it says against what arrived: this is
// checked in every case.
func (w *world) create(req payout.Request) (payout.Payout, error) {
	return w.createIn(w.t.ctx, req)
}

func (w *world) createIn(ctx context.Context, req payout.Request) (payout.Payout, error) {
	w.t.Helper()
	before := w.net.count()
	p, err := w.client.Create(ctx, req)
	w.judge(req, p, err, w.net.count()-before)
	return p, err
}

// judge holds one Create's result against the requests that arrived and the money
// that moved.
func (w *world) judge(req payout.Request, p payout.Payout, err error, requests int) {
	t := w.t
	if requests > 1 {
		t.Errorf("Create sent %d requests", requests)
	}
	moved := w.bank.Moved(req.Reference)
	if len(moved) > 1 {
		t.Errorf("money moved %d times", len(moved))
	}
	if err != nil {
		w.judgeError(err, requests)
		if payout.ProvedUnpaid(err) && len(moved) > 0 {
			t.Errorf("Create failed with %q, which proves that this call paid nobody, and money moved", payout.KindOf(err))
		}
		return
	}
	if requests != 1 {
		t.Errorf("Create returned an answer after %d requests", requests)
	}
	w.judgePayout(req, p)
}

// judgeError holds the contract of errors.
func (w *world) judgeError(err error, requests int) {
	t := w.t
	var e *payout.Error
	if !errors.As(err, &e) {
		t.Errorf("an error of type %T has no kind", err)
		return
	}
	switch payout.KindOf(err) {
	case payout.ErrInvalid, payout.ErrUnsupported, payout.ErrNotSent:
		if requests > 0 {
			t.Errorf("the error says that nothing was sent (%v), and %d requests arrived", err, requests)
		}
	}
	if payout.SafeToRetry(err) && requests > 0 {
		t.Errorf("SafeToRetry is true of %q, and a request arrived", err)
	}
}

// judgePayout holds a status against the bank's ledger.
func (w *world) judgePayout(req payout.Request, p payout.Payout) {
	moved := w.bank.Moved(req.Reference)
	switch p.Status.Moved() {
	case payout.MovedYes:
		if len(moved) == 0 {
			w.t.Errorf("the status is %s, and no money moved", p.Status)
		}
	case payout.MovedNo:
		if len(moved) > 0 {
			w.t.Errorf("the status is %s, and money moved", p.Status)
		}
	}
	if p.Status == payout.StatusPaid && (p.Amount != req.Amount || p.Reference != req.Reference) {
		w.t.Errorf("paid, but as %s of %s", p.Reference, p.Amount)
	}
}

// settle asks until the status is final or Review, or a bank has been asked so often
// that it will not change its mind.
func (w *world) settle(ref payout.Ref) (payout.Payout, error) {
	const patience = 12
	var p payout.Payout
	var err error
	for range patience {
		p, err = w.client.Find(w.t.ctx, ref)
		if err != nil {
			w.judgeError(err, 0)
			continue
		}
		ref = p.Ref()
		if p.Status.Final() || p.Status == payout.StatusReview {
			return p, nil
		}
	}
	return p, err
}

// pay creates and settles a payout that has to succeed.
func (w *world) pay(req payout.Request) payout.Payout {
	w.t.Helper()
	p, err := w.create(req)
	if err != nil {
		w.t.fatalf("a payout that the bank would carry failed: %v", err)
	}
	if p.Status == payout.StatusActionRequired {
		w.act(p)
	}
	if !p.Status.Final() {
		if p, err = w.settle(p.Ref()); err != nil {
			w.t.fatalf("the status of a payout can't be had: %v", err)
		}
	}
	if p.Status != payout.StatusPaid {
		w.t.fatalf("a payout that the bank paid ended as %s", p.Status)
	}
	w.judgePayout(req, p)
	return p
}

// warm makes a payout, so that the next request finds a connection that has been
// used, which is where net/http and the banks' keep-alive go wrong.
func (w *world) warm() { w.pay(w.request()) }

// wantUnknown is for a Create whose answer proves nothing.
func (w *world) wantUnknown(what string, p payout.Payout, err error) {
	w.t.Helper()
	switch {
	case err == nil && p.Status != payout.StatusUnknown && p.Status != payout.StatusPending && p.Status != payout.StatusActionRequired:
		w.t.Errorf("%s: the status is %s; it is not known", what, p.Status)
	case err != nil && payout.KindOf(err) != payout.ErrOutcomeUnknown:
		w.t.Errorf("%s: %q; the outcome is unknown", what, payout.KindOf(err))
	case payout.SafeToRetry(err):
		w.t.Errorf("%s: SafeToRetry is true", what)
	}
}

// wantFound asks about a payout whose answer was lost: asking has to find out.
func (w *world) wantFound(req payout.Request) {
	w.t.Helper()
	p, err := w.settle(req.Ref())
	if err != nil && len(w.bank.Moved(req.Reference)) == 0 {
		return // the bank never had it: there is nothing to find
	}
	if err != nil {
		w.t.Errorf("asked about by its reference, the bank's answer is not understood: %v", err)
		return
	}
	w.judgePayout(req, p)
	if len(w.bank.Moved(req.Reference)) > 0 && p.Status != payout.StatusPaid {
		w.t.Errorf("money moved, and asking by the reference says %s", p.Status)
	}
}

// kinds returns the kinds of destinations that no request of the harness has.
func (w *world) missingKinds() (names []string) {
	for _, k := range w.client.Info().Destinations {
		if !slices.ContainsFunc(w.t.h.Requests, func(r payout.Request) bool {
			return r.Destination != nil && k.Is(r.Destination.Kind())
		}) {
			names = append(names, k.Name())
		}
	}
	return names
}
