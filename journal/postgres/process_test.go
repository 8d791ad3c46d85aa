package postgres_test

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/adapters/all2pay"
	"github.com/payoutkit/payout/dispatch"
	"github.com/payoutkit/payout/journal/postgres"
	"github.com/payoutkit/payout/provider"
	"github.com/payoutkit/payout/sandbox"
)

var payouts = flag.Int("payouts", 400, "payouts of the tests with several processes; 10000 for the long run")

// clear is a sealer that seals nothing: the tests have test numbers only.
type clear struct{}

func (clear) Seal(_ context.Context, text []byte, _ string) ([]byte, error) { return text, nil }
func (clear) Open(_ context.Context, text []byte, _ string) ([]byte, error) { return text, nil }

// order is a request of fifteen hundred roubles to a test card.
func order(reference string) payout.Request {
	return payout.Request{
		Reference: reference, Amount: payout.MustMoney("1500.00 RUB"),
		Destination: payout.Card{Number: payout.NewSecret("4111111111111111")},
		Recipient:   payout.Recipient{Name: payout.NewSecret("IVAN PETROV")},
	}
}

// job is what a process of these tests is told.
type job struct {
	Database, Bank, UserName, Password string
	Certificate                        []byte
	StopAt                             string // the payout before whose first byte it stops itself
}

// worker is a dispatcher as the processes of these tests run it. The bank pays twice if it
// is asked twice, whatever its configuration says here.
func (w job) worker(j dispatch.Journal) (*dispatch.Dispatcher, error) {
	leaf, err := x509.ParseCertificate(w.Certificate)
	if err != nil {
		return nil, err
	}
	roots := x509.NewCertPool()
	roots.AddCert(leaf)
	p, err := all2pay.New(all2pay.Config{
		BaseURL: w.Bank, UserName: w.UserName, Password: payout.NewSecret(w.Password), HTTP: provider.HTTP{Roots: roots},
		Dedup: payout.DedupRefuses, DedupEvidence: "these tests: who relies on it pays twice, and is caught",
		Absence: payout.Absence{Proves: true, After: 100 * time.Millisecond, Times: 2, Evidence: "these tests"},
	})
	if err != nil {
		return nil, err
	}
	return dispatch.New(dispatch.Config{
		Journal: j, Providers: []*payout.Client{payout.NewClient(stopping{p, w.StopAt})}, Routes: []dispatch.Route{{Provider: "all2pay"}},
		Keys:   dispatch.Keys{Versions: map[uint32]payout.Secret{0: payout.NewSecret("a key of thirty-two bytes, for tests")}},
		Sealer: clear{}, Workers: 8, Rates: dispatch.Rates{SendsPerSecond: 1e6, AsksPerSecond: 1e6, Unknowns: 1e6},
		Times: dispatch.Times{
			SendWindow: time.Second, CallTimeout: 2 * time.Second, Apart: 100 * time.Millisecond, RetryEvery: 100 * time.Millisecond,
			Patrol:  []time.Duration{300 * time.Millisecond},
			Polling: map[string]payout.Polling{"all2pay": {{Every: 200 * time.Millisecond}}},
		},
	})
}

// stopping stops its process between a payout's intent and its first byte, once.
type stopping struct {
	*all2pay.Provider
	at string
}

func (s stopping) Create(ctx context.Context, req payout.Request) (payout.Payout, error) {
	if req.Reference == s.at {
		fmt.Println("stopped")
		// The signal stops the process in its own time: until then this goroutine must not
		// get to the first byte, which would be within the window still.
		window := time.After(1200 * time.Millisecond)
		_ = syscall.Kill(os.Getpid(), syscall.SIGSTOP)
		<-window
		p, err := s.Provider.Create(ctx, req)
		fmt.Println("continued:", payout.SafeToRetry(err))
		return p, err
	}
	return s.Provider.Create(ctx, req)
}

// work is the whole life of a process of these tests: it dispatches until it is ended, at
// the latest when its parent is.
func work(text string) error {
	var w job
	if err := json.Unmarshal([]byte(text), &w); err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(context.Background())
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		cancel()
	}()
	pool, err := pgxpool.New(ctx, w.Database)
	if err != nil {
		return err
	}
	j, err := postgres.Open(ctx, pool, postgres.Config{Lease: 2 * time.Second})
	if err != nil {
		return err
	}
	d, err := w.worker(j)
	if err != nil {
		return err
	}
	fmt.Println("ready")
	return d.Run(ctx)
}

// office is a bank, a database, and payouts to be made.
type office struct {
	*dispatch.Dispatcher
	t       *testing.T
	bank    *sandbox.Module
	journal *postgres.Journal
	job     job
	made    int // payouts
}

// submit takes so many more payouts on.
func (o *office) submit(n int) {
	o.t.Helper()
	for range n {
		_, err := o.Submit(o.t.Context(), order(fmt.Sprintf("p-%05d", o.made)))
		require.NoError(o.t, err)
		o.made++
	}
}

