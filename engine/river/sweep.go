package river

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
)

// sweepArgs are those of the sweep's job.
type sweepArgs struct{}

func (sweepArgs) Kind() string { return "payout_sweep" }

// InsertOpts implements river.JobArgsWithInsertOpts: one sweep at a time.
func (sweepArgs) InsertOpts() river.InsertOpts {
	return river.InsertOpts{Queue: sweeps, MaxAttempts: 1, UniqueOpts: river.UniqueOpts{ByQueue: true, ByState: going}}
}

// sweeper finds payouts that no job sees to.
type sweeper struct {
	river.WorkerDefaults[sweepArgs]
	engine *Engine
}

// Timeout implements river.Worker.
func (w *sweeper) Timeout(*river.Job[sweepArgs]) time.Duration { return w.engine.config.JobTimeout }

// Work implements river.Worker.
func (w *sweeper) Work(ctx context.Context, _ *river.Job[sweepArgs]) error {
	_, err := w.engine.sweep(ctx)
	return err
}

// page is how many payouts a sweep sees to at once.
const page = 1000

// sweep sees to it that all payouts that are due have a job that is going to run, or that
// runs and is not lost. It returns how many had none.
func (e *Engine) sweep(ctx context.Context) (found int, err error) {
	for {
		// What a job sees to before the next sweep is no concern.
		before, until := e.config.Dispatch.Now().Add(-time.Second), time.Now().Add(e.config.Sweep)
		all, err := e.config.Journal.Unattended(ctx, e.jobs.going, before, until, page)
		if err != nil {
			return found, err
		}
		var missing []river.InsertManyParams
		for _, u := range all {
			if u.Job == 0 {
				missing = append(missing, river.InsertManyParams{Args: Job{u.Reference}, InsertOpts: opts("", time.Time{})})
			} else if _, err := e.client.JobRetry(ctx, u.Job); err != nil {
				return found, err
			}
		}
		made := len(all) - len(missing)
		if len(missing) > 0 {
			jobs, err := e.client.InsertMany(ctx, missing)
			if err != nil {
				return found, err
			}
			for _, j := range jobs {
				if !j.UniqueSkippedAsDuplicate { // the job that is lost is in this queue: River rescues it
					made++
				}
			}
		}
		if found += made; len(all) < page || made == 0 {
			return found, nil
		}
	}
}

// wake has a payout's job run now, or makes one.
func (e *Engine) wake(ctx context.Context, reference string) error {
	rows, err := e.pool.Query(ctx, e.jobs.of, reference)
	if err != nil {
		return err
	}
	ids, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	if err != nil {
		return err
	}
	for _, id := range ids {
		if _, err := e.client.JobRetry(ctx, id); err != nil {
			return err
		}
	}
	if len(ids) == 0 {
		_, err = e.client.Insert(ctx, Job{reference}, opts("", time.Time{}))
	}
	return err
}

// jobs are queries of River's jobs.
type jobs struct {
	going string // the reference, id and time of each that is going to run, or runs and is not lost
	of    string // the ids of those of one payout
}

func newJobs(c Config) jobs {
	table := pgx.Identifier{c.Schema, "river_job"}.Sanitize()
	const states = `state IN ('available', 'pending', 'retryable', 'running', 'scheduled')`
	return jobs{
		going: fmt.Sprintf(`SELECT DISTINCT ON (args->>'reference') args->>'reference', id, CASE state WHEN 'running' THEN attempted_at ELSE scheduled_at END
			FROM %s WHERE kind = 'payout' AND %s AND (state <> 'running' OR attempted_at > now() - interval '%d microseconds')
			ORDER BY args->>'reference', 3`, table, states, c.RescueAfter.Microseconds()),
		of: fmt.Sprintf(`SELECT id FROM %s WHERE kind = 'payout' AND %s AND args @> jsonb_build_object('reference', $1::text)`, table, states),
	}
}
