package payout

// Failure is why a payout failed, in the bank's business terms. An error is
// something else: there the bank said nothing about the payout.
type Failure struct {
	Reason Reason
	Code   string // the bank's own code; see [CleanCode]
}

// Reason is a bank's reason for not paying, in words that all banks share. It is
// what routing decides by: whether another bank could succeed. The zero Reason is
// not known.
type Reason uint8

const (
	ReasonUnknown               Reason = iota
	ReasonInsufficientFunds            // our account there does not hold enough
	ReasonLimitExceeded                // a limit at this bank is used up
	ReasonDestinationInvalid           // no such card, account or phone, or this bank can't pay there
	ReasonDestinationRestricted        // the recipient's bank does not take it
	ReasonDeclined                     // declined, and the bank does not say why
	ReasonFraudControl                 // stopped by the bank's fraud control
	ReasonExpired                      // nobody acted in time
	ReasonCancelled                    // withdrawn before it was paid

	lastReason = ReasonCancelled
)

var reasonNames = [...]string{
	"unknown", "insufficient_funds", "limit_exceeded", "destination_invalid",
	"destination_restricted", "declined", "fraud_control", "expired", "cancelled",
}

// String returns the reason as it is stored and printed, such as
// "insufficient_funds".
func (r Reason) String() string { return reasonNames[r.known()] }

func (r Reason) known() Reason {
	if r > lastReason {
		return ReasonUnknown
	}
	return r
}

// MarshalText implements [encoding.TextMarshaler].
func (r Reason) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// UnmarshalText implements [encoding.TextUnmarshaler]. A word that is no reason is
// read as ReasonUnknown: it may come from a newer version.
func (r *Reason) UnmarshalText(text []byte) error {
	*r = ReasonUnknown
	for i, name := range reasonNames {
		if string(text) == name {
			*r = Reason(i)
		}
	}
	return nil
}
