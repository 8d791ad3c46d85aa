package river_test

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"os/exec"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout/dispatch"
	"github.com/payoutkit/payout/engine/river"
	"github.com/payoutkit/payout/internal/pgtest"
	"github.com/payoutkit/payout/journal/postgres"
)

var payouts = flag.Int("payouts", 400, "payouts of the test with four processes; 20000 for the long run")

// office is what these tests' processes work for: it takes payouts on, and looks.
type office struct {
	*river.Engine
	t       *testing.T
	banks   *banks
	journal *postgres.Journal
	server  *pgtest.Server
	job     job
	made    int
}

func newOffice(t *testing.T, review time.Duration) *office {
	t.Helper()
	o := &office{t: t, banks: openBanks(t), server: pgtest.Start(t)}
	o.job = job{Database: o.server.URL("postgres"), Banks: o.banks.links(t), Review: review}
	pool := connect(t, o.job.Database)
	var err error
	o.journal, err = postgres.Create(t.Context(), pool, postgres.Config{})
	require.NoError(t, err)
	require.NoError(t, river.Migrate(t.Context(), pool, ""))
	o.Engine, err = o.job.engine(pool)
	require.NoError(t, err)
	return o
}

// submit takes so many more payouts on, whatever becomes of the database meanwhile: after
// an error the same one is submitted again.
func (o *office) submit(n int, faults bool) {
	o.t.Helper()
	for range n {
		reference := fmt.Sprintf("p-%05d", o.made)
		if faults {
			o.banks.misbehave(o.made, reference)
		}
		o.made++
		require.Eventually(o.t, func() bool {
			_, err := o.Submit(o.t.Context(), order(reference))
			return err == nil
		}, time.Minute, 10*time.Millisecond)
	}
}

// settled reports whether every payout is final or waits for a person.
func (o *office) settled() (states map[dispatch.State]int64, all bool) {
	states, err := o.journal.Count(o.t.Context(), dispatch.Filter{})
	if err != nil {
		return nil, false // the database is just away
	}
	var n int64
	for s, count := range states {
		if s.Final() || s == dispatch.StateReview {
			n += count
		}
	}
	return states, n == int64(o.made)
}

// until waits for something to be so. Business goes on meanwhile: that a bank shows a
// later order is a part of what proves that it has not got one.
func (o *office) until(so func() bool) {
	o.t.Helper()
	look, more := time.NewTicker(50*time.Millisecond), time.NewTicker(2*time.Second)
	defer look.Stop()
	defer more.Stop()
	deadline := time.Now().Add(3 * time.Minute)
	for !so() {
		select {
		case <-look.C:
		case <-more.C:
			o.submit(1, false)
		case <-o.t.Context().Done():
			return
		}
		if time.Now().After(deadline) {
			states, _ := o.settled()
			some, _ := o.journal.List(context.Background(), dispatch.Filter{States: []dispatch.State{dispatch.StateUnknown, dispatch.StatePlanned, dispatch.StateSending, dispatch.StateOpen}, Limit: 3})
			for _, e := range some {
				o.t.Logf("%v due %v, attempts %+v", e, e.Due, e.Attempts)
			}
			o.t.Fatalf("it does not come to rest: %v", states)
		}
	}
}

// judge holds the journal against the banks' ledgers.
func (o *office) judge() map[dispatch.State]int64 {
	o.t.Helper()
	states, all := o.settled()
	require.True(o.t, all)
	entries := map[string]dispatch.Entry{}
	of := map[[2]string]string{} // whose an attempt is
	for f := (dispatch.Filter{Limit: 1000}); ; {
		some, err := o.journal.List(o.t.Context(), f)
		require.NoError(o.t, err)
		for _, e := range some {
			f.After, entries[e.Reference] = e.Reference, e
			for _, a := range e.Attempts {
				of[[2]string{a.Provider, a.Reference}] = e.Reference
			}
		}
		if len(some) < f.Limit {
			break
		}
	}
	require.Len(o.t, entries, o.made, "none is forgotten")
	moved := map[string]int{}
	for name, m := range o.banks.named() {
		for _, e := range m.Ledger().Entries() {
			reference, known := of[[2]string{name, e.Reference}]
			require.True(o.t, known, "money moved for %s at %s, without an intent", e.Reference, name)
			if e.Back {
				moved[reference]--
			} else {
				moved[reference]++
			}
		}
	}
	for reference, e := range entries {
		switch n := moved[reference]; e.State {
		case dispatch.StatePaid:
			require.Equal(o.t, 1, n, "%s is paid", reference)
		case dispatch.StateReview:
			require.LessOrEqual(o.t, n, 1, "%s waits for a person", reference)
		default:
			require.Zero(o.t, n, "%s is %s", reference, e.State)
		}
	}
	return states
}

