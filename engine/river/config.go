package river

import (
	"cmp"
	"log/slog"
	"regexp"
	"slices"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/dispatch"
	"github.com/payoutkit/payout/journal/postgres"
)

// Config is what an [Engine] is made of. Pool, Journal and Dispatch are required.
type Config struct {
	// Pool is of the database that the journal is in. It stays its owner's, and has room
	// for what is worked on at once: a step that waits for a connection is a late one.
	Pool    *pgxpool.Pool
	Journal *postgres.Journal

	// Dispatch is how payouts are brought to banks. Journal is left empty. Sealer is
	// required. Workers is how many payouts are worked on at once for each provider here;
	// 0: 50. The rates of a provider are those of all machines that have the same, unless
	// there is another Allotter. Times.Turn is 5 s if it is 0.
	Dispatch dispatch.Config
	// Workers are those of single providers, by name.
	Workers map[string]int

	// Schema is the schema of River's tables. "": [Schema].
	Schema string
	// JobTimeout bounds a step: longer than it may take, its calls to the bank and to the
	// journal included. 0: Times.Turn, SendWindow, twice CallTimeout, and 10 s.
	JobTimeout time.Duration
	// RescueAfter is how long after its begin a job is taken to be lost with its worker.
	// It is longer than JobTimeout: a worker that is only slow would be at work twice, which
	// harms no payout, and does nobody good. 0: JobTimeout and SendWindow.
	RescueAfter time.Duration
	// Sweep is how often it is looked for payouts that no job sees to. 0: 15 s.
	Sweep time.Duration
	// Keep is how long a job sleeps at most; a payout that has nothing to do for longer is
	// found by the sweep when it is due. 0: 10 min.
	Keep time.Duration
	// StopWithin is how long Run waits for steps that are under way when its context ends,
	// before it has them stop as well. 0: 30 s.
	StopWithin time.Duration

	// Logger is River's. Nil: slog.Default(). Nothing personal is logged: a job has a
	// reference and nothing else.
	Logger *slog.Logger
}

// Schema is where River's tables are, unless a Config says otherwise.
const Schema = "payout_river"

func (c Config) withDefaults() Config {
	d := &c.Dispatch
	d.Workers = cmp.Or(d.Workers, 50)
	d.Times.Turn = cmp.Or(d.Times.Turn, 5*time.Second)
	if d.Now == nil {
		d.Now = time.Now
	}
	if d.Observer == nil {
		d.Observer = dispatch.NoObserver()
	}
	if d.Allotter == nil && c.Journal != nil {
		d.Allotter = c.Journal
	}
	c.Schema = cmp.Or(c.Schema, Schema)
	window, call := d.Times.Bounds()
	c.JobTimeout = cmp.Or(c.JobTimeout, d.Times.Turn+window+2*call+10*time.Second)
	c.RescueAfter = cmp.Or(c.RescueAfter, c.JobTimeout+window)
	c.Sweep = cmp.Or(c.Sweep, 15*time.Second)
	c.Keep = cmp.Or(c.Keep, 10*time.Minute)
	c.StopWithin = cmp.Or(c.StopWithin, 30*time.Second)
	if c.Logger == nil {
		c.Logger = slog.Default()
	}
	return c
}

// schemas are the names that River takes.
var schemas = regexp.MustCompile(`^[a-zA-Z_][a-zA-Z0-9_]{0,62}$`)

// check returns what is wrong with a configuration, as ErrInvalid.
func (c Config) check() error {
	var v []payout.Violation
	must := func(is bool, field, rule string) {
		if !is {
			v = append(v, payout.Violation{Field: field, Rule: rule})
		}
	}
	window, call := c.Dispatch.Times.Bounds()
	must(c.Pool != nil, "pool", "is required")
	must(c.Journal != nil, "journal", "is required")
	must(c.Dispatch.Journal == nil, "dispatch.journal", "must be left to the engine")
	must(c.Dispatch.Sealer != nil, "dispatch.sealer", "is required: a worker on another machine has to open the request")
	must(schemas.MatchString(c.Schema), "schema", "must be letters, digits and _, and not begin with a digit")
	must(c.JobTimeout >= c.Dispatch.Times.Turn+window+call, "job_timeout", "must be as long as a step may take: turn, send window and call timeout")
	must(c.RescueAfter > c.JobTimeout, "rescue_after", "must be longer than the job timeout: a job that is still at work would be given to another worker")
	for field, d := range map[string]time.Duration{"sweep": c.Sweep, "keep": c.Keep, "stop_within": c.StopWithin} {
		must(d > 0, field, "must be positive")
	}
	for name, n := range c.Workers {
		known := slices.ContainsFunc(c.Dispatch.Providers, func(p *payout.Client) bool { return p != nil && p.Name() == name })
		must(known, "workers."+name, "is not the name of a provider")
		must(n > 0 && n <= 10_000, "workers."+name, "must be between 1 and 10000")
	}
	must(c.Dispatch.Workers > 0 && c.Dispatch.Workers <= 10_000, "dispatch.workers", "must be between 1 and 10000")
	if len(v) == 0 {
		return nil
	}
	slices.SortFunc(v, func(a, b payout.Violation) int { return cmp.Compare(a.Field, b.Field) })
	return &payout.Error{Kind: payout.ErrInvalid, Violations: v}
}
