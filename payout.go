package payout

import "time"

// Payout is what a provider says about one payout, in neutral words. It holds no
// secret but the action's address, which can't be printed.
type Payout struct {
	// Reference is the platform's, Provider the instance's name, Account where money
	// and references live ([Info.Account]).
	Reference string
	Provider  string
	Account   string

	// ProviderID is the bank's own id, once it has given one. Endpoint is where it
	// wants to be asked, if its answer said so. Both belong into the [Ref].
	ProviderID string
	Endpoint   string

	// Amount is what the recipient gets, Fee what the bank says it takes on top. Zero:
	// not said.
	Amount Money
	Fee    Money

	Status  Status
	Failure Failure // why, if Status is StatusFailed
	Action  Action  // what to do, if Status is StatusActionRequired

	// Destination is the destination as far as it may be shown, see [Masked].
	Destination string

	// Operations are the bank's movements under this payout, in its order.
	Operations []Operation

	// CreatedAt is when the bank registered it; zero if not said.
	CreatedAt time.Time

	// Metadata is what the bank returned of the request's.
	Metadata map[string]string

	// Support is what the bank's support asks for beside the ids above, such as a
	// request's serial number.
	Support map[string]string
}

// Ref returns what it takes to ask about the payout again. Store it: it knows more
// than [Request.Ref] once the bank has answered.
func (p Payout) Ref() Ref {
	return Ref{Reference: p.Reference, ProviderID: p.ProviderID, Endpoint: p.Endpoint, Amount: p.Amount}
}

// Operation is one movement or check at the bank.
type Operation struct {
	Type   string // the bank's word, such as "P2P_CREDIT"
	Amount Money
	OK     bool   // the bank says that it succeeded
	Code   string // the bank's result code
	RRN    string // reference number of the operation in the card network
	At     time.Time
}

// Action is what someone must do before the payout goes on: open a page and enter
// a card, or pass 3-D Secure.
type Action struct {
	// URL of the page. Whoever has it can act in the recipient's place.
	URL Secret
	// ExpiresAt is when the page stops working; zero if the bank does not say.
	ExpiresAt time.Time
}

// IsZero reports whether there is nothing to do.
func (a Action) IsZero() bool { return a.URL.IsZero() && a.ExpiresAt.IsZero() }
