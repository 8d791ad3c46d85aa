package conformance

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/payoutkit/payout"
)

func lossCases() []Case {
	return []Case{
		{
			Name: "answer lost", Rule: "After a lost answer, on a connection that was used before, exactly one request was sent, the outcome is unknown, and asking finds it.",
			Cost: "net/http or a retry sends the payout a second time.", Money: true,
			run: func(t *T) { lose(t, "the answer was lost", lost(), true) },
		},
		{
			Name: "answer lost on a new connection", Rule: "After a lost answer on a new connection exactly one request was sent, the outcome is unknown, and asking finds it.",
			Cost: "The payout is sent a second time.", Money: true,
			run: func(t *T) { lose(t, "the answer was lost", lost(), false) },
		},
		{
			Name: "answer cut", Rule: "An answer that is cut in the middle is no answer.",
			Cost: "Half an answer is read as a refusal.", Money: true,
			run: func(t *T) { lose(t, "the answer was cut", truncated(), true) },
		},
		{
			Name: "request unread", Rule: "A request whose connection is reset before the bank reads it may have been read, for all that the adapter can know: unknown, and not sent again.",
			Cost: "The same picture comes from a bank that did read it.", Money: true,
			run: func(t *T) { lose(t, "the connection was reset", unread(), true) },
		},
	}
}

// lose makes a payout that a fault hits, and asks about it.
func lose(t *T, what string, f fault, warm bool) {
	w := t.world()
	if warm {
		w.warm()
	}
	req := w.request()
	w.net.next(f)
	p, err := w.create(req)
	if err == nil {
		t.Errorf("%s, and Create returned %s", what, p.Status)
	}
	w.wantUnknown(what, p, err)
	if warm && w.net.last().nth < 2 {
		t.notef("the adapter does not reuse connections")
	}
	w.wantFound(req)
}

func connectionCases() []Case {
	return []Case{
		{
			Name: "connection cut as the request begins", Rule: "A connection that is cut when the first bytes arrive is an unknown outcome, and no second request follows.",
			Cost: "net/http replays a request that it thinks is safe to replay.", Money: true, run: cutAtFirstByte,
		},
		{
			Name: "idle connection closed", Rule: "A connection that the bank closes just as it is used again leads to one payout or to an unknown outcome, never to two requests.",
			Cost: "A request is sent again because the connection was old.", Money: true, run: idleClosed,
		},
		{
			Name: "errors classified", Rule: "Every error of the provider itself says what it proves about money.",
			Cost: "Nobody can tell a payout that may have been made from one that was not.", run: errorsClassified,
		},
		{
			Name: "refused connection", Rule: "If no connection can be made, it is proved that nothing was sent.",
			Cost: "A payout that was never sent waits for a person.", run: refusedConnection,
		},
		{
			Name: "bad certificates", Rule: "A bank whose certificate is out of date, for something else or signed by nobody that is trusted, or whose TLS is old, gets no request, and nothing was sent.",
			Cost: "Credentials and card numbers go to whoever answers.", Money: true, run: badCertificates,
		},
	}
}

func cutAtFirstByte(t *T) {
	w := t.world()
	w.warm()
	req := w.request()
	w.net.wire.cutNext()
	p, err := w.create(req)
	if w.net.wire.begun() == 0 {
		t.notef("the adapter does not reuse connections")
		return
	}
	if err == nil {
		t.Errorf("the connection was cut, and Create returned %s", p.Status)
	}
	w.wantUnknown("the connection was cut as the request began", p, err)
}

func idleClosed(t *T) {
	w := t.world()
	for range 20 {
		w.warm()
		req := w.request()
		w.net.wire.closeIdle()
		p, err := w.create(req)
		switch {
		case err == nil, payout.KindOf(err) == payout.ErrOutcomeUnknown:
			if err == nil && p.Status == payout.StatusFailed {
				t.Errorf("an idle connection was closed, and the payout failed")
			}
		case payout.KindOf(err) == payout.ErrNotSent: // judged against what arrived
		default:
			t.Errorf("an idle connection was closed: %v", err)
		}
	}
}

// errorsClassified asks the provider itself: Client would give any error a kind.
func errorsClassified(t *T) {
	w := t.world()
	for name, f := range map[string]fault{"the answer was lost": lost(), "the answer was cut": truncated(), "the connection was reset": unread()} {
		req := w.request()
		w.net.next(f)
		_, err := w.provider.Create(t.ctx, req)
		w.net.nextAny(f)
		_, asked := w.provider.Find(t.ctx, req.Ref())
		for _, err := range []error{err, asked} {
			if e := (*payout.Error)(nil); err != nil && !errors.As(err, &e) {
				t.Errorf("%s: the provider's error is a %T, without a kind", name, err)
			}
		}
	}
}

