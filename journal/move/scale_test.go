package move_test

import (
	"flag"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout/dispatch"
	"github.com/payoutkit/payout/journal/move"
)

var million = flag.Int("payouts", 2000, "how many payouts TestScale moves, with two events each")

// The memory of a move does not grow with the journal.
func TestScale(t *testing.T) {
	from, database, back := inSQLite(t), inPostgres(t), inSQLite(t)
	from.with(true, func(b book) {
		const workers = 64
		ended := make(chan error, workers)
		for w := range workers {
			go func() {
				for n := w; n < *million; n += workers {
					e := payoutOf(1000+n, dispatch.StatePlanned)
					e, _, err := b.Insert(t.Context(), e)
					for _, s := range []dispatch.State{dispatch.StateOpen, dispatch.StatePaid} {
						if err != nil {
							ended <- err
							return
						}
						next := payoutOf(1000+n, s)
						next.Version = e.Version
						next.Attempts[0].Reserved = nil
						err = b.Commit(t.Context(), dispatch.Change{Entry: next, Event: dispatch.Event{Kind: dispatch.EventFound, At: begin, Planned: next.Attempts[0]}})
						e.Version++
					}
					if err != nil {
						ended <- err
						return
					}
				}
				ended <- nil
			}()
		}
		for range workers {
			require.NoError(t, <-ended)
		}
	})
	for _, way := range []struct {
		name     string
		from, to *spot
	}{{"sqlite to postgres", from, database}, {"postgres to sqlite", database, back}} {
		source, target, done, err := way.from.ends(way.to)
		require.NoError(t, err)
		end := sync.OnceFunc(done)
		t.Cleanup(end) // before the pool, which waits for the connection of the move
		var most uint64
		began := time.Now()
		report, err := move.Move(t.Context(), source, target, move.Options{Progress: func(move.Progress) {
			runtime.GC() // what is in use, and not what nobody has cleared away yet
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			most = max(most, m.HeapAlloc)
		}})
		require.NoError(t, err)
		rows := int64(0)
		for _, c := range report.Tables {
			rows += c.Rows
		}
		t.Logf("%s: %d rows in %s, at most %d MB", way.name, rows, time.Since(began).Round(time.Millisecond), most>>20)
		require.Less(t, most, uint64(32<<20))
		end()
	}
	began := time.Now()
	back.with(false, func(b book) {
		findings, err := b.Verify(t.Context())
		require.NoError(t, err)
		require.Empty(t, findings)
	})
	t.Log("verified in", time.Since(began).Round(time.Millisecond))
}
