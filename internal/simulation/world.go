package simulation

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"runtime"
	"strings"
	"time"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/dispatch"
)

// world is one history: banks, a journal, workers, a platform that submits and an
// operator that interferes. All of it is decided by its choices: the same choices,
// the same history. One goroutine runs at a time, from one numbered point to the
// next; in between the scheduler says who goes on, how late it is, and who dies.
type world struct {
	choices choices
	telling bool
	sealed  bool // requests outlive their worker
	trace   []string
	points  int

	place    *Place
	journal  dispatch.Journal
	banks    []*simBank
	workers  []*worker
	wanted   map[string]payout.Request // what the platform asked for, by reference
	acked    map[string]payout.Money   // and was told that it was taken
	buckets  map[string]dispatch.Limit // of limits that were ever used
	resolved map[string]bool           // a person decided
	owners   map[owned]string          // whose what was sent is
	adopted  map[string]bool           // found at a bank by a journal that had lost it
	doubts   int                       // how often the journal was restored
	before   map[string]dispatch.Entry // what was committed last
	alarms   map[string]map[dispatch.AlarmKind]int
	calm     bool // no more faults: everybody does what he should
	broken   error
	yielded  chan *proc
	limits   []dispatch.Limit
}

// choices are the bytes that a history is made of; what is missing is 0, which is
// always the tamest choice.
type choices struct {
	bytes []byte
	used  int
}

// of returns a number below n.
func (w *world) of(n int) int {
	if n <= 1 {
		return 0
	}
	c := &w.choices
	c.used++
	if c.used > len(c.bytes) {
		return 0
	}
	return int(c.bytes[c.used-1]) % n
}

// chance is one in n, and never once the world is calm.
func (w *world) chance(n int) bool { return !w.calm && w.of(n) == n-1 }

func (w *world) tell(format string, args ...any) {
	if !w.telling {
		return
	}
	w.trace = append(w.trace, time.Now().UTC().Format("02 15:04:05.000")+" "+fmt.Sprintf(format, args...))
}

func (w *world) violated(format string, args ...any) {
	if w.broken == nil {
		w.broken = fmt.Errorf(format, args...)
		w.tell("VIOLATED: %v", w.broken)
	}
}

// worker is a process: it has a dispatcher, and loses it when it dies.
type worker struct {
	world *world
	id    int
	lives int
	d     *dispatch.Dispatcher
	procs []*proc
}

// proc is a call that a worker is making.
type proc struct {
	worker *worker
	name   string
	resume chan bool // false: die
	point  string
	number int
	done   bool
}

// yield ends a turn at a numbered point. It does not return if the worker dies there.
func (p *proc) yield(point string) {
	w := p.worker.world
	w.points++
	p.number, p.point = w.points, point
	w.yielded <- p
	if !<-p.resume {
		runtime.Goexit()
	}
}

// run lets a proc go on to its next point, or its end.
func (w *world) run(p *proc) {
	p.resume <- true
	w.await(p)
}

func (w *world) await(p *proc) {
	if got := <-w.yielded; got != p {
		panic("two goroutines ran at once")
	}
	if p.done {
		procs := p.worker.procs
		for i := range procs {
			if procs[i] == p {
				p.worker.procs = append(procs[:i:i], procs[i+1:]...)
				break
			}
		}
	}
}

type procKey struct{}

// begin has a worker make a call, up to its first point.
func (k *worker) begin(name string, call func(ctx context.Context)) *proc {
	p := &proc{worker: k, name: fmt.Sprintf("worker %d: %s", k.id, name), resume: make(chan bool)}
	k.procs = append(k.procs, p)
	go func() {
		defer func() {
			p.done = true
			k.world.yielded <- p
		}()
		call(context.WithValue(context.Background(), procKey{}, p))
	}()
	k.world.await(p)
	return p
}

// die kills a worker with all that it is doing, and starts it anew.
func (k *worker) die() {
	k.kill()
	k.start()
}

func (k *worker) kill() {
	for len(k.procs) > 0 {
		p := k.procs[0]
		k.world.tell("%s dies at #%d %s", p.name, p.number, p.point)
		p.resume <- false
		k.world.await(p)
	}
}

// powerCut kills all workers, and has the journal opened again.
func (w *world) powerCut() {
	w.tell("the power is cut")
	for _, k := range w.workers {
		k.kill()
	}
	w.journal = w.place.Reopen()
	for _, k := range w.workers {
		k.start()
	}
}

func (k *worker) start() {
	k.lives++
	w := k.world
	var clients []*payout.Client
	var routes []dispatch.Route
	for i, b := range w.banks {
		clients = append(clients, payout.NewClient(b, payout.WithObserver(simClientObserver{w, b})))
		routes = append(routes, dispatch.Route{Provider: b.name, Priority: i % 2, Limits: w.limits[:min(len(w.limits), i+1)]})
	}
	var sealer dispatch.Sealer
	if w.sealed {
		sealer = simSealer{}
	}
	d, err := dispatch.New(dispatch.Config{
		Journal: &simJournal{Journal: w.journal, world: w}, Providers: clients, Routes: routes, Keys: keys, Sealer: sealer,
		MaxAttempts: 3, Observer: simObserver{w}, NextRoute: []payout.Reason{
			payout.ReasonInsufficientFunds, payout.ReasonLimitExceeded, payout.ReasonUnknown,
		},
		Rates: dispatch.Rates{Unknowns: 4, Breaks: 3},
		Times: dispatch.Times{SendFor: 6 * time.Hour, ReviewAfter: 12 * time.Hour, ReviewEvery: 8 * time.Hour},
	})
	if err != nil {
		panic(err)
	}
	k.d = d
}

