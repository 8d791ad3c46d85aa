package move_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"
	"path/filepath"

	"github.com/payoutkit/payout/dispatch"
	"github.com/payoutkit/payout/journal"
	"github.com/payoutkit/payout/journal/move"
	"github.com/payoutkit/payout/journal/sqlite"
)

// After a move there is one journal that payouts go on in: the old one is refused.
func Example() {
	ctx := context.Background()
	folder, err := os.MkdirTemp("", "payouts")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(folder)
	old, moved := filepath.Join(folder, "old.db"), filepath.Join(folder, "new.db")
	j, err := sqlite.Create(ctx, old, sqlite.Config{})
	if err != nil {
		log.Fatal(err)
	}
	if _, _, err := j.Insert(ctx, dispatch.Entry{Reference: "payout-1", State: dispatch.StatePlanned}); err != nil {
		log.Fatal(err)
	}
	if err := j.Close(); err != nil {
		log.Fatal(err)
	}

	from, err := sqlite.Export(ctx, old, sqlite.Config{})
	if err != nil {
		log.Fatal(err)
	}
	to, err := sqlite.Import(ctx, moved, sqlite.Config{})
	if err != nil {
		log.Fatal(err)
	}
	report, err := move.Move(ctx, from, to, move.Options{By: "A. Clerk"})
	if err != nil {
		log.Fatal(err)
	}
	for _, c := range report.Tables {
		if c.Table == "payouts" {
			fmt.Println(c.Rows, "payout")
		}
	}
	_ = from.Close()
	_ = to.Close()

	_, err = sqlite.Open(ctx, old, sqlite.Config{})
	fmt.Println("the old one was moved:", errors.Is(err, journal.ErrMoved))
	j, err = sqlite.Open(ctx, moved, sqlite.Config{})
	if err != nil {
		log.Fatal(err)
	}
	defer j.Close()
	entry, err := j.Load(ctx, "payout-1")
	fmt.Println("the new one:", entry.State, err)
	// Output:
	// 1 payout
	// the old one was moved: true
	// the new one: planned <nil>
}
