package river

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
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
		var missing []string
		for _, u := range all {
			if u.Job == 0 {
				missing = append(missing, u.Reference)
			} else if _, err := e.client.JobRetry(ctx, u.Job); err != nil {
				return found, err
			}
		}
		made, err := e.make(ctx, missing)
		if err != nil {
			return found, err
		}
		made += len(all) - len(missing)
		if found += made; len(all) < page || made == 0 {
			return found, nil
		}
	}
}

// make makes jobs for payouts that have none that sees to them, in the queues of their
// providers. Where one is there that is lost with its worker, the new one is in the queue
// for those of which nothing is known; if the lost one is there, River rescues it in its
// time. It returns how many it has made.
func (e *Engine) make(ctx context.Context, references []string) (made int, err error) {
	for _, provider := range []func(context.Context, string) string{e.providerOf, func(context.Context, string) string { return "" }} {
		if len(references) == 0 {
			break
		}
		var all []river.InsertManyParams
		for _, reference := range references {
			all = append(all, river.InsertManyParams{Args: Job{reference}, InsertOpts: opts(provider(ctx, reference), time.Time{})})
		}
		jobs, err := e.client.InsertMany(ctx, all)
		if err != nil {
			return made, err
		}
		var left []string
		for i, j := range jobs {
			if j.UniqueSkippedAsDuplicate {
				left = append(left, references[i])
			}
		}
		made += len(references) - len(left)
		references = left
	}
	return made, nil
}

// providerOf returns the provider that a payout was sent to last, if it is one of ours: a
// queue that nobody works off is none.
func (e *Engine) providerOf(ctx context.Context, reference string) string {
	entry, err := e.config.Journal.Load(ctx, reference)
	if err != nil || len(entry.Attempts) == 0 {
		return ""
	}
	provider := entry.Attempts[len(entry.Attempts)-1].Provider
	if _, ours := e.queues[queue(provider)]; !ours {
		return ""
	}
	return provider
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
		_, err = e.make(ctx, []string{reference})
	}
	return err
}

// jobs are queries of River's jobs. One in a queue that nobody works off, of a provider
// that has another name now, sees to nothing.
type jobs struct {
	going string // the reference, id and time of each that is going to run, or runs and is not lost
	of    string // the ids of those of one payout
}

func newJobs(c Config, queues map[string]river.QueueConfig) jobs {
	quoted := func(names []string) string { return "'" + strings.Join(names, "', '") + "'" } // they have no quotes
	var states []string
	for _, s := range going {
		states = append(states, string(s))
	}
	from := fmt.Sprintf(`FROM %s WHERE kind = 'payout' AND state IN (%s) AND queue IN (%s)`,
		pgx.Identifier{c.Schema, "river_job"}.Sanitize(), quoted(states), quoted(slices.Sorted(maps.Keys(queues))))
	return jobs{
		going: fmt.Sprintf(`SELECT DISTINCT ON (args->>'reference' COLLATE "C") args->>'reference', id, CASE state WHEN 'running' THEN attempted_at ELSE scheduled_at END
			%s AND (state <> 'running' OR attempted_at > now() - interval '%d microseconds')
			ORDER BY args->>'reference' COLLATE "C", 3`, from, c.RescueAfter.Microseconds()),
		of: fmt.Sprintf(`SELECT id %s AND args @> jsonb_build_object('reference', $1::text)`, from),
	}
}
