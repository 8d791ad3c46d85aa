package provider

import (
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/payoutkit/payout"
)

// Answer is what came back, whole: its body was read to the end, within the limit.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
}

// Format implements [fmt.Formatter]: an answer is printed without its content. Dumps
// that read fields show it: an Answer is not for logs.
func (a Answer) Format(f fmt.State, _ rune) {
	_, _ = fmt.Fprintf(f, "HTTP %d, %d bytes", a.Status, len(a.Body))
}

// LogValue implements [slog.LogValuer].
func (a Answer) LogValue() slog.Value { return slog.StringValue(fmt.Sprint(a)) }

// Unknown returns ErrOutcomeUnknown for an answer that no table of the bank lists,
// with a word of the adapter on why. The bank's wish to be left alone is kept. Access
// that was denied (401, 403) sets [payout.Error.Hold]: whoever denied it, the bank or
// a firewall that cut its answer off, will deny the next payout too.
func (a Answer) Unknown(why string) *payout.Error {
	return a.Error(payout.ErrOutcomeUnknown, "", why)
}

// Error returns an error of a kind that the adapter takes from its bank's tables,
// with the bank's code. What was answered was sent: a kind that says the opposite
// becomes ErrOutcomeUnknown, which is what [Answer.Unknown] returns.
func (a Answer) Error(kind payout.ErrorKind, code, detail string) *payout.Error {
	switch kind {
	case payout.ErrNotSent, payout.ErrInvalid, payout.ErrUnsupported:
		kind = payout.ErrOutcomeUnknown
	}
	return &payout.Error{
		Kind: kind, Code: payout.CleanCode(code), HTTPStatus: a.Status, Detail: detail,
		RetryAfter: retryAfter(a.Header.Get("Retry-After")), Hold: kind == payout.ErrOutcomeUnknown && denied(a.Status),
	}
}

func denied(status int) bool {
	return status == http.StatusUnauthorized || status == http.StatusForbidden
}

// retryAfter reads the header's form in seconds. A date would need the bank's
// clock.
func retryAfter(header string) time.Duration {
	if header == "" || len(header) > 6 || strings.Trim(header, "0123456789") != "" {
		return 0
	}
	d, err := time.ParseDuration(header + "s")
	if err != nil {
		return 0
	}
	return d
}

// Invalid returns ErrInvalid for the broken rules, or nil if there are none.
func Invalid(violations ...payout.Violation) error {
	if len(violations) == 0 {
		return nil
	}
	return &payout.Error{Kind: payout.ErrInvalid, Violations: violations}
}
