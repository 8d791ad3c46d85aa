package dispatch

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/payoutkit/payout"
)

// Filter says which entries to list or count. The zero Filter is all.
type Filter struct {
	States   []State
	Provider string // of any attempt
	Prefix   string // of the reference
	// CreatedFrom and CreatedBefore bound the time of Submit, if they are not zero.
	CreatedFrom, CreatedBefore time.Time
	// Min and Max bound the amount, if they are not zero. A payout in another currency
	// is not within them.
	Min, Max payout.Money

	After string // only references after this one
	Limit int    // 0: 100
}

// Check returns ErrInvalid if the filter can't be meant.
func (f Filter) Check() error {
	if none := (payout.Money{}); f.Min != none && f.Max != none && f.Min.Currency() != f.Max.Currency() {
		return invalid("max", "must be in the currency of min")
	}
	return nil
}

// Matches reports whether an entry is among those that f lists.
func (f Filter) Matches(e Entry) bool {
	return f.counts(e) && e.Reference > f.After
}

// counts is Matches without After.
func (f Filter) counts(e Entry) bool {
	through := func(a Attempt) bool { return a.Provider == f.Provider }
	return (len(f.States) == 0 || slices.Contains(f.States, e.State)) &&
		(f.Provider == "" || slices.ContainsFunc(e.Attempts, through)) &&
		strings.HasPrefix(e.Reference, f.Prefix) &&
		(f.CreatedFrom.IsZero() || !e.CreatedAt.Before(f.CreatedFrom)) &&
		(f.CreatedBefore.IsZero() || e.CreatedAt.Before(f.CreatedBefore)) &&
		bounded(e.Amount, f.Min, 1) && bounded(e.Amount, f.Max, -1)
}

// bounded reports whether an amount is a bound, or on its side, if there is one.
func bounded(amount, bound payout.Money, side int) bool {
	if bound == (payout.Money{}) {
		return true
	}
	return amount.Currency() == bound.Currency() && cmp.Compare(amount.Minor(), bound.Minor())*side >= 0
}
