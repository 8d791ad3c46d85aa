package run

import (
	"cmp"
	"errors"
	"slices"
	"sync"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/batch"
)

// Refusals are the rows that the dispatcher did not take: nothing was sent for them. A
// bank's rule that one row breaks is often broken by all of them, so each reason is
// held once, and of a row eight bytes. It is safe for concurrent use.
type Refusals struct {
	mu      sync.Mutex
	reasons []error // those that are a *batch.RowError are of no line
	known   map[string]uint32
	rows    []refusal
	sorted  bool
}

type refusal struct{ line, reason uint32 }

func (r *Refusals) add(row batch.Row, err error) {
	var e *payout.Error
	if errors.As(err, &e) && len(e.Violations) > 0 {
		located := row.Locate(e.Violations)
		located.Line, located.LastLine = 0, 0
		err = located
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	n, ok := r.known[err.Error()]
	if !ok {
		n = uint32(len(r.reasons)) // #nosec G115 -- less than lines
		if r.known == nil {
			r.known = map[string]uint32{}
		}
		r.known[err.Error()], r.reasons = n, append(r.reasons, err)
	}
	r.rows, r.sorted = append(r.rows, refusal{uint32(row.Line), n}), false // #nosec G115 -- a file has less lines
}

// Len is how many there are.
func (r *Refusals) Len() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.rows)
}

// of is why a line was not taken, nil if it was.
func (r *Refusals) of(line int) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.sorted {
		slices.SortFunc(r.rows, func(a, b refusal) int { return cmp.Compare(a.line, b.line) })
		r.sorted = true
	}
	i, ok := slices.BinarySearchFunc(r.rows, line, func(a refusal, line int) int { return cmp.Compare(int(a.line), line) })
	if !ok {
		return nil
	}
	reason := r.reasons[r.rows[i].reason]
	var e *batch.RowError
	if errors.As(reason, &e) {
		return &batch.RowError{Line: line, LastLine: line, Problems: e.Problems}
	}
	return reason
}
