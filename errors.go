package payout

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// Error is what every method of [Client] returns when it has no answer about a
// payout. Its text consists of words of this library, numbers and checked codes
// only: no text of a bank, of a request or of a lower layer is ever part of it.
//
// [errors.Is] finds its kind, and no other kind; errors.Is and [errors.As] find
// what else is in its cause.
type Error struct {
	Kind     ErrorKind
	Provider string // the instance's name
	Op       Op     // the call that failed

	// Violations are the rules broken, for ErrInvalid and ErrUnsupported.
	Violations []Violation

	// Code is the bank's own code, HTTPStatus that of its answer; 0 without an answer.
	// With an answer, a Kind that says that nothing was sent counts as
	// ErrOutcomeUnknown.
	Code       string
	HTTPStatus int

	// RetryAfter is how long the bank asked to be left alone, 0 if it did not.
	RetryAfter time.Duration

	// Hold: whatever this proves about the payout, the provider should get no new
	// payouts until a check call succeeds (its credentials seem not to work).
	Hold bool

	// Detail says more, in words of this library or its adapter: a constant text,
	// never one that came from outside.
	Detail string

	// Err is the cause, for errors.Is and errors.As. Its text is not shown.
	Err error
}

// Violation is one rule that a request breaks. It never holds the value.
type Violation struct {
	Field string // where: "amount", "destination.number", "reference"
	Rule  string // which rule: "must be at most 24 characters"
	// Doc is the line of the bank's document that the rule comes from, such as
	// "all2pay:233", or empty for a rule of this library.
	Doc string
}

// String returns "field: rule (doc)".
func (v Violation) String() string {
	s := v.Field + ": " + v.Rule
	if v.Doc != "" {
		s += " (" + v.Doc + ")"
	}
	return s
}

// kind is the kind that the rest of the error allows. A nil Error is the zero one:
// some adapter returned a nil *Error as an error.
func (e *Error) kind() ErrorKind {
	if e == nil {
		return ErrOutcomeUnknown
	}
	switch e.Kind {
	case ErrNotSent, ErrInvalid, ErrUnsupported:
		if e.HTTPStatus != 0 {
			return ErrOutcomeUnknown
		}
	}
	return e.Kind.known()
}

// Error returns one line, fit for logs.
func (e *Error) Error() string {
	if e == nil {
		return "payout: " + ErrOutcomeUnknown.Error()
	}
	var b strings.Builder
	b.WriteString("payout: ")
	if e.Provider != "" {
		b.WriteString(e.Provider + ": ")
	}
	if e.Op != "" {
		b.WriteString(string(e.Op) + ": ")
	}
	b.WriteString(e.kind().Error())
	if e.Detail != "" {
		b.WriteString(": " + e.Detail)
	}
	for i, v := range e.Violations {
		if i == 0 {
			b.WriteString(": ")
		} else {
			b.WriteString("; ")
		}
		b.WriteString(v.String())
	}
	if e.HTTPStatus != 0 {
		b.WriteString(" (HTTP " + strconv.Itoa(e.HTTPStatus) + ")")
	}
	if code := CleanCode(e.Code); code != "" {
		b.WriteString(" (code " + code + ")")
	}
	if e.RetryAfter > 0 {
		b.WriteString(" (retry after " + e.RetryAfter.String() + ")")
	}
	return strings.Map(printable, b.String())
}

func printable(r rune) rune {
	if unicode.IsPrint(r) {
		return r
	}
	return '?'
}

// Format implements [fmt.Formatter] for Error and *Error: every verb prints
// [Error.Error], since the cause may say more than is meant to be seen.
func (e Error) Format(f fmt.State, verb rune) {
	if verb == 'q' || f.Flag('#') {
		_, _ = fmt.Fprintf(f, "%q", e.Error())
		return
	}
	_, _ = f.Write([]byte(e.Error()))
}

// MarshalText implements [encoding.TextMarshaler] with [Error.Error], for the same
// reason.
func (e Error) MarshalText() ([]byte, error) { return []byte(e.Error()), nil }

// Unwrap returns the kind.
func (e *Error) Unwrap() error { return e.kind() }

// Is looks into the cause, but not for kinds: that something is ErrNotSent in there
// says nothing about this error.
func (e *Error) Is(target error) bool {
	_, kind := target.(ErrorKind)
	return e != nil && !kind && errors.Is(e.Err, target)
}

// As looks into the cause, but not for kinds.
func (e *Error) As(target any) bool {
	switch target.(type) {
	case *ErrorKind, **Error:
		return false
	}
	return e != nil && errors.As(e.Err, target)
}

// CleanCode returns a bank's code if it looks like one (at most 32 ASCII letters,
// digits, '-', '_' and '.', of which at most 10 are digits), and "" for anything
// else: free text from a bank, or a number that may be a card's, goes nowhere.
func CleanCode(code string) string {
	digits := 0
	for _, r := range code {
		switch {
		case '0' <= r && r <= '9':
			digits++
		case 'a' <= r && r <= 'z', 'A' <= r && r <= 'Z', r == '-', r == '_', r == '.':
		default:
			return ""
		}
	}
	if len(code) > 32 || digits > 10 {
		return ""
	}
	return code
}

// classified returns err as an *Error of this provider and call: what is no
// classified error becomes ErrOutcomeUnknown. Err keeps what err wraps.
func classified(err error, provider string, op Op) *Error {
	out := &Error{Err: err}
	var e *Error
	if errors.As(err, &e) && e != nil {
		*out = *e
		if err != error(e) { //nolint:errorlint // only if it is e itself does e say it all
			out.Err = err
		}
	}
	out.Kind = KindOf(err)
	out.Code = CleanCode(out.Code)
	out.Provider, out.Op = provider, op
	return out
}