// Four processes share the payouts. They are killed at random and started again, and the
// server of the database is, once.
func TestKilled(t *testing.T) {
	o := newOffice(t, 20*time.Second)
	n := *payouts
	workers := make([]*exec.Cmd, 4)
	for i := range workers {
		workers[i], _ = process(t, o.job)
	}
	kills := 0
	kill := func() {
		i := rand.IntN(len(workers))
		end(workers[i])
		kills++
		workers[i], _ = process(t, o.job)
	}
	part := max(n/20, 1)
	for i := range 20 {
		o.submit(part, true)
		if i == 10 {
			o.server.Stop()
			require.NoError(t, o.server.Run())
		}
		if i%3 == 0 {
			kill()
		}
	}
	o.until(func() bool { _, all := o.settled(); return all })
	states := o.judge()
	t.Logf("%v, %d kills", states, kills)
	require.Greater(t, states[dispatch.StatePaid], int64(o.made)*8/10)
	require.Positive(t, kills)
}

// A process is stopped between the intent and the first byte, for longer than its job may
// be taken for alive. Another one asks the bank, and sends; when the first one goes on it
// sends nothing.
func TestStopped(t *testing.T) {
	o := newOffice(t, time.Hour)
	const late = "p-00000"
	w := o.job
	w.StopAt = late
	first, lines := process(t, w)
	o.submit(1, false)
	require.True(t, lines.Scan())
	require.Equal(t, "stopped", lines.Text())
	process(t, o.job)
	o.submit(20, false)
	o.until(func() bool { _, all := o.settled(); return all && o.banks.paid()[late] == 1 })
	require.Equal(t, 1, o.banks.paid()[late])
	entry, err := o.journal.Load(t.Context(), late)
	require.NoError(t, err)
	require.GreaterOrEqual(t, entry.Attempts[0].Tries, 2, "by an intent of its own")
	require.NoError(t, first.Process.Signal(syscall.SIGCONT))
	require.True(t, lines.Scan())
	require.True(t, strings.HasPrefix(lines.Text(), "continued: true"), "%s: it knows that it has sent nothing", lines.Text())
	o.until(func() bool { _, all := o.settled(); return all })
	o.judge()
	require.Equal(t, 1, o.banks.paid()[late])
}

// A process that is cut off from the database sends nothing that it has no intent for,
// and what it has begun is seen to by the others.
func TestCutOff(t *testing.T) {
	o := newOffice(t, time.Hour)
	p := o.server.Proxy(t)
	w := o.job
	w.Database = fmt.Sprintf("postgres://postgres@%s/postgres?sslmode=disable", p.Addr())
	process(t, w)
	process(t, o.job)
	o.submit(60, false)
	p.Hold(true) // nothing goes through, and nobody is told
	o.submit(60, false)
	o.until(func() bool { _, all := o.settled(); return all })
	o.judge()
	p.Cut()
	p.Hold(false)
	p.Mend()
	o.submit(60, true)
	o.until(func() bool { _, all := o.settled(); return all })
	o.judge()
}

// A job that is taken for stuck, and given to another worker, while the first one is
// still at it: with a rescue time that the configuration would refuse the two of them
// send once.
func TestTwoAtOneJob(t *testing.T) {
	pool := fresh(t)
	bank := newTill("till")
	inside, release := make(chan struct{}), make(chan struct{})
	var first atomic.Bool
	bank.before = hookOnce(&first, inside, release)
	c := config(t, pool, bank)
	c.Dispatch.Times.CallTimeout = 30 * time.Second
	e := start(t, c)
	let := sync.OnceFunc(func() { close(release) })
	t.Cleanup(let) // whatever else: who waits here is waited for
	_, err := e.Submit(t.Context(), order("p-1"))
	require.NoError(t, err)
	<-inside
	_, err = pool.Exec(t.Context(), `UPDATE payout_river.river_job SET state = 'available' WHERE args->>'reference' = 'p-1'`) // as the rescuer does
	require.NoError(t, err)
	other := start(t, config(t, connect(t, pool.Config().ConnString()), bank))
	for range 20 {
		_, _, err = other.Dispatcher().Step(t.Context(), "p-1")
		require.NoError(t, err)
	}
	require.Empty(t, bank.moved(), "the other one waits for what the first one has begun")
	let()
	until(t, c.Journal, dispatch.StatePaid, 1)
	require.Equal(t, map[string]int{"p-1": 1}, bank.moved())
}
