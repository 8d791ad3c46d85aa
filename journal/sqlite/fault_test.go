package sqlite_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/dispatch"
	"github.com/payoutkit/payout/journal/sqlite"
	"github.com/payoutkit/payout/journal/witness"
)

// broken has the writer's connection fail, once, as SQLite itself fails.
func broken(t *testing.T, j *sqlite.Journal, how string) {
	t.Helper()
	require.NoError(t, sqlite.Between(t.Context(), j, func(ctx context.Context, c *sql.Conn) error {
		_, err := c.ExecContext(ctx, how)
		return err
	}))
}

// faults are what SQLite can be made to fail with: the database may not grow any more, it
// is read-only, and the commit fails after everything was written.
var faults = map[string]string{
	"disk full": "PRAGMA max_page_count = 1",
	"read-only": "PRAGMA query_only = ON",
	"at the commit": `CREATE TEMP TABLE parent (id INTEGER PRIMARY KEY); CREATE TEMP TABLE child (id INTEGER REFERENCES parent (id) DEFERRABLE INITIALLY DEFERRED);
		PRAGMA foreign_keys = ON;
		CREATE TEMP TRIGGER breaks AFTER INSERT ON events BEGIN INSERT INTO child VALUES (1); END`,
}

func settled(err error) bool {
	return errors.Is(err, dispatch.ErrStale) || errors.Is(err, dispatch.ErrLimit) || errors.Is(err, dispatch.ErrReferenceTaken) || errors.Is(err, dispatch.ErrNoEntry)
}

// A commit that fails is an error that settles nothing, nothing of it is there, and the
// next one is as good as any.
func TestFailingCommits(t *testing.T) {
	for name, how := range faults {
		t.Run(name, func(t *testing.T) {
			j, path := created(t, sqlite.Config{})
			// Many of them, so that the database has to grow for one more.
			var entries []dispatch.Entry
			for i := range 50 {
				e, _, err := j.Insert(t.Context(), planned(fmt.Sprint("p-", i)))
				require.NoError(t, err)
				entries = append(entries, e)
			}
			failed := 0
			for _, e := range entries {
				broken(t, j, how)
				if err := j.Commit(t.Context(), intended(e)); err != nil {
					failed++
					require.False(t, settled(err), "%v", err)
					require.ErrorContains(t, err, path)
				}
			}
			require.NotZero(t, failed)
			for _, e := range entries {
				got, err := j.Load(t.Context(), e.Reference)
				require.NoError(t, err)
				if got.Version == 1 {
					require.NoError(t, j.Commit(t.Context(), intended(got)), "the disk works again")
				}
			}
			counts, err := j.Count(t.Context(), dispatch.Filter{})
			require.NoError(t, err)
			require.Equal(t, map[dispatch.State]int64{dispatch.StateSending: 50}, counts)
			used, err := j.Used(t.Context(), "bank-1/2026-11-22")
			require.NoError(t, err)
			require.Equal(t, int64(50), used.Count)
			changes, err := j.Changes(t.Context(), "", 1000)
			require.NoError(t, err)
			require.Len(t, changes, 50)
		})
	}
}

// One change that breaks a transaction takes nothing with it of those that share it.
func TestOneOfAGroupFails(t *testing.T) {
	j, _ := created(t, sqlite.Config{})
	const payouts = 40
	var entries []dispatch.Entry
	for i := range payouts {
		e, _, err := j.Insert(t.Context(), planned(fmt.Sprint("p-", i)))
		require.NoError(t, err)
		entries = append(entries, e)
	}
	// A damaged row, as only a person's hand makes it.
	require.NoError(t, sqlite.Between(t.Context(), j, func(ctx context.Context, c *sql.Conn) error {
		_, err := c.ExecContext(ctx, `UPDATE payouts SET state = 'tomorrow' WHERE reference = 'p-7'`)
		return err
	}))
	held, free := make(chan struct{}), make(chan struct{})
	var running sync.WaitGroup
	running.Go(func() {
		_ = sqlite.Between(context.Background(), j, func(context.Context, *sql.Conn) error { close(held); <-free; return nil })
	})
	<-held
	errs := make([]error, payouts)
	for i, e := range entries {
		running.Go(func() { errs[i] = j.Commit(context.Background(), intended(e)) })
	}
	require.Eventually(t, func() bool { return sqlite.Queued(j) == payouts }, 10*time.Second, time.Millisecond, "all of them wait, for one transaction")
	close(free)
	running.Wait()
	for i, err := range errs {
		if i == 7 {
			require.Error(t, err)
			require.False(t, settled(err))
		} else {
			require.NoError(t, err)
		}
	}
}

