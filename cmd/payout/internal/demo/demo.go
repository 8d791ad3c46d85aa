// Package demo pays a registry into simulated banks by a dispatcher, and holds what the
// library believes against what the banks did.
package demo

import (
	"bytes"
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"time"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/batch"
	"github.com/payoutkit/payout/cmd/payout/internal/run"
)

//go:embed sample.csv
var sample []byte

// ErrFindings: something is lost, contradicts a bank's ledger, or could not be told.
var ErrFindings = errors.New("something is lost or contradictory: see the findings")

// Options are the command's.
type Options struct {
	Out io.Writer
	// Registry is nil for the embedded sample, and banks that misbehave. If it has ReadAt
	// and Size it is read twice where progress is shown, since then it is known how much
	// there is to do.
	Registry io.Reader
	Name     string // of the registry, for messages
	JSON     bool
	// Terminal: Out is one. Results stay above a bar then.
	Terminal bool
	Logger   *slog.Logger // nil: nothing is logged
	// Folder is that of a running sandbox. Empty: the banks run in this process, and the
	// journal ends with it.
	Folder string
}

// workers bounds how many payouts are under way at once, and with that how many
// results wait for one before them.
const workers = 8

// patience is how long the fate of one payout is asked for.
const patience = 15 * time.Second

// Run is the command. An error that is no ErrFindings means that nothing was sent.
// When ctx ends, what was not sent yet is not sent any more, what was sent is
// reported as far as it is known, and the error is ErrFindings.
func Run(ctx context.Context, o Options) error {
	embedded := o.Registry == nil
	if embedded {
		o.Registry, o.Name = bytes.NewReader(sample), "the embedded sample"
	}
	reader, err := batch.NewReader(o.Registry, payout.Kinds()...)
	if err != nil {
		return fmt.Errorf("%s: %w", o.Name, err)
	}
	open := func() (*banks, error) { return startBanks(o.Logger) }
	if o.Folder != "" {
		open = func() (*banks, error) { return findBanks(ctx, o.Folder, o.Logger) }
	}
	banks, err := open()
	if err != nil {
		return err
	}
	defer banks.close()
	if embedded && o.Folder == "" {
		banks.misbehave()
	}
	return payThrough(ctx, o, reader, banks, patience)
}

func payThrough(ctx context.Context, o Options, reader *batch.Reader, banks *banks, patience time.Duration) error {
	begin := time.Now()
	desk, err := openDesk(ctx, banks, o.Logger)
	if err != nil {
		return err
	}
	closed := false
	closing := func() error {
		if closed {
			return nil
		}
		closed = true
		return desk.close()
	}
	defer func() { _ = closing() }()
	sink := &sink{out: o.Out}
	out := newPrinter(sink, o.JSON)
	out.begin(o.Name, banks.clients())
	above, stop := o.progress(ctx, banks.watch.tracker)
	sink.out = above
	results, err := payAll(ctx, desk, reader, patience, out.result)
	stop()
	sink.out = o.Out
	desk.rest() // nothing moves while the books are read
	books, bookErr := banks.books(desk.payoutOf)
	left, leftErr := desk.others(results, books)
	summary, sumErr := summarise(results, books, time.Since(begin))
	summary.Findings = append(summary.Findings, leftOver(results, banks.watch.findings(desk.payoutOf), err)...)
	summary.Findings = append(summary.Findings, left...)
	out.end(summary)
	switch err := errors.Join(bookErr, leftErr, sumErr, sink.err, closing()); {
	case err != nil:
		return fmt.Errorf("%w: the report is not whole: %w", ErrFindings, err)
	case len(summary.Findings) > 0:
		return ErrFindings
	default:
		return nil
	}
}

// progress shows how the payouts get on, until stop is called. Rows are written to above
// meanwhile. Without a terminal the rows are progress enough.
func (o Options) progress(ctx context.Context, tracker *run.Tracker) (above io.Writer, stop func()) {
	if !o.Terminal || o.JSON {
		return o.Out, func() {}
	}
	p := run.Progress{Out: o.Out, Tracker: tracker, Terminal: true, Now: time.Now}
	if file, ok := o.Registry.(interface {
		io.ReaderAt
		Size() int64
	}); ok {
		// An error is found by whoever pays the file.
		if report, err := batch.Check(ctx, file, file.Size(), batch.Checking{}); err == nil {
			p.Total = report.Right
		}
	}
	return p.Start()
}

// payAll pays every row that is right and returns what became of each row, in the
// order of the file. done hears of each in that order, as soon as it is known. The
// error is the file's.
func payAll(
	ctx context.Context, desk *desk, reader *batch.Reader, patience time.Duration, done func(Result),
) ([]Result, error) {
	inOrder := make(chan chan Result, workers)
	var failure error
	go func() {
		defer close(inOrder)
		for {
			row, err := reader.Next()
			if err != nil {
				if !errors.Is(err, io.EOF) {
					failure = err
				}
				return
			}
			result := make(chan Result, 1)
			inOrder <- result // blocks while enough is under way
			go func() { result <- desk.pay(ctx, row, patience) }()
		}
	}()
	var all []Result
	for result := range inOrder {
		r := <-result
		done(r)
		all = append(all, r)
	}
	return all, failure
}
