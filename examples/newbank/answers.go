package newbank

import (
	"net/http"
	"strconv"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/provider"
)

// states is what a state proves about a payout (newbank:29-34). What is not here, in
// exactly this spelling, is Unknown, and so is a missing one.
var states = map[string]payout.Status{
	"accepted":   payout.StatusPending,
	"processing": payout.StatusPending,
	"completed":  payout.StatusPaid,
	"rejected":   payout.StatusFailed,
	"reversed":   payout.StatusReturned,
}

// reasons are the codes of the state rejected (newbank:32-33).
var reasons = map[string]payout.Reason{
	"insufficient_funds": payout.ReasonInsufficientFunds,
	"wallet_closed":      payout.ReasonDestinationInvalid,
	"operator_limit":     payout.ReasonLimitExceeded,
	"screening":          payout.ReasonFraudControl,
	"expired":            payout.ReasonExpired,
}

// refusals are errors about a call (newbank:39-46), by HTTP status and error: one alone
// may come from something that stands before the bank. What is not here has the zero
// kind, ErrOutcomeUnknown (newbank:47).
var refusals = map[string]payout.ErrorKind{
	"400 malformed":      payout.ErrRefused,
	"401 bad_signature":  payout.ErrUnauthorized,
	"409 reference_used": payout.ErrConflict,
	"429 slow_down":      payout.ErrRateLimited,
}

// declines are answers about a payout: it has failed (newbank:44-45).
var declines = map[string]payout.Reason{
	"422 unknown_wallet": payout.ReasonDestinationInvalid,
	"422 blocked_wallet": payout.ReasonDestinationRestricted,
}

// unknownTransfer answers a question only (newbank:36-37, 42).
const unknownTransfer = "404 unknown_transfer"

func row(a provider.Answer, w answer) string { return strconv.Itoa(a.Status) + " " + w.Error.Value }

// created reads the answer to a transfer: 202 if it was taken, 200 if it had been
// before (newbank:21-24).
func created(a provider.Answer, w answer) (payout.Payout, error) {
	if (a.Status == http.StatusAccepted || a.Status == http.StatusOK) && !w.Error.Present {
		return w.payout(), nil
	}
	if reason, listed := declines[row(a, w)]; listed && !w.transfer() {
		return payout.Payout{Status: payout.StatusFailed, Failure: payout.Failure{Reason: reason, Code: w.Error.Value}}, nil
	}
	return payout.Payout{}, refused(a, w)
}

// found reads the answer to a question.
func found(a provider.Answer, w answer) (payout.Payout, error) {
	switch {
	case a.Status == http.StatusOK && !w.Error.Present:
		return w.payout(), nil
	case row(a, w) == unknownTransfer && !w.transfer():
		return payout.Payout{}, a.Error(payout.ErrNotFound, w.Error.Value, "")
	default:
		return payout.Payout{}, refused(a, w)
	}
}

// refused is the error of an answer that tells no transfer's state.
func refused(a provider.Answer, w answer) error {
	if w.transfer() {
		return a.Unknown("a refusal that knows a transfer")
	}
	return a.Error(refusals[row(a, w)], w.Error.Value, "")
}

// transfer reports whether an answer speaks of a transfer that was made.
func (w answer) transfer() bool { return w.ID.Present || w.State.Present }

// payout reads a transfer's state. Reference and amount are the bank's, never those of
// the request: the Client compares the two.
func (w answer) payout() payout.Payout {
	amount, readable := money(w.Amount, w.Currency)
	p := payout.Payout{Reference: w.Reference.Value, ProviderID: w.ID.Value, Amount: amount, Status: states[w.State.Value]}
	switch {
	case !readable, p.Status == payout.StatusFailed && p.Reference == "": // whoever takes a payout for failed may pay again
		p.Status = payout.StatusUnknown
	case p.Status == payout.StatusFailed:
		p.Failure = payout.Failure{Reason: reasons[w.Code.Value], Code: w.Code.Value}
	}
	return p
}

// money is the one place where the bank's amount becomes one of ours (newbank:13).
// False: there is one, and it can't be read.
func money(amount, currency provider.Text) (payout.Money, bool) {
	if !amount.Present || !currency.Present {
		return payout.Money{}, true
	}
	c, err := payout.ParseCurrency(currency.Value)
	if err != nil {
		return payout.Money{}, false
	}
	m, err := payout.ParseMajor(amount.Value, c)
	return m, err == nil
}
