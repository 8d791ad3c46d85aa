package river

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"regexp"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivertype"

	"github.com/payoutkit/payout/dispatch"
	"github.com/payoutkit/payout/internal/gather"
)

// Engine takes payouts on and drives them. It is safe for concurrent use, and so are any
// number of engines, in any number of processes, on one journal. One that only takes
// payouts on is not run.
type Engine struct {
	config Config
	pool   *pgxpool.Pool
	d      *dispatch.Dispatcher
	client *river.Client[pgx.Tx]
	queues map[string]river.QueueConfig // that this engine works off
	jobs   jobs
	news   chan string // payouts that something has happened to outside of a job

	submissions gather.Calls[*submission]
}

// New checks a configuration and returns its engine. It does no I/O; River's tables are
// there already, see [Migrate]. The error is ErrInvalid and names what is wrong.
func New(c Config) (*Engine, error) {
	c = c.withDefaults()
	if err := c.check(); err != nil {
		return nil, err
	}
	e := &Engine{config: c, pool: c.Pool, queues: c.queues(), news: make(chan string, 1000)}
	e.jobs = newJobs(c, e.queues)
	e.submissions = gather.Calls[*submission]{Make: e.submitMany, Key: func(s *submission) string { return s.entry.Reference }}
	c.Dispatch.Journal = c.Journal
	c.Dispatch.Observer = hearing{c.Dispatch.Observer, e}
	var err error
	if e.d, err = dispatch.New(c.Dispatch); err != nil {
		return nil, err
	}
	workers := river.NewWorkers()
	river.AddWorker(workers, &stepper{engine: e})
	river.AddWorker(workers, &sweeper{engine: e})
	e.client, err = river.NewClient(riverpgxv5.New(c.Pool), &river.Config{
		Schema: c.Schema, Workers: workers, Queues: e.queues, Logger: c.Logger,
		JobTimeout: c.JobTimeout, RescueStuckJobsAfter: c.RescueAfter, SoftStopTimeout: c.StopWithin,
		FetchCooldown: 20 * time.Millisecond, FetchPollInterval: 500 * time.Millisecond,
		CompletedJobRetentionPeriod: time.Hour,
		PeriodicJobs: []*river.PeriodicJob{river.NewPeriodicJob(river.PeriodicInterval(c.Sweep),
			func() (river.JobArgs, *river.InsertOpts) { return sweepArgs{}, nil }, &river.PeriodicJobOpts{RunOnStart: true})},
	})
	return e, err
}

// Dispatcher returns what the engine drives: it tells how payouts stand, and takes what
// people decide. Its Submit and Run are not called: a payout that it takes on by itself
// has no job before the next sweep.
func (e *Engine) Dispatcher() *dispatch.Dispatcher { return e.d }

// Run works on payouts until ctx ends, and returns when its last step has ended: a payout
// that is being sent then is sent to its end and written down, if that does not take
// longer than StopWithin.
func (e *Engine) Run(ctx context.Context) error {
	if _, err := e.d.Start(ctx); err != nil {
		return err
	}
	if err := e.client.Start(context.WithoutCancel(ctx)); err != nil {
		return err
	}
	var beside sync.WaitGroup
	beside.Go(func() { e.tend(ctx) })
	beside.Go(func() { e.listen(ctx) })
	<-ctx.Done()
	beside.Wait()
	err := e.client.Stop(context.WithoutCancel(ctx))
	return errors.Join(context.Cause(ctx), err)
}

// tend looks after the providers. What fails is tried again; that the journal can't be
// read is an alarm, each minute.
func (e *Engine) tend(ctx context.Context) {
	var alarmed time.Time
	for ctx.Err() == nil {
		next, err := e.d.Tend(ctx)
		now := e.config.Dispatch.Now()
		if err != nil && ctx.Err() == nil && now.Sub(alarmed) >= time.Minute {
			alarmed = now
			e.config.Dispatch.Observer.Alarm(ctx, dispatch.Alarm{Kind: dispatch.AlarmJournal, Attempt: -1})
		}
		timer := time.NewTimer(max(next.Sub(now), 10*time.Millisecond))
		select {
		case <-ctx.Done():
		case <-timer.C:
		}
		timer.Stop()
	}
}

// queues are those of a configuration's providers, and our own.
func (c Config) queues() map[string]river.QueueConfig {
	out := map[string]river.QueueConfig{queue(""): {MaxWorkers: c.Dispatch.Workers}, sweeps: {MaxWorkers: 1}}
	for _, p := range c.Dispatch.Providers {
		n, ok := c.Workers[p.Name()]
		if !ok {
			n = c.Dispatch.Workers
		}
		out[queue(p.Name())] = river.QueueConfig{MaxWorkers: n}
	}
	return out
}

// sweeps is the queue of the sweep.
const sweeps = "payout_sweep"

// names are those that River takes for a queue.
var names = regexp.MustCompile(`^[a-z0-9]+([_-][a-z0-9]+)*$`)

// queue returns the queue of a provider, or of those payouts of which it is not known yet
// which provider they are for.
func queue(provider string) string {
	switch {
	case provider == "":
		return "payout"
	case len(provider) <= 100 && names.MatchString(provider):
		return "payout_to_" + provider
	}
	h := sha256.Sum256([]byte(provider))
	return "payout_to_x" + hex.EncodeToString(h[:12])
}

// going are the states of a job that sees to its payout. A completed one does not.
var going = []rivertype.JobState{
	rivertype.JobStateAvailable, rivertype.JobStatePending, rivertype.JobStateRetryable, rivertype.JobStateRunning, rivertype.JobStateScheduled,
}
