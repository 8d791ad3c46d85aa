package conformance

import (
	"fmt"
	"net/http"

	"github.com/payoutkit/payout"
)

func findCases() []Case {
	return []Case{
		{
			Name: "find unknown reference", Rule: "A payout that the bank does not know is ErrNotFound or a question without answer, and never a status; it proves absence only where Info says how; and asking about it moves no money.",
			Cost: "A payout that is still on its way is taken for one that will never come, or is sent again.", Money: true, run: findUnknown,
		},
		{
			Name: "find by each id", Rule: "A payout is found by its reference alone, and by all that the answer to Create gave.",
			Cost: "After a crash only the reference is left, and the payout can't be found.", Money: true, run: findByEachID,
		},
		{
			Name: "another payout under the reference", Rule: "A payout with another id than the recorded one is for a person to look at: never paid, never failed.",
			Cost: "Somebody else's order decides about this payout.", Money: true, run: anotherID,
		},
		{
			Name: "find without an answer", Rule: "A question whose answer is lost, cut, a page or an error that the document does not list stays open: it is never a status, and never not found.",
			Cost: "A proxy's 404 proves that a payout was never made, and it is made again.", Money: true, run: findWithoutAnswer,
		},
		{
			Name: "find changes nothing", Rule: "Asking moves no money, however often.",
			Cost: "Each question pays.", Money: true, run: findMovesNothing,
		},
	}
}

func findUnknown(t *T) {
	for _, template := range t.h.Requests {
		w := t.world()
		w.unknown(w.as(template).Ref())
		// An adapter that remembers what it sent has more to send again.
		req := w.as(template)
		w.net.next(unread())
		p, err := w.create(req)
		w.wantUnknown("the request was lost", p, err)
		w.unknown(req.Ref())
	}
}

// unknown asks about a payout that never came to the bank.
func (w *world) unknown(ref payout.Ref) {
	t := w.t
	for range 3 {
		w.askedUnknown(ref)
	}
	if n := w.bank.Total(); n > 0 {
		t.fatalf("a payout that was never made was asked about, and money moved %d times", n)
	}
}

func (w *world) askedUnknown(ref payout.Ref) {
	t := w.t
	p, err := w.client.Find(t.ctx, ref)
	switch {
	case err == nil && p.Status.Moved() != payout.MovedMaybe:
		t.Errorf("a payout that was never made is %s", p.Status)
	case err == nil:
	case payout.KindOf(err) != payout.ErrNotFound && payout.KindOf(err) != payout.ErrOutcomeUnknown:
		t.Errorf("a payout that was never made: %v", err)
	default:
		w.judgeError(err, 0)
		if payout.SafeToRetry(err) {
			t.Errorf("a payout that was never made: SafeToRetry is true")
		}
		if w.client.Info().Absence.Proves && payout.KindOf(err) != payout.ErrNotFound {
			t.Errorf("Info says that absence can be proved, and a payout that was never made is %q", payout.KindOf(err))
		}
	}
}

func findWithoutAnswer(t *T) {
	w := t.world()
	w.warm()
	req := w.request()
	w.net.next(lost())
	p, err := w.create(req)
	w.wantUnknown("the answer was lost", p, err)
	w.asked("no answer", req, lost())
	w.asked("half an answer", req, truncated())
	w.asked("a reset", req, unread())
	for _, status := range []int{200, 400, 401, 403, 404, 405, 410, 422, 429, 500, 502, 503, 504} {
		for _, body := range unlistedBodies {
			w.asked(fmt.Sprintf("HTTP %d with %s", status, body.name), req,
				said(false, status, http.Header{"Content-Type": {body.contentType}}, []byte(body.text)))
		}
	}
	w.wantFound(req)
}

// asked asks about a payout that was made, and has a fault hit the answer.
func (w *world) asked(what string, req payout.Request, f fault) {
	w.net.nextAny(f)
	p, err := w.client.Find(w.t.ctx, req.Ref())
	switch {
	case err == nil && p.Status.Moved() == payout.MovedNo:
		w.t.Errorf("asked, with %s: the status is %s", what, p.Status)
	case err == nil:
		w.judgePayout(req, p) // some damage can be read past, and then it has to be true
	case payout.KindOf(err) == payout.ErrNotFound, payout.KindOf(err) == payout.ErrNotSent, payout.SafeToRetry(err):
		w.t.Errorf("asked, with %s: %v", what, err)
	default:
		w.judgeError(err, 0)
	}
}

