package journaltest

import (
	"fmt"
	"time"

	"github.com/payoutkit/payout/dispatch"
)

func dueCases() []Case {
	return []Case{
		{"due", "an entry is due from its time on, for the one kind of work that its state asks for, until it moves on", due},
		{"due order", "the longest due come first, and of what is to be asked about, the unknown before all others", dueOrder},
		{"due limit", "no more than limit are returned, and they are the first ones", dueLimit},
		{"waiting", "what is due is counted for each kind of work, at least as far as asked", waiting},
	}
}

// dues returns what is due, by reference.
func (t *trial) dues(w dispatch.Work, now time.Time, limit int) (out []string) {
	list, err := t.Due(t.ctx, w, now, limit)
	t.ok(err, "Due")
	for _, d := range list {
		at := t.load(d.Reference).Due
		times(&d.At)
		t.same(d.At, at, "when "+d.Reference+" is due")
		out = append(out, d.Reference)
	}
	return out
}

func due(t *trial) {
	states := []dispatch.State{
		dispatch.StateUnknown, dispatch.StatePlanned, dispatch.StateAwaiting, dispatch.StateSending, dispatch.StateOpen, dispatch.StateClosed,
		dispatch.StatePaid, dispatch.StateFailed, dispatch.StateReturned, dispatch.StateReview, dispatch.StateCancelled,
	}
	for _, s := range states {
		e := planned(s.String())
		e.State = s
		t.take(e)
		send := s == dispatch.StatePlanned || s == dispatch.StateAwaiting
		for _, w := range []dispatch.Work{dispatch.Send, dispatch.Ask} {
			want := []string{s.String()}
			if send != (w == dispatch.Send) {
				want = nil
			}
			t.same(t.dues(w, begin, 10), want, fmt.Sprintf("%s, to do %d, at its time", s, w))
			t.same(t.dues(w, in(-time.Microsecond), 10), []string(nil), s.String()+", before its time")
			t.same(t.dues(w, in(1000*time.Hour), 10), want, s.String()+", long after")
		}
		e = t.commit(t.load(s.String()), func(e *dispatch.Entry) { e.Due = in(time.Hour) })
		t.same(len(t.dues(dispatch.Send, begin, 10))+len(t.dues(dispatch.Ask, begin, 10)), 0, s.String()+", put off")
		t.commit(e, func(e *dispatch.Entry) { e.Due = time.Time{} })
		t.same(len(t.dues(dispatch.Send, in(1000*time.Hour), 10))+len(t.dues(dispatch.Ask, in(1000*time.Hour), 10)), 0, s.String()+", never again")
	}
	e := t.commit(t.load("planned"), func(e *dispatch.Entry) { e.Due = begin })
	t.commit(e, func(e *dispatch.Entry) { e.State = dispatch.StateOpen })
	t.same(t.dues(dispatch.Send, begin, 10), []string(nil), "it was to be sent")
	t.same(t.dues(dispatch.Ask, begin, 10), []string{"planned"}, "and is to be asked about")
}

func dueOrder(t *trial) {
	states := []dispatch.State{dispatch.StateOpen, dispatch.StateUnknown, dispatch.StatePaid, dispatch.StateSending, dispatch.StateReview, dispatch.StateClosed}
	for i := range 12 {
		e := planned(fmt.Sprintf("%s-%02d", states[i%6], i))
		e.State, e.Due = states[i%6], in(-time.Duration(i*7%12)*time.Second)
		t.take(e)
		e = planned(fmt.Sprintf("send-%02d", i*7%12))
		e.Due = in(-time.Duration(i*7%12) * time.Second)
		t.take(e)
	}
	t.same(t.dues(dispatch.Ask, begin, 100), []string{
		"sending-03", "unknown-01", "sending-09", "unknown-07", // 9, 7, 3 and 1 seconds ago
		"closed-05", "review-10", "paid-08", "open-06", "closed-11", "review-04", "paid-02", "open-00",
	}, "to be asked about")
	t.same(t.dues(dispatch.Send, in(-8*time.Second), 100), []string{"send-11", "send-10", "send-09", "send-08"}, "to be sent, eight seconds ago")
}

func dueLimit(t *trial) {
	for i := range 20 {
		e := planned(fmt.Sprintf("p-%02d", i))
		e.State, e.Due = dispatch.StateOpen, in(-time.Duration(i)*time.Second)
		if i < 3 {
			e.State = dispatch.StateUnknown
		}
		t.take(e)
	}
	t.same(t.dues(dispatch.Ask, begin, 2), []string{"p-02", "p-01"}, "two")
	t.same(t.dues(dispatch.Ask, begin, 5), []string{"p-02", "p-01", "p-00", "p-19", "p-18"}, "five: the unknown are due the least, and come first")
	t.same(len(t.dues(dispatch.Ask, begin, 20)), 20, "all")
	t.same(len(t.dues(dispatch.Ask, begin, 1000)), 20, "more than there are")
	t.same(len(t.dues(dispatch.Ask, begin, 0)), 0, "none")
}

func waiting(t *trial) {
	states := []dispatch.State{dispatch.StateUnknown, dispatch.StateOpen, dispatch.StatePaid, dispatch.StatePlanned, dispatch.StateAwaiting}
	for i := range 40 {
		e := planned(fmt.Sprintf("p-%02d", i))
		e.State, e.Due = states[i%5], in(time.Duration(i)*time.Second)
		t.take(e)
	}
	want := func(w dispatch.Work, after time.Duration, atMost, least, most int) {
		n, err := t.Waiting(t.ctx, w, in(after), atMost)
		t.ok(err, "Waiting")
		if n < least || n > most {
			t.fail("to do %d, after %s: counts %d, and it should be %d to %d", w, after, n, least, most)
		}
	}
	want(dispatch.Ask, -time.Second, 100, 0, 0)
	want(dispatch.Ask, time.Hour, 100, 24, 24)
	want(dispatch.Send, time.Hour, 100, 16, 16)
	want(dispatch.Ask, 19*time.Second, 100, 12, 12)
	want(dispatch.Send, 19*time.Second, 100, 8, 8)
	want(dispatch.Ask, time.Hour, 10, 10, 24)
	t.dues(dispatch.Ask, in(time.Hour), 5)
	want(dispatch.Ask, time.Hour, 100, 24, 24) // also what somebody is at
}
