package bank

import (
	"slices"

	"github.com/payoutkit/payout"
)

// Statement is what a bank says about an order. A bank writes it in its own words and
// leaves out what Says denies.
type Statement struct {
	Order
	Turn
	silent []Fact
}

// Fact is a part of a statement that a Script can leave out.
type Fact uint8

// The facts of a statement.
const (
	Reference Fact = iota + 1
	OrderID
	Amount
	Currency
	StatusWord
)

// Says reports whether the statement holds a fact.
func (s Statement) Says(f Fact) bool { return !slices.Contains(s.silent, f) }

// Omit is a [Script.Alter] that leaves facts out.
func Omit(facts ...Fact) func(*Statement) {
	return func(s *Statement) { s.silent = slices.Concat(s.silent, facts) }
}

// Claim is a [Script.Alter] that names another amount or currency.
func Claim(m payout.Money) func(*Statement) {
	return func(s *Statement) { s.Money = m }
}

// ClaimReference is a [Script.Alter] that names another reference.
func ClaimReference(reference string) func(*Statement) {
	return func(s *Statement) { s.Order.Reference = reference }
}

// ClaimWord is a [Script.Alter] that uses another status word.
func ClaimWord(word string) func(*Statement) {
	return func(s *Statement) { s.Word = word }
}
