package killtest_test

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/dispatch"
)

// lost is what was acknowledged and is not in the journal, of payouts.
func (h *heard) lost(ctx context.Context, j dispatch.Journal, of map[string]bool) (wrong []string, err error) {
	for _, reference := range slices.Sorted(maps.Keys(of)) {
		if _, err := j.Load(ctx, reference); err != nil && h.acked[reference] {
			wrong = append(wrong, fmt.Sprintf("%s was acknowledged: %v", reference, err))
		}
		history, err := j.History(ctx, reference)
		if err != nil {
			return wrong, err
		}
		if n := h.moved[reference]; len(history) < n {
			wrong = append(wrong, fmt.Sprintf("%s: %d commits were acknowledged, and the journal has %d", reference, n, len(history)))
		}
	}
	return wrong, nil
}

// judge holds the journal against the banks' ledgers, when everything has settled.
func (b *banks) judge(ctx context.Context, j dispatch.Journal, clients []*payout.Client) (wrong []string, count map[dispatch.State]int, err error) {
	say := func(format string, args ...any) { wrong = append(wrong, fmt.Sprintf(format, args...)) }
	type moves struct {
		out, back int
		amount    payout.Money
	}
	moved := map[string]moves{}
	for _, c := range clients {
		for _, e := range b.named[c.Name()].Ledger().Entries() {
			entry, err := j.FindAttempt(ctx, c.Info().Account, e.Reference)
			if err != nil {
				say("%s: money moved at %s, and the journal knows of no intent: %v", e.Reference, c.Name(), err)
				continue
			}
			m := moved[entry.Reference]
			m.amount = e.Money
			if e.Back {
				m.back++
			} else {
				m.out++
			}
			moved[entry.Reference] = m
		}
	}
	count = map[dispatch.State]int{}
	held := dispatch.Used{}
	f := dispatch.Filter{Limit: 1000}
	for more := true; more; {
		entries, err := j.List(ctx, f)
		if err != nil {
			return wrong, count, err
		}
		more = len(entries) == f.Limit
		for _, e := range entries {
			f.After = e.Reference
			count[e.State]++
			m := moved[e.Reference]
			out := m.out - m.back
			switch {
			case m.out > 1:
				say("%s: paid %d times, %s in the journal", e.Reference, m.out, e.State)
			case e.State == dispatch.StatePaid && out != 1:
				say("%s: paid in the journal, and no money moved", e.Reference)
			case (e.State == dispatch.StateFailed || e.State == dispatch.StateCancelled || e.State == dispatch.StateAwaiting) && out != 0:
				say("%s: %s in the journal, and was paid", e.Reference, e.State)
			case m.out > 0 && m.amount != e.Amount:
				say("%s: %s moved instead of %s", e.Reference, m.amount, e.Amount)
			}
			for _, a := range e.Attempts {
				for _, u := range a.Reserved {
					held.Count++
					held.Minor += u.Amount.Minor()
				}
			}
		}
	}
	used := dispatch.Used{}
	buckets, err := limits(ctx, j)
	if err != nil {
		return wrong, count, err
	}
	for _, u := range buckets {
		used.Count += u.Count
		used.Minor += u.Minor
	}
	if used != held {
		say("the limit has %v in use, and the attempts hold %v", used, held)
	}
	return wrong, count, nil
}

// limits are what is in use of the reserve's limit, by the buckets that attempts name.
func limits(ctx context.Context, j dispatch.Journal) (map[string]dispatch.Used, error) {
	out := map[string]dispatch.Used{}
	var after dispatch.Cursor
	for {
		changes, err := j.Changes(ctx, after, 1000)
		if err != nil || len(changes) == 0 {
			return out, err
		}
		for _, c := range changes {
			after = c.Cursor
			for _, u := range c.Event.Planned.Reserved {
				if out[u.Bucket], err = j.Used(ctx, u.Bucket); err != nil {
					return out, err
				}
			}
		}
	}
}

// orders counts those that the banks have.
func (b *banks) orders() (n int) {
	for _, s := range b.named {
		n += len(s.Orders())
	}
	return n
}
