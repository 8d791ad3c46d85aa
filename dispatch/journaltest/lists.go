package journaltest

import (
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/dispatch"
)

func listCases() []Case {
	return []Case{
		{"list", "entries come in the order of their references' bytes, those that match alone", list},
		{"list pages", "page after page, each entry is listed once, also while others are committed", listPages},
		{"list filters", "by prefix, time and amount, alone and together", filters},
		{"count", "all that match are counted by state, whatever the page", count},
		{"changes", "the feed has each commit once, with how the payout stood after it, and goes on after any cursor", changes},
		{"changes at once", "of what many commit at once nothing is left out, whenever the feed is read, and each payout's changes are in order", changesAtOnce},
	}
}

func (t *trial) lists(f dispatch.Filter) (out []string) {
	entries, err := t.List(t.ctx, f)
	t.ok(err, "List")
	for _, e := range entries {
		t.same(clean(e), t.load(e.Reference), "what List returns of "+e.Reference)
		out = append(out, e.Reference)
	}
	return out
}

func list(t *trial) {
	t.same(t.lists(dispatch.Filter{}), []string(nil), "an empty journal")
	for i, reference := range []string{"b", "A", "a", "B", "_", "-", "a-1", "a_1", "aB", "10", "9"} {
		e := planned(reference)
		if i%2 == 0 {
			e = full(reference)
			e.Attempts[0].Reference, e.Attempts[1].Reference = fmt.Sprint("first-", i), fmt.Sprint("second-", i)
		}
		t.take(e)
	}
	all := []string{"-", "10", "9", "A", "B", "_", "a", "a-1", "aB", "a_1", "b"} // by bytes, whatever the language
	reviews := []string{"9", "_", "a", "a-1", "aB", "b"}
	planned := []string{"-", "10", "A", "B", "a_1"}
	t.same(t.lists(dispatch.Filter{}), all, "all")
	t.same(t.lists(dispatch.Filter{Limit: 3}), all[:3], "three")
	t.same(t.lists(dispatch.Filter{After: all[4]}), all[5:], "after one")
	t.same(t.lists(dispatch.Filter{After: "a-"}), all[7:], "after one that is not there")
	t.same(t.lists(dispatch.Filter{After: "zzz"}), []string(nil), "after the last one")
	t.same(t.lists(dispatch.Filter{States: []dispatch.State{dispatch.StateReview}}), reviews, "in review")
	t.same(t.lists(dispatch.Filter{States: []dispatch.State{dispatch.StatePlanned, dispatch.StatePaid}}), planned, "planned or paid")
	t.same(t.lists(dispatch.Filter{States: []dispatch.State{dispatch.StateReview, dispatch.StatePlanned}}), all, "in review or planned")
	t.same(t.lists(dispatch.Filter{States: []dispatch.State{dispatch.StatePaid}}), []string(nil), "paid")
	for _, provider := range []string{"provider-bank/login", "provider-bank/other"} {
		t.same(t.lists(dispatch.Filter{Provider: provider}), reviews, "with an attempt through "+provider)
	}
	t.same(t.lists(dispatch.Filter{Provider: "provider-bank"}), []string(nil), "with an attempt through nobody")
	t.same(t.lists(dispatch.Filter{Provider: "provider-bank/login", States: []dispatch.State{dispatch.StatePlanned}}), []string(nil), "planned, and through a provider")
	t.same(t.lists(dispatch.Filter{States: []dispatch.State{dispatch.StatePlanned}, After: planned[1], Limit: 2}), planned[2:4], "all at once")
}

func listPages(t *trial) {
	const payouts = 250
	var want []string
	for i := range payouts {
		e := planned(fmt.Sprintf("p-%04d", i))
		want = append(want, e.Reference)
		t.take(e)
	}
	t.same(t.lists(dispatch.Filter{}), want[:100], "a hundred, if nothing else is said")
	for _, size := range []int{1 << 20, payouts, 99, 50} {
		var got []string
		f := dispatch.Filter{Limit: size}
		for {
			page := t.lists(f)
			got = append(got, page...)
			if len(page) < size {
				break
			}
			f.After = page[len(page)-1]
			t.commit(t.load(want[len(got)/2]), nil)
		}
		t.same(got, want, fmt.Sprintf("in pages of %d", size))
	}
}

