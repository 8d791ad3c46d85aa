package sqlite_test

import (
	"bytes"
	"context"
	"database/sql"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strconv"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/dispatch"
	"github.com/payoutkit/payout/journal/sqlite"
)

var payouts = flag.Int("payouts", 1_000_000, "how many payouts the large journal of the benchmarks has")

// grown returns a journal with many payouts that are made like the one that pays makes:
// paid ones, or others that are due to be asked about. Their references are random: new
// ones go into the indexes anywhere.
func grown(b testing.TB, n int, open bool) (*sqlite.Journal, string) {
	j, path := created(b, sqlite.Config{})
	require.NoError(b, pays(b.Context(), j, "sample"))
	if open {
		e, err := j.Load(b.Context(), "sample")
		require.NoError(b, err)
		e.State, e.Due = dispatch.StateOpen, time.Now().Add(-time.Minute)
		e.Attempts[0].State, e.Attempts[0].Next, e.Attempts[0].IntentAt = dispatch.StateOpen, e.Due, e.Due
		e.Attempts[0].Account, e.Attempts[0].Provider = newTill(0).info.Account, newTill(0).info.Name
		require.NoError(b, j.Commit(b.Context(), dispatch.Change{Entry: e, Event: dispatch.Event{Kind: dispatch.EventHinted, At: begin}}))
	}
	require.NoError(b, j.Close())
	// By a process of its own: its memory is not this one's.
	cmd := exec.CommandContext(b.Context(), os.Args[0], "-test.run=^TestChild$", "-child=grow", "-at="+path, "-payouts="+strconv.Itoa(n))
	said, err := cmd.CombinedOutput()
	require.NoError(b, err, string(said))
	j, err = sqlite.Open(b.Context(), path, sqlite.Config{})
	require.NoError(b, err)
	b.Cleanup(func() { require.NoError(b, j.Close()) })
	return j, path
}

// grow makes many payouts of the one that is there.
func grow(b testing.TB) {
	db, err := sql.Open("sqlite", *at)
	require.NoError(b, err)
	db.SetMaxOpenConns(1)
	for _, s := range []string{
		`PRAGMA journal_mode = OFF`, `PRAGMA synchronous = OFF`, `PRAGMA cache_size = -400000`, `PRAGMA temp_store = MEMORY`,
		`CREATE TEMP TABLE more AS WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ` + strconv.Itoa(*payouts-1) + `)
			SELECT lower(hex(randomblob(8))) || '-' || i AS r, i FROM n ORDER BY r`,
		// Of copies: to read from the table that it adds to, SQLite would keep all of it in memory.
		`CREATE TEMP TABLE payout AS SELECT * FROM payouts`,
		`CREATE TEMP TABLE attempt AS SELECT * FROM attempts`,
		`CREATE TEMP TABLE event AS SELECT * FROM events`,
		`BEGIN`,
		`INSERT INTO payouts (reference, version, state, queue, due, created_at, amount, currency, document)
			SELECT r, version, state, queue, due, created_at + i * 1000, amount + i % 100000, currency, document FROM more, payout`,
		`INSERT INTO attempts SELECT a.account, r, r, a.provider FROM more, attempt a`,
		`INSERT INTO events (reference, version, at, kind, state, document) SELECT r, version, at, kind, state, document FROM more, event`,
		`COMMIT`,
	} {
		_, err := db.ExecContext(b.Context(), s)
		require.NoError(b, err, s)
	}
	require.NoError(b, db.Close())
}