// queued has changes wait until all of them are there, has something done on the writer's
// connection, and returns what became of them. They share a transaction.
func queued(t *testing.T, j *sqlite.Journal, first func(*sql.Conn) error, changes ...func() error) []error {
	t.Helper()
	held, free := make(chan struct{}), make(chan struct{})
	var running sync.WaitGroup
	running.Go(func() {
		assert.NoError(t, sqlite.Between(context.Background(), j, func(_ context.Context, c *sql.Conn) error {
			close(held)
			<-free
			return first(c)
		}))
	})
	<-held
	errs := make([]error, len(changes))
	for i, change := range changes {
		running.Go(func() { errs[i] = change() })
	}
	require.Eventually(t, func() bool { return sqlite.Queued(j) == len(changes) }, 10*time.Second, time.Millisecond)
	close(free)
	running.Wait()
	return errs
}

// A commit of many that fails settles nothing for any of them, and nobody knows: none of
// them is made again.
func TestGroupFails(t *testing.T) {
	j, _ := created(t, sqlite.Config{})
	var changes []func() error
	for i := range 5 {
		e, _, err := j.Insert(t.Context(), planned(fmt.Sprint("p-", i)))
		require.NoError(t, err)
		changes = append(changes, func() error { return j.Commit(context.Background(), intended(e)) })
	}
	for _, err := range queued(t, j, func(c *sql.Conn) error {
		_, err := c.ExecContext(context.Background(), faults["at the commit"])
		return err
	}, changes...) {
		require.Error(t, err)
		require.False(t, settled(err), "%v", err)
	}
	history, err := j.Changes(t.Context(), "", 10)
	require.NoError(t, err)
	require.Empty(t, history)
}

// A commit that fails and has happened all the same is counted.
func TestCommitFailsAndHappens(t *testing.T) {
	j, _ := created(t, sqlite.Config{})
	e, _, err := j.Insert(t.Context(), planned("p-1"))
	require.NoError(t, err)
	require.NoError(t, sqlite.FailAfterCommit(t.Context(), j))
	err = j.Commit(t.Context(), intended(e))
	require.ErrorContains(t, err, "no transaction is active")
	require.False(t, settled(err), "%v", err)
	agree := func(want map[dispatch.State]int64) {
		t.Helper()
		counts, err := j.Count(t.Context(), dispatch.Filter{})
		require.NoError(t, err)
		require.Equal(t, want, counts)
		entries, err := j.List(t.Context(), dispatch.Filter{States: []dispatch.State{dispatch.StateSending}})
		require.NoError(t, err)
		require.Len(t, entries, 1)
	}
	agree(map[dispatch.State]int64{dispatch.StateSending: 1})
	take(t, j, "p-2")
	agree(map[dispatch.State]int64{dispatch.StateSending: 1, dispatch.StatePlanned: 1})
}

// A context that ends while a change is being written: who made it is told what became of
// it.
func TestContextEndsWhileWriting(t *testing.T) {
	asked, answer := make(chan struct{}), make(chan struct{})
	w := &memory{}
	j, _ := created(t, sqlite.Config{Witness: w})
	ctx, cancel := context.WithCancel(t.Context())
	var changes []func() error
	for i := range 8 {
		e, _, err := j.Insert(t.Context(), planned(fmt.Sprint("p-", i)))
		require.NoError(t, err)
		changes = append(changes, func() error { return j.Commit(ctx, intended(e)) })
	}
	w.writes = func(witness.Mark) { close(asked); <-answer }
	go func() {
		<-asked
		cancel()
		close(answer)
	}()
	for _, err := range queued(t, j, func(*sql.Conn) error { return nil }, changes...) {
		require.NoError(t, err)
	}
}

