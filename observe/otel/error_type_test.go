package otelpayout

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/dispatch"
)

func TestErrorTypes(t *testing.T) {
	for word, err := range map[string]error{
		"outcome_unknown":   payout.ErrOutcomeUnknown,
		"invalid":           payout.ErrInvalid,
		"unsupported":       payout.ErrUnsupported,
		"not_sent":          payout.ErrNotSent,
		"refused":           payout.ErrRefused,
		"unauthorized":      payout.ErrUnauthorized,
		"rate_limited":      payout.ErrRateLimited,
		"not_found":         payout.ErrNotFound,
		"conflict":          payout.ErrConflict,
		"stale":             dispatch.ErrStale,
		"limit":             dispatch.ErrLimit,
		"reference_taken":   dispatch.ErrReferenceTaken,
		"no_entry":          dispatch.ErrNoEntry,
		"canceled":          context.Canceled,
		"deadline_exceeded": context.DeadlineExceeded,
		"_OTHER":            errors.New("a database's text"),
	} {
		if kind, ok := err.(payout.ErrorKind); ok {
			require.Equal(t, word, kindType(kind))
			err = &payout.Error{Kind: kind}
		}
		require.Equal(t, word, stepType(err))
		require.Equal(t, word, stepType(fmt.Errorf("wrapped: %w", err)))
	}
}

// Each kind has a word of its own, those that are still to come too.
func TestEveryKindHasAWord(t *testing.T) {
	words := map[string]payout.ErrorKind{}
	for n := range 256 {
		k := payout.ErrorKind(n)
		if k != payout.ErrOutcomeUnknown && errors.Is(k, payout.ErrOutcomeUnknown) {
			require.Equal(t, "outcome_unknown", kindType(k))
			continue
		}
		require.NotContains(t, words, kindType(k), k.Error())
		words[kindType(k)] = k
	}
	require.Len(t, words, 9)
}
