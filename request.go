package payout

import (
	"fmt"
	"log/slog"
)

// Request is one intended payout. Build it once, keep its Reference and Amount
// before the first call, and never use the reference for anything else.
//
// A Request is read, never written, by this library; it is safe to use from
// several goroutines while nobody changes it. Printed by fmt or slog it shows only
// its reference, its amount and its masked destination.
type Request struct {
	// Reference is the platform's own unique id of this payout. Two requests with one
	// reference are the same payout; who asks twice under two references has asked for
	// two payouts. Required. It travels to the bank, so the provider's rules hold
	// ([Info.Reference]).
	Reference string

	// Amount is what the recipient gets. Positive. Required.
	Amount Money

	// Destination is where it goes. Required.
	Destination Destination

	// Source is what it is paid from. The zero Source is the account's own.
	Source Source

	// Recipient is the person who gets it. What of it is needed depends on the bank.
	Recipient Recipient

	// Description is shown to the recipient by some banks. Not for secrets.
	Description string

	// Language of pages and messages, two letters (ISO 639-1), lower case. Optional.
	Language string

	// ReturnURL and FailURL are where the recipient's browser goes from the bank's
	// page, CallbackURL is what the bank may call. Absolute https addresses. That a
	// browser comes back there proves nothing.
	ReturnURL   string
	FailURL     string
	CallbackURL string

	// Metadata travels with the payout where the bank has a place for it. Not for
	// secrets or personal data.
	Metadata map[string]string

	// Options are one bank's own extras, at most one value of each type, such as
	// connpay.Order. A provider reads its own and ignores the others.
	Options []Option
}

// Option is a bank's own extra to a request: a [Record] that the bank's adapter
// defines, and that its Info lists.
type Option interface{ Record }

// OptionOf returns the option of type T in a request, or the zero T.
func OptionOf[T Option](r Request) (T, bool) {
	for _, o := range r.Options {
		if v, ok := valueOf[T](o); ok {
			return v, true
		}
	}
	var zero T
	return zero, false
}

// Ref returns what it takes to ask about the payout, before a bank has answered.
func (r Request) Ref() Ref { return Ref{Reference: r.Reference, Amount: r.Amount} }

// String returns the reference, the amount and the masked destination.
func (r Request) String() string {
	return fmt.Sprintf("payout %q %s to %s", r.Reference, r.Amount, Masked(r.Destination))
}

// Format implements [fmt.Formatter]: every verb prints [Request.String].
func (r Request) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(r.String())) }

// LogValue implements [slog.LogValuer] with the same three facts.
func (r Request) LogValue() slog.Value {
	return slog.GroupValue(
		slog.String("reference", r.Reference),
		slog.String("amount", r.Amount.String()),
		slog.String("destination", Masked(r.Destination)),
	)
}

// Source is what a payout is funded from.
type Source struct {
	// SavedCard is the bank's identifier of a card of the platform's own, such as a
	// corporate card that was added in the bank's portal (bereke:297, 559). Empty: the
	// account that the provider is configured with.
	SavedCard string
}