func findByEachID(t *T) {
	w := t.world()
	for _, template := range t.h.Requests {
		req := w.as(template)
		paid := w.pay(req)
		for name, ref := range map[string]payout.Ref{
			"the reference":                   req.Ref(),
			"what the answer gave":            paid.Ref(),
			"the reference and the bank's id": {Reference: req.Reference, Amount: req.Amount, ProviderID: paid.ProviderID},
			"the reference and the endpoint":  {Reference: req.Reference, Amount: req.Amount, Endpoint: paid.Endpoint},
		} {
			p, err := w.client.Find(t.ctx, ref)
			if err != nil || p.Status != payout.StatusPaid {
				t.Errorf("by %s: status %s, error %v", name, p.Status, err)
			}
		}
	}
}

func anotherID(t *T) {
	w := t.world()
	req := w.request()
	paid := w.pay(req)
	if paid.ProviderID == "" {
		t.notef("the bank gave no id")
		return
	}
	ref := paid.Ref()
	ref.ProviderID = other(ref.ProviderID)
	p, err := w.client.Find(t.ctx, ref)
	switch {
	case err != nil:
		w.judgeError(err, 0) // the bank knows no such order
	case p.Status != payout.StatusReview:
		t.Errorf("the bank has the payout as %s, we as %s, and the status is %s", paid.ProviderID, ref.ProviderID, p.Status)
	case !w.alarmed():
		t.Errorf("nobody was alarmed")
	}
}

// other changes the last character of an id, within its alphabet.
func other(id string) string {
	last := id[len(id)-1]
	if last == '1' {
		return id[:len(id)-1] + "2"
	}
	return id[:len(id)-1] + "1"
}

func findMovesNothing(t *T) {
	w := t.world()
	req := w.request()
	w.bank.Plan(req.Reference, Plan{Turns: []Turn{Failed}})
	p, err := w.create(req)
	if err != nil {
		t.fatalf("Create: %v", err)
	}
	for range 5 {
		before := w.bank.Total()
		if q, err := w.client.Find(t.ctx, p.Ref()); err == nil {
			p = q
		}
		if w.bank.Total() != before {
			t.fatalf("asking moved money")
		}
	}
	if n := len(w.bank.Moved(req.Reference)); n > 0 {
		t.Errorf("a payout that was declined moved money %d times while it was asked about", n)
	}
}

func duplicateCases() []Case {
	return []Case{{
		Name: "duplicate reference", Rule: "A second Create under a reference, whatever the bank does with it, is never called failed or unsent while the first has moved money.",
		Cost: "A bank's complaint about the second call settles the first.", Money: true, run: duplicate,
	}}
}

// duplicate makes the mistake that the library exists to prevent, to see that an
// adapter at least does not lie about it. A bank that pays twice is the bank's.
func duplicate(t *T) {
	for _, change := range []string{"the same content", "another amount"} {
		w := t.world()
		req := w.request()
		w.pay(req)
		again := req
		if change == "another amount" {
			twice, err := req.Amount.Add(payout.FromMinor(1, req.Amount.Currency()))
			if err != nil {
				t.fatalf("%v", err)
			}
			again.Amount = twice
		}
		before := w.net.count()
		p, err := w.client.Create(t.ctx, again)
		if n := w.net.count() - before; n > 1 {
			t.Errorf("%s: Create sent %d requests", change, n)
		}
		switch {
		case err == nil && p.Status == payout.StatusFailed:
			t.Errorf("%s: the status is %s, and money moved under this reference", change, p.Status)
		case payout.KindOf(err) == payout.ErrNotSent, payout.SafeToRetry(err):
			t.Errorf("%s: the error says that nothing was sent: %v", change, err)
		case err == nil && p.Status == payout.StatusPaid && again.Amount != req.Amount && len(w.bank.Moved(req.Reference)) == 1:
			t.Errorf("%s: paid, and only the first amount moved", change)
		}
		if w.client.Info().Dedup != payout.DedupNone {
			if n := len(w.bank.Moved(req.Reference)); n > 1 {
				t.Errorf("%s: Info says that the bank deduplicates, and money moved %d times", change, n)
			}
		}
	}
}
