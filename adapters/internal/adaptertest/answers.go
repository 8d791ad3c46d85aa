package adaptertest

import (
	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/conformance"
	"github.com/payoutkit/payout/sandbox"
)

// pair is what the Payout Module's errors are classed by.
type pair struct {
	http int
	code string
}

// meanings are the rows of the two documents that prove something about a payout that
// was just sent, read from the documents and not from the adapters. All others leave
// the outcome unknown.
var meanings = map[pair]conformance.Answer{
	{200, "116"}: {Reason: payout.ReasonInsufficientFunds},     // all2pay:890
	{200, "121"}: {Reason: payout.ReasonLimitExceeded},         // all2pay:891
	{200, "902"}: {Reason: payout.ReasonDestinationRestricted}, // all2pay:892
	{400, "98"}:  {Kind: payout.ErrRefused},                    // all2pay:893-905, bereke:577-587
	{401, "90"}:  {Kind: payout.ErrUnauthorized},               // all2pay:906, 910, bereke:588
	{502, "204"}: {Reason: payout.ReasonDestinationInvalid},    // all2pay:918-919, bereke:598-599
	{502, "400"}: {Reason: payout.ReasonDestinationInvalid},    // all2pay:920, bereke:600
	{502, "98"}:  {Reason: payout.ReasonDestinationInvalid},    // all2pay:921, bereke:601
}

// Answers are the rows of a bank's table of errors for the conformance suite.
func Answers(rows []sandbox.Row) []conformance.Answer {
	out := make([]conformance.Answer, len(rows))
	for i, row := range rows {
		reply := row.Reply()
		a := meanings[pair{row.HTTP, row.Code}]
		a.Name, a.Status, a.Header = row.Doc+" "+row.Message, reply.Status, reply.Header
		a.Body = func(string) []byte { return reply.Body }
		out[i] = a
	}
	return out
}
