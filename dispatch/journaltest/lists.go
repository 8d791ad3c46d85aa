package journaltest

import (
	"fmt"

	"github.com/payoutkit/payout/dispatch"
)

func listCases() []Case {
	return []Case{
		{"list", "entries come in the order of their references' bytes, those that match alone", list},
		{"list pages", "page after page, each entry is listed once, also while others are committed", listPages},
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