// simSealer hides nothing: the simulation has no secrets.
type simSealer struct{}

func (simSealer) Seal(_ context.Context, text []byte, bound string) ([]byte, error) {
	return append([]byte(bound+"\x00"), text...), nil
}

func (simSealer) Open(_ context.Context, sealed []byte, bound string) ([]byte, error) {
	text, ok := strings.CutPrefix(string(sealed), bound+"\x00")
	if !ok {
		return nil, errors.New("sealed for another payout")
	}
	return []byte(text), nil
}

// simObserver keeps the alarms.
type simObserver struct{ world *world }

func (simObserver) Step(ctx context.Context, _ string) (context.Context, func(dispatch.Stepped)) {
	return ctx, nil
}

func (o simObserver) Moved(_ context.Context, m dispatch.Moved) {
	o.world.tell("  %s: %s: %s -> %s %s attempt %d %s", m.Reference, m.Event, m.From, m.To, m.Review, m.Attempt+1, m.Provider)
}

func (w *world) alarm(reference string, k dispatch.AlarmKind) {
	if w.alarms[reference] == nil {
		w.alarms[reference] = map[dispatch.AlarmKind]int{}
	}
	w.alarms[reference][k]++
}

func (o simObserver) Alarm(_ context.Context, a dispatch.Alarm) {
	o.world.alarm(a.Reference, a.Kind)
	o.world.tell("  ALARM %s %s %s", a.Kind, a.Reference, a.Provider)
}

// simClientObserver hears what the clients find wrong with answers.
type simClientObserver struct {
	world *world
	bank  *simBank
}

func (simClientObserver) Start(ctx context.Context, _ payout.Call) (context.Context, func(payout.Outcome)) {
	return ctx, nil
}

func (o simClientObserver) Alarm(ctx context.Context, a payout.Alarm) {
	e, err := o.world.journal.FindAttempt(context.Background(), o.bank.info.Account, a.Reference)
	if err == nil {
		simObserver{o.world}.Alarm(ctx, dispatch.Alarm{Kind: dispatch.AlarmKind(a.Kind), Reference: e.Reference, Provider: o.bank.name})
	}
}

// simJournal is the journal as a worker reaches it: there is a point before and
// after each call, and a commit may fail, with or without having happened.
type simJournal struct {
	dispatch.Journal
	world *world
}

// The points around the commits of each kind of event.
var beforeCommit, afterCommit = func() (before, after [32]string) {
	for k := range before {
		name := dispatch.EventKind(k).String() // #nosec G115 -- kinds are few
		before[k], after[k] = "before a commit of "+name, "after a commit of "+name
	}
	return before, after
}()

var errDisk = errors.New("the disk says no")

func at(ctx context.Context, point string) *proc {
	p, ok := ctx.Value(procKey{}).(*proc)
	if ok && !p.worker.world.calm { // nobody interferes then
		p.yield(point)
	}
	return p
}

func (j *simJournal) Epoch(ctx context.Context) (int64, error) {
	at(ctx, "before a new epoch")
	if j.world.chance(40) {
		return 0, errDisk
	}
	return j.Journal.Epoch(ctx)
}

func (j *simJournal) Insert(ctx context.Context, e dispatch.Entry) (dispatch.Entry, bool, error) {
	at(ctx, "before an insert")
	if j.world.chance(40) {
		return dispatch.Entry{}, false, errDisk
	}
	e, inserted, err := j.Journal.Insert(ctx, e)
	at(ctx, "after an insert")
	if j.world.chance(40) {
		return dispatch.Entry{}, false, errDisk
	}
	return e, inserted, err
}

func (j *simJournal) Load(ctx context.Context, reference string) (dispatch.Entry, error) {
	at(ctx, "before a load")
	return j.Journal.Load(ctx, reference)
}

func (j *simJournal) Commit(ctx context.Context, c dispatch.Change) error {
	at(ctx, beforeCommit[c.Event.Kind])
	if j.world.chance(40) {
		j.world.tell("  a commit of %s fails", c.Event.Kind)
		return errDisk
	}
	err := j.Journal.Commit(ctx, c)
	if err == nil {
		j.world.afterCommit(c)
	}
	at(ctx, afterCommit[c.Event.Kind])
	if err == nil && j.world.chance(40) {
		j.world.tell("  a commit of %s fails, having happened", c.Event.Kind)
		return errDisk
	}
	return err
}

// callbackOf is the call that a simulated bank makes.
func callbackOf(reference string) *http.Request {
	r, err := http.NewRequestWithContext(context.Background(), http.MethodPost, "https://platform.invalid/?reference="+reference, strings.NewReader(""))
	if err != nil {
		panic(err)
	}
	return r
}
