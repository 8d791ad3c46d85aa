package conformance

import (
	"context"
	"crypto/x509"
	"net/http"

	"github.com/payoutkit/payout"
)

// Harness is what the suite needs to know of an adapter. Fields may be added; the
// zero value of a new one keeps an old harness working.
type Harness struct {
	// New makes the provider under test, for a bank at url ("https://127.0.0.1:1234")
	// whose certificate roots vouch for. It is called once or more for each case, and
	// may be called from several goroutines. Required.
	New func(url string, roots *x509.CertPool) (payout.Provider, error)

	// Stranger makes the same provider with credentials that the bank does not know: one
	// of New's is wrong, a password or a key. Required.
	Stranger func(url string, roots *x509.CertPool) (payout.Provider, error)

	// NewBank starts a simulated bank, on loopback, over TLS, that holds enough to pay
	// the greatest amounts of Info. The suite closes it. Required.
	NewBank func() (Bank, error)

	// Requests are payouts that the bank would carry: at least one for each kind of
	// destination in Info, and one for each currency. The suite sets their references,
	// and where a case is about amounts, these. The first is the one that most cases
	// use. Required.
	Requests []payout.Request

	// Prepare completes a request whose reference is set: for a destination that is made
	// for one reference, such as a card encrypted together with it. p is the provider that
	// the request is for. It may ask the bank by GET, and pays nothing. Nil: requests are
	// complete as they are.
	Prepare func(ctx context.Context, p payout.Provider, req payout.Request) (payout.Request, error)

	// Act does what a payout's action asks of somebody, so that it is paid: it opens
	// action.URL and enters a card there. browser trusts the bank, and follows no redirect.
	// Required if a payout of Requests is answered with StatusActionRequired.
	Act func(ctx context.Context, browser *http.Client, action payout.Action) error

	// Secrets are the texts of the configuration that may never be shown: passwords,
	// keys, tokens. Those of the requests are known from their declarations.
	Secrets []string

	// Answers are the rows of the bank's documented table of errors: for each, the
	// answer as it arrives, and what the document makes it mean. An answer that is not
	// here has to end as an unknown outcome; so has one of them with another HTTP status,
	// or with another code. What the document lists for several is a row for each.
	Answers []Answer

	// Declines are the bank's own codes for why a payout was not paid, as it tells them to
	// who asks, and what each means. None: it tells no code.
	Declines map[string]payout.Reason

	// Callback makes the call that the bank would make for a payout, for providers that
	// read callbacks.
	Callback func(p payout.Payout) *http.Request

	// SaveCard is a request for a card to be saved, for providers that save cards; the
	// suite sets its reference. If Requests has a payout to a [payout.SavedCard], the card
	// is paid to as well, with OwnerID as the recipient's id.
	SaveCard payout.SaveCardRequest

	// Exceptions are cases that do not apply to this adapter. What concerns money can't
	// be among them.
	Exceptions []Exception
}

// Exception declares that a case does not apply.
type Exception struct {
	Case   string // its name
	Reason string // for the report
}

// Answer is an answer that the bank's document lists for a payout that it did not
// carry out.
type Answer struct {
	Name   string // "401/90 User not authenticated (all2pay:906)"
	Status int    // of HTTP
	Header http.Header
	// Body is what the bank writes, given the payout's reference.
	Body func(reference string) []byte
	// Kind is the error that it has to become; or, if Reason is set, the payout has to
	// be failed for that reason.
	Kind   payout.ErrorKind
	Reason payout.Reason
}

// Bank is a simulated bank as the suite sees it. Package simulated makes one of any
// bank that is built on sandbox/bank. It is used by several goroutines at once.
type Bank interface {
	// URL is "https://127.0.0.1:PORT"; Roots vouch for its certificate.
	URL() string
	Roots() *x509.CertPool
	// Plan says what becomes of the payout with that reference, before it is made.
	// Without a plan it is paid.
	Plan(reference string, p Plan)
	// Moved returns the money that moved to the recipient under that reference, an
	// amount for each time.
	Moved(reference string) []payout.Money
	// Total returns how often money moved in all, under whatever reference.
	Total() int
	// Close stops it, and returns when none of its goroutines is left.
	Close()
}

// Plan is what a bank does with one payout. The zero Plan is to pay it.
type Plan struct {
	// Turns are what the bank says: the first in answer to Create (a bank that never
	// says more than "received" there may begin with the second), and one further for
	// each question; the last one stays. None: Paid.
	Turns []Turn
	// Code is the bank's own code at Failed; "" is its general one.
	Code string
	// Lie is what is wrong in every answer about the payout, though the money moves as
	// Turns say.
	Lie Lie
}

// Turn is what a bank says of a payout at one time.
type Turn uint8

// The turns. Money moves at Paid, once.
const (
	Paid     Turn = iota // paid
	Pending              // under way
	Failed               // declined for good
	Odd                  // a status word that no document lists; the money moves
	Silent               // an answer in which the status is missing; the money moves
	Returned             // it was paid, and the money came back
)

// Lie is what is wrong in a bank's answers.
type Lie uint8

// The lies.
const (
	Truth          Lie = iota
	OtherAmount        // another amount
	OtherCurrency      // the same number in another currency
	OtherReference     // somebody else's reference
	NoAmount           // no amount
	NoCurrency         // no currency
	NoReference        // no reference
)

var lieNames = map[Lie]string{
	OtherAmount: "another amount", OtherCurrency: "another currency", OtherReference: "another reference",
	NoAmount: "no amount", NoCurrency: "no currency", NoReference: "no reference",
}

// String says what is wrong.
func (l Lie) String() string { return lieNames[l] }