// BenchmarkSubmit is what Submit costs with many payouts in the journal, beside what it
// costs with a thousand: in turns, at two journals. First with the large one's file as
// it was made, of which the system has some in its cache, and then with the index of
// references in there, as it is where payouts have been submitted for a while.
func BenchmarkSubmit(b *testing.B) {
	small, _ := grown(b, 1000, false)
	large, path := grown(b, *payouts, false)
	var ds [2]*dispatch.Dispatcher
	for i, j := range []dispatch.Journal{small, large} {
		var err error
		ds[i], err = dispatch.New(config(j, 4, 1))
		require.NoError(b, err)
	}
	const batch = 512
	submit := func(b *testing.B) {
		took, cpu := [2]time.Duration{}, [2]time.Duration{}
		done := 0
		for ; done < b.N; done += batch {
			for i, d := range ds {
				began := processor(b)
				took[i] += together(b, workers, batch, func(n int64) error {
					_, err := d.Submit(b.Context(), order(fmt.Sprintf("%x-%d", rand.Uint64(), n)))
					return err
				})
				cpu[i] += processor(b) - began
			}
		}
		b.ReportMetric(float64(done)/took[0].Seconds(), "submits/s-with-1000")
		b.ReportMetric(float64(done)/took[1].Seconds(), "submits/s")
		b.ReportMetric(took[1].Seconds()/took[0].Seconds(), "of-1000")
		b.ReportMetric(cpu[1].Seconds()/cpu[0].Seconds(), "cpu-of-1000")
	}
	b.Run(fmt.Sprintf("%d, as made", *payouts), submit) // the journals are made once
	readReferences(b, path)
	b.Run(fmt.Sprintf("%d, references read", *payouts), submit)
}

// readReferences reads the whole index of references.
func readReferences(b testing.TB, path string) {
	db, err := sql.Open("sqlite", "file:"+path+"?mode=ro")
	require.NoError(b, err)
	began := time.Now()
	var n int
	require.NoError(b, db.QueryRowContext(b.Context(), `SELECT count(reference) FROM payouts INDEXED BY sqlite_autoindex_payouts_1`).Scan(&n))
	b.Logf("%d references read in %v", n, time.Since(began))
	require.NoError(b, db.Close())
}

