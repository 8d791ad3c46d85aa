package payout

import "context"

// Provider is one account at one bank or payment service. It is what adapters
// implement; applications hold a [Client].
//
// Implementations are immutable and safe for concurrent use: there are no data
// races, and simultaneous calls each have their expected outcome or an error. They
// do no I/O but in the methods that take a context, start no goroutine that
// outlives a call, and never make a call twice: exactly one request leaves for
// each Create.
//
// What more a provider can do is in one-method interfaces: [Pinger], [Balancer],
// [CardSaver], [SourceCardSaver], [CallbackReader].
type Provider interface {
	// Info returns the facts about this provider. It does no I/O and always returns
	// the same.
	Info() Info

	// Create sends one payout. The request was checked against Info by the Client, its
	// destination and options are values, never pointers, and it is the adapter's to
	// change; the adapter checks the rest of its bank's rules before anything is sent,
	// and fails with ErrInvalid.
	//
	// A nil error means that the bank answered about this payout, and the Payout's
	// Status says what; a refusal for a business reason is StatusFailed. The answer's
	// reference, amount and currency are returned as the bank gave them, zero where it
	// gave none.
	//
	// Right before the first byte of the request leaves, and not earlier, it asks
	// [SendPermitted], and sends nothing if that is false: ErrNotSent.
	//
	// An error is classified by the rules of [ErrorKind], on positive evidence only:
	// what is not proved is ErrOutcomeUnknown. Context cancelled: ErrNotSent if nothing
	// had left, else ErrOutcomeUnknown, wrapping the context's error.
	Create(ctx context.Context, req Request) (Payout, error)

	// Find asks about a payout. It changes nothing at the bank, and may be called at
	// any time, whatever Create returned. ref.Reference is never empty.
	//
	// A success of the call is not a success of the payout. A status that is missing or
	// that the adapter does not list is StatusUnknown, never StatusFailed. ErrNotFound
	// means that the bank says it does not know the payout.
	Find(ctx context.Context, ref Ref) (Payout, error)
}

// Ref is what it takes to ask about a payout. Reference and Amount come from the
// request, and suffice; the rest from the answer to Create, if there was one.
type Ref struct {
	Reference  string
	ProviderID string // the bank's id, or ""
	Endpoint   string // where the bank wants to be asked, or ""
	Amount     Money  // what was asked for: the answer must be about the same
}

// Op names a method of Client, in errors and observations.
type Op string

const (
	OpCreate         Op = "create"
	OpFind           Op = "find"
	OpPing           Op = "ping"
	OpBalances       Op = "balances"
	OpSaveCard       Op = "save card"
	OpSaveSourceCard Op = "save source card"
	OpCallback       Op = "callback"
	OpWait           Op = "wait"
)
