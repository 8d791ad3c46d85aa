package journaltest

import (
	"errors"
	"fmt"
	"sync/atomic"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/dispatch"
)

func limitCases() []Case {
	return []Case{
		{"limits", "what a commit reserves is booked if all of it fits, and what it releases is given back", limits},
		{"limits all or nothing", "a commit that one limit turns down books nothing of the others, and does not happen", limitsAllOrNothing},
		{"limits release first", "what a commit releases is there for what it reserves", limitsReleaseFirst},
		{"limits at once", "however many reserve at once, a limit is never over-reserved, and no room is left unused", limitsAtOnce},
	}
}

func use(bucket string, minor, maxMinor, maxCount int64) dispatch.Use {
	u := dispatch.Use{Bucket: bucket, MaxCount: maxCount}
	if minor > 0 {
		u.Amount = payout.FromMinor(minor, payout.EUR)
	}
	if maxMinor > 0 {
		u.MaxAmount = payout.FromMinor(maxMinor, payout.EUR)
	}
	return u
}

// book makes a commit that reserves and releases.
func (t *trial) book(e *dispatch.Entry, reserve, release []dispatch.Use) error {
	c := change(*e, nil)
	c.Reserve, c.Release = reserve, release
	err := t.Commit(t.ctx, c)
	*e = t.load(e.Reference)
	return err
}

func limits(t *trial) {
	e := t.take(planned("p-1"))
	reserve := func(u dispatch.Use, want error, what string) {
		err := t.book(&e, []dispatch.Use{u}, nil)
		if want == nil {
			t.ok(err, what)
		} else {
			t.is(err, want, what)
		}
	}
	reserve(use("amount", 600, 1000, 0), nil, "600 of 1000")
	reserve(use("amount", 401, 1000, 0), dispatch.ErrLimit, "401 more")
	reserve(use("amount", 400, 1000, 0), nil, "400 more, to the last cent")
	reserve(use("amount", 1, 1000, 0), dispatch.ErrLimit, "one cent more")
	t.same(t.used("amount"), dispatch.Used{Count: 2, Minor: 1000}, "the amount")
	reserve(use("amount", 500, 1500, 0), nil, "after the limit was raised")
	reserve(use("amount", 1, 700, 0), dispatch.ErrLimit, "after it was lowered")

	reserve(use("count", 0, 0, 2), nil, "one of two")
	reserve(use("count", 0, 0, 2), nil, "two of two")
	reserve(use("count", 0, 0, 2), dispatch.ErrLimit, "three of two")
	t.same(t.used("count"), dispatch.Used{Count: 2}, "the count")

	reserve(use("both", 10, 1000, 2), nil, "both")
	reserve(use("both", 991, 1000, 2), dispatch.ErrLimit, "too much")
	reserve(use("both", 10, 1000, 2), nil, "both")
	reserve(use("both", 10, 1000, 2), dispatch.ErrLimit, "too many")

	t.ok(t.book(&e, nil, []dispatch.Use{use("amount", 600, 0, 0), use("count", 0, 0, 0)}), "release")
	t.same([]dispatch.Used{t.used("amount"), t.used("count")}, []dispatch.Used{{Count: 2, Minor: 900}, {Count: 1}}, "after a release")
	t.same(len(t.history("p-1")), 8, "events: of what happened, and no others")
}

func limitsAllOrNothing(t *trial) {
	e := t.take(planned("p-1"))
	t.ok(t.book(&e, []dispatch.Use{use("full", 0, 0, 1)}, nil), "the first")
	before := e
	for _, uses := range [][]dispatch.Use{
		{use("free", 5, 100, 0), use("full", 0, 0, 1)},
		{use("full", 0, 0, 1), use("free", 5, 100, 0)},
	} {
		t.is(t.book(&e, uses, []dispatch.Use{use("other", 5, 0, 0)}), dispatch.ErrLimit, "one of two is full")
	}
	t.same(e, before, "the entry")
	t.same([]dispatch.Used{t.used("full"), t.used("free"), t.used("other")}, []dispatch.Used{{Count: 1}, {}, {}}, "the limits")
	t.same(len(t.history("p-1")), 1, "events")

	stale := before
	stale.Version--
	c := change(stale, nil)
	c.Reserve = []dispatch.Use{use("full", 0, 0, 1)}
	t.is(t.Commit(t.ctx, c), dispatch.ErrStale, "a commit that is stale, and over the limit")
}

func limitsReleaseFirst(t *trial) {
	e := t.take(planned("p-1"))
	day, next := use("day/22", 80, 100, 1), use("day/23", 80, 100, 1)
	t.ok(t.book(&e, []dispatch.Use{day}, nil), "the first")
	t.ok(t.book(&e, []dispatch.Use{day}, []dispatch.Use{day}), "the same again")
	t.same(t.used("day/22"), dispatch.Used{Count: 1, Minor: 80}, "once")
	t.ok(t.book(&e, []dispatch.Use{next}, []dispatch.Use{day}), "the next period")
	t.same([]dispatch.Used{t.used("day/22"), t.used("day/23")}, []dispatch.Used{{}, {Count: 1, Minor: 80}}, "both")
	t.is(t.book(&e, []dispatch.Use{use("two", 0, 0, 1), use("two", 0, 0, 1)}, nil), dispatch.ErrLimit, "twice of one bucket that has room for one")
	t.ok(t.book(&e, []dispatch.Use{use("two", 0, 0, 2), use("two", 0, 0, 2)}, nil), "twice of one bucket that has room for two")
	t.same(t.used("two"), dispatch.Used{Count: 2}, "twice")
}

func limitsAtOnce(t *trial) {
	const payouts, room = 24, 10
	entries := make([]dispatch.Entry, payouts)
	for i := range payouts {
		entries[i] = t.take(planned(fmt.Sprint("p-", i)))
	}
	var won atomic.Int64
	t.together(payouts, func(i int) error {
		c := change(entries[i], nil)
		c.Reserve = []dispatch.Use{use("count", 0, 0, room), use("amount", 7, 7*payouts, 0)}
		err := t.Commit(t.ctx, c)
		if err == nil {
			won.Add(1)
		} else if !errors.Is(err, dispatch.ErrLimit) {
			return err
		}
		return nil
	})
	t.same(won.Load(), int64(room), "how many got in")
	t.same(t.used("count"), dispatch.Used{Count: room}, "the count")
	t.same(t.used("amount"), dispatch.Used{Count: room, Minor: 7 * room}, "the amount")
}
