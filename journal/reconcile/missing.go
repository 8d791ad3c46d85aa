package reconcile

import (
	"context"
	"time"

	"github.com/payoutkit/payout/dispatch"
)

// page is how many entries are asked for at once.
const page = 1000

// each calls a function with the payouts that may concern the period.
func (m *matching) each(ctx context.Context, f dispatch.Filter, call func(dispatch.Entry)) error {
	f.Provider, f.Limit = m.Provider, page
	f.CreatedFrom, f.CreatedBefore = m.From.Add(-m.Margin-m.Lookback), m.Before.Add(m.Margin)
	for {
		entries, err := m.Journal.List(ctx, f)
		if err != nil {
			return err
		}
		for _, e := range entries {
			f.After = e.Reference
			call(e)
		}
		if len(entries) < page {
			return nil
		}
	}
}

// index learns which payouts the bank's ids are of.
func (m *matching) index(ctx context.Context) error {
	m.ids = map[key]string{}
	return m.each(ctx, dispatch.Filter{}, func(e dispatch.Entry) {
		for _, a := range e.Attempts {
			if a.Account != m.Account || a.ProviderID == "" {
				continue
			}
			k := keyOf(a.ProviderID)
			if _, twice := m.ids[k]; twice {
				m.ids[k] = ""
			} else {
				m.ids[k] = e.Reference
			}
		}
	})
}

// missing looks for what the journal calls paid and the statement does not have.
func (m *matching) missing(ctx context.Context) error {
	return m.each(ctx, dispatch.Filter{States: []dispatch.State{dispatch.StatePaid}}, func(e dispatch.Entry) {
		n, from, to := -1, time.Time{}, time.Time{}
		for i, a := range e.Attempts {
			if standing(e, i) != dispatch.StatePaid {
				continue
			}
			if a.Account != m.Account { // it may have been paid there
				return
			}
			if s := m.seen[attemptKey(a)]; s != (seen{}) {
				return
			}
			if n < 0 {
				n, from = i, moved(e, a)
			}
			to = a.FinalAt
		}
		early, late := m.From.Add(m.Margin), m.Before.Add(-m.Margin)
		switch {
		case n < 0, to.Before(m.From.Add(-m.Margin)), !from.Before(m.Before.Add(m.Margin)):
			return
		case from.Before(early), !to.Before(late):
			m.absent(Edge, e, n)
		default:
			m.absent(Missing, e, n)
		}
	})
}

// moved is the earliest time at which an attempt may have moved money. Of several
// transmissions the journal has only the last one's.
func moved(e dispatch.Entry, a dispatch.Attempt) time.Time {
	if a.Transmissions > 1 {
		return e.CreatedAt
	}
	return a.IntentAt
}

func (m *matching) absent(k Kind, e dispatch.Entry, n int) {
	f := m.finding(k, e, n)
	f.At = e.Attempts[n].FinalAt
	m.report.Findings = append(m.report.Findings, f)
}