// processor is how much time of a processor this process has used.
func processor(b testing.TB) time.Duration {
	var used syscall.Rusage
	require.NoError(b, syscall.Getrusage(syscall.RUSAGE_SELF, &used))
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

// BenchmarkWorstCommit is how long commits take, the longest of them above all: a
// checkpoint stalls none for long.
func BenchmarkWorstCommit(b *testing.B) {
	j, _ := grown(b, *payouts/10, false)
	var mu sync.Mutex
	var all []time.Duration
	b.ResetTimer()
	together(b, workers, int64(b.N), func(n int64) error {
		began := time.Now()
		_, _, err := j.Insert(b.Context(), planned(fmt.Sprintf("%x-%d", rand.Uint64(), n)))
		took := time.Since(began)
		mu.Lock()
		all = append(all, took)
		mu.Unlock()
		return err
	})
	slices.Sort(all)
	b.ReportMetric(float64(all[len(all)/2].Microseconds())/1000, "median-ms")
	b.ReportMetric(float64(all[len(all)*999/1000].Microseconds())/1000, "p99.9-ms")
	b.ReportMetric(float64(all[len(all)-1].Microseconds())/1000, "worst-ms")
}

// first notes when it is asked first.
type first struct {
	till
	once  sync.Once
	asked chan struct{}
}

func (f *first) Find(ctx context.Context, ref payout.Ref) (payout.Payout, error) {
	f.once.Do(func() { close(f.asked) })
	return f.till.Find(ctx, ref)
}

// BenchmarkRecovery is how long it takes from opening a journal with 100,000 payouts that
// are open until the bank is asked about the first of them.
func BenchmarkRecovery(b *testing.B) {
	j, path := grown(b, 100_000, true)
	require.NoError(b, j.Close())
	var took time.Duration
	b.ResetTimer()
	for range b.N {
		began := time.Now()
		j, err := sqlite.Open(b.Context(), path, sqlite.Config{})
		require.NoError(b, err)
		bank := &first{till: newTill(0), asked: make(chan struct{})}
		c := config(j, 0, workers)
		c.Providers, c.Routes = []*payout.Client{payout.NewClient(bank)}, []dispatch.Route{{Provider: "bank-0"}}
		c.Rates.AsksPerSecond = 20
		d, err := dispatch.New(c)
		require.NoError(b, err)
		ctx, cancel := context.WithCancel(b.Context())
		var running sync.WaitGroup
		running.Go(func() { _ = d.Run(ctx) })
		<-bank.asked
		took += time.Since(began)
		cancel()
		running.Wait()
		require.NoError(b, j.Close())
	}
	b.ReportMetric(took.Seconds()/float64(b.N), "s-until-asked")
}

// BenchmarkMemory is how much more memory is resident with a journal of many payouts, of
// which all have been read and more are being made, than with one of none.
func BenchmarkMemory(b *testing.B) {
	use := func(j *sqlite.Journal) float64 {
		together(b, workers, 10_000, func(n int64) error { return pays(b.Context(), j, fmt.Sprintf("%x-%d", rand.Uint64(), n)) })
		for f := (dispatch.Filter{Limit: 1000}); ; {
			page, err := j.List(b.Context(), f)
			require.NoError(b, err)
			if len(page) < f.Limit {
				break
			}
			f.After = page[len(page)-1].Reference
		}
		_, err := j.Count(b.Context(), dispatch.Filter{CreatedFrom: begin})
		require.NoError(b, err)
		debug.FreeOSMemory()
		return resident(b)
	}
	for range b.N {
		none, _ := created(b, sqlite.Config{})
		before := use(none)
		require.NoError(b, none.Close())
		many, _ := grown(b, *payouts, false)
		debug.FreeOSMemory()
		after := use(many)
		b.ReportMetric(before, "MB-at-none")
		b.ReportMetric(after, "MB-at-many")
		b.ReportMetric(after-before, "MB-more")
	}
}

// resident is how much memory of this process is resident, in MB.
func resident(b testing.TB) float64 {
	status, err := os.ReadFile("/proc/self/status")
	require.NoError(b, err)
	for _, line := range bytes.Split(status, []byte("\n")) {
		var kb float64
		if n, _ := fmt.Sscanf(string(line), "VmRSS: %f kB", &kb); n == 1 {
			return kb / 1024
		}
	}
	b.Fatal("no VmRSS")
	return 0
}

// BenchmarkPages is what a page of 100 costs with many payouts, by each filter.
func BenchmarkPages(b *testing.B) {
	j, path := grown(b, *payouts, false)
	info, err := os.Stat(filepath.Clean(path))
	require.NoError(b, err)
	b.Logf("%d payouts, %d MB", *payouts, info.Size()>>20)
	middle := begin.Add(time.Duration(*payouts/2) * time.Millisecond)
	for name, f := range map[string]dispatch.Filter{
		"all":                   {},
		"prefix":                {Prefix: "7f"},
		"state":                 {States: []dispatch.State{dispatch.StatePaid}},
		"rare states":           {States: []dispatch.State{dispatch.StateUnknown, dispatch.StateReview}},
		"provider":              {Provider: "bank-1"},
		"time, a thousand":      {CreatedFrom: middle, CreatedBefore: middle.Add(time.Second)},
		"time, half of all":     {CreatedFrom: middle},
		"amount":                {Min: payout.FromMinor(150100, payout.RUB), Max: payout.FromMinor(150200, payout.RUB)},
		"time, state, provider": {CreatedFrom: middle, States: []dispatch.State{dispatch.StatePaid}, Provider: "bank-1"},
	} {
		b.Run(name, func(b *testing.B) {
			for range b.N {
				_, err := j.List(b.Context(), f)
				require.NoError(b, err)
			}
		})
		b.Run(name+", counted", func(b *testing.B) {
			for range b.N {
				_, err := j.Count(b.Context(), f)
				require.NoError(b, err)
			}
		})
	}
}
