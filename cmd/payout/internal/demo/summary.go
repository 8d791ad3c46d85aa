package demo

import (
	"cmp"
	"slices"
	"time"

	"github.com/payoutkit/payout"
)

// Summary is what all rows came to.
type Summary struct {
	Rows     int
	Took     time.Duration
	Lost     int // answers that did not come
	Again    int // payouts that were sent to more than one bank
	Totals   []Total
	Ledgers  []Ledger
	Findings []Finding
}

// Total counts the rows of a provider that ended alike. Provider is "-" for rows
// that went to none.
type Total struct {
	Provider string `json:"provider"`
	Status   string `json:"status"`
	Count    int    `json:"count"`
}

// Ledger compares what we believe to have paid through a provider in a currency with
// the bank's own book, less what came back.
type Ledger struct {
	Provider      string       `json:"provider"`
	BelievedCount int          `json:"believed_count"`
	Believed      payout.Money `json:"believed"`
	MovedCount    int          `json:"moved_count"`
	Moved         payout.Money `json:"moved"`
	// Open are movements for payouts whose fate is not known, or with a person. They
	// are not among the moved ones: there is no belief to compare them with.
	OpenCount int          `json:"open_count"`
	Open      payout.Money `json:"open"`
	Agree     bool         `json:"agree"`
}

func summarise(results []Result, books []book, took time.Duration) (Summary, error) {
	s := Summary{Rows: len(results), Took: took, Findings: audit(results, books)}
	counts := map[Total]int{}
	open := map[string]bool{}
	c := comparison{}
	for _, r := range results {
		counts[Total{Provider: cmp.Or(r.Provider, "-"), Status: r.status()}]++
		if r.Lost {
			s.Lost++
		}
		if len(r.Attempts) > 1 {
			s.Again++
		}
		open[r.Reference] = open[r.Reference] || r.Unpaid == nil && !r.Payout.Status.Final()
		if r.Unpaid == nil && r.Payout.Status == payout.StatusPaid {
			l := c.of(r.Provider, r.Payout.Amount.Currency())
			c.add(&l.BelievedCount, &l.Believed, r.Payout.Amount, false)
		}
	}
	for _, b := range books {
		for _, e := range b.entries {
			l := c.of(b.provider, e.Money.Currency())
			if open[e.Reference] {
				c.add(&l.OpenCount, &l.Open, e.Money, e.Back)
			} else {
				c.add(&l.MovedCount, &l.Moved, e.Money, e.Back)
			}
		}
	}
	for t, n := range counts {
		t.Count = n
		s.Totals = append(s.Totals, t)
	}
	slices.SortFunc(s.Totals, func(a, b Total) int {
		return cmp.Or(cmp.Compare(a.Provider, b.Provider), cmp.Compare(slices.Index(statuses(), a.Status), slices.Index(statuses(), b.Status)))
	})
	s.Ledgers = c.ledgers()
	return s, c.err
}

// comparison collects ledgers by provider and currency.
type comparison struct {
	all []*Ledger
	err error // a sum that does not fit
}

func (c *comparison) of(provider string, currency payout.Currency) *Ledger {
	for _, l := range c.all {
		if l.Provider == provider && l.Moved.Currency() == currency {
			return l
		}
	}
	zero := payout.FromMinor(0, currency)
	l := &Ledger{Provider: provider, Believed: zero, Moved: zero, Open: zero}
	c.all = append(c.all, l)
	return l
}

func (c *comparison) add(count *int, sum *payout.Money, m payout.Money, back bool) {
	total, err := sum.Add(m)
	n := 1
	if back {
		total, err = sum.Sub(m)
		n = -1
	}
	if err != nil {
		c.err = err
		return
	}
	*count, *sum = *count+n, total
}

func (c *comparison) ledgers() []Ledger {
	var out []Ledger
	for _, l := range c.all {
		l.Agree = l.Believed == l.Moved && l.BelievedCount == l.MovedCount
		out = append(out, *l)
	}
	slices.SortFunc(out, func(a, b Ledger) int {
		return cmp.Or(cmp.Compare(a.Provider, b.Provider), cmp.Compare(a.Moved.Currency().Code(), b.Moved.Currency().Code()))
	})
	return out
}
