package postgres

import (
	"context"
	"sync"

	"github.com/payoutkit/payout/journal/witness"
)

// marks writes to the witness how far the journal has come. Commits that are made at
// once share a write.
type marks struct {
	witness witness.Witness // nil: there is none
	turn    chan struct{}   // whose write it is

	mu      sync.Mutex
	known   witness.Mark
	written witness.Mark
}

func newMarks(w witness.Witness, lineage string) *marks {
	return &marks{witness: w, turn: make(chan struct{}, 1), known: witness.Mark{Lineage: lineage}}
}

// compare returns what is wrong with the journal beside its witness, or "".
func (m *marks) compare(ctx context.Context, journal func(context.Context) (witness.Journal, error)) (string, error) {
	if m.witness == nil {
		return "", nil
	}
	mark, ok, err := m.witness.Read(ctx)
	if err != nil || !ok {
		return "", err
	}
	j, err := journal(ctx)
	if err != nil {
		return "", err
	}
	return witness.Compare(ctx, mark, j)
}

// set writes a mark. Of a server that was looked at for the first time it is written also
// if it is behind the last one: the journal is in doubt then. Of one that is known,
// commits may have come further since the mark was read.
func (m *marks) set(ctx context.Context, mark witness.Mark, first bool) error {
	if m.witness == nil {
		return nil
	}
	m.mu.Lock()
	if !first {
		if mark.Event = max(mark.Event, m.known.Event); mark.Epoch < m.known.Epoch {
			mark.Epoch, mark.Nonce = m.known.Epoch, m.known.Nonce
		}
	}
	m.known, m.written = mark, witness.Mark{}
	m.mu.Unlock()
	return m.reach(ctx, mark.Event)
}

// reach returns when the witness has seen an event, or a later one.
func (m *marks) reach(ctx context.Context, event int64) error {
	if m.witness == nil {
		return nil
	}
	m.mu.Lock()
	m.known.Event = max(m.known.Event, event)
	m.mu.Unlock()
	select {
	case m.turn <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { <-m.turn }()
	m.mu.Lock()
	mark, done := m.known, m.written == m.known || m.written.Lineage != "" && m.written.Epoch == m.known.Epoch && m.written.Event >= event
	m.mu.Unlock()
	if done {
		return nil
	}
	if err := m.witness.Write(ctx, mark); err != nil {
		return err
	}
	m.mu.Lock()
	m.written = mark
	m.mu.Unlock()
	return nil
}
