package journaltest

import (
	"fmt"
	"sync"

	"github.com/payoutkit/payout/dispatch"
)

func entryCases() []Case {
	return []Case{
		{"epochs", "each epoch is greater than all before it, whoever begins it", epochs},
		{"insert", "the first entry under a reference is written, with version 1; another is not, and the first one is returned", insert},
		{"insert at once", "of many that insert one reference at once, one does, and all get his entry", insertAtOnce},
		{"case of references", "payouts whose references differ in case are two", caseOfReferences},
		{"round trip", "everything in an entry comes back as it was written, times to the microsecond", roundTrip},
		{"nobody", "what was never written is ErrNoEntry, and has no history", nobody},
		{"copies", "what is returned and what was given are the caller's: to change them changes nothing in the journal", copies},
	}
}

func epochs(t *trial) {
	const workers, each = 8, 10
	var mu sync.Mutex
	seen := map[int64]bool{}
	t.together(workers, func(int) error {
		last := int64(0)
		for range each {
			n, err := t.Epoch(t.ctx)
			if err != nil {
				return err
			}
			mu.Lock()
			twice := seen[n]
			seen[n] = true
			mu.Unlock()
			if twice || n <= last {
				return fmt.Errorf("epoch %d comes after %d, or twice", n, last)
			}
			last = n
		}
		return nil
	})
	t.same(len(seen), workers*each, "epochs")
	t.same(seen[0], false, "epoch 0, which is none")
}

// together has many do something at once.
func (t *trial) together(workers int, do func(worker int) error) {
	errs := make([]error, workers)
	var wg sync.WaitGroup
	for i := range workers {
		wg.Go(func() { errs[i] = do(i) })
	}
	wg.Wait()
	for _, err := range errs {
		t.ok(err, "together")
	}
}

func insert(t *trial) {
	first := planned("p-1")
	got := t.take(first)
	first.Version = 1
	t.same(clean(got), first, "what Insert returns")
	t.same(t.load("p-1"), first, "what Load returns")

	other := full("p-1")
	got, inserted, err := t.Insert(t.ctx, other)
	t.ok(err, "Insert again")
	t.same(inserted, false, "a reference that is there")
	t.same(clean(got), first, "what Insert returns of it")
	t.same(t.load("p-1"), first, "what is there")
	t.same(len(t.history("p-1")), 0, "events of an entry that was only inserted")

	moved := t.commit(first, func(e *dispatch.Entry) { e.Deferred = 3 })
	got, inserted, err = t.Insert(t.ctx, other)
	t.ok(err, "Insert after a commit")
	t.same(inserted, false, "a reference that is there")
	t.same(clean(got), moved, "what Insert returns of one that has moved on")
}

func insertAtOnce(t *trial) {
	const workers = 8
	var mu sync.Mutex
	var won int
	got := map[int]bool{}
	t.together(workers, func(worker int) error {
		e := planned("p-1")
		e.Deferred = worker + 1
		e, inserted, err := t.Insert(t.ctx, e)
		mu.Lock()
		defer mu.Unlock()
		if inserted {
			won++
		}
		got[e.Deferred] = true
		return err
	})
	t.same(won, 1, "how many inserted it")
	t.same(len(got), 1, "how many different entries were returned")
}

func caseOfReferences(t *trial) {
	for i, reference := range []string{"payout", "Payout", "PAYOUT"} {
		e := planned(reference)
		e.Deferred = i
		t.take(e)
	}
	t.same(t.load("Payout").Deferred, 1, "the one in the middle")
	_, err := t.Load(t.ctx, "pAYOUT")
	t.is(err, dispatch.ErrNoEntry, "Load of another")
}

