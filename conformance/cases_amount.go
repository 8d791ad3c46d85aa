package conformance

import (
	"slices"

	"github.com/payoutkit/payout"
)

func amountCases() []Case {
	return []Case{{
		Name: "amounts", Rule: "In every currency the smallest and the greatest amount arrive as what they are, as do those between them that a float or a dropped fraction changes; one beyond them is refused before anything is sent.",
		Cost: "A hundred times too much, or a hundredth, or a cent less each time.", Money: true, run: amounts,
	}}
}

func amounts(t *T) {
	w := t.world()
	for _, r := range w.client.Info().Amounts {
		template, ok := t.template(r.Min.Currency())
		if !ok {
			t.Errorf("Harness.Requests has no payout in %s, which Info lists", r.Min.Currency())
			continue
		}
		for _, m := range []payout.Money{r.Min, r.Max} {
			if !w.arrives(template, m) {
				t.Errorf("%s, which Info allows, was refused", m)
			}
		}
		for _, m := range between(r) {
			t.arrivesAlone(template, m)
		}
		t.traps(r)
		beyond, err := r.Max.Add(payout.FromMinor(1, r.Max.Currency()))
		if err == nil {
			w.refused("an amount beyond the greatest", template, func(req *payout.Request) { req.Amount = beyond })
		}
	}
}

// traps tries each way to pay in a currency: each may write its amounts in its own way.
func (t *T) traps(r payout.AmountRange) {
	for _, template := range t.h.Requests {
		if template.Amount.Currency() != r.Min.Currency() {
			continue
		}
		if m, ok := trap(r, r.Min.Minor()); ok {
			t.arrivesAlone(template, m)
		}
	}
}

// arrivesAlone pays in a world of its own, where nothing else empties the account. A rule
// of the bank's that Info has no words for, such as whole units only, is the adapter's to
// know.
func (t *T) arrivesAlone(template payout.Request, m payout.Money) {
	if !t.world().arrives(template, m) {
		t.notef("%s was refused before anything was sent", m)
	}
}

// arrives pays an amount and holds the ledger against it. It is false if the adapter
// refused it before anything was sent.
func (w *world) arrives(template payout.Request, m payout.Money) bool {
	template.Amount = m
	req := w.as(template)
	p, err := w.create(req)
	switch {
	case payout.KindOf(err) == payout.ErrInvalid, payout.KindOf(err) == payout.ErrUnsupported:
		return false
	case err != nil:
		w.t.Errorf("%s, which Info allows: %v", m, err)
		return true
	case p.Status == payout.StatusActionRequired:
		w.act(p)
	}
	if !p.Status.Final() {
		p, _ = w.settle(p.Ref())
	}
	if moved := w.bank.Moved(req.Reference); p.Status != payout.StatusPaid || len(moved) != 1 || moved[0] != m {
		w.t.Errorf("%s was to be paid, ended as %s, and %v moved", m, p.Status, moved)
	}
	return true
}

func (t *T) template(c payout.Currency) (payout.Request, bool) {
	for _, r := range t.h.Requests {
		if r.Amount.Currency() == c {
			return r, true
		}
	}
	// Any will do whose destination the currency goes to: take the first.
	if len(t.h.Requests) > 0 {
		return t.h.Requests[0], len(t.h.Requests) == 1
	}
	return payout.Request{}, false
}

// between returns amounts of a range that are not round, of every magnitude.
func between(r payout.AmountRange) (out []payout.Money) {
	lowest, highest := r.Min.Minor(), r.Max.Minor()
	minors := []int64{
		lowest + 1, highest - 1,
		1999, 1042, 115, 841, 1005, // 19.99 and 1.15; 1.005 where there are three decimals
		1<<15 + 1, 1<<16 + 1, 1<<24 + 1, 1<<31 + 1, 1<<32 + 1, // too much for a small integer or a float32
	}
	for digits := int64(12); digits <= 123_456_789; digits = digits*10 + digits%10 + 1 {
		minors = append(minors, digits) // 12, 123, 1234
	}
	for start := max(lowest, 1); start <= highest/10; start *= 10 {
		if m, ok := trap(r, start); ok {
			minors = append(minors, m.Minor())
		}
	}
	slices.Sort(minors)
	for _, n := range slices.Compact(minors) {
		if n > lowest && n < highest {
			out = append(out, payout.FromMinor(n, r.Min.Currency()))
		}
	}
	return out
}

// trap returns the next amount that is one less once it has been a float64 in major
// units, as 19.99 is: 1998 cents. A currency without decimals has none.
func trap(r payout.AmountRange, start int64) (payout.Money, bool) {
	unit := 1.0
	for range r.Min.Currency().Exponent() {
		unit *= 10
	}
	const far = 10_000
	for n := start; n < min(start+far, r.Max.Minor()); n++ {
		if int64(float64(n)/unit*unit) != n {
			return payout.FromMinor(n, r.Min.Currency()), true
		}
	}
	return payout.Money{}, false
}
