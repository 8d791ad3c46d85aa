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

// reasons are action codes of the card processing that say why a payout was
// declined (partial lists of the vendor's gateway; all2pay:532).
var reasons = map[string]payout.Reason{
	"100":    payout.ReasonLimitExceeded,
	"101":    payout.ReasonDestinationInvalid, // expired card
	"111":    payout.ReasonDestinationInvalid, // wrong number
	"116":    payout.ReasonInsufficientFunds,
	"119":    payout.ReasonDestinationRestricted,
	"121":    payout.ReasonLimitExceeded,
	"125":    payout.ReasonDestinationInvalid,
	"902":    payout.ReasonDestinationRestricted,
	"999":    payout.ReasonFraudControl,
	"-2007":  payout.ReasonExpired,
	"-20010": payout.ReasonLimitExceeded,
}

// settled reports whether an action code can stand beside a final decline. Those of
// hosts that gave no answer (9xx, but for the two that are reasons), "unknown",
// "started" and "can't send" say that somebody does not know yet, and "duplicate
// order" that there is another payout under this number.
func settled(actionCode string) bool {
	if _, ok := reasons[actionCode]; ok {
		return true
	}
	switch actionCode {
	case "-3003", "-9000", "151018", "8204":
		return false
	}
	return len(actionCode) != 3 || !strings.HasPrefix(actionCode, "9")
}

// failureOf says why an order with status 3 or 6 failed.
func failureOf(status, actionCode string) payout.Failure {
	if reason, ok := reasons[actionCode]; ok {
		return payout.Failure{Reason: reason, Code: actionCode}
	}
	reason := payout.ReasonDeclined
	if status == "3" {
		reason = payout.ReasonCancelled
	}
	if actionCode == "0" {
		actionCode = ""
	}
	return payout.Failure{Reason: reason, Code: actionCode}
}
