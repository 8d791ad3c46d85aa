package bank

import (
	"context"
	"slices"
	"time"

	"github.com/payoutkit/payout"
)

// Entry is one movement of money.
type Entry struct {
	Reference   string // the client's reference
	OrderID     string // the bank's own number of the order
	Money       payout.Money
	Fee         payout.Money // taken on top of Money; the zero Money is none
	Destination string       // masked
	Account     string       // what it was paid from; "" is the only account
	Time        time.Time
	Back        bool // money that came back
}

// Ledger is the bank's book of moved money: the truth that everything else is
// compared with. It is safe for concurrent use.
type Ledger struct {
	state   monitor
	entries []Entry
	funds   map[string]*Funds
}

// Funds is the state of one account that payouts are made from.
type Funds struct {
	Limited bool  // false: nobody counts
	Balance int64 // minor units; below zero when a Script paid without looking
	Spent   int64 // minor units paid out so far, fees included
}

func newLedger() *Ledger { return &Ledger{funds: make(map[string]*Funds)} }

// Fund gives account a balance. An account that never got one is not limited.
func (l *Ledger) Fund(account string, m payout.Money) {
	l.state.change(func() {
		f := l.account(account)
		f.Limited = true
		f.Balance += m.Minor()
	})
}

// Funds returns the state of account.
func (l *Ledger) Funds(account string) (f Funds) {
	l.state.look(func() { f = *l.account(account) })
	return f
}

func (l *Ledger) account(name string) *Funds {
	f := l.funds[name]
	if f == nil {
		f = &Funds{}
		l.funds[name] = f
	}
	return f
}

// move books e.
func (l *Ledger) move(e Entry) {
	l.state.change(func() {
		l.entries = append(l.entries, e)
		sum := e.Money.Minor() + e.Fee.Minor()
		if e.Back {
			sum = -e.Money.Minor()
		}
		f := l.account(e.Account)
		f.Balance -= sum
		f.Spent += sum
	})
}

// Entries returns all movements, in order.
func (l *Ledger) Entries() (all []Entry) {
	l.state.look(func() { all = slices.Clone(l.entries) })
	return all
}

// Moved returns the movements for reference, in order.
func (l *Ledger) Moved(reference string) []Entry {
	return slices.DeleteFunc(l.Entries(), func(e Entry) bool { return e.Reference != reference })
}

// Times returns how many times money went out for reference. More than one is what
// must never happen.
func (l *Ledger) Times(reference string) int {
	return len(slices.DeleteFunc(l.Moved(reference), func(e Entry) bool { return e.Back }))
}

// Totals returns how much went out in each currency, without fees, less what came
// back. A sum that does not fit is an error.
func (l *Ledger) Totals() (map[payout.Currency]payout.Money, error) {
	totals := make(map[payout.Currency]payout.Money)
	for _, e := range l.Entries() {
		cur := e.Money.Currency()
		sum, ok := totals[cur]
		if !ok {
			sum = payout.FromMinor(0, cur)
		}
		book := sum.Add
		if e.Back {
			book = sum.Sub
		}
		total, err := book(e.Money)
		if err != nil {
			return nil, err
		}
		totals[cur] = total
	}
	return totals, nil
}

// WaitTimes returns when money went out for reference n times or more, or with the
// context's error.
func (l *Ledger) WaitTimes(ctx context.Context, reference string, n int) error {
	return l.state.wait(ctx, func() bool {
		times := 0
		for i := range l.entries {
			if l.entries[i].Reference == reference && !l.entries[i].Back {
				times++
			}
		}
		return times >= n
	})
}
