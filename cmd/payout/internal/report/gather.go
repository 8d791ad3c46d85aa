package report

import (
	"cmp"
	"errors"
	"maps"
	"slices"
	"time"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/batch"
	"github.com/payoutkit/payout/dispatch"
)

const (
	// keep is how many rows each list of a report has at most.
	keep = 300
	// codes is how many codes of banks are told apart. Those after them count without.
	codes = 200
)

// Gatherer counts rows into a report. What it holds grows with the time, the providers and
// the currencies, and not with the rows. It is not safe for concurrent use.
type Gatherer struct {
	r         Report
	shares    map[shareKey]*Share
	took      map[string]*durations // by provider; "": all
	lasted    []Lasted
	course    course
	failures  map[failureKey]*Failure
	attempts  map[int]int
	failovers map[[2]string]*Failover
	reviews   map[string]int
	alarms    map[string]int
	last      time.Time // when the last one became final
}

type shareKey struct {
	provider string
	outcome  Outcome
	currency payout.Currency
}

type failureKey struct {
	provider string
	reason   payout.Reason
	code     string
}

// NewGatherer begins a report of a file. at is when the journal is read.
func NewGatherer(batchID, file string, at time.Time) *Gatherer {
	return &Gatherer{
		r:      Report{Type: "report", Batch: batchID, File: file, At: at},
		shares: map[shareKey]*Share{}, took: map[string]*durations{"": {}}, course: newCourse(),
		lasted: make([]Lasted, len(ladder)), failures: map[failureKey]*Failure{}, attempts: map[int]int{},
		failovers: map[[2]string]*Failover{}, reviews: map[string]int{}, alarms: map[string]int{},
	}
}

// Wrong counts a row that breaks a rule.
func (g *Gatherer) Wrong(row batch.Row) {
	g.r.Rows++
	g.r.Wrong++
	g.r.Person++
	shown := Row{Line: row.Line, Reference: row.Reference, Outcome: "wrong"}
	var wrong *batch.RowError
	if errors.As(row.Err, &wrong) {
		g.r.UnreadLines += wrong.LastLine - wrong.Line
		shown.Why = problems(wrong)
	}
	g.r.WrongRows.add(shown)
}

// Missing counts a right row that the journal does not have.
func (g *Gatherer) Missing(row batch.Row) error {
	g.r.Rows++
	shown := Row{
		Line: row.Line, Reference: row.Reference, Amount: row.Request.Amount, Destination: payout.Masked(row.Request.Destination),
		Outcome: Missing.String(), Why: "the journal does not have it",
	}
	g.r.NotSent.add(shown)
	return g.count(shown, Missing)
}

// Payout counts a right row whose payout stands so, with what happened to it. The error
// is of sums that are too large.
func (g *Gatherer) Payout(row batch.Row, e dispatch.Entry, history []dispatch.Event) error {
	g.r.Rows++
	o := outcomeOf(e.State)
	shown := Row{Line: row.Line, Reference: row.Reference, Amount: e.Amount, Destination: e.Destination, Outcome: o.String()}
	if n := len(e.Attempts); n > 0 {
		shown.Provider = e.Attempts[n-1].Provider
	}
	if err := g.count(shown, o); err != nil {
		return err
	}
	if g.r.Begin.IsZero() || e.CreatedAt.Before(g.r.Begin) {
		g.r.Begin = e.CreatedAt
	}
	g.attempted(e)
	g.ended(e, o, shown.Provider, history)
	changed := row.Request.Amount != e.Amount || payout.Masked(row.Request.Destination) != e.Destination
	if changed {
		g.r.Changed++
	}
	alarms := g.alarming(e, history)
	shown.Why = why(e, changed, alarms)
	undecided := e.Decision.IsZero()
	person := o == Review || changed || undecided && (o == Returned || len(alarms) > 0)
	if person {
		g.r.Person++
		g.r.ForPerson.add(shown)
	}
	switch o {
	case Failed:
		g.r.Failed.add(shown)
	case Waiting, Cancelled:
		g.r.NotSent.add(shown)
	case Pending:
		g.r.Unfinished.add(shown)
	}
	return nil
}

