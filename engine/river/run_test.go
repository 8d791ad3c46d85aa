package river_test

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/dispatch"
	"github.com/payoutkit/payout/engine/river"
)

func submit(t testing.TB, e *river.Engine, n int) {
	t.Helper()
	for i := range n {
		_, err := e.Submit(t.Context(), order(fmt.Sprintf("p-%03d", i)))
		require.NoError(t, err)
	}
}

func once(t testing.TB, n int, banks ...*till) {
	t.Helper()
	all := map[string]int{}
	for _, b := range banks {
		for reference, times := range b.moved() {
			all[reference] += times
		}
	}
	require.Len(t, all, n)
	for reference, times := range all {
		require.Equal(t, 1, times, "how often money moved for %s", reference)
	}
}

// Several engines share the payouts.
func TestRun(t *testing.T) {
	pool := fresh(t)
	bank := newTill("till")
	bank.pending = true
	c := config(t, pool, bank)
	e := start(t, c)
	start(t, config(t, connect(t, pool.Config().ConnString()), bank))
	submit(t, e, 60)
	until(t, c.Journal, dispatch.StatePaid, 60)
	once(t, 60, bank)
	require.Eventually(t, func() bool {
		var left int
		require.NoError(t, pool.QueryRow(t.Context(), `SELECT count(*) FROM payout_river.river_job WHERE kind = 'payout' AND state <> 'completed'`).Scan(&left))
		return left == 0
	}, *patience, 10*time.Millisecond, "jobs of payouts that are done")
}

// A payout that one bank turned down is sent to the next one, and goes on in its queue.
func TestNextRoute(t *testing.T) {
	pool := fresh(t)
	first, second := newTill("first"), newTill("second")
	first.failed["p-000"], second.pending = true, true
	c := config(t, pool, first, second)
	c.Dispatch.Routes[1].Priority = 1
	e := start(t, c)
	submit(t, e, 1)
	until(t, c.Journal, dispatch.StatePaid, 1)
	once(t, 1, second)
	require.Contains(t, jobsOf(t, pool, "p-000"), "payout_to_first completed")
	require.Contains(t, jobsOf(t, pool, "p-000")[1], "payout_to_second")
}

// A bank that does not answer keeps nobody waiting but its own.
func TestSlowBank(t *testing.T) {
	pool := fresh(t)
	slow, fast := newTill("slow"), newTill("fast")
	release := make(chan struct{})
	let := sync.OnceFunc(func() { close(release) })
	slow.before = func(context.Context, string) { <-release }
	c := config(t, pool, slow, fast)
	c.Dispatch.Workers = 2
	c.Dispatch.Times.CallTimeout = 20 * time.Second
	c.Dispatch.Routes[0].Match = dispatch.Match{Max: payout.MustMoney("100.00 RUB")}
	c.Dispatch.Routes[1].Priority = 1 // or it would share the small ones
	e := start(t, c)
	t.Cleanup(let) // whatever else: who waits here is waited for
	for i := range 6 {
		req := order(fmt.Sprint("slow-", i))
		req.Amount = payout.MustMoney("50.00 RUB")
		_, err := e.Submit(t.Context(), req)
		require.NoError(t, err)
	}
	submit(t, e, 10)
	until(t, c.Journal, dispatch.StatePaid, 10)
	once(t, 10, fast)
	let()
	until(t, c.Journal, dispatch.StatePaid, 16)
}

// Two engines have one rate between them.
func TestRates(t *testing.T) {
	pool := fresh(t)
	bank := newTill("till")
	const perSecond = 20
	limited := func() river.Config {
		c := config(t, connect(t, pool.Config().ConnString()), bank)
		c.Dispatch.Rates.SendsPerSecond = perSecond
		return c
	}
	c := limited()
	e := start(t, c)
	start(t, limited())
	submit(t, e, 60)
	until(t, c.Journal, dispatch.StatePaid, 60)
	once(t, 60, bank)
	bank.mu.Lock()
	defer bank.mu.Unlock()
	// A call that was allowed may be late, and so come close to those after it; over all of
	// them there is no hiding.
	took := bank.sentAt[len(bank.sentAt)-1].Sub(bank.sentAt[0])
	require.Greater(t, took, 2*time.Second, "60 calls at 20 a second")
}

// Steps of one payout that are made at the same time, by jobs, by two engines and by whoever
// else, send it once.
func TestManyAtOnePayout(t *testing.T) {
	pool := fresh(t)
	bank := newTill("till")
	bank.pending = true
	c := config(t, pool, bank)
	e := start(t, c)
	other := start(t, config(t, connect(t, pool.Config().ConnString()), bank))
	for i := range 20 {
		reference := fmt.Sprintf("p-%03d", i)
		_, err := e.Submit(t.Context(), order(reference))
		require.NoError(t, err)
		var steps sync.WaitGroup
		for n := range 8 {
			steps.Go(func() { _, _, _ = []*river.Engine{e, other}[n%2].Dispatcher().Step(t.Context(), reference) })
		}
		steps.Wait()
	}
	until(t, c.Journal, dispatch.StatePaid, 20)
	once(t, 20, bank)
}

// What a person decides is done now, not when the job would have come.
func TestPerson(t *testing.T) {
	pool := fresh(t)
	bank := newTill("till")
	c := config(t, pool, bank)
	c.Sweep = time.Hour
	e := start(t, c)
	require.NoError(t, e.Dispatcher().Hold(t.Context(), "till", "A. Person", "a look first"))
	submit(t, e, 2)
	_, err := e.Dispatcher().Cancel(t.Context(), "p-000", "A. Person", "a mistake")
	require.NoError(t, err)
	until(t, c.Journal, dispatch.StateCancelled, 1)
	require.NoError(t, e.Dispatcher().Release(t.Context(), "till", "A. Person"))
	until(t, c.Journal, dispatch.StatePaid, 1)
	once(t, 1, bank)
}