// A context that ends while a change waits: nothing is written.
func TestContextEndsWhileWaiting(t *testing.T) {
	j, _ := created(t, sqlite.Config{})
	e, _, err := j.Insert(t.Context(), planned("p-1"))
	require.NoError(t, err)
	held, free := make(chan struct{}), make(chan struct{})
	var running sync.WaitGroup
	running.Go(func() {
		_ = sqlite.Between(context.Background(), j, func(context.Context, *sql.Conn) error { close(held); <-free; return nil })
	})
	<-held
	ctx, cancel := context.WithCancel(t.Context())
	failed := make(chan error, 1)
	go func() { failed <- j.Commit(ctx, intended(e)) }()
	require.Eventually(t, func() bool { return sqlite.Queued(j) == 1 }, 10*time.Second, time.Millisecond)
	cancel()
	require.ErrorIs(t, <-failed, context.Canceled)
	close(free)
	running.Wait()
	require.NoError(t, j.Commit(t.Context(), intended(e)), "the version is what it was")
}

// alarms counts what the dispatcher finds alarming.
type alarms struct {
	dispatch.Observer
	unrecorded atomic.Int64
}

func (a *alarms) Alarm(_ context.Context, al dispatch.Alarm) {
	if al.Kind == dispatch.AlarmUnrecorded {
		a.unrecorded.Add(1)
	}
}

// counting is a bank that counts what it was sent.
type counting struct {
	till
	mu   sync.Mutex
	sent map[string]int
	call func()
}

func (b *counting) Create(ctx context.Context, req payout.Request) (payout.Payout, error) {
	p, err := b.till.Create(ctx, req)
	if err == nil {
		b.mu.Lock()
		b.sent[req.Reference]++
		b.mu.Unlock()
		if b.call != nil {
			b.call()
		}
	}
	return p, err
}

// With a journal that can't be written nothing is sent; what was sent when it began to
// fail is an alarm, and asked about; once it can be written again all goes on, each once.
func TestSendingStopsAndGoesOn(t *testing.T) {
	j, _ := created(t, sqlite.Config{})
	b := &counting{till: newTill(1), sent: map[string]int{}}
	seen := &alarms{Observer: dispatch.NoObserver()}
	now := time.Now()
	c := config(j, 0, 1)
	c.Providers, c.Routes, c.Observer, c.Now = []*payout.Client{payout.NewClient(b)}, []dispatch.Route{{Provider: "bank-1"}}, seen, func() time.Time { return now }
	d, err := dispatch.New(c)
	require.NoError(t, err)
	for i := range 3 {
		_, err := d.Submit(t.Context(), order(fmt.Sprint("p-", i)))
		require.NoError(t, err)
	}
	broken(t, j, faults["read-only"])
	_, _, err = d.Step(t.Context(), "p-0")
	require.Error(t, err)
	require.Empty(t, b.sent, "no intent, no sending")

	b.call = func() { broken(t, j, faults["read-only"]) } // as the bank answers
	_, _, err = d.Step(t.Context(), "p-0")
	require.Error(t, err)
	require.Equal(t, map[string]int{"p-0": 1}, b.sent)
	require.Equal(t, int64(1), seen.unrecorded.Load())
	b.call = nil

	for range 3 {
		for i := range 3 {
			_, _, err := d.Step(t.Context(), fmt.Sprint("p-", i))
			require.NoError(t, err)
		}
		now = now.Add(10 * time.Minute)
	}
	require.Equal(t, map[string]int{"p-0": 1, "p-1": 1, "p-2": 1}, b.sent, "each once")
	counts, err := j.Count(t.Context(), dispatch.Filter{})
	require.NoError(t, err)
	require.Equal(t, map[dispatch.State]int64{dispatch.StatePaid: 3}, counts)
}