// count counts a right row's outcome.
func (g *Gatherer) count(row Row, o Outcome) error {
	g.r.Counts[o]++
	key := shareKey{row.Provider, o, row.Amount.Currency()}
	share := g.shares[key]
	if share == nil {
		share = &Share{Provider: row.Provider, Outcome: o, Sum: payout.FromMinor(0, key.currency)}
		g.shares[key] = share
	}
	share.Payouts++
	var err error
	share.Sum, err = share.Sum.Add(row.Amount)
	return err
}

// attempted counts the attempts at a payout, and what the banks refused.
func (g *Gatherer) attempted(e dispatch.Entry) {
	g.attempts[len(e.Attempts)]++
	for i, a := range e.Attempts {
		if a.State == dispatch.StateFailed || a.State == dispatch.StateClosed {
			f := g.failure(failureKey{a.Provider, a.Failure.Reason, a.Failure.Code})
			f.Attempts++
			if e.State == dispatch.StateFailed && i == len(e.Attempts)-1 {
				f.Payouts++
			}
		}
		if i == 0 || e.Attempts[i-1].Provider == a.Provider {
			continue
		}
		way := [2]string{e.Attempts[i-1].Provider, a.Provider}
		if g.failovers[way] == nil {
			g.failovers[way] = &Failover{From: way[0], To: way[1]}
		}
		g.failovers[way].Payouts++
		if e.State == dispatch.StatePaid {
			g.failovers[way].Paid++
		}
	}
	if n := len(e.Attempts); e.State == dispatch.StateFailed && (n == 0 || e.Attempts[n-1].State != dispatch.StateFailed) {
		// No bank's word for it, but that nothing could be sent, or a person's decision.
		g.failure(failureKey{"", e.Failure.Reason, e.Failure.Code}).Payouts++
	}
}

func (g *Gatherer) failure(key failureKey) *Failure {
	if g.failures[key] == nil && len(g.failures) >= codes {
		key.code = ""
	}
	if g.failures[key] == nil {
		g.failures[key] = &Failure{Provider: key.provider, Reason: key.reason, Code: key.code}
	}
	return g.failures[key]
}

// ended counts when a payout was paid or failed, and how long that took.
func (g *Gatherer) ended(e dispatch.Entry, o Outcome, provider string, history []dispatch.Event) {
	at := finalAt(e, history)
	if at.After(g.last) {
		g.last = at
	}
	if at.IsZero() || o != Paid && o != Failed {
		return
	}
	took := at.Sub(e.CreatedAt)
	g.took[""].add(took)
	if provider != "" {
		if g.took[provider] == nil {
			g.took[provider] = &durations{}
		}
		g.took[provider].add(took)
	}
	g.course.add(at, o == Paid)
	if lasted := &g.lasted[rung(took)]; o == Paid {
		lasted.Paid++
	} else {
		lasted.Failed++
	}
}

// finalAt is since when a payout is final, or zero.
func finalAt(e dispatch.Entry, history []dispatch.Event) time.Time {
	if !e.State.Final() {
		return time.Time{}
	}
	at := e.Decision.At
	for _, a := range e.Attempts {
		if e.Decision.IsZero() && a.FinalAt.After(at) {
			at = a.FinalAt
		}
	}
	if at.IsZero() && len(history) > 0 { // nothing of it was sent
		at = history[len(history)-1].At
	}
	return at
}

// alarming counts the alarms of a payout, each kind once, and returns those that do not
// end by themselves.
func (g *Gatherer) alarming(e dispatch.Entry, history []dispatch.Event) (lasting []string) {
	if e.State == dispatch.StateReview {
		g.reviews[e.Review.String()]++
	}
	seen := map[dispatch.AlarmKind]bool{}
	for _, ev := range history {
		for _, kind := range ev.Alarms {
			if seen[kind] {
				continue
			}
			seen[kind] = true
			g.alarms[string(kind)]++
			if kind != dispatch.AlarmDeadline {
				lasting = append(lasting, string(kind))
			}
		}
	}
	return lasting
}

