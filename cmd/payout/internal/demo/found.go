package demo

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"slices"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/cmd/payout/internal/config"
	"github.com/payoutkit/payout/cmd/payout/internal/simulate"
	"github.com/payoutkit/payout/dispatch"
	"github.com/payoutkit/payout/journal/sqlite"
	"github.com/payoutkit/payout/sandbox/bank"
)

// findBanks are those of a running sandbox, which live on when this process ends.
func findBanks(ctx context.Context, folder string, logger *slog.Logger) (*banks, error) {
	f, err := config.Load(filepath.Join(folder, simulate.ConfigName))
	if err != nil {
		return nil, err
	}
	accounts, err := f.Accounts(f.Sources(func(string) (string, bool) { return "", false }))
	if err != nil {
		return nil, err
	}
	b := &banks{watch: newWatch(), folder: folder}
	b.observer = b.watch.calls(logger)
	for _, a := range accounts {
		client := payout.NewClient(a, payout.WithObserver(b.observer))
		entries := func() ([]bank.Entry, error) { return simulate.EntriesAt(ctx, folder, client.Name()) }
		b.all = append(b.all, simulated{client: client, idle: a, entries: entries})
	}
	return b, nil
}

// journal is one on disk.
type journal interface {
	dispatch.Journal
	Close() error
}

// journal opens the journal of these banks, with the key that goes with it. That of
// banks in this process ends with them.
func (b *banks) journal(ctx context.Context) (journal, payout.Secret, error) {
	if b.folder == "" {
		return temporary(ctx)
	}
	path := filepath.Join(b.folder, "demo.db")
	key, err := os.ReadFile(filepath.Join(b.folder, config.KeyFiles[0]))
	if err != nil {
		return nil, payout.Secret{}, err
	}
	open := sqlite.Open
	if _, err := os.Stat(path); errors.Is(err, os.ErrNotExist) {
		open = sqlite.Create
	}
	j, err := open(ctx, path, sqlite.Config{})
	return j, payout.NewSecret(string(key)), err
}

// temporary is a journal in a folder of its own, which is removed when it closes.
func temporary(ctx context.Context) (journal, payout.Secret, error) {
	folder, err := os.MkdirTemp("", "payout-demo-*")
	if err != nil {
		return nil, payout.Secret{}, err
	}
	j, err := sqlite.Create(ctx, filepath.Join(folder, "demo.db"), sqlite.Config{})
	if err != nil {
		return nil, payout.Secret{}, errors.Join(err, os.RemoveAll(folder))
	}
	key := make([]byte, 32)
	_, _ = rand.Read(key)
	return removed{j, folder}, payout.NewSecret(hex.EncodeToString(key)), nil
}

type removed struct {
	journal
	folder string
}

func (r removed) Close() error { return errors.Join(r.journal.Close(), os.RemoveAll(r.folder)) }

// others takes payouts of other files out of the books: those that the journal has, and
// this registry has not. Those of them that wait for their request are findings.
func (k *desk) others(results []Result, books []book) ([]Finding, error) {
	ctx := context.Background() // the journal is on this machine
	mine := map[string]bool{}
	for _, r := range results {
		mine[r.Reference] = true
	}
	for i := range books {
		books[i].entries = slices.DeleteFunc(books[i].entries, func(e bank.Entry) bool {
			if mine[e.Reference] {
				return false
			}
			_, err := k.journal.Load(ctx, e.Reference)
			return err == nil
		})
	}
	var out []Finding
	f := dispatch.Filter{States: []dispatch.State{dispatch.StatePlanned, dispatch.StateAwaiting}, Limit: 1000}
	for {
		entries, err := k.journal.List(ctx, f)
		if err != nil {
			return nil, err
		}
		for _, e := range entries {
			if f.After = e.Reference; !mine[e.Reference] {
				out = append(out, Finding{e.Reference, "an earlier run could not send it, and it waits for its request: pay a file that has it"})
			}
		}
		if len(entries) < f.Limit {
			return out, nil
		}
	}
}
