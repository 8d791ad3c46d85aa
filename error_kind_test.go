package payout_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/payoutkit/payout"
)

var errorKinds = []payout.ErrorKind{
	payout.ErrOutcomeUnknown, payout.ErrInvalid, payout.ErrUnsupported, payout.ErrNotSent, payout.ErrRefused,
	payout.ErrUnauthorized, payout.ErrRateLimited, payout.ErrNotFound, payout.ErrConflict,
}

// strangersError is an error type of somebody else's package.
type strangersError struct{ inner error }

func (e strangersError) Error() string { return "stranger" }
func (e strangersError) Unwrap() error { return e.inner }

func TestKindOfEveryKindInEveryWrapping(t *testing.T) {
	for _, k := range errorKinds {
		for name, err := range map[string]error{
			"bare":                  k,
			"an Error":              &payout.Error{Kind: k},
			"with a cause":          &payout.Error{Kind: k, Err: io.EOF},
			"with several causes":   &payout.Error{Kind: k, Err: errors.Join(io.EOF, context.Canceled)},
			"cause of the kind":     &payout.Error{Kind: k, Err: &payout.Error{Kind: k}},
			"fmt":                   fmt.Errorf("wrapped: %w", &payout.Error{Kind: k}),
			"fmt, bare":             fmt.Errorf("wrapped: %w", k),
			"a stranger's":          strangersError{fmt.Errorf("wrapped: %w", k)},
			"joined alone":          errors.Join(k),
			"joined with its equal": errors.Join(k, fmt.Errorf("wrapped: %w", &payout.Error{Kind: k})),
		} {
			require.Equal(t, k, payout.KindOf(err), "%s: %v", name, k)
			require.ErrorIs(t, err, k, name)
			require.Equal(t, k == payout.ErrNotSent, payout.SafeToRetry(err), "%s: %v", name, k)
		}
	}
}

// Whatever stands beside a proof and is none itself takes the proof away.
func TestKindOfUnknownWins(t *testing.T) {
	var none *payout.Error
	notSent := &payout.Error{Kind: payout.ErrNotSent}
	for name, err := range map[string]error{
		"nil":                              nil,
		"nil *Error":                       none,
		"zero Error":                       &payout.Error{},
		"no kind":                          io.EOF,
		"context":                          context.DeadlineExceeded,
		"a kind that does not exist":       payout.ErrorKind(200),
		"an Error of a kind that does not": &payout.Error{Kind: 200},
		"money's kind":                     payout.ErrMoneySyntax,
		"joined with unknown":              errors.Join(notSent, payout.ErrOutcomeUnknown),
		"joined before unknown":            errors.Join(payout.ErrOutcomeUnknown, notSent),
		"joined with a nil *Error":         errors.Join(notSent, none),
		"joined with another":              errors.Join(notSent, payout.ErrRefused),
		"joined with what has no kind":     errors.Join(notSent, io.ErrUnexpectedEOF),
		"joined after what has no kind":    errors.Join(io.ErrUnexpectedEOF, notSent),
		"one, then two that agree":         errors.Join(payout.ErrRefused, notSent, notSent),
		"no kind, then two that agree":     errors.Join(io.ErrUnexpectedEOF, notSent, notSent),
		"between two that have no kind":    errors.Join(io.EOF, notSent, io.EOF),
		"two %w, one without a kind":       fmt.Errorf("%w: %w", payout.ErrNotSent, io.EOF),
		"joined deep down":                 fmt.Errorf("a: %w", strangersError{errors.Join(notSent, io.EOF)}),
		"two that don't exist":             errors.Join(payout.ErrorKind(200), payout.ErrorKind(201)),
		"a cause of another kind":          &payout.Error{Kind: payout.ErrNotSent, Err: &payout.Error{}},
		"deep cause of another kind":       &payout.Error{Kind: payout.ErrNotSent, Err: fmt.Errorf("x: %w", payout.ErrNotFound)},
		"unwraps to nothing":               strangersError{},
		"not sent, but answered":           &payout.Error{Kind: payout.ErrNotSent, HTTPStatus: 503},
		"invalid, but answered":            &payout.Error{Kind: payout.ErrInvalid, HTTPStatus: 400},
		"unsupported, but answered":        &payout.Error{Kind: payout.ErrUnsupported, HTTPStatus: 200},
	} {
		require.Equal(t, payout.ErrOutcomeUnknown, payout.KindOf(err), name)
		require.False(t, payout.SafeToRetry(err), name)
	}
}

func TestKindOfOtherKindsMayCarryAnAnswer(t *testing.T) {
	for _, k := range errorKinds[4:] {
		require.Equal(t, k, payout.KindOf(&payout.Error{Kind: k, HTTPStatus: 400}))
	}
}

// However errors are nested: only if each kind in the tree is ErrNotSent, and each
// part of each join has one, may a call be made again.
func TestPropertyKindOfNeedsAgreement(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		proved := true
		var draw func(depth int) error
		draw = func(depth int) error {
			choice := rapid.IntRange(0, 5).Draw(t, "node")
			if depth == 0 {
				choice = min(choice, 1)
			}
			switch choice {
			case 0, 1:
				k := rapid.SampledFrom(append([]payout.ErrorKind{payout.ErrNotSent, payout.ErrNotSent, payout.ErrNotSent}, errorKinds...)).Draw(t, "kind")
				proved = proved && k == payout.ErrNotSent
				return &payout.Error{Kind: k}
			case 2:
				return fmt.Errorf("wrapped: %w", draw(depth-1))
			case 3:
				return &payout.Error{Kind: payout.ErrNotSent, Err: draw(depth - 1)}
			case 4:
				return errors.Join(draw(depth-1), draw(depth-1))
			default:
				proved = false
				return errors.Join(draw(depth-1), io.EOF)
			}
		}
		err := draw(4)
		if payout.SafeToRetry(err) != proved {
			t.Fatalf("SafeToRetry is %v of an error where proved is %v: %v", !proved, proved, err)
		}
	})
}

func TestErrorKindText(t *testing.T) {
	seen := map[string]bool{}
	for _, k := range errorKinds {
		require.False(t, seen[k.Error()], k.Error())
		seen[k.Error()] = true
	}
	require.Equal(t, "outcome unknown", payout.ErrorKind(200).Error())
	require.Equal(t, "outcome unknown", new(payout.ErrorKind).Error(), "the zero kind")
	require.NotErrorIs(t, payout.ErrNotSent, payout.ErrOutcomeUnknown)
	require.ErrorIs(t, payout.ErrorKind(200), payout.ErrOutcomeUnknown)
}

func TestProvedUnpaid(t *testing.T) {
	for kind := payout.ErrOutcomeUnknown; kind <= payout.ErrConflict+1; kind++ {
		want := false
		switch kind {
		case payout.ErrInvalid, payout.ErrUnsupported, payout.ErrNotSent, payout.ErrRefused, payout.ErrUnauthorized, payout.ErrRateLimited:
			want = true
		}
		require.Equal(t, want, payout.ProvedUnpaid(kind), kind.Error())
		require.Equal(t, want, payout.ProvedUnpaid(fmt.Errorf("pay: %w", &payout.Error{Kind: kind})), kind.Error())
	}
	require.False(t, payout.ProvedUnpaid(nil))
	require.False(t, payout.ProvedUnpaid(errors.Join(payout.ErrNotSent, payout.ErrOutcomeUnknown)))
}