func (l *List) add(r Row) {
	if l.All++; len(l.Rows) < keep {
		l.Rows = append(l.Rows, r)
	}
}

// Report returns what was counted.
func (g *Gatherer) Report() Report {
	r := g.r
	for _, l := range []*List{&r.ForPerson, &r.Failed, &r.NotSent, &r.Unfinished, &r.WrongRows} {
		l.Rows = append([]Row{}, l.Rows...)
	}
	r.Shares = sorted(g.shares, func(a, b Share) int {
		return cmp.Or(
			after(a.Provider, b.Provider), cmp.Compare(slices.Index(order, a.Outcome), slices.Index(order, b.Outcome)),
			cmp.Compare(a.Sum.Currency().Code(), b.Sum.Currency().Code()))
	})
	r.Times = []Times{}
	for _, provider := range slices.Sorted(maps.Keys(g.took)) {
		if d := g.took[provider]; d.n > 0 {
			r.Times = append(r.Times, d.times(provider))
		}
	}
	r.Lasted = g.spread()
	r.Each = int64(g.course.each / time.Second)
	r.Periods = sorted(g.course.periods, func(a, b Period) int { return a.From.Compare(b.From) })
	r.Failures = sorted(g.failures, func(a, b Failure) int {
		return cmp.Or(cmp.Compare(b.Attempts+b.Payouts, a.Attempts+a.Payouts), after(a.Provider, b.Provider),
			cmp.Compare(a.Reason, b.Reason), cmp.Compare(a.Code, b.Code))
	})
	r.Attempts = []Attempts{}
	for _, n := range slices.Sorted(maps.Keys(g.attempts)) {
		r.Attempts = append(r.Attempts, Attempts{n, g.attempts[n]})
	}
	r.Failovers = sorted(g.failovers, func(a, b Failover) int {
		return cmp.Or(cmp.Compare(b.Payouts, a.Payouts), cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To))
	})
	r.Reviews, r.Alarms = counted(g.reviews), counted(g.alarms)
	if unfinished := r.Counts[Pending] + r.Counts[Review] + r.NotBegun(); unfinished == 0 {
		r.End = g.last
	}
	return r
}

// spread is the ladder without the empty rungs at its ends, but for some beside few.
func (g *Gatherer) spread() []Lasted {
	out := slices.Clone(g.lasted)
	for i := range out {
		out[i].UpTo = ladder[i]
	}
	empty := func(l Lasted) bool { return l.Paid+l.Failed == 0 }
	first := slices.IndexFunc(out, func(l Lasted) bool { return !empty(l) })
	if first < 0 {
		return []Lasted{}
	}
	last := len(out)
	for empty(out[last-1]) {
		last--
	}
	first = max(0, min(first, (first+last-fewest)/2))
	return out[first:min(len(out), max(last, first+fewest))]
}

// after orders names; what has none comes last.
func after(a, b string) int {
	switch {
	case a == b:
		return 0
	case a == "":
		return 1
	case b == "":
		return -1
	default:
		return cmp.Compare(a, b)
	}
}

// sorted has the values of a map in order.
func sorted[K comparable, V any](m map[K]*V, compare func(a, b V) int) []V {
	out := []V{}
	for _, v := range m {
		out = append(out, *v)
	}
	slices.SortFunc(out, compare)
	return out
}

// counted has the words of a map, the most frequent first.
func counted(m map[string]int) []Counted {
	out := []Counted{}
	for word, n := range m {
		out = append(out, Counted{word, n})
	}
	slices.SortFunc(out, func(a, b Counted) int {
		return cmp.Or(cmp.Compare(b.Payouts, a.Payouts), cmp.Compare(a.Word, b.Word))
	})
	return out
}