func roundTrip(t *trial) {
	want := full("p-1")
	t.take(want)
	want.Version = 1
	t.same(t.load("p-1"), want, "after Insert")

	t.take(planned("p-2"))
	want = full("p-2")
	want.Version = 1
	ev := happened()
	t.ok(t.Commit(t.ctx, dispatch.Change{Entry: want, Event: ev}), "Commit")
	want.Version = 2
	t.same(t.load("p-2"), want, "after Commit")
	t.same(t.history("p-2"), []dispatch.Event{ev}, "its history")

	bare := dispatch.Entry{Reference: "p-3"}
	t.take(bare)
	bare.Version = 1
	t.same(t.load("p-3"), bare, "one with nothing in it")
	want = full("p-3")
	want.Version = 1
	t.ok(t.Commit(t.ctx, dispatch.Change{Entry: dispatch.Entry{Reference: "p-2", Version: 2}}), "Commit of one with nothing in it")
	t.same(t.load("p-2"), dispatch.Entry{Reference: "p-2", Version: 3}, "what was there is gone")
}

func nobody(t *trial) {
	t.take(planned("p-1"))
	_, err := t.Load(t.ctx, "p-2")
	t.is(err, dispatch.ErrNoEntry, "Load")
	_, err = t.FindAttempt(t.ctx, "bank", "p-1")
	t.is(err, dispatch.ErrNoEntry, "FindAttempt of one that was never sent")
	t.is(t.Commit(t.ctx, change(planned("p-2"), nil)), dispatch.ErrNoEntry, "Commit")
	_, err = t.Load(t.ctx, "p-2")
	t.is(err, dispatch.ErrNoEntry, "Load after that")
	t.same(len(t.history("p-2")), 0, "its history")
	t.same(t.used("nothing"), dispatch.Used{}, "a limit that nobody used")
}

func spoilEvent(ev dispatch.Event) {
	ev.Planned.Reserved[0].Bucket, ev.Alarms[0], ev.Outcome.Violations[0].Rule = "spoilt", "spoilt", "spoilt"
}

func copies(t *trial) {
	spoil := func(e dispatch.Entry) {
		for i := range e.Sealed {
			e.Sealed[i]++
		}
		for i := range e.Attempts {
			e.Attempts[i].State++
			e.Attempts[i].Reference = "spoilt"
			for k := range e.Attempts[i].Reserved {
				e.Attempts[i].Reserved[k].Bucket = "spoilt"
			}
		}
	}
	want := full("p-1")
	want.Version = 1
	given := full("p-1")
	returned := t.take(given)
	spoil(given)
	t.same(t.load("p-1"), want, "after a change to what Insert was given")
	spoil(returned)
	t.same(t.load("p-1"), want, "after a change to what Insert returned")

	given = full("p-1")
	given.Version = 1
	ev := happened()
	c := dispatch.Change{Entry: given, Event: happened()}
	t.ok(t.Commit(t.ctx, c), "Commit")
	spoil(given)
	spoilEvent(c.Event)
	want.Version = 2
	t.same(t.load("p-1"), want, "after a change to what Commit was given")
	t.same(t.history("p-1"), []dispatch.Event{ev}, "its history")

	for name, get := range map[string]func() (dispatch.Entry, error){
		"Load":        func() (dispatch.Entry, error) { return t.Load(t.ctx, "p-1") },
		"FindAttempt": func() (dispatch.Entry, error) { return t.FindAttempt(t.ctx, "bank/login", "p-1") },
		"List": func() (dispatch.Entry, error) {
			all, err := t.List(t.ctx, dispatch.Filter{})
			if len(all) != 1 {
				return dispatch.Entry{}, err
			}
			return all[0], err
		},
		"Insert": func() (dispatch.Entry, error) {
			e, _, err := t.Insert(t.ctx, planned("p-1"))
			return e, err
		},
	} {
		e, err := get()
		t.ok(err, name)
		t.same(clean(e), want, name)
		spoil(e)
		t.same(t.load("p-1"), want, "after a change to what "+name+" returned")
	}
	events, err := t.History(t.ctx, "p-1")
	t.ok(err, "History")
	spoilEvent(events[0])
	events[0].Kind = 0
	t.same(t.history("p-1"), []dispatch.Event{ev}, "after a change to what History returned")
}
