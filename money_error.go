package payout

import (
	"fmt"
	"strconv"
)

// A MoneyErrorKind says which rule of [Money] or [Currency] was broken. It is
// an error itself, so that errors.Is(err, payout.ErrMoneyPrecision) asks for
// it.
type MoneyErrorKind uint8

const (
	// ErrMoneySyntax: the text is not in the form that the function documents.
	ErrMoneySyntax MoneyErrorKind = iota + 1

	// ErrMoneyPrecision: the amount is no whole number of minor units, and
	// nothing here rounds.
	ErrMoneyPrecision

	// ErrMoneyOverflow: the result does not fit in 64 bits of minor units.
	ErrMoneyOverflow

	// ErrMoneyCurrency: there is no currency where one is needed, it is not in
	// ISO 4217's current list, or it has no minor unit.
	ErrMoneyCurrency

	// ErrMoneyMismatch: two amounts of different currencies.
	ErrMoneyMismatch

	// ErrMoneyArgument: another argument is outside of what the function
	// documents: a split into no parts, a negative ratio, a column of a wrong
	// type.
	ErrMoneyArgument
)

// Error returns the kind's name.
func (k MoneyErrorKind) Error() string {
	switch k {
	case ErrMoneySyntax:
		return "money: syntax"
	case ErrMoneyPrecision:
		return "money: precision"
	case ErrMoneyOverflow:
		return "money: overflow"
	case ErrMoneyCurrency:
		return "money: currency"
	case ErrMoneyMismatch:
		return "money: mismatch"
	case ErrMoneyArgument:
		return "money: argument"
	default:
		return "money: unknown error"
	}
}

// A MoneyError is the error of every function of [Money] and [Currency]. Such
// an error is about a value in memory: no money has moved and none will because
// of it.
type MoneyError struct {
	Kind   MoneyErrorKind
	Rule   string // what is wrong, and what would be right
	Near   string // a short, quoted, printable piece of the input around Offset; "" if the error is about no input
	Offset int    // the byte of the input where it went wrong, from 0; -1 if it is about the whole
}

// Error returns a text that holds no more of the input than Near.
func (e *MoneyError) Error() string {
	text := "payout: " + e.Kind.Error() + ": " + e.Rule
	switch {
	case e.Near == "":
		return text
	case e.Offset < 0:
		return text + " (in " + e.Near + ")"
	default:
		return text + " (at byte " + strconv.Itoa(e.Offset) + ", near " + e.Near + ")"
	}
}

// Unwrap returns the kind.
func (e *MoneyError) Unwrap() error { return e.Kind }

// excerpt quotes at most 8 bytes of input around byte at, with dots outside the
// quotes where it was cut.
func excerpt[T string | []byte](input T, at int) string {
	const size = 8
	from := max(0, min(at-size/2, len(input)-size))
	to := min(len(input), from+size)
	text := strconv.QuoteToASCII(string(input[from:to]))
	if from > 0 {
		text = "..." + text
	}
	if to < len(input) {
		text += "..."
	}
	return text
}

// currencyError is the error for a currency that can't hold money.
func currencyError(c Currency) error {
	rule := "there is no currency"
	switch {
	case c.entry().position != 0:
		rule = c.Code() + " has no minor unit, so it can't hold money"
	case c != 0:
		rule = fmt.Sprintf("number %d is not in ISO 4217's current list", uint16(c))
	}
	return &MoneyError{Kind: ErrMoneyCurrency, Rule: rule, Offset: -1}
}

// inputError is an error about a text; at is the byte that is wrong, or -1.
func inputError[T string | []byte](kind MoneyErrorKind, rule string, input T, at int) error {
	return &MoneyError{Kind: kind, Rule: rule, Near: excerpt(input, max(0, at)), Offset: at}
}

// valueError is an error about values and no text.
func valueError(kind MoneyErrorKind, format string, args ...any) error {
	return &MoneyError{Kind: kind, Rule: fmt.Sprintf(format, args...), Offset: -1}
}
