package simulation

import (
	"testing"

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
}

// InMemory is a place in memory.
func InMemory(testing.TB) *Place { return &Place{Journal: dispatch.NewMemory()} }