func refusedConnection(t *T) {
	w := t.world()
	req := w.request()
	w.net.shut()
	_, err := w.create(req)
	wantNotSent(t, "the connection was refused", err)
}

func wantNotSent(t *T, what string, err error) {
	switch {
	case err == nil:
		t.Errorf("%s, and Create returned no error", what)
	case payout.KindOf(err) != payout.ErrNotSent || !payout.SafeToRetry(err):
		t.Errorf("%s: %q; it is proved that nothing was sent", what, payout.KindOf(err))
	}
}

func badCertificates(t *T) {
	w := t.world()
	for _, f := range []flaw{expired, early, wrongHost, forOther, stranger, itself, oldTLS} {
		impostor, err := w.net.impostor(f)
		if err != nil {
			t.fatalf("the impostor does not start: %v", err)
		}
		t.cleanup(impostor.close)
		client := payout.NewClient(t.provider(impostor))
		req := w.request()
		_, err = client.Create(t.ctx, req)
		wantNotSent(t, "the certificate is "+string(f), err)
		if _, err = client.Find(t.ctx, req.Ref()); err == nil || payout.KindOf(err) == payout.ErrNotFound {
			t.Errorf("the certificate is %s, and a question was answered: %v", f, err)
		}
		if impostor.all() > 0 {
			t.Errorf("the certificate is %s, and a request arrived", f)
		}
	}
}

func contextCases() []Case {
	return []Case{
		{
			Name: "cancelled before sending", Rule: "A context that has ended before the call sends nothing, and the error says so.",
			Cost: "A payout that the caller gave up is made.", Money: true, run: cancelledBefore,
		},
		{
			Name: "cancelled after sending", Rule: "A context that is cancelled while the answer is awaited is an unknown outcome that wraps the context's error.",
			Cost: "A caller that goes away takes the payout for not sent.", Money: true,
			run: func(t *T) { endedWhileWaiting(t, context.Canceled) },
		},
		{
			Name: "timeout", Rule: "No answer in time is an unknown outcome that wraps the deadline's error; asking finds the payout.",
			Cost: "A timeout is noted as a failure: the most frequent way to pay twice.", Money: true,
			run: func(t *T) { endedWhileWaiting(t, context.DeadlineExceeded) },
		},
	}
}

func cancelledBefore(t *T) {
	w := t.world()
	ctx, cancel := context.WithCancel(t.ctx)
	cancel()
	req := w.request()
	// The provider itself as well: dispatch may hand it a context that just ended.
	_, err := w.provider.Create(ctx, req)
	wantNotSent(t, "the context had ended", err)
	if err != nil && !errors.Is(err, context.Canceled) {
		t.Errorf("the error does not wrap context.Canceled")
	}
	if w.net.count() > 0 || len(w.bank.Moved(req.Reference)) > 0 {
		t.Errorf("the context had ended, and a request arrived")
	}
}

// endedWhileWaiting ends the context once the request has arrived. The bank acts all
// the same.
func endedWhileWaiting(t *T, why error) {
	w := t.world()
	w.warm()
	req := w.request()
	before := w.net.all()
	w.net.next(held())
	ctx, end := newEndable(t.ctx, why)
	var watcher sync.WaitGroup
	watcher.Go(func() {
		w.net.waitArrivals(before)
		end()
	})
	p, err := w.client.Create(ctx, req)
	if w.net.all() == before {
		t.fatalf("Create returned before its request arrived: %v", err)
	}
	watcher.Wait()
	w.net.waitForwarded()
	w.judge(req, p, err, w.net.all()-before)
	w.wantUnknown("the context ended", p, err)
	if err == nil || !errors.Is(err, why) {
		t.Errorf("the context ended (%v), and the error %v does not wrap it", why, err)
	}
	w.wantFound(req)
}

// endable is a context that ends on an event, with the error of a cancellation or of
// a deadline.
type endable struct {
	context.Context
	done chan struct{}
	why  error
}

func newEndable(parent context.Context, why error) (ctx *endable, end func()) {
	e := &endable{Context: context.WithoutCancel(parent), done: make(chan struct{}), why: why}
	return e, func() { close(e.done) }
}

// Done implements [context.Context].
func (e *endable) Done() <-chan struct{} { return e.done }

// Deadline implements [context.Context].
func (e *endable) Deadline() (time.Time, bool) { return time.Time{}, false }

// Err implements [context.Context].
func (e *endable) Err() error {
	select {
	case <-e.done:
		return e.why
	default:
		return nil
	}
}
