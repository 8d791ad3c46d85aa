package payout

import "context"

// Observer sees the calls that a [Client] makes, for logs, spans and metrics, and
// hears its alarms. What it is given holds no secret. Its methods are called from
// many goroutines, return soon, and do not panic.
type Observer interface {
	// Start is called before a call. The context that it returns, made from ctx, goes
	// with the call; the function that it returns is called once, with the outcome,
	// even if the provider panics. The function may be nil.
	Start(ctx context.Context, call Call) (context.Context, func(Outcome))

	// Alarm is called for what a person should look at.
	Alarm(ctx context.Context, alarm Alarm)
}

// Call is a call that is about to be made.
type Call struct {
	Provider    string
	Op          Op
	Reference   string // "" for calls that are not about a payout
	Amount      Money
	Destination string // masked; "" if not known
}

// Outcome is how a call ended: with an error, which is an [*Error], or without one;
// then Create and Find have a status.
type Outcome struct {
	Status Status
	Err    error
}

// Alarm is something that should not be, and that a person should look at.
type Alarm struct {
	Kind      AlarmKind
	Provider  string
	Op        Op
	Reference string
	// Want and Got are what was expected and what came: references, amounts, ids.
	Want, Got string
}

// AlarmKind is the kind of an [Alarm], a fixed word to filter by.
type AlarmKind string

const (
	// AlarmReferenceDiffers: a bank answered about another reference.
	AlarmReferenceDiffers AlarmKind = "reference_differs"
	// AlarmAmountDiffers: a bank answered with another amount or currency.
	AlarmAmountDiffers AlarmKind = "amount_differs"
	// AlarmProviderIDDiffers: a bank has another payout under our reference.
	AlarmProviderIDDiffers AlarmKind = "provider_id_differs"
	// AlarmCardDiffers: a bank says that it keeps another card than the one given.
	AlarmCardDiffers AlarmKind = "card_differs"
	// AlarmPaidWithoutEvidence: a bank calls something paid and does not say what.
	AlarmPaidWithoutEvidence AlarmKind = "paid_without_evidence"
	// AlarmFailedWithoutEvidence: a bank that was asked calls something failed and does not
	// say what.
	AlarmFailedWithoutEvidence AlarmKind = "failed_without_evidence"
)

// NoObserver returns an Observer that sees nothing.
func NoObserver() Observer { return noObserver{} }

type noObserver struct{}

func (noObserver) Start(ctx context.Context, _ Call) (context.Context, func(Outcome)) {
	return ctx, nil
}
func (noObserver) Alarm(context.Context, Alarm) {}
