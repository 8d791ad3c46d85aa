// Command cluster pays one batch with two worker processes on one PostgreSQL, driven by
// River. One of them is killed midway and started again.
//
//	go run ./examples/cluster
//
// It starts a PostgreSQL of its own in a temporary folder, if Debian's binaries are there;
// -database names one that is yours, in which it makes two schemas and leaves them.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"os"
	"os/signal"
	"strings"
	"time"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/batch"
	"github.com/payoutkit/payout/dispatch"
	"github.com/payoutkit/payout/engine/river"
	"github.com/payoutkit/payout/journal/postgres"
)

var (
	address = flag.String("database", "", "the address of a PostgreSQL; by default one is started")
	rows    = flag.Int("rows", 300, "payouts of the batch")
	// A process that the first one has started has it.
	asWorker = flag.Bool("worker", false, "be a worker, as the standard input says")
)

func main() {
	log.SetFlags(0)
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if *asWorker {
		if err := work(ctx, os.Stdin); !errors.Is(err, context.Canceled) {
			log.Fatal(err)
		}
		return
	}
	if err := office(ctx); err != nil {
		log.Print(err)
		os.Exit(1)
	}
}

// office takes the batch on, has the workers pay it, and holds the journal against the
// bank's ledger.
func office(ctx context.Context) (err error) {
	bank, err := openBank(ctx)
	if err != nil {
		return err
	}
	defer bank.Close()
	db := &database{}
	defer db.close()
	job := job{Database: *address, Bank: bank.link}
	folder, err := os.MkdirTemp("", "cluster")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	if job.Keyset, err = newKeyset(folder); err != nil {
		return err
	}
	if job.Database == "" {
		if job.Database, err = db.start(); err != nil {
			return err
		}
	}
	pool, err := connect(ctx, job.Database)
	if err != nil {
		return err
	}
	defer pool.Close()
	if _, err := postgres.Create(ctx, pool, postgres.Config{Schema: schema}); err != nil {
		return err
	}
	if err := river.Migrate(ctx, pool, ""); err != nil {
		return err
	}
	engine, journal, err := job.engine(ctx, pool)
	if err != nil {
		return err
	}

	taken, err := takeOn(ctx, engine)
	if err != nil {
		return err
	}
	fmt.Printf("%d payouts are in the journal, each with its job\n", taken)

	first, err := startWorker(ctx, job)
	if err != nil {
		return err
	}
	defer func() { first.end() }()
	second, err := startWorker(ctx, job)
	if err != nil {
		return err
	}
	defer func() { second.end() }()
	fmt.Printf("workers %d and %d are at work\n", first.pid(), second.pid())

	killed := false
	tick := time.NewTicker(500 * time.Millisecond)
	defer tick.Stop()
	for {
		states, err := journal.Count(ctx, dispatch.Filter{})
		if err != nil {
			return err
		}
		fmt.Println(" ", told(states))
		paid := states[dispatch.StatePaid]
		if paid == int64(taken) {
			break
		}
		if !killed && paid > int64(taken)/3 {
			killed = true
			first.end()
			fmt.Printf("worker %d was killed; what it was at the other one asks the bank about\n", first.pid())
			if first, err = startWorker(ctx, job); err != nil {
				return err
			}
			fmt.Printf("worker %d has taken its place\n", first.pid())
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-tick.C:
		}
	}
	return bank.check(taken)
}

// takeOn reads the batch and submits its rows.
func takeOn(ctx context.Context, engine *river.Engine) (taken int, err error) {
	reader, err := batch.NewReader(strings.NewReader(registry(*rows)), payout.Card{}.Kind())
	if err != nil {
		return 0, err
	}
	for {
		row, err := reader.Next()
		switch {
		case errors.Is(err, io.EOF):
			return taken, nil
		case err != nil:
			return taken, err
		}
		if _, err := engine.Submit(ctx, row.Request); err != nil {
			return taken, err
		}
		taken++
	}
}

// registry is a file of payouts of a hundred roubles and a bit.
func registry(n int) string {
	var b strings.Builder
	b.WriteString("reference,amount,currency,destination,card.number,recipient.name\n")
	for i := range n {
		fmt.Fprintf(&b, "pay-%04d,%d.%02d,RUB,card,4111111111111111,IVAN PETROV\n", i+1, 100+i/100, i%100)
	}
	return b.String()
}

func told(states map[dispatch.State]int64) string {
	var out []string
	for _, s := range []dispatch.State{dispatch.StatePlanned, dispatch.StateSending, dispatch.StateUnknown, dispatch.StateOpen, dispatch.StatePaid, dispatch.StateReview} {
		if states[s] > 0 {
			out = append(out, fmt.Sprintf("%d %s", states[s], s))
		}
	}
	return strings.Join(out, ", ")
}
