package journaltest

import (
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/payoutkit/payout/dispatch"
)

func commitCases() []Case {
	return []Case{
		{"commit", "a commit replaces the entry, gives it the next version, and adds one event to its history", commit},
		{"commit stale", "a commit of an older version is ErrStale, and nothing of it happens", commitStale},
		{"commit at once", "of many that commit one version at once, one does, and the others are ErrStale", commitAtOnce},
		{"history", "the history has the events of one payout, in the order of their commits", history},
		{"shown", "of the orders that a bank has shown the newest is kept for each account, by a commit that happens", shown},
	}
}

func commit(t *trial) {
	e := t.take(planned("p-1"))
	t.take(planned("p-2"))
	for n := range 5 {
		want := clean(e)
		want.Deferred, want.Due = n, in(time.Duration(n)*time.Second)
		e = t.commit(e, func(e *dispatch.Entry) { e.Deferred, e.Due = want.Deferred, want.Due })
		want.Version++
		t.same(e, want, "what stands after a commit")
		t.same(len(t.history("p-1")), n+1, "events")
	}
	t.same(e.Version, int64(6), "the version after five commits")
	t.same(t.load("p-2").Version, int64(1), "another payout's")
}

func commitStale(t *trial) {
	old := t.take(planned("p-1"))
	e := t.commit(old, nil)
	for _, version := range []int64{0, 1, 3, 1 << 40} {
		stale := old
		stale.Version = version
		stale.Attempts = []dispatch.Attempt{attempt("bank", "p-1", dispatch.StateSending)}
		c := change(stale, nil)
		c.Reserve = []dispatch.Use{{Bucket: "one", MaxCount: 1}, {Bucket: "none", MaxCount: 1}}
		c.Release = []dispatch.Use{{Bucket: "two"}}
		c.Shown = dispatch.Shown{Account: "bank", Sent: begin, At: begin}
		t.is(t.Commit(t.ctx, c), dispatch.ErrStale, fmt.Sprintf("Commit of version %d where 2 is there", version))
	}
	t.same(t.load("p-1"), e, "what is there")
	t.same(len(t.history("p-1")), 1, "events")
	t.same([]dispatch.Used{t.used("one"), t.used("two")}, []dispatch.Used{{}, {}}, "limits")
	_, err := t.FindAttempt(t.ctx, "bank", "p-1")
	t.is(err, dispatch.ErrNoEntry, "FindAttempt")
	s, err := t.Shown(t.ctx, "bank")
	t.ok(err, "Shown")
	t.same(s, dispatch.Shown{}, "what the bank has shown")
}

func commitAtOnce(t *trial) {
	const workers, rounds = 8, 20
	e := t.take(planned("p-1"))
	for range rounds {
		var won, lost atomic.Int64
		t.together(workers, func(worker int) error {
			c := change(e, func(e *dispatch.Entry) { e.Deferred = worker })
			c.Event.Attempt = worker
			err := t.Commit(t.ctx, c)
			switch {
			case err == nil:
				won.Add(1)
			case errors.Is(err, dispatch.ErrStale):
				lost.Add(1)
			default:
				return err
			}
			return nil
		})
		t.same([]int64{won.Load(), lost.Load()}, []int64{1, workers - 1}, "how many won and lost")
		e = t.load("p-1")
	}
	t.same(e.Version, int64(rounds+1), "the version")
	events := t.history("p-1")
	t.same(len(events), rounds, "events")
	t.same(events[rounds-1].Attempt, e.Deferred, "the last event is of the commit that won")
}

func history(t *trial) {
	a, b := t.take(planned("p-1")), t.take(planned("p-2"))
	kinds := []dispatch.EventKind{dispatch.EventIntended, dispatch.EventCreated, dispatch.EventFound, dispatch.EventFound, dispatch.EventResolved}
	for i, k := range kinds {
		// The time goes backwards: clocks do.
		c := dispatch.Change{Entry: a, Event: dispatch.Event{Kind: k, At: in(-time.Duration(i) * time.Hour), Attempt: i}}
		t.ok(t.Commit(t.ctx, c), "Commit")
		a = t.load("p-1")
		b = t.commit(b, nil)
	}
	var got []dispatch.EventKind
	for i, ev := range t.history("p-1") {
		got = append(got, ev.Kind)
		t.same(ev.At, in(-time.Duration(i)*time.Hour), "when it happened")
	}
	t.same(got, kinds, "the history")
}

func shown(t *trial) {
	e := t.take(planned("p-1"))
	show := func(account string, sent, at time.Duration) {
		c := change(e, nil)
		c.Shown = dispatch.Shown{Account: account, Sent: in(sent), At: in(at)}
		t.ok(t.Commit(t.ctx, c), "Commit")
		e = t.load("p-1")
	}
	want := func(account string, sent, at time.Duration, what string) {
		s, err := t.Shown(t.ctx, account)
		t.ok(err, "Shown")
		times(&s.Sent, &s.At)
		t.same(s, dispatch.Shown{Account: account, Sent: in(sent), At: in(at)}, what)
	}
	s, err := t.Shown(t.ctx, "a")
	t.ok(err, "Shown")
	t.same(s, dispatch.Shown{}, "before anything was shown")
	show("a", time.Minute, time.Hour)
	want("a", time.Minute, time.Hour, "the first one")
	show("a", 0, 2*time.Hour)
	want("a", time.Minute, time.Hour, "one that was sent before it is no news")
	show("b", 0, 0)
	want("a", time.Minute, time.Hour, "another account's is its own")
	show("a", time.Minute, 3*time.Hour)
	want("a", time.Minute, 3*time.Hour, "shown again, later")
	show("a", time.Minute, 2*time.Hour)
	want("a", time.Minute, 3*time.Hour, "shown again, before that")
	show("a", 2*time.Minute, 2*time.Hour)
	want("a", 2*time.Minute, 2*time.Hour, "a newer one")
	t.ok(t.Commit(t.ctx, change(e, nil)), "Commit")
	want("a", 2*time.Minute, 2*time.Hour, "a commit that says nothing")
	want("b", 0, 0, "the other account")
}
