package run

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/batch"
	"github.com/payoutkit/payout/dispatch"
)

// Payouts is where a journal keeps payouts, many of which are looked up at once.
type Payouts interface {
	Entries
	Standing(ctx context.Context, references []string) ([]dispatch.Entry, error)
}

// Standing is what a journal has under references, as a check asks for it. The keys tell
// whether it is the same; ctx is for what is looked up again for single rows.
func Standing(ctx context.Context, j Payouts, keys dispatch.Keys) batch.Standing {
	return &standing{j: j, keys: keys, load: func(reference string) (dispatch.Entry, error) { return j.Load(ctx, reference) }}
}

type standing struct {
	j    Payouts
	keys dispatch.Keys
	load func(reference string) (dispatch.Entry, error)
	last atomic.Pointer[map[string]dispatch.Entry] // what was looked up last
}

// Payouts implements [batch.Standing].
func (s *standing) Payouts(ctx context.Context, references []string) (map[string]bool, error) {
	found, err := s.j.Standing(ctx, references)
	if err != nil {
		return nil, err
	}
	entries, out := make(map[string]dispatch.Entry, len(found)), make(map[string]bool, len(found))
	for _, e := range found {
		entries[e.Reference] = e
		out[e.Reference] = e.State == dispatch.StatePaid || !e.State.Final()
	}
	s.last.Store(&entries)
	return out, nil
}

// Conflict implements [batch.Standing].
func (s *standing) Conflict(req payout.Request) error {
	var e dispatch.Entry
	known := false
	if last := s.last.Load(); last != nil {
		e, known = (*last)[req.Reference]
	}
	if !known {
		var err error
		if e, err = s.load(req.Reference); errors.Is(err, dispatch.ErrNoEntry) {
			return nil
		} else if err != nil {
			return err
		}
	}
	same, err := s.keys.Same(e, req)
	if err != nil || same {
		return err
	}
	return &payout.Error{Kind: payout.ErrConflict, Violations: []payout.Violation{conflict(e)}}
}

// conflict says what stands under the reference of a row that says something else.
func conflict(e dispatch.Entry) payout.Violation {
	return payout.Violation{
		Field: "reference",
		Rule:  fmt.Sprintf("stands for another payout already: %s to %s, which is %s", e.Amount, e.Destination, e.State),
	}
}
