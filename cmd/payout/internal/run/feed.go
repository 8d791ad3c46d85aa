package run

import (
	"context"
	"errors"
	"io"
	"sync"
	"time"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/batch"
	"github.com/payoutkit/payout/dispatch"
)

// Dispatcher is what a run needs of one.
type Dispatcher interface {
	Submit(ctx context.Context, req payout.Request, options ...dispatch.SubmitOption) (dispatch.Ticket, error)
	Run(ctx context.Context) error
}

const (
	// submitters is how many rows are being submitted at once: they share the journal's
	// syncs.
	submitters = 64
	// again is how long a row waits whose submission failed without a word about it.
	again = time.Second
)

// Runner is one run of a registry.
type Runner struct {
	Dispatcher Dispatcher
	Reader     *batch.Reader
	Tracker    *Tracker
	// Patience is how long the last payouts are waited for; 0: until they are settled.
	Patience time.Duration
	// Trouble hears of each row that the journal did not take for now. nil: nobody does.
	Trouble  func(error)
	Refusals Refusals

	mu       sync.Mutex
	taken    int
	troubles int
}

// End is how a run ended.
type End struct {
	Taken, Refused int
	// Whole: every right row was submitted. Settled: and every payout has come to an end,
	// or to a person.
	Whole, Settled bool
}

// Run submits the rows that are right, and waits for what becomes of them. When the
// context ends no further row is taken, and what is being sent is sent to its end. The
// error is the file's, the journal's or the dispatcher's; what was taken then is in the
// journal, and the same run can be begun again.
func (r *Runner) Run(ctx context.Context) (End, error) {
	work, stop := context.WithCancel(ctx)
	defer stop()
	driven := make(chan error, 1)
	go func() { driven <- r.Dispatcher.Run(work) }()
	whole, err := r.feed(ctx)
	end := End{Whole: whole}
	if whole {
		wait, done := ctx, context.CancelFunc(func() {})
		if r.Patience > 0 {
			wait, done = context.WithTimeout(ctx, r.Patience)
		}
		end.Settled = r.Tracker.drained(wait)
		done()
	}
	stop()
	if runErr := <-driven; !errors.Is(runErr, context.Canceled) && ctx.Err() == nil {
		err = errors.Join(err, runErr)
	}
	end.Taken, end.Refused = r.taken, r.Refusals.Len()
	return end, err
}

// feed submits row after row, and reports whether all of them were.
func (r *Runner) feed(ctx context.Context) (bool, error) {
	rows := make(chan batch.Row)
	var submitting sync.WaitGroup
	for range submitters {
		submitting.Go(func() {
			for row := range rows {
				r.submit(ctx, row)
			}
		})
	}
	whole, err := r.read(ctx, rows)
	close(rows)
	submitting.Wait()
	return whole && ctx.Err() == nil, err
}

// read hands rows out.
func (r *Runner) read(ctx context.Context, out chan<- batch.Row) (bool, error) {
	for {
		row, err := r.Reader.Next()
		switch {
		case errors.Is(err, io.EOF):
			return true, nil
		case err != nil:
			return false, err
		case row.Err != nil:
			continue
		case !r.Tracker.Begin(ctx, row.Reference):
			return false, nil
		}
		out <- row
	}
}

// submit submits a row, until it is taken or refused, or the context ends.
func (r *Runner) submit(ctx context.Context, row batch.Row) {
	for {
		ticket, err := r.Dispatcher.Submit(ctx, row.Request)
		switch {
		case err == nil:
			r.count(&r.taken)
			r.Tracker.Stands(ticket.Entry)
			return
		case errors.Is(err, payout.ErrInvalid), errors.Is(err, payout.ErrUnsupported), errors.Is(err, payout.ErrConflict):
			r.Tracker.Refused(row.Reference)
			r.Refusals.add(row, err)
			return
		}
		// It may have been taken. The same once more does no harm.
		r.count(&r.troubles)
		if r.Trouble != nil && ctx.Err() == nil {
			r.Trouble(err)
		}
		timer := time.NewTimer(again)
		select {
		case <-ctx.Done():
			timer.Stop()
			r.Tracker.left(row.Reference)
			return
		case <-timer.C:
		}
	}
}

func (r *Runner) count(n *int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	*n++
}

// Troubles is how often the journal did not take a row for now.
func (r *Runner) Troubles() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.troubles
}
