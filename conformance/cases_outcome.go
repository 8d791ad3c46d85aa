package conformance

import (
	"maps"
	"slices"

	"github.com/payoutkit/payout"
)

func outcomeCases() []Case {
	return []Case{
		{
			Name: "accepted", Rule: "A payout that the bank pays is paid, once, with its reference and amount.",
			Cost: "A paid payout is taken for unpaid.", Money: true,
			run: func(t *T) {
				w := t.world()
				for _, template := range t.h.Requests {
					w.pay(w.as(template))
				}
			},
		},
		{
			Name: "pending then paid", Rule: "What is under way is not final, and becomes paid when the bank says so.",
			Cost: "A payout under way is taken for failed, and paid again.", Money: true,
			run: func(t *T) { plannedEnd(t, payout.StatusPaid, Pending, Pending, Paid) },
		},
		{
			Name: "pending then failed", Rule: "What is under way is not final, and becomes failed when the bank says so.",
			Cost: "A payout that nobody got is taken for paid.", Money: true,
			run: func(t *T) { plannedEnd(t, payout.StatusFailed, Pending, Pending, Failed) },
		},
		{
			Name: "failed", Rule: "What the bank declines has failed, is no error, and moved no money.",
			Cost: "A decline is taken for a fault and sent again.", Money: true,
			run: func(t *T) { plannedEnd(t, payout.StatusFailed, Failed) },
		},
		{
			Name: "declines", Rule: "Each code that the bank gives for a decline ends in the reason that the document gives it, and is kept.",
			Cost: "A payout that another bank would have made is given up, or one that no bank can make is tried at all of them.", run: declines,
		},
		{
			Name: "paid then failed", Rule: "An answer is what the bank says now: after paid, a failure is not hidden.",
			Cost: "A bank that takes a payout back is never noticed.", Money: true, run: paidThenFailed,
		},
		{
			Name: "failed then paid", Rule: "An answer is what the bank says now: after a failure, paid is not hidden.",
			Cost: "A late payment is never noticed, and the money is paid again elsewhere.", Money: true, run: failedThenPaid,
		},
		{
			Name: "paid then returned", Rule: "Money that came back was not paid, and has not failed: it is returned where the bank has a word for it, and otherwise nothing that is final.",
			Cost: "A return is never noticed, or passes for a payout that never left.", Money: true, run: paidThenReturned,
		},
		{
			Name: "unknown status word", Rule: "A status that the adapter does not list is unknown: neither final nor failed.",
			Cost: "The bank adds a status, and payouts that it pays are paid again.", Money: true,
			run: func(t *T) { neverFinal(t, "a status word that no document lists", Plan{Turns: []Turn{Odd}}) },
		},
		{
			Name: "missing status", Rule: "An answer without a status says nothing, and is not its zero value.",
			Cost: "An empty field is read as a state of the payout.", Money: true,
			run: func(t *T) { neverFinal(t, "an answer without a status", Plan{Turns: []Turn{Silent}}) },
		},
	}
}

// plannedEnd makes a payout with a plan and wants it to end so, having been nothing
// final before.
func plannedEnd(t *T, want payout.Status, turns ...Turn) {
	w := t.world()
	req := w.request()
	w.bank.Plan(req.Reference, Plan{Turns: turns})
	p, err := w.create(req)
	if err != nil {
		t.fatalf("Create: %v", err)
	}
	if len(turns) > 1 && p.Status.Final() {
		t.Errorf("the bank has it under way, and the status is %s", p.Status)
	}
	if !p.Status.Final() {
		if p, err = w.settle(p.Ref()); err != nil {
			t.fatalf("Find: %v", err)
		}
	}
	if p.Status != want {
		t.Errorf("the bank's last word is %s, and the status is %s", want, p.Status)
	}
	w.judgePayout(req, p)
}

func declines(t *T) {
	if len(t.h.Declines) == 0 {
		t.notef("Harness.Declines has no code")
	}
	w := t.world()
	for _, code := range slices.Sorted(maps.Keys(t.h.Declines)) {
		req := w.request()
		w.bank.Plan(req.Reference, Plan{Turns: []Turn{Failed}, Code: code})
		if _, err := w.create(req); err != nil {
			t.fatalf("Create: %v", err)
		}
		p, err := w.client.Find(t.ctx, req.Ref())
		want := payout.Failure{Reason: t.h.Declines[code], Code: code}
		if err != nil || p.Status != payout.StatusFailed || p.Failure != want {
			t.Errorf("declined with %s: want failed for %s, got %s for %s with code %q, error %v", code, want.Reason, p.Status, p.Failure.Reason, p.Failure.Code, err)
		}
	}
}

func paidThenFailed(t *T) {
	if p := t.world().paidThen(Failed); p.Status == payout.StatusPaid {
		t.Errorf("the bank's last word is that it failed, and the status is still %s", p.Status)
	}
}

func paidThenReturned(t *T) {
	if p := t.world().paidThen(Returned); p.Status.Final() && p.Status != payout.StatusReturned {
		t.Errorf("the bank's last word is that the money came back, and the status is %s", p.Status)
	}
}

// paidThen makes a payout that is paid until the bank says something else, and returns
// what is then said of it.
func (w *world) paidThen(last Turn) payout.Payout {
	req := w.request()
	w.bank.Plan(req.Reference, Plan{Turns: []Turn{Paid, Paid, Paid, last}})
	p := w.pay(req)
	for range 4 {
		again, err := w.client.Find(w.t.ctx, p.Ref())
		if err != nil {
			w.t.fatalf("Find: %v", err)
		}
		p = again
	}
	return p
}

func failedThenPaid(t *T) {
	w := t.world()
	req := w.request()
	w.bank.Plan(req.Reference, Plan{Turns: []Turn{Failed, Failed, Failed, Paid}})
	p, err := w.create(req)
	if err != nil {
		t.fatalf("Create: %v", err)
	}
	for range 5 {
		if p, err = w.client.Find(t.ctx, p.Ref()); err != nil {
			t.fatalf("Find: %v", err)
		}
	}
	if p.Status != payout.StatusPaid {
		t.Errorf("the bank's last word is that it paid, and the status is %s", p.Status)
	}
	w.judgePayout(req, p)
}

// neverFinal makes a payout of which the bank's answers prove nothing.
func neverFinal(t *T, what string, plan Plan) *world {
	w := t.world()
	for _, template := range t.h.Requests {
		req := w.as(template)
		w.bank.Plan(req.Reference, plan)
		p, err := w.create(req)
		w.wantUnknown(what+", in the answer to Create", p, err)
		p, err = w.settle(req.Ref())
		if err == nil && (p.Status.Final() || p.Status.Moved() != payout.MovedMaybe) {
			t.Errorf("%s, in the answer to Find: the status is %s", what, p.Status)
		}
	}
	return w
}
