package dispatch

import (
	"slices"
	"time"

	"github.com/payoutkit/payout"
)

// Route is one way to send payouts: a provider, what goes there, and how much.
type Route struct {
	// Name is unique among the routes; empty: the provider's.
	Name string
	// Provider is the instance's name, see [payout.Info.Name].
	Provider string
	// Match says which payouts may go this way. The zero Match is all that the
	// provider can carry.
	Match Match
	// Priority orders routes: lower goes first.
	Priority int
	// Weight shares payouts among routes of one priority, in proportion, by a hash of
	// the reference: the same payout always goes the same way. 0 is 1.
	Weight int
	// Limits bound what goes this way.
	Limits []Limit
}

// Match is a condition on a request. What is zero matches everything; what is set
// has to hold, all of it.
type Match struct {
	Currencies []payout.Currency
	// Destinations are names of kinds: "card", "sbp".
	Destinations []string
	// Min and Max bound the amount, both included. They are of the currency that they
	// are in, and match no other.
	Min, Max payout.Money
	// Banks are the recipient's bank, as the destination names it in a field "bank_id",
	// "bic" or "bank_code".
	Banks []string
	// Metadata are entries that the request has.
	Metadata map[string]string
}

// bankFields are the fields of destinations that name the recipient's bank.
var bankFields = [...]string{"bank_id", "bic", "bank_code"}

// misses returns why a request does not match, or "".
func (m Match) misses(req payout.Request) string {
	if len(m.Currencies) > 0 && !slices.Contains(m.Currencies, req.Amount.Currency()) {
		return "another currency"
	}
	if m.Min != (payout.Money{}) && (m.Min.Currency() != req.Amount.Currency() || req.Amount.Minor() < m.Min.Minor()) {
		return "below the least amount"
	}
	if m.Max != (payout.Money{}) && (m.Max.Currency() != req.Amount.Currency() || req.Amount.Minor() > m.Max.Minor()) {
		return "above the greatest amount"
	}
	if len(m.Destinations) > 0 && !slices.Contains(m.Destinations, req.Destination.Kind().Name()) {
		return "another kind of destination"
	}
	if len(m.Banks) > 0 && !m.bank(req.Destination) {
		return "another bank of the recipient"
	}
	for name, want := range m.Metadata {
		if got, ok := req.Metadata[name]; !ok || got != want {
			return "other metadata"
		}
	}
	return ""
}

func (m Match) bank(to payout.Destination) bool {
	for _, v := range to.Kind().Values(to) {
		if slices.Contains(bankFields[:], v.Name) && slices.Contains(m.Banks, v.Text.Reveal()) {
			return true
		}
	}
	return false
}

// Limit bounds what goes one way in a period. What is reserved for a payout counts
// from its intent until it is certain that it was not paid.
type Limit struct {
	// Name tells it from others; two routes that name the same limit share it.
	Name string
	// Amount and Count are how much and how many; zero: no such bound. A limit with an
	// amount counts payouts in its currency only.
	Amount payout.Money
	Count  int64
	Period Period
	// Zone is where the bank's days begin; nil: UTC.
	Zone *time.Location
}

// Period is a calendar period.
type Period uint8

const (
	Forever Period = iota // one period without end
	Hourly
	Daily
	Monthly
)

func (l Limit) zone() *time.Location {
	if l.Zone == nil {
		return time.UTC
	}
	return l.Zone
}

// bucket names the period that a time is in.
func (l Limit) bucket(at time.Time) string {
	at = at.In(l.zone())
	switch l.Period {
	case Hourly:
		return l.Name + "/" + at.Format("2006-01-02T15Z07:00")
	case Daily:
		return l.Name + "/" + at.Format("2006-01-02")
	case Monthly:
		return l.Name + "/" + at.Format("2006-01")
	default:
		return l.Name
	}
}

// uses are what a payout takes of the limits.
func uses(limits []Limit, amount payout.Money, at time.Time) []Use {
	var out []Use
	for _, l := range limits {
		if l.Amount != (payout.Money{}) && l.Amount.Currency() != amount.Currency() {
			continue
		}
		use := Use{Bucket: l.bucket(at), Amount: amount, MaxAmount: l.Amount, MaxCount: l.Count}
		if l.Amount == (payout.Money{}) {
			use.Amount = payout.Money{} // payouts are counted, whatever their currency
		}
		out = append(out, use)
	}
	return out
}