// crowd takes payouts of several kinds.
func crowd(t *trial) {
	currencies := []payout.Currency{payout.EUR, payout.RUB, payout.KZT}
	for i := range 60 {
		e := planned(fmt.Sprintf("%c%c-%02d", "aAb"[i%3], "%_x"[i%3], i))
		e.Amount = payout.FromMinor(int64(100*(i/3)), currencies[i%3])
		e.CreatedAt = in(time.Duration(i) * time.Minute)
		if i%2 == 0 {
			e.State = dispatch.StateOpen
			e.Attempts = []dispatch.Attempt{attempt("bank", e.Reference, dispatch.StateOpen)}
		}
		t.take(e)
	}
}

func filters(t *trial) {
	crowd(t)
	lists := func(f dispatch.Filter) []string { return t.lists(f) }
	t.same(len(lists(dispatch.Filter{Prefix: "a"})), 20, "with a prefix, whose case counts")
	t.same(len(lists(dispatch.Filter{Prefix: "a%"})), 20, "with a prefix that some would take for a pattern")
	t.same(len(lists(dispatch.Filter{Prefix: "a_"})), 0, "with a prefix that some would take for a pattern")
	t.same(lists(dispatch.Filter{Prefix: "A_-0"}), []string{"A_-01", "A_-04", "A_-07"}, "with a longer prefix")
	t.same(lists(dispatch.Filter{Prefix: "A_-0", After: "A_-03", Limit: 1}), []string{"A_-04"}, "with a prefix, a page of it")
	t.same(lists(dispatch.Filter{CreatedFrom: in(58 * time.Minute)}), []string{"A_-58", "bx-59"}, "from a time on")
	t.same(lists(dispatch.Filter{CreatedBefore: in(2 * time.Minute)}), []string{"A_-01", "a%-00"}, "before a time")
	t.same(lists(dispatch.Filter{CreatedFrom: in(3 * time.Minute), CreatedBefore: in(4*time.Minute + time.Microsecond)}), []string{"A_-04", "a%-03"}, "in a time")
	t.same(lists(dispatch.Filter{Max: payout.FromMinor(100, payout.EUR)}), []string{"a%-00", "a%-03"}, "up to an amount")
	t.same(lists(dispatch.Filter{Min: payout.FromMinor(1900, payout.RUB)}), []string{"A_-58"}, "from an amount on")
	t.same(lists(dispatch.Filter{Min: payout.FromMinor(1900, payout.RUB), Max: payout.FromMinor(1899, payout.RUB)}), []string(nil), "in no range")
	t.same(lists(dispatch.Filter{Min: payout.FromMinor(1800, payout.KZT), Max: payout.FromMinor(1900, payout.KZT), Provider: "provider-bank"}), []string{"bx-56"}, "in a range, through a provider")
	_, err := t.List(t.ctx, dispatch.Filter{Min: payout.FromMinor(1, payout.RUB), Max: payout.FromMinor(1, payout.KZT)})
	t.is(err, payout.ErrInvalid, "List of amounts from one currency to another")
}

func count(t *trial) {
	counts := func(f dispatch.Filter) map[dispatch.State]int64 {
		n, err := t.Count(t.ctx, f)
		t.ok(err, "Count")
		return n
	}
	t.same(len(counts(dispatch.Filter{})), 0, "an empty journal")
	crowd(t)
	t.same(counts(dispatch.Filter{}), map[dispatch.State]int64{dispatch.StatePlanned: 30, dispatch.StateOpen: 30}, "all")
	t.same(counts(dispatch.Filter{After: "b", Limit: 1}), map[dispatch.State]int64{dispatch.StatePlanned: 30, dispatch.StateOpen: 30}, "all, whatever the page")
	t.same(counts(dispatch.Filter{Provider: "provider-bank", Prefix: "a"}), map[dispatch.State]int64{dispatch.StateOpen: 10}, "through a provider, with a prefix")
	t.same(counts(dispatch.Filter{States: []dispatch.State{dispatch.StatePlanned, dispatch.StatePaid}, CreatedFrom: in(50 * time.Minute)}),
		map[dispatch.State]int64{dispatch.StatePlanned: 5}, "in states, from a time on")
	_, err := t.Count(t.ctx, dispatch.Filter{Min: payout.FromMinor(1, payout.RUB), Max: payout.FromMinor(1, payout.KZT)})
	t.is(err, payout.ErrInvalid, "Count of amounts from one currency to another")
}

