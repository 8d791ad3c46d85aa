package journaltest

import (
	"errors"
	"fmt"
	"sync/atomic"

	"github.com/payoutkit/payout/dispatch"
)

func referenceCases() []Case {
	return []Case{
		{"references", "a reference belongs to one attempt of one payout at an account for ever, without regard to case", references},
		{"references at once", "of many payouts that take one reference at once, one gets it", referencesAtOnce},
		{"find attempt", "an attempt is found by its account and its reference, in whatever case", findAttempt},
	}
}

func with(attempts ...dispatch.Attempt) func(*dispatch.Entry) {
	return func(e *dispatch.Entry) { e.Attempts = attempts }
}

func references(t *trial) {
	a, b := t.take(planned("a")), t.take(planned("b"))
	a = t.commit(a, with(attempt("bank", "Order-1", dispatch.StateSending)))
	taken := func(e dispatch.Entry, attempts ...dispatch.Attempt) {
		c := change(e, with(attempts...))
		c.Reserve = []dispatch.Use{{Bucket: "one", MaxCount: 1}}
		t.is(t.Commit(t.ctx, c), dispatch.ErrReferenceTaken, fmt.Sprintf("Commit of %s with %s", e.Reference, attempts[len(attempts)-1].Reference))
	}
	for _, reference := range []string{"Order-1", "order-1", "ORDER-1"} {
		taken(b, attempt("bank", reference, dispatch.StateSending))
		taken(b, attempt("bank", "other", dispatch.StateFailed), attempt("bank", reference, dispatch.StateSending))
		taken(a, attempt("bank", "Order-1", dispatch.StateFailed), attempt("bank", reference, dispatch.StateSending))
	}
	t.same(t.load("b"), clean(b), "nothing of it has happened")
	t.same(len(t.history("b")), 0, "events")
	t.same(t.used("one"), dispatch.Used{}, "a limit")

	b = t.commit(b, with(attempt("another bank", "Order-1", dispatch.StateSending)))
	a = t.commit(a, with(attempt("bank", "Order-1", dispatch.StateFailed), attempt("another bank", "order-2", dispatch.StateSending)))
	taken(b, b.Attempts[0], attempt("bank", "order-1", dispatch.StateSending)) // failed, and taken all the same
	taken(b, b.Attempts[0], attempt("another bank", "ORDER-2", dispatch.StateSending))
	t.commit(a, func(e *dispatch.Entry) { e.Attempts[1].State = dispatch.StatePaid }) // its own

	c := planned("c")
	with(attempt("third bank", "c", dispatch.StateOpen), attempt("bank", "ORDER-1", dispatch.StateOpen))(&c)
	_, _, err := t.Insert(t.ctx, c)
	t.is(err, dispatch.ErrReferenceTaken, "Insert with attempts, of which one has a reference that is taken")
	_, err = t.Load(t.ctx, "c")
	t.is(err, dispatch.ErrNoEntry, "Load after that")
	with(attempt("third bank", "c", dispatch.StateOpen))(&c)
	c = t.take(c)
	taken(b, b.Attempts[0], attempt("third bank", "C", dispatch.StateSending)) // since it was inserted with it
	t.commit(c, nil)
}

func referencesAtOnce(t *trial) {
	const workers = 8
	entries := make([]dispatch.Entry, workers)
	for i := range workers {
		entries[i] = t.take(planned(fmt.Sprint("p-", i)))
	}
	var won atomic.Int64
	t.together(workers, func(worker int) error {
		reference := []string{"same", "SAME", "Same"}[worker%3]
		err := t.Commit(t.ctx, change(entries[worker], with(attempt("bank", reference, dispatch.StateSending))))
		if err == nil {
			won.Add(1)
		} else if !errors.Is(err, dispatch.ErrReferenceTaken) {
			return err
		}
		return nil
	})
	t.same(won.Load(), int64(1), "how many got it")
}

func findAttempt(t *trial) {
	a, b := t.take(planned("a")), t.take(planned("b"))
	a = t.commit(a, with(attempt("bank", "First", dispatch.StateFailed), attempt("another bank", "second", dispatch.StateSending)))
	b = t.commit(b, with(attempt("another bank", "First", dispatch.StateSending)))
	for _, row := range []struct {
		account, reference string
		want               dispatch.Entry
	}{
		{"bank", "First", a}, {"bank", "first", a}, {"another bank", "SECOND", a}, {"another bank", "First", b},
	} {
		got, err := t.FindAttempt(t.ctx, row.account, row.reference)
		t.ok(err, "FindAttempt")
		t.same(clean(got), row.want, "the payout with "+row.reference+" at "+row.account)
	}
	for _, row := range [][2]string{{"bank", "second"}, {"bank", "a"}, {"", "First"}, {"BANK", "First"}, {"bank", "Firs"}} {
		_, err := t.FindAttempt(t.ctx, row[0], row[1])
		t.is(err, dispatch.ErrNoEntry, "FindAttempt of "+row[1]+" at "+row[0])
	}
}
