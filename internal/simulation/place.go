package simulation

import (
	"context"
	"testing"
	"time"

	"github.com/payoutkit/payout/dispatch"
)

// Place is where the journal of one history is. It is opened within the history's bubble
// of time, see [testing/synctest]: whatever goroutines it has are begun there, and end in a
// Cleanup of the T that it was opened with.
type Place struct {
	// Journal is empty, and shared by all workers.
	Journal dispatch.Journal
	// Reopen is for a journal that outlives its process: now and then all workers die at
	// once, nobody uses the old journal any more, and go on with what Reopen returns. Nil:
	// it can't be.
	Reopen func() dispatch.Journal
	// Copy keeps a copy of the journal as it is; the last one is what Restore puts back in
	// its place, with a new [dispatch.Doubt] that begins now. All workers are dead then, and
	// go on with what it returns. Trust ends the doubt. Either all three are there, or none.
	Copy    func()
	Restore func() dispatch.Journal
	Trust   func()
}

// InMemory is a place in memory.
func InMemory(testing.TB) *Place {
	journal := &written{Memory: dispatch.NewMemory()}
	return &Place{
		Journal: journal,
		Copy:    func() { journal.copied = len(journal.log) },
		Restore: func() dispatch.Journal {
			journal = journal.restored()
			return journal
		},
		Trust: func() { journal.doubt = dispatch.Doubt{} },
	}
}

// written is a journal in memory that knows what was written to it, and can do so again.
type written struct {
	*dispatch.Memory
	log    []func(ctx context.Context, m *dispatch.Memory)
	copied int // as much of log as the last copy has
	doubts int64
	doubt  dispatch.Doubt
}

// restored is the last copy, in doubt.
func (j *written) restored() *written {
	m := dispatch.NewMemory()
	for _, write := range j.log[:j.copied] {
		write(context.Background(), m)
	}
	n := j.doubts + 1
	return &written{
		Memory: m, log: j.log[:j.copied:j.copied], copied: j.copied, doubts: n,
		doubt: dispatch.Doubt{Number: n, Since: time.Now(), Why: "it was restored"},
	}
}

func (j *written) again(write func(context.Context, *dispatch.Memory)) { j.log = append(j.log, write) }

func (j *written) Doubt(context.Context) (dispatch.Doubt, error) { return j.doubt, nil }

func (j *written) Epoch(ctx context.Context) (int64, error) {
	j.again(func(ctx context.Context, m *dispatch.Memory) { _, _ = m.Epoch(ctx) })
	return j.Memory.Epoch(ctx)
}

func (j *written) Insert(ctx context.Context, e dispatch.Entry) (dispatch.Entry, bool, error) {
	j.again(func(ctx context.Context, m *dispatch.Memory) { _, _, _ = m.Insert(ctx, e) })
	return j.Memory.Insert(ctx, e)
}

func (j *written) Commit(ctx context.Context, c dispatch.Change) error {
	err := j.Memory.Commit(ctx, c)
	if err == nil {
		j.again(func(ctx context.Context, m *dispatch.Memory) { _ = m.Commit(ctx, c) })
	}
	return err
}

func (j *written) SetHold(ctx context.Context, h dispatch.Hold) error {
	j.again(func(ctx context.Context, m *dispatch.Memory) { _ = m.SetHold(ctx, h) })
	return j.Memory.SetHold(ctx, h)
}
