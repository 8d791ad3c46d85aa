package sqlite_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"
	"path/filepath"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/dispatch"
	"github.com/payoutkit/payout/journal"
	"github.com/payoutkit/payout/journal/sqlite"
	"github.com/payoutkit/payout/journal/witness"
)

// A journal is created once, on purpose, and opened ever after: a path that is mistyped
// must not look like a journal in which nothing was sent.
func Example() {
	ctx := context.Background()
	folder, err := os.MkdirTemp("", "payouts")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(folder)
	path := filepath.Join(folder, "payouts.db")

	_, err = sqlite.Open(ctx, path, sqlite.Config{})
	fmt.Println("opened:", err == nil)
	j, err := sqlite.Create(ctx, path, sqlite.Config{})
	if err != nil {
		log.Fatal(err)
	}
	_, err = sqlite.Create(ctx, path, sqlite.Config{})
	fmt.Println("created again:", !errors.Is(err, journal.ErrExists))

	d, err := dispatch.New(dispatch.Config{
		Journal: j, Providers: []*payout.Client{payout.NewClient(newTill(0))}, Routes: []dispatch.Route{{Provider: "bank-0"}},
		Keys: dispatch.Keys{Versions: map[uint32]payout.Secret{0: payout.NewSecret("32 bytes and more, that nobody else has")}},
	})
	if err != nil {
		log.Fatal(err)
	}
	ticket, err := d.Submit(ctx, order("payout-1"), dispatch.AwaitAnswer())
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(ticket.State)
	if err := j.Close(); err != nil {
		log.Fatal(err)
	}

	if j, err = sqlite.Open(ctx, path, sqlite.Config{}); err != nil {
		log.Fatal(err)
	}
	defer j.Close()
	entry, err := j.Load(ctx, "payout-1")
	fmt.Println(entry.State, err)
	// Output:
	// opened: false
	// created again: false
	// paid
	// paid <nil>
}

// A witness on another disk knows how far the journal had come: one that was restored from an
// older copy is in doubt, and asks before it sends.
func ExampleConfig() {
	ctx := context.Background()
	folder, err := os.MkdirTemp("", "payouts")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(folder)
	path, backup := filepath.Join(folder, "payouts.db"), filepath.Join(folder, "backup.db")
	w, err := witness.Open(filepath.Join(folder, "witness"))
	if err != nil {
		log.Fatal(err)
	}
	defer w.Close()

	j, err := sqlite.Create(ctx, path, sqlite.Config{Witness: w})
	if err != nil {
		log.Fatal(err)
	}
	if err := j.Backup(ctx, backup); err != nil {
		log.Fatal(err)
	}
	if err := pays(ctx, j, "payout-1"); err != nil { // after the backup
		log.Fatal(err)
	}
	if err := j.Close(); err != nil {
		log.Fatal(err)
	}
	if err := os.Rename(backup, path); err != nil {
		log.Fatal(err)
	}

	if j, err = sqlite.Open(ctx, path, sqlite.Config{Witness: w}); err != nil {
		log.Fatal(err)
	}
	defer j.Close()
	doubt, err := j.Doubt(ctx)
	fmt.Println("in doubt:", doubt.Number > 0, err)
	// Output: in doubt: true <nil>
}
