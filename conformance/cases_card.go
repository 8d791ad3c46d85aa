package conformance

import "github.com/payoutkit/payout"

func savedCardCases() []Case {
	return []Case{{
		Name: "saved card", Rule: "Saving a card sends one request and pays nobody: asked for as a payout its order is never final, and a lost answer is an unknown outcome.",
		Cost: "The order that saved a card settles a payout that nobody got.", Money: true, run: savedCard,
	}}
}

func savedCard(t *T) {
	w := t.world()
	if !w.client.Supports(payout.AbilitySaveCard) {
		t.notef("the provider saves no cards")
		return
	}
	save := t.h.SaveCard
	save.Reference = w.reference()
	saved, err := w.client.SaveCard(t.ctx, save)
	if err != nil {
		t.fatalf("SaveCard: %v", err)
	}
	w.noPayout(save.Reference)
	if saved.ID != "" {
		w.payTo(saved, save.OwnerID)
	}

	save.Reference = w.reference()
	before := w.net.count()
	w.net.next(lost())
	saved, err = w.client.SaveCard(t.ctx, save)
	if err == nil || payout.KindOf(err) != payout.ErrOutcomeUnknown || payout.SafeToRetry(err) {
		t.Errorf("the answer was lost: identifier %q, error %v", saved.ID, err)
	}
	if n := w.net.count() - before; n != 1 {
		t.Errorf("SaveCard sent %d requests", n)
	}
	w.noPayout(save.Reference)
}

// noPayout asks for a card's order as if it were a payout, of any amount that there is
// a payout of.
func (w *world) noPayout(reference string) {
	if n := len(w.bank.Moved(reference)); n > 0 {
		w.t.Errorf("saving a card moved money %d times", n)
	}
	for _, template := range w.t.h.Requests {
		p, err := w.client.Find(w.t.ctx, payout.Ref{Reference: reference, Amount: template.Amount})
		if err == nil && p.Status.Moved() != payout.MovedMaybe {
			w.t.Errorf("the order that saved a card, asked for as a payout, is %s", p.Status)
		}
	}
}

// payTo pays to a card that was saved, if the harness has such a payout.
func (w *world) payTo(saved payout.CardSaved, owner string) {
	for _, template := range w.t.h.Requests {
		if _, ok := template.Destination.(payout.SavedCard); ok {
			template.Destination, template.Recipient.ID = payout.SavedCard{ID: saved.ID}, owner
			w.pay(w.as(template))
			return
		}
	}
}