// A callback has the payout asked about now.
func TestCallback(t *testing.T) {
	pool := fresh(t)
	bank := newTill("till")
	bank.pending = true
	c := config(t, pool, hinting{bank})
	c.Sweep = time.Hour
	c.Dispatch.Times.Polling = map[string]payout.Polling{"till": {{Every: time.Hour}}}
	e := start(t, c)
	submit(t, e, 1)
	until(t, c.Journal, dispatch.StateOpen, 1)
	require.Eventually(t, func() bool { return slept(t, pool, "p-000") }, *patience, 10*time.Millisecond)
	callback(t, e.Dispatcher().Callback("till"), "p-000")
	until(t, c.Journal, dispatch.StatePaid, 1)
}

// A payout without a job is found; so is one whose job would come too late, and one that
// is due again after its job is done.
func TestSweep(t *testing.T) {
	pool := fresh(t)
	bank := newTill("till")
	c := config(t, pool, bank)
	c.Sweep = 200 * time.Millisecond
	c.Dispatch.Times.Patrol = []time.Duration{2 * time.Second, -1}
	c.Keep = time.Second
	e := engine(t, c)
	submit(t, e, 3)
	_, err := pool.Exec(t.Context(), `DELETE FROM payout_river.river_job WHERE args->>'reference' = 'p-000'`)
	require.NoError(t, err)
	_, err = pool.Exec(t.Context(), `UPDATE payout_river.river_job SET scheduled_at = now() + interval '1 hour', state = 'scheduled' WHERE args->>'reference' = 'p-001'`)
	require.NoError(t, err)
	run(t, e)
	until(t, c.Journal, dispatch.StatePaid, 3)
	require.Eventually(t, func() bool {
		bank.mu.Lock()
		defer bank.mu.Unlock()
		return bank.asked["p-000"] > 0 && bank.asked["p-001"] > 0 && bank.asked["p-002"] > 0
	}, *patience, 10*time.Millisecond, "paid is asked about again, without a job to remember it")
	once(t, 3, bank)
}

// A job in the queue of a provider that has another name now is no job: its payout is found.
func TestRenamed(t *testing.T) {
	pool := fresh(t)
	_, err := engine(t, config(t, pool, newTill("old"))).Submit(t.Context(), order("p-000"))
	require.NoError(t, err)
	bank := newTill("new")
	c := config(t, pool, bank)
	start(t, c)
	until(t, c.Journal, dispatch.StatePaid, 1)
	once(t, 1, bank)
	require.Equal(t, "payout_to_old available", jobsOf(t, pool, "p-000")[0])
}

// Run ends what it has begun, and begins nothing more.
func TestStop(t *testing.T) {
	pool := fresh(t)
	bank := newTill("till")
	var sending atomic.Int64
	sent := make(chan struct{}, 100)
	bank.before = func(context.Context, string) { sending.Add(1); sent <- struct{}{} }
	bank.takes = 300 * time.Millisecond
	c := config(t, pool, bank)
	c.Dispatch.Workers = 2
	e := engine(t, c)
	submit(t, e, 20)
	stop := run(t, e)
	<-sent
	stop()
	begun := sending.Load()
	counts, err := c.Journal.Count(t.Context(), dispatch.Filter{})
	require.NoError(t, err)
	require.Equal(t, begun, counts[dispatch.StatePaid], "what was being sent is written down")
	require.Zero(t, counts[dispatch.StateSending])
	require.Positive(t, counts[dispatch.StatePlanned])
	again := engine(t, c)
	run(t, again)
	until(t, c.Journal, dispatch.StatePaid, 20)
	once(t, 20, bank)
}

// A bank whose adapter panics harms nobody else's payouts.
func TestPanic(t *testing.T) {
	pool := fresh(t)
	bank := newTill("till")
	bank.before = func(_ context.Context, reference string) {
		if reference == "p-000" {
			panic("no")
		}
	}
	c := config(t, pool, bank)
	e := start(t, c)
	submit(t, e, 10)
	until(t, c.Journal, dispatch.StatePaid, 9)
	until(t, c.Journal, dispatch.StateUnknown, 1)
	once(t, 9, bank)
}

// alarms sends what is alarmed.
type alarms struct {
	dispatch.Observer
	all chan dispatch.AlarmKind
}

func (a alarms) Alarm(_ context.Context, alarm dispatch.Alarm) {
	select {
	case a.all <- alarm.Kind:
	default:
	}
}

// A journal that can't be read is an alarm: nobody would hear of it otherwise.
func TestAlarmsOfItsJournal(t *testing.T) {
	pool := fresh(t)
	c := config(t, pool, newTill("till"))
	seen := alarms{dispatch.NoObserver(), make(chan dispatch.AlarmKind, 1)}
	c.Dispatch.Observer = seen
	start(t, c)
	_, err := pool.Exec(t.Context(), `ALTER TABLE payout.holds RENAME TO elsewhere`)
	require.NoError(t, err)
	require.Equal(t, dispatch.AlarmJournal, <-seen.all)
	_, err = pool.Exec(t.Context(), `ALTER TABLE payout.elsewhere RENAME TO holds`)
	require.NoError(t, err)
}
