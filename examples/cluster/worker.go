package main

import (
	"bufio"
	"context"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/adapters/all2pay"
	"github.com/payoutkit/payout/dispatch"
	"github.com/payoutkit/payout/engine/river"
	"github.com/payoutkit/payout/journal/postgres"
	"github.com/payoutkit/payout/journal/seal"
	"github.com/payoutkit/payout/provider"
)

// schema is where the journal is.
const schema = "payout_example"

// job is what every process of the cluster knows. A real one has it from its configuration.
type job struct {
	Database, Keyset string
	Bank             link
}

// link is how a process reaches the bank.
type link struct {
	URL, User, Password string
	Root                []byte
}

func newKeyset(folder string) (path string, err error) {
	keys, err := seal.NewKeyset()
	if err != nil {
		return "", err
	}
	path = filepath.Join(folder, "keyset.json")
	return path, seal.CreateFile(path, keys)
}

func connect(ctx context.Context, address string) (*pgxpool.Pool, error) {
	c, err := pgxpool.ParseConfig(address)
	if err != nil {
		return nil, errors.New("-database: is no address of a PostgreSQL")
	}
	c.MaxConns = 16
	return pgxpool.NewWithConfig(ctx, c)
}

// engine is the same in every process: whoever submits, and whoever works.
func (j job) engine(ctx context.Context, pool *pgxpool.Pool) (*river.Engine, *postgres.Journal, error) {
	journal, err := postgres.Open(ctx, pool, postgres.Config{Schema: schema})
	if err != nil {
		return nil, nil, err
	}
	sealer, err := seal.Load(ctx, seal.File(j.Keyset))
	if err != nil {
		return nil, nil, err
	}
	roots := x509.NewCertPool()
	root, err := x509.ParseCertificate(j.Bank.Root)
	if err != nil {
		return nil, nil, err
	}
	roots.AddCert(root)
	bank, err := all2pay.New(all2pay.Config{
		BaseURL: j.Bank.URL, UserName: j.Bank.User, Password: payout.NewSecret(j.Bank.Password), HTTP: provider.HTTP{Roots: roots},
		// So it is with the simulated bank. What a real one promises, it promises in writing.
		Absence: payout.Absence{Proves: true, After: 200 * time.Millisecond, Times: 2, Evidence: "the simulated bank has no lag"},
		Dedup:   payout.DedupRefuses, DedupEvidence: "the simulated bank refuses a number that it has",
	})
	if err != nil {
		return nil, nil, err
	}
	engine, err := river.New(river.Config{
		Pool: pool, Journal: journal, Sweep: time.Second, Logger: slog.New(slog.DiscardHandler),
		JobTimeout: 6 * time.Second, RescueAfter: 8 * time.Second, // as short as this bank is fast
		Dispatch: dispatch.Config{
			Providers: []*payout.Client{payout.NewClient(bank)}, Routes: []dispatch.Route{{Provider: "all2pay"}}, Sealer: sealer,
			Keys:    dispatch.Keys{Versions: map[uint32]payout.Secret{0: payout.NewSecret("thirty-two bytes that outlive all")}},
			Rates:   dispatch.Rates{SendsPerSecond: 100, AsksPerSecond: 100}, // of both workers together
			Workers: 8,
			Times: dispatch.Times{
				SendWindow: time.Second, CallTimeout: 2 * time.Second, RetryEvery: 200 * time.Millisecond, Apart: 200 * time.Millisecond, Turn: 2 * time.Second,
				Polling: map[string]payout.Polling{"all2pay": {{Every: 300 * time.Millisecond}}}, Patrol: []time.Duration{500 * time.Millisecond, -1},
			},
		},
	})
	return engine, journal, err
}

// work is the life of a worker: it ends when it is interrupted, or its parent is gone.
func work(ctx context.Context, parent io.Reader) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var j job
	if err := json.NewDecoder(parent).Decode(&j); err != nil {
		return err
	}
	go func() {
		_, _ = io.Copy(io.Discard, parent)
		cancel()
	}()
	pool, err := connect(ctx, j.Database)
	if err != nil {
		return err
	}
	defer pool.Close()
	engine, _, err := j.engine(ctx, pool)
	if err != nil {
		return err
	}
	fmt.Println("ready")
	return engine.Run(ctx)
}

// worker is another process of this program.
type worker struct{ *exec.Cmd }

func startWorker(ctx context.Context, j job) (worker, error) {
	self, err := os.Executable()
	if err != nil {
		return worker{}, err
	}
	c := exec.CommandContext(ctx, self, "-worker") // #nosec G204 -- this program
	c.Stderr = os.Stderr
	in, err := c.StdinPipe() // which ends with this process
	if err != nil {
		return worker{}, err
	}
	out, err := c.StdoutPipe()
	if err != nil {
		return worker{}, err
	}
	if err := c.Start(); err != nil {
		return worker{}, err
	}
	if err := json.NewEncoder(in).Encode(j); err != nil || !bufio.NewScanner(out).Scan() {
		return worker{}, errors.Join(errors.New("a worker did not begin"), c.Wait())
	}
	return worker{c}, nil
}

func (w worker) pid() int { return w.Process.Pid }

// end kills it, as a machine dies.
func (w worker) end() {
	_ = w.Process.Kill()
	_ = w.Wait()
}
