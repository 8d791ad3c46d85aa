package river

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"

	"github.com/payoutkit/payout/dispatch"
)

// Job is what is in River's tables of a payout: its reference, and nothing else.
type Job struct {
	Reference string `json:"reference"`
}

// Kind implements river.JobArgs.
func (Job) Kind() string { return "payout" }

// opts are those of a payout's job: one for each payout and queue. A completed one does
// not count: its payout may have to go on. Attempts are without end: what becomes of a
// payout is not for the engine to decide.
func opts(provider string, at time.Time) *river.InsertOpts {
	return &river.InsertOpts{
		Queue: queue(provider), ScheduledAt: at, MaxAttempts: 30_000,
		UniqueOpts: river.UniqueOpts{ByArgs: true, ByQueue: true, ByState: going},
	}
}

// stepper makes the steps of a payout.
type stepper struct {
	river.WorkerDefaults[Job]
	engine *Engine
}

// inARow is how many steps a job makes without pausing.
const inARow = 8

// Work implements river.Worker. It returns no error: the dispatcher says when to come
// again, and strikes a payout whose steps fail.
func (w *stepper) Work(ctx context.Context, job *river.Job[Job]) error {
	e, reference := w.engine, job.Args.Reference
	step := &step{}
	ctx = context.WithValue(ctx, stepKey{}, step)
	var wait time.Duration
	for range inARow {
		next, done, err := e.d.Step(ctx, reference)
		switch {
		case errors.Is(err, dispatch.ErrNoEntry):
			return river.JobCancel(err)
		case done:
			return nil
		}
		if wait = next.Sub(e.config.Dispatch.Now()); wait > 0 || ctx.Err() != nil {
			break
		}
	}
	switch {
	case wait > e.config.Keep:
		return nil // the sweep finds it
	case step.provider != "" && queue(step.provider) != job.Queue:
		return e.moveJob(ctx, job, step.provider, wait)
	default:
		return river.JobSnooze(max(wait, 0))
	}
}

// moveJob goes on in the queue of another provider.
func (e *Engine) moveJob(ctx context.Context, job *river.Job[Job], provider string, wait time.Duration) error {
	err := pgx.BeginFunc(ctx, e.pool, func(tx pgx.Tx) error {
		if _, err := e.client.InsertTx(ctx, tx, job.Args, opts(provider, time.Now().Add(wait))); err != nil {
			return err
		}
		_, err := river.JobCompleteTx[*riverpgxv5.Driver](ctx, tx, job)
		return err
	})
	if err != nil {
		return river.JobSnooze(max(wait, time.Second)) // here, then
	}
	return nil
}
