package payout

import (
	"slices"
	"time"
)

// Info is what is constant about a provider. Do not change what its slices and maps
// hold.
type Info struct {
	// Adapter is the adapter's name, "bereke"; Name that of this instance, unique
	// among the providers of a program, "bereke-corporate". Two accounts at one bank
	// are two providers.
	Adapter string
	Name    string

	// Account identifies where money and references live: host, login, merchant,
	// endpoint or group, source. It holds no secret. It is stored with every payout, so
	// that nobody asks or sends under another account.
	Account string

	// Amounts are the currencies, with the smallest and the greatest amount of each.
	Amounts []AmountRange

	// Destinations are the kinds that it pays to; Options the kinds of options that it
	// reads.
	Destinations []Kind
	Options      []Kind

	// SourceCards: a request may name a card in its [Source].
	SourceCards bool

	// Reference is the rule for references, beyond being unique.
	Reference ReferenceRule

	// Description is the greatest length of a description in characters; 0: the
	// provider takes none, and never sees one.
	Description int

	// Fields says what the bank calls the fields of a request, by our names
	// ("recipient.name"). A rule of this library that a request breaks is shown with it.
	Fields map[string]BankField

	// Polling is when to ask about a payout that is not final.
	Polling Polling

	// Dedup is what the bank is known to do with a reference that it has seen.
	Dedup Dedup

	// Absence says whether ErrNotFound can ever prove that a payout does not exist.
	Absence Absence

	// Off are abilities that the adapter has and this instance's configuration turned
	// off.
	Off []Ability
}

// BankField is a field in a bank's own words.
type BankField struct {
	Name string // "client.name"
	Doc  string // the document's line: "all2pay:328"
}

// AmountRange is a currency with the smallest and greatest amount in it, both
// included.
type AmountRange struct{ Min, Max Money }

// Range returns the range of amounts in a currency, and whether the provider pays
// in it at all. A range that lacks one of its ends, or has them in different
// currencies, is none.
func (i Info) Range(c Currency) (AmountRange, bool) {
	for _, r := range i.Amounts {
		if c != 0 && r.Min.Currency() == c && r.Max.Currency() == c {
			return r, true
		}
	}
	return AmountRange{}, false
}

// DestinationKind returns the kind with that name, if the provider pays to it.
func (i Info) DestinationKind(name string) (Kind, bool) {
	n := slices.IndexFunc(i.Destinations, func(k Kind) bool { return k.Name() == name })
	if n < 0 {
		return Kind{}, false
	}
	return i.Destinations[n], true
}

// Dedup is what a bank does with a second Create under one reference. The zero
// Dedup assumes the worst: it may pay again.
type Dedup uint8

const (
	DedupNone    Dedup = iota // not known: it may pay again
	DedupRefuses              // it refuses the second
	DedupReplays              // it answers with the first
)

// Absence is what it takes for ErrNotFound to prove that a payout does not exist.
// The zero Absence: nothing does.
type Absence struct {
	Proves   bool
	After    time.Duration // only this long after the last moment at which it could have been sent
	Times    int           // only if seen so often, apart from each other
	Evidence string        // the test or the document that says so
}
