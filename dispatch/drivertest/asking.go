package drivertest

import (
	"net/http"
	"time"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/dispatch"
)

func askingCases() []Case {
	return []Case{
		{"schedule", "what is not final is asked about when it is due: not before, and not much later", schedule},
		{"patrol", "what is final is asked about again, and a bank that takes back its word is found out", patrol},
		{"hint", "a callback has its payout asked about soon, whenever that was due, and whichever driver it comes to", hint},
	}
}

func schedule(t *trial) {
	const every, times = 400 * time.Millisecond, 6
	b := t.bank("bank")
	b.info.Polling = payout.Polling{{Every: every}}
	pending := becomes(payout.StatusPending)
	b.plan("p-1", plan{create: []turn{pending}, find: []turn{pending, pending, pending, pending, pending, becomes(payout.StatusPaid)}})
	d := t.start(t.open(t.config()))
	t.submit(d, "p-1")
	t.until("it is sent", func() bool { return b.sends("p-1") == 1 })
	// A dispatcher spreads its questions by a tenth to either side.
	t.within(times*(every*11/10+t.Late), "it is asked about six times, and paid", t.all(dispatch.StatePaid, "p-1"))
	at := b.questions("p-1")
	same(t, len(at), times, "questions")
	b.mu.Lock()
	before := b.sentAt[0]
	b.mu.Unlock()
	for i, asked := range at {
		if gap := asked.Sub(before); gap < every*9/10 {
			t.fail("question %d came %s after the call before it, and not %s", i+1, gap, every)
		}
		before = asked
	}
}

func patrol(t *trial) {
	b := t.bank("bank")
	b.plan("p-1", plan{find: []turn{tells, declines(payout.ReasonDeclined)}})
	c := t.config()
	// Two questions, if the first one is not so late that it is both.
	c.Times.Patrol = []time.Duration{1200 * time.Millisecond, t.Late + 500*time.Millisecond, -1}
	d := t.start(t.open(c))
	t.submit(d, "p-1", "p-2")
	t.until("they are paid", t.all(dispatch.StatePaid, "p-1", "p-2"))
	t.until("the bank has taken back its word, and a person has to look", t.all(dispatch.StateReview, "p-1"))
	same(t, t.load("p-1").Review, dispatch.ReviewContradiction, "why a person has to look")
	t.until("the other one is asked about twice", func() bool { return len(b.questions("p-2")) == 2 })
	same(t, t.load("p-2").State, dispatch.StatePaid, "the state of the other one")
	same(t, b.moved(""), 2, "how often money moved")
}

func hint(t *trial) {
	b := t.bank("bank")
	b.info.Polling = payout.Polling{{Every: time.Hour}}
	pays := plan{create: []turn{becomes(payout.StatusPending)}, find: []turn{becomes(payout.StatusPaid)}}
	b.plan("p-1", pays)
	b.plan("p-2", pays)
	d, idle := t.start(t.open(t.config())), t.open(t.config())
	t.submit(d, "p-1", "p-2", "p-3")
	t.until("the bank has them", t.all(dispatch.StateOpen, "p-1", "p-2"))
	t.callback(d, "p-1")
	t.until("after a callback it is asked about", t.all(dispatch.StatePaid, "p-1"))
	t.callback(idle, "p-2")
	t.until("after a callback to a driver that does not run it is asked about", t.all(dispatch.StatePaid, "p-2"))
	same(t, [2]int{len(b.questions("p-1")), len(b.questions("p-2"))}, [2]int{1, 1}, "questions")
}

// callback has the bank call back.
func (t *trial) callback(d Driver, reference string) {
	r, err := http.NewRequestWithContext(t.ctx, http.MethodPost, "/?reference="+reference, http.NoBody)
	t.ok(err, "a request")
	a := &answered{header: http.Header{}}
	d.Dispatcher().Callback("bank").ServeHTTP(a, r)
	same(t, a.status, http.StatusOK, "the answer to a callback")
}

// answered is what a handler answers.
type answered struct {
	header http.Header
	status int
}

// Header implements [http.ResponseWriter].
func (a *answered) Header() http.Header { return a.header }

// WriteHeader implements [http.ResponseWriter].
func (a *answered) WriteHeader(status int) { a.status = status }

// Write implements [http.ResponseWriter].
func (a *answered) Write(p []byte) (int, error) { return len(p), nil }