// feed returns what comes after a cursor, in pages.
func (t *trial) feed(after dispatch.Cursor, page int) (out []dispatch.Changed) {
	for {
		some, err := t.Changes(t.ctx, after, page)
		t.ok(err, "Changes")
		if len(some) > page {
			t.fail("%d changes, where %d were asked for", len(some), page)
		}
		if len(some) == 0 {
			return out
		}
		out = append(out, some...)
		after = some[len(some)-1].Cursor
	}
}

func changes(t *trial) {
	t.same(len(t.feed("", 10)), 0, "changes of an empty journal")
	var want []dispatch.Changed
	entries := []dispatch.Entry{t.take(planned("p-1")), t.take(planned("p-2")), t.take(full("p-3"))}
	t.same(len(t.feed("", 10)), 0, "changes when nothing was committed")
	for i := range 12 {
		e := entries[i%3]
		ev := dispatch.Event{Kind: dispatch.EventHinted, At: in(-time.Duration(i) * time.Hour), Attempt: i}
		if i%4 == 0 {
			ev = happened()
		}
		e.State = []dispatch.State{dispatch.StateOpen, dispatch.StateReview, dispatch.StateFailed}[i%3]
		if e.State == dispatch.StateReview {
			e.Review = dispatch.ReviewDouble
		}
		e.Failure = payout.Failure{Reason: payout.ReasonExpired, Code: fmt.Sprint(i)}
		t.ok(t.Commit(t.ctx, dispatch.Change{Entry: e, Event: ev}), "Commit")
		e = t.load(e.Reference)
		entries[i%3] = e
		want = append(want, dispatch.Changed{
			Reference: e.Reference, Version: e.Version, Event: ev, State: e.State, Review: e.Review, Failure: e.Failure, Amount: e.Amount,
		})
		t.is(t.Commit(t.ctx, dispatch.Change{Entry: planned("p-1"), Event: ev}), dispatch.ErrStale, "Commit of an old version")
	}
	bare := func(all []dispatch.Changed) (out []dispatch.Changed) {
		for _, c := range all {
			c.Cursor, c.Event = "", cleanEvents([]dispatch.Event{c.Event})[0]
			out = append(out, c)
		}
		return out
	}
	all := t.feed("", 100)
	t.same(bare(all), bare(want), "the feed")
	t.same(t.feed("", 5), all, "the feed, in pages")
	for i, c := range all {
		t.same(len(t.feed(c.Cursor, 7)), len(all)-i-1, "what comes after a cursor")
	}
	_, err := t.Changes(t.ctx, "no cursor", 1)
	t.is(err, payout.ErrInvalid, "Changes after what is no cursor")
}

func changesAtOnce(t *trial) {
	const workers, payouts, rounds = 8, 4, 25
	for i := range payouts {
		t.take(planned(fmt.Sprint("p-", i)))
	}
	var left atomic.Int64
	left.Store(workers)
	var seen []dispatch.Changed
	t.together(workers+1, func(worker int) error {
		if worker == workers { // reads while they write
			after := dispatch.Cursor("")
			for done := false; ; {
				some, err := t.Changes(t.ctx, after, 10)
				if err != nil {
					return err
				}
				if len(some) == 0 {
					if done {
						return nil
					}
					done = left.Load() == 0
					continue
				}
				seen = append(seen, some...)
				after = some[len(some)-1].Cursor
			}
		}
		defer left.Add(-1)
		for n := 0; n < rounds; {
			e, err := t.Load(t.ctx, fmt.Sprint("p-", (worker+n)%payouts))
			if err != nil {
				return err
			}
			switch err := t.Commit(t.ctx, change(e, nil)); {
			case err == nil:
				n++
			case !errors.Is(err, dispatch.ErrStale):
				return err
			}
		}
		return nil
	})
	t.same(len(seen), workers*rounds, "changes that were seen")
	version := map[string]int64{}
	for _, c := range seen {
		t.same(c.Version, max(version[c.Reference], 1)+1, "the next version of "+c.Reference)
		version[c.Reference] = c.Version
	}
}
