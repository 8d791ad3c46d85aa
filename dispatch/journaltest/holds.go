package journaltest

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/payoutkit/payout/dispatch"
)

func holdCases() []Case {
	return []Case{
		{"holds", "the holds that stand are returned as they were set, in the order of the providers; one without a reason lifts", holds},
	}
}

func holds(t *trial) {
	standing := func(want ...dispatch.Hold) {
		all, err := t.Holds(t.ctx)
		t.ok(err, "Holds")
		for i := range all {
			times(&all[i].Since, &all[i].CheckAt)
		}
		if len(all) > 0 || len(want) > 0 {
			t.same(all, want, "the holds that stand")
		}
	}
	set := func(h dispatch.Hold) { t.ok(t.SetHold(t.ctx, h), "SetHold") }
	standing()
	b := dispatch.Hold{Provider: "b", Reason: dispatch.HeldByPerson, By: "Änne", Note: "until \"Monday\"", Since: begin}
	a := dispatch.Hold{Provider: "a", Reason: dispatch.HeldUnauthorized, Since: begin, Times: 3, CheckAt: in(time.Minute)}
	set(b)
	set(a)
	standing(a, b)
	a.Times, a.CheckAt = 4, in(time.Hour)
	set(a)
	standing(a, b)
	set(dispatch.Hold{Provider: "b", By: "Bob"})
	standing(a)
	set(dispatch.Hold{Provider: "c"})
	standing(a)
	set(dispatch.Hold{Provider: "a"})
	standing()
}

func contextCases() []Case {
	return []Case{
		{"context", "a call whose context has ended fails with its error, and writes nothing", ended},
		{"not begun", "a commit that returns ErrNotBegun has written nothing, whenever its context ends", notBegun},
	}
}

func ended(t *trial) {
	e := t.take(planned("p-1"))
	epoch, err := t.Epoch(t.ctx)
	t.ok(err, "Epoch")
	ctx, cancel := context.WithCancel(t.ctx)
	cancel()
	c := change(e, with(attempt("bank", "p-1", dispatch.StateSending)))
	c.Reserve = []dispatch.Use{use("one", 1, 100, 0)}
	calls := map[string]func() error{
		"Epoch":       func() error { _, err := t.Epoch(ctx); return err },
		"Insert":      func() error { _, _, err := t.Insert(ctx, planned("p-2")); return err },
		"Load":        func() error { _, err := t.Load(ctx, "p-1"); return err },
		"FindAttempt": func() error { _, err := t.FindAttempt(ctx, "bank", "p-1"); return err },
		"Commit":      func() error { return t.Commit(ctx, c) },
		"Due":         func() error { _, err := t.Due(ctx, dispatch.Send, begin, 1); return err },
		"List":        func() error { _, err := t.List(ctx, dispatch.Filter{}); return err },
		"Doubt":       func() error { _, err := t.Doubt(ctx); return err },
		"Waiting":     func() error { _, err := t.Waiting(ctx, dispatch.Send, begin, 1); return err },
		"Count":       func() error { _, err := t.Count(ctx, dispatch.Filter{}); return err },
		"Changes":     func() error { _, err := t.Changes(ctx, "", 1); return err },
		"History":     func() error { _, err := t.History(ctx, "p-1"); return err },
		"Used":        func() error { _, err := t.Used(ctx, "one"); return err },
		"Shown":       func() error { _, err := t.Shown(ctx, "bank"); return err },
		"SetHold":     func() error { return t.SetHold(ctx, dispatch.Hold{Provider: "a", Reason: dispatch.HeldByPerson}) },
		"Holds":       func() error { _, err := t.Holds(ctx); return err },
	}
	for name, call := range calls {
		t.is(call(), context.Canceled, name)
	}
	t.same(t.load("p-1"), clean(e), "the entry")
	_, err = t.Load(t.ctx, "p-2")
	t.is(err, dispatch.ErrNoEntry, "the one that was not inserted")
	t.same(t.used("one"), dispatch.Used{}, "the limit")
	all, err := t.Holds(t.ctx)
	t.ok(err, "Holds")
	t.same(len(all), 0, "holds")
	next, err := t.Epoch(t.ctx)
	t.ok(err, "Epoch")
	if next <= epoch {
		t.fail("epoch %d comes after %d", next, epoch)
	}
}

// notBegun has contexts end at any moment of a commit, while others are being written.
func notBegun(t *trial) {
	const workers, rounds = 8, 40
	var entries [workers]dispatch.Entry
	for worker := range workers {
		entries[worker] = t.take(planned(fmt.Sprint("p-", worker)))
	}
	t.together(workers, func(worker int) error {
		e := entries[worker]
		for round := range rounds {
			ctx, cancel := context.WithTimeout(t.ctx, time.Duration(round%8)*100*time.Microsecond)
			err := t.Commit(ctx, change(e, nil))
			cancel()
			have, loadErr := t.Load(t.ctx, e.Reference)
			switch {
			case loadErr != nil:
				return loadErr
			case err == nil && have.Version != e.Version+1:
				return fmt.Errorf("a commit of version %d was acknowledged, and version %d is there", e.Version, have.Version)
			case errors.Is(err, dispatch.ErrNotBegun) && have.Version != e.Version:
				return fmt.Errorf("a commit of version %d returned %w, and version %d is there", e.Version, err, have.Version)
			case err == nil || errors.Is(err, dispatch.ErrNotBegun):
				e = have
				continue
			case !errors.Is(err, context.DeadlineExceeded):
				return err
			}
			// Nobody knows, until another one has gone on from there.
			if err := t.Commit(t.ctx, change(have, nil)); err != nil && !errors.Is(err, dispatch.ErrStale) {
				return err
			}
			if e, loadErr = t.Load(t.ctx, e.Reference); loadErr != nil {
				return loadErr
			}
		}
		return nil
	})
}