func newOffice(t *testing.T, n int) *office {
	t.Helper()
	bank, err := sandbox.StartAll2Pay(sandbox.ModuleConfig{Duplicates: sandbox.PayAgain, Balance: payout.MustMoney("100000000.00 RUB")})
	require.NoError(t, err)
	t.Cleanup(bank.Close)
	at, err := url.Parse(bank.URL())
	require.NoError(t, err)
	c, err := tls.Dial("tcp", at.Host, &tls.Config{InsecureSkipVerify: true})
	require.NoError(t, err)
	certificate := c.ConnectionState().PeerCertificates[0].Raw
	require.NoError(t, c.Close())
	j, pool := fresh(t, postgres.Config{})
	o := &office{t: t, bank: bank, journal: j, job: job{
		Database: pool.Config().ConnString(), Bank: bank.URL(), UserName: bank.UserName(), Password: bank.Password(), Certificate: certificate,
	}}
	o.Dispatcher, err = o.job.worker(j)
	require.NoError(t, err)
	o.submit(n)
	return o
}

// process starts another process of this test's program, and returns it when it works. It
// is killed when the test ends.
func (o *office) process(stopAt string) (*exec.Cmd, *bufio.Scanner) {
	o.t.Helper()
	o.job.StopAt = stopAt
	text, err := json.Marshal(o.job)
	require.NoError(o.t, err)
	c := exec.Command(os.Args[0])
	c.Env = append(os.Environ(), "PAYOUT_TEST_WORKER="+string(text))
	c.Stderr = os.Stderr
	_, err = c.StdinPipe() // which ends with this process
	require.NoError(o.t, err)
	out, err := c.StdoutPipe()
	require.NoError(o.t, err)
	require.NoError(o.t, c.Start())
	o.t.Cleanup(func() {
		_ = c.Process.Kill()
		_ = c.Wait()
	})
	lines := bufio.NewScanner(out)
	require.True(o.t, lines.Scan())
	require.Equal(o.t, "ready", lines.Text())
	return c, lines
}

// until waits for something to be so. Business goes on meanwhile: that a bank shows a
// later order is a part of what proves that it has not got one.
func (o *office) until(so func() bool) {
	o.t.Helper()
	look, more := time.NewTicker(20*time.Millisecond), time.NewTicker(500*time.Millisecond)
	defer look.Stop()
	defer more.Stop()
	for !so() {
		select {
		case <-look.C:
		case <-more.C:
			o.submit(1)
		case <-o.t.Context().Done():
			return
		}
	}
}

// paid returns how often money moved for each reference.
func (o *office) paid() map[string]int {
	out := map[string]int{}
	for _, e := range o.bank.Ledger().Entries() {
		out[e.Reference]++
	}
	return out
}

// done reports whether all payouts are paid, by the journal.
func (o *office) done() bool {
	states, err := o.journal.Count(o.t.Context(), dispatch.Filter{})
	require.NoError(o.t, err)
	return states[dispatch.StatePaid] == int64(o.made)
}

func (o *office) eachOnce() {
	o.t.Helper()
	paid := o.paid()
	require.Len(o.t, paid, o.made)
	for reference, times := range paid {
		require.Equal(o.t, 1, times, "how often money moved for %s", reference)
	}
}

// Two processes share the payouts; one is killed midway, and another takes its place.
func TestProcessKilled(t *testing.T) {
	n := *payouts
	o := newOffice(t, n)
	first, _ := o.process("")
	o.process("")
	o.until(func() bool { return len(o.bank.Ledger().Entries()) >= n/3 })
	require.NoError(t, first.Process.Kill())
	_ = first.Wait()
	require.Less(t, len(o.bank.Ledger().Entries()), n, "it was killed midway")
	o.process("")
	o.until(o.done)
	o.eachOnce()
}

// A process is stopped between the intent and the first byte, for longer than its lease
// and its window. Another one asks the bank, and sends; when the first one goes on it
// sends nothing.
func TestProcessStopped(t *testing.T) {
	o := newOffice(t, max(*payouts/10, 10))
	const late = "p-00000"
	first, lines := o.process(late)
	require.True(t, lines.Scan())
	require.Equal(t, "stopped", lines.Text())
	o.process("")
	o.until(o.done)
	require.Equal(t, 1, o.paid()[late])
	e, err := o.Status(t.Context(), late)
	require.NoError(t, err)
	require.Equal(t, 2, e.Attempts[0].Tries, "by an intent of its own")
	require.NoError(t, first.Process.Signal(syscall.SIGCONT))
	require.True(t, lines.Scan())
	require.True(t, strings.HasPrefix(lines.Text(), "continued: true"), "%s: it knows that it has sent nothing", lines.Text())
	o.until(func() bool {
		events, err := o.History(t.Context(), late)
		require.NoError(t, err)
		for _, ev := range events {
			if ev.Kind == dispatch.EventLate && ev.Outcome.Kind == payout.ErrNotSent {
				return true
			}
		}
		return false
	})
	o.until(o.done)
	o.eachOnce()
}
