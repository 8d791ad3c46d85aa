package rbs

import (
	"strings"

	"github.com/payoutkit/payout"
)

// statuses is what an orderStatus proves about a payout (bereke:320-327;
// all2pay:382 lists -1 only; 7 and 8 are from the vendor's gateway). What is not
// here, in exactly this spelling, is Unknown; so is a missing one, never 0, which is
// a status.
var statuses = map[string]payout.Status{
	"-1": payout.StatusPending,        // in the module, not in the bank
	"0":  payout.StatusPending,        // registered, not paid
	"1":  payout.StatusPending,        // amount held
	"2":  payout.StatusPaid,           // fully authorised; see answer.paid
	"3":  payout.StatusFailed,         // authorisation cancelled; see answer.failed
	"4":  payout.StatusReview,         // refunded, which both banks say is impossible (all2pay:31, bereke:34)
	"5":  payout.StatusActionRequired, // the issuer's ACS was started
	"6":  payout.StatusFailed,         // declined; see answer.failed
	"7":  payout.StatusPending,        // pending
	"8":  payout.StatusPending,        // partly done
}

// action is what the processing's own code means beside a decline.
type action struct {
	reason payout.Reason // of the decline; ReasonUnknown: none that banks share
	open   bool          // somebody does not know yet: the decline may not be the end
}

// actions are the codes of the card processing (partial lists of the vendor's gateway;
// all2pay:531-534). One that is not here takes nothing from a decline, unless it is a
// host's, of the form 9xx.
var actions = map[string]action{
	"100":    {reason: payout.ReasonLimitExceeded},
	"101":    {reason: payout.ReasonDestinationInvalid}, // expired card
	"103":    {},                                        // contact the issuer
	"106":    {},                                        // PIN attempts
	"109":    {},                                        // merchant or terminal
	"110":    {},                                        // amount
	"111":    {reason: payout.ReasonDestinationInvalid}, // wrong number
	"116":    {reason: payout.ReasonInsufficientFunds},
	"119":    {reason: payout.ReasonDestinationRestricted}, // security
	"120":    {},                                           // refused
	"121":    {reason: payout.ReasonLimitExceeded},
	"125":    {reason: payout.ReasonDestinationInvalid},
	"902":    {reason: payout.ReasonDestinationRestricted},
	"903":    {open: true}, // re-enter
	"904":    {open: true}, // format
	"909":    {open: true}, // host
	"910":    {open: true}, // host
	"914":    {open: true}, // original not found
	"999":    {reason: payout.ReasonFraudControl},
	"8204":   {open: true}, // duplicate order: there is another one under this number
	"151018": {open: true}, // can't send
	"-2007":  {reason: payout.ReasonExpired},
	"-3003":  {open: true}, // unknown
	"-9000":  {open: true}, // started
	"-20010": {reason: payout.ReasonLimitExceeded},
}

// settled reports whether an action code can stand beside a status that is final and
// unpaid. "0", success, can only beside 3: an authorisation that succeeded and was then
// cancelled.
func settled(status, actionCode string) bool {
	if a, listed := actions[actionCode]; listed {
		return !a.open
	}
	if actionCode == "0" {
		return status == "3"
	}
	return len(actionCode) != 3 || !strings.HasPrefix(actionCode, "9")
}

// failureOf says why an order with status 3 or 6 failed.
func failureOf(status, actionCode string) payout.Failure {
	reason := actions[actionCode].reason
	switch {
	case reason != payout.ReasonUnknown:
	case status == "3":
		reason = payout.ReasonCancelled
	default:
		reason = payout.ReasonDeclined
	}
	if actionCode == "0" {
		actionCode = ""
	}
	return payout.Failure{Reason: reason, Code: actionCode}
}
