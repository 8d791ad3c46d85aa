package river_test

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"log/slog"
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
	"github.com/payoutkit/payout/engine/river"
	"github.com/payoutkit/payout/journal/postgres"
	"github.com/payoutkit/payout/provider"
	"github.com/payoutkit/payout/sandbox"
	"github.com/payoutkit/payout/sandbox/bank"
)

// job is what a process of these tests is told.
type job struct {
	Database string
	Banks    map[string]link
	Review   time.Duration // after which a person has to look
	StopAt   string        // the payout before whose first byte it stops itself
}

// link is how a process reaches a bank.
type link struct{ URL, Roots, User, Password string }

// banks are an account that is often too small, and a reserve. Both pay twice if they are
// asked twice.
type banks struct{ first, reserve *sandbox.Module }

func openBanks(t testing.TB) *banks {
	t.Helper()
	open := func(balance string) *sandbox.Module {
		m, err := sandbox.StartAll2Pay(sandbox.ModuleConfig{Duplicates: sandbox.PayAgain, Balance: payout.MustMoney(balance)})
		require.NoError(t, err)
		t.Cleanup(m.Close)
		return m
	}
	return &banks{open("100000000.00 RUB"), open("900000000.00 RUB")}
}

func (b *banks) named() map[string]*sandbox.Module {
	return map[string]*sandbox.Module{"first": b.first, "reserve": b.reserve}
}

func (b *banks) links(t testing.TB) map[string]link {
	t.Helper()
	out := map[string]link{}
	for name, m := range b.named() {
		conn, err := tls.Dial("tcp", strings.TrimPrefix(m.URL(), "https://"), &tls.Config{RootCAs: m.Roots(), MinVersion: tls.VersionTLS12})
		require.NoError(t, err)
		chain := conn.ConnectionState().VerifiedChains[0]
		require.NoError(t, conn.Close())
		roots := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: chain[len(chain)-1].Raw})
		out[name] = link{URL: m.URL(), Roots: string(roots), User: m.UserName(), Password: m.Password()}
	}
	return out
}

// paid returns how often money moved for each reference, wherever.
func (b *banks) paid() map[string]int {
	out := map[string]int{}
	for _, m := range b.named() {
		for _, e := range m.Ledger().Entries() {
			if !e.Back {
				out[e.Reference]++
			}
		}
	}
	return out
}

// misbehave has the first bank make something of every third order.
func (b *banks) misbehave(i int, reference string) {
	s := bank.Script{Operation: bank.Create, Reference: reference}
	switch i % 21 {
	case 0:
		s.Reply = bank.Lost()
	case 3:
		s.Reply = bank.ProxyPage() // it was paid
	case 6:
		s.Act, s.Times = bank.Nothing(), 1
	case 9:
		s.Act = bank.PendPaid(2).Then(bank.Pay())
	case 12:
		s.Act = bank.Decline("") // for ever
	case 15:
		s.Reply = bank.Reply{Cut: bank.InBody}
	case 18:
		s.Operation, s.Times, s.Reply = bank.Status, 2, bank.Lost()
	default:
		return
	}
	b.first.Script(s)
}

// engine is one as the processes of these tests run it. Its job timeout and rescue time
// are as short as its banks are fast.
func (w job) engine(pool *pgxpool.Pool) (*river.Engine, error) {
	j, err := postgres.Open(context.Background(), pool, postgres.Config{})
	if err != nil {
		return nil, err
	}
	c := river.Config{
		Pool: pool, Journal: j, Sweep: time.Second, JobTimeout: 4 * time.Second, RescueAfter: 5 * time.Second, Logger: slog.New(slog.DiscardHandler),
		Dispatch: dispatch.Config{
			Sealer: clear{}, Workers: 16,
			Keys:   dispatch.Keys{Versions: map[uint32]payout.Secret{0: payout.NewSecret("a key of thirty-two bytes, for tests")}},
			Rates:  dispatch.Rates{SendsPerSecond: 1e6, AsksPerSecond: 1e6, Unknowns: 1e6},
			Limits: map[string]dispatch.Rates{"first": {SendsPerSecond: 400, AsksPerSecond: 400, Unknowns: 1e6}},
			Times: dispatch.Times{
				SendWindow: time.Second, CallTimeout: 2 * time.Second, Apart: 100 * time.Millisecond, RetryEvery: 100 * time.Millisecond, Turn: time.Second,
				ReviewAfter: w.Review, ReviewEvery: 5 * time.Second, Patrol: []time.Duration{300 * time.Millisecond},
				Polling: map[string]payout.Polling{"first": {{Every: 200 * time.Millisecond}}, "reserve": {{Every: 200 * time.Millisecond}}},
			},
			NextRoute: []payout.Reason{payout.ReasonUnknown, payout.ReasonInsufficientFunds, payout.ReasonDeclined},
		},
	}
	for i, name := range []string{"first", "reserve"} {
		l := w.Banks[name]
		roots := x509.NewCertPool()
		roots.AppendCertsFromPEM([]byte(l.Roots))
		p, err := all2pay.New(all2pay.Config{
			Name: name, BaseURL: l.URL, UserName: l.User, Password: payout.NewSecret(l.Password), HTTP: provider.HTTP{Roots: roots},
			Dedup: payout.DedupRefuses, DedupEvidence: "these tests: who relies on it pays twice, and is caught",
			Absence: payout.Absence{Proves: true, After: 100 * time.Millisecond, Times: 2, Evidence: "these tests"},
		})
		if err != nil {
			return nil, err
		}
		c.Dispatch.Providers = append(c.Dispatch.Providers, payout.NewClient(stopping{p, w.StopAt}))
		c.Dispatch.Routes = append(c.Dispatch.Routes, dispatch.Route{Provider: name, Priority: i})
	}
	return river.New(c)
}

// stopping stops its process between a payout's intent and its first byte, once.
type stopping struct {
	*all2pay.Provider
	at string
}

func (s stopping) Create(ctx context.Context, req payout.Request) (payout.Payout, error) {
	if req.Reference != s.at {
		return s.Provider.Create(ctx, req)
	}
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
	c, err := pgxpool.ParseConfig(w.Database)
	if err != nil {
		return err
	}
	c.MaxConns = 12
	pool, err := pgxpool.NewWithConfig(ctx, c)
	if err != nil {
		return err
	}
	for { // the database may just be away
		e, err := w.engine(pool)
		if err == nil {
			fmt.Println("ready")
			err = e.Run(ctx)
		}
		if errors.Is(err, context.Canceled) {
			return err
		}
		time.Sleep(200 * time.Millisecond)
	}
}

// process starts another process of this test's program, and returns it when it works. It
// is killed when the test ends.
func process(t testing.TB, w job) (*exec.Cmd, *bufio.Scanner) {
	t.Helper()
	text, err := json.Marshal(w)
	require.NoError(t, err)
	c := exec.Command(os.Args[0])
	c.Env = append(os.Environ(), "PAYOUT_TEST_WORKER="+string(text))
	c.Stderr = os.Stderr
	_, err = c.StdinPipe() // which ends with this process
	require.NoError(t, err)
	out, err := c.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, c.Start())
	t.Cleanup(func() { end(c) })
	lines := bufio.NewScanner(out)
	require.True(t, lines.Scan())
	require.Equal(t, "ready", lines.Text())
	return c, lines
}

func end(c *exec.Cmd) {
	_ = c.Process.Kill()
	_ = c.Wait()
}
