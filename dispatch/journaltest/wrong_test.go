package journaltest_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/dispatch"
	"github.com/payoutkit/payout/dispatch/journaltest"
)

// Each mistake is found by the case that is there for it, and each case finds one.
func TestWrongJournals(t *testing.T) {
	ctx := context.Background()
	table := []struct {
		mistake, found string
		make           func(w *wrong, m dispatch.Journal)
	}{
		{"the same epoch twice", "epochs", func(w *wrong, m dispatch.Journal) {
			w.epoch = func() (int64, error) { n, err := m.Epoch(ctx); return (n + 1) / 2, err }
		}},
		{"an insert that replaces", "insert", func(w *wrong, m dispatch.Journal) {
			w.insert = func(e dispatch.Entry) (dispatch.Entry, bool, error) {
				out, inserted, err := m.Insert(ctx, e)
				if !inserted {
					e.Version = out.Version
					_ = m.Commit(ctx, dispatch.Change{Entry: e})
					out, err = m.Load(ctx, e.Reference)
				}
				return out, inserted, err
			}
		}},
		{"an insert that looks first, and then writes", "insert at once", func(w *wrong, m dispatch.Journal) {
			var last dispatch.Entry
			w.insert = func(e dispatch.Entry) (dispatch.Entry, bool, error) {
				w.mu.Lock()
				defer w.mu.Unlock()
				_, _, err := m.Insert(ctx, e)
				last = e
				last.Version = 1
				return last, true, err
			}
		}},
		{"a commit that was written, and says that it had not begun", "not begun", func(w *wrong, m dispatch.Journal) {
			w.commit = func(ctx context.Context, c dispatch.Change) error {
				err := m.Commit(ctx, c)
				if _, ends := ctx.Deadline(); ends && err == nil {
					err = dispatch.ErrNotBegun
				}
				return err
			}
		}},
		{"references without regard to case", "case of references", func(w *wrong, m dispatch.Journal) {
			w.insert = func(e dispatch.Entry) (dispatch.Entry, bool, error) {
				e.Reference = strings.ToLower(e.Reference)
				return m.Insert(ctx, e)
			}
			w.load = func(reference string) (dispatch.Entry, error) { return m.Load(ctx, strings.ToLower(reference)) }
		}},
		{"times in seconds", "round trip", func(w *wrong, m dispatch.Journal) {
			w.load = func(reference string) (dispatch.Entry, error) {
				e, err := m.Load(ctx, reference)
				e.SendUntil = e.SendUntil.Truncate(time.Second)
				return e, err
			}
		}},
		{"a field that is forgotten", "round trip", func(w *wrong, m dispatch.Journal) {
			w.commit = func(ctx context.Context, c dispatch.Change) error {
				c.Entry.Attempts = slices.Clone(c.Entry.Attempts)
				for i := range c.Entry.Attempts {
					c.Entry.Attempts[i].Endpoint = ""
				}
				return m.Commit(ctx, c)
			}
		}},
		{"an empty entry for nobody", "nobody", func(w *wrong, m dispatch.Journal) {
			w.load = func(reference string) (dispatch.Entry, error) {
				e, err := m.Load(ctx, reference)
				if errors.Is(err, dispatch.ErrNoEntry) {
					err = nil
				}
				return e, err
			}
		}},
		{"one copy for all", "copies", func(w *wrong, m dispatch.Journal) {
			cache := map[string]dispatch.Entry{}
			w.load = func(reference string) (dispatch.Entry, error) {
				w.mu.Lock()
				defer w.mu.Unlock()
				e, err := m.Load(ctx, reference)
				if have, ok := cache[reference]; ok && have.Version == e.Version {
					return have, err
				}
				cache[reference] = e
				return e, err
			}
		}},
		{"an event too many", "commit", func(w *wrong, m dispatch.Journal) {
			w.hist = func(reference string) ([]dispatch.Event, error) {
				out, err := m.History(ctx, reference)
				return append(out, out...), err
			}
		}},
		{"a version that is older is taken", "commit stale", func(w *wrong, m dispatch.Journal) {
			w.commit = func(ctx context.Context, c dispatch.Change) error {
				if e, err := m.Load(ctx, c.Entry.Reference); err == nil && c.Entry.Version < e.Version {
					c.Entry.Version = e.Version
				}
				return m.Commit(ctx, c)
			}
		}},
		{"a version is looked at first, and then written", "commit at once", func(w *wrong, m dispatch.Journal) {
			w.commit = func(ctx context.Context, c dispatch.Change) error {
				err := m.Commit(ctx, c)
				if errors.Is(err, dispatch.ErrStale) {
					if e, loadErr := m.Load(ctx, c.Entry.Reference); loadErr == nil && e.Version == c.Entry.Version+1 && c.Reserve == nil {
						return nil
					}
				}
				return err
			}
		}},
		{"a history by the clock", "history", func(w *wrong, m dispatch.Journal) {
			w.hist = func(reference string) ([]dispatch.Event, error) {
				out, err := m.History(ctx, reference)
				slices.SortStableFunc(out, func(a, b dispatch.Event) int { return a.At.Compare(b.At) })
				return out, err
			}
		}},
		{"the last one shown, whenever it was sent", "shown", func(w *wrong, m dispatch.Journal) {
			last := map[string]dispatch.Shown{}
			w.commit = func(ctx context.Context, c dispatch.Change) error {
				err := m.Commit(ctx, c)
				if err == nil && c.Shown.Account != "" {
					last[c.Shown.Account] = c.Shown
				}
				return err
			}
			w.shown = func(account string) (dispatch.Shown, error) { return last[account], nil }
		}},
		{"references with regard to case", "references", func(w *wrong, m dispatch.Journal) {
			w.commit = func(ctx context.Context, c dispatch.Change) error {
				for i, a := range c.Entry.Attempts {
					c.Entry.Attempts = slices.Clone(c.Entry.Attempts)
					c.Entry.Attempts[i].Reference = strings.NewReplacer("O", "=o", "E", "=e").Replace(a.Reference)
				}
				return m.Commit(ctx, c)
			}
			w.load = func(reference string) (dispatch.Entry, error) {
				e, err := m.Load(ctx, reference)
				for i, a := range e.Attempts {
					e.Attempts[i].Reference = strings.NewReplacer("=o", "O", "=e", "E").Replace(a.Reference)
				}
				return e, err
			}
		}},
		{"a reference that was taken meanwhile", "references at once", func(w *wrong, m dispatch.Journal) {
			w.commit = func(ctx context.Context, c dispatch.Change) error {
				err := m.Commit(ctx, c)
				if errors.Is(err, dispatch.ErrReferenceTaken) && c.Reserve == nil {
					return nil
				}
				return err
			}
		}},
		{"an attempt by its reference alone", "find attempt", func(w *wrong, m dispatch.Journal) {
			w.find = func(account, reference string) (dispatch.Entry, error) {
				e, err := m.FindAttempt(ctx, account, reference)
				if err != nil {
					return m.FindAttempt(ctx, "bank", reference)
				}
				return e, err
			}
		}},
		{"a limit that is not to be reached", "limits", func(w *wrong, m dispatch.Journal) {
			w.commit = func(ctx context.Context, c dispatch.Change) error {
				for i := range c.Reserve {
					c.Reserve[i].MaxCount = max(0, c.Reserve[i].MaxCount-1)
				}
				return m.Commit(ctx, c)
			}
		}},
		{"limits in a commit of their own", "limits all or nothing", func(w *wrong, m dispatch.Journal) {
			w.commit = func(ctx context.Context, c dispatch.Change) error {
				err := m.Commit(ctx, c)
				if errors.Is(err, dispatch.ErrLimit) && len(c.Reserve) > 1 {
					c.Reserve = c.Reserve[:0]
					_ = m.Commit(ctx, c)
				}
				return err
			}
		}},
		{"reserved first", "limits release first", func(w *wrong, m dispatch.Journal) {
			w.commit = func(ctx context.Context, c dispatch.Change) error {
				if len(c.Reserve) > 0 && len(c.Release) > 0 {
					for _, u := range c.Reserve {
						if used, err := m.Used(ctx, u.Bucket); err == nil && !used.Fits(u) {
							return dispatch.ErrLimit
						}
					}
				}
				return m.Commit(ctx, c)
			}
		}},
		{"a limit that is looked at first, and then written", "limits at once", func(w *wrong, m dispatch.Journal) {
			w.commit = func(ctx context.Context, c dispatch.Change) error {
				err := m.Commit(ctx, c)
				if errors.Is(err, dispatch.ErrLimit) && c.Entry.Reference > "p-1z" {
					return nil
				}
				return err
			}
		}},
		{"all kinds of work", "due", func(w *wrong, m dispatch.Journal) {
			w.due = func(_ dispatch.Work, now time.Time, limit int) ([]dispatch.Due, error) {
				a, _ := m.Due(ctx, dispatch.Ask, now, limit)
				b, err := m.Due(ctx, dispatch.Send, now, limit)
				return append(a, b...), err
			}
		}},
		{"by time alone", "due order", func(w *wrong, m dispatch.Journal) {
			w.due = func(work dispatch.Work, now time.Time, limit int) ([]dispatch.Due, error) {
				out, err := m.Due(ctx, work, now, limit)
				slices.SortStableFunc(out, func(a, b dispatch.Due) int { return a.At.Compare(b.At) })
				return out, err
			}
		}},
		{"the unknown first of those that are due the longest", "due limit", func(w *wrong, m dispatch.Journal) {
			w.due = func(work dispatch.Work, now time.Time, limit int) ([]dispatch.Due, error) {
				all, err := m.Due(ctx, work, now, 1e6)
				first := slices.Clone(all)
				slices.SortStableFunc(first, func(a, b dispatch.Due) int { return a.At.Compare(b.At) })
				first = first[:min(limit, len(first))]
				var out []dispatch.Due
				for _, d := range all {
					if slices.Contains(first, d) {
						out = append(out, d)
					}
				}
				return out, err
			}
		}},
		{"the order of a language", "list", func(w *wrong, m dispatch.Journal) {
			w.list = func(f dispatch.Filter) ([]dispatch.Entry, error) {
				out, err := m.List(ctx, f)
				slices.SortStableFunc(out, func(a, b dispatch.Entry) int {
					return strings.Compare(strings.ToLower(a.Reference), strings.ToLower(b.Reference))
				})
				return out, err
			}
		}},
		{"from one on", "list pages", func(w *wrong, m dispatch.Journal) {
			w.list = func(f dispatch.Filter) ([]dispatch.Entry, error) {
				if f.After != "" && f.Limit > 10 {
					f.After = f.After[:len(f.After)-1]
				}
				return m.List(ctx, f)
			}
		}},
		{"what the others have is not counted", "waiting", func(w *wrong, m dispatch.Journal) {
			asked := 0
			w.due = func(work dispatch.Work, now time.Time, limit int) ([]dispatch.Due, error) {
				asked += limit
				return m.Due(ctx, work, now, limit)
			}
			w.wait = func(work dispatch.Work, now time.Time, atMost int) (int, error) {
				n, err := m.Waiting(ctx, work, now, atMost)
				return n - asked, err
			}
		}},
		{"a prefix in any case", "list filters", func(w *wrong, m dispatch.Journal) {
			w.list = func(f dispatch.Filter) ([]dispatch.Entry, error) {
				prefix := f.Prefix
				f.Prefix = strings.ToUpper(prefix)
				upper, err := m.List(ctx, f)
				if err != nil || prefix == f.Prefix {
					return upper, err
				}
				f.Prefix = prefix
				lower, err := m.List(ctx, f)
				return append(upper, lower...), err
			}
		}},
		{"a page is counted", "count", func(w *wrong, m dispatch.Journal) {
			w.count = func(f dispatch.Filter) (map[dispatch.State]int64, error) {
				page, err := m.List(ctx, f)
				out := map[dispatch.State]int64{}
				for _, e := range page {
					out[e.State]++
				}
				return out, err
			}
		}},
		{"how the payout stands now", "changes", func(w *wrong, m dispatch.Journal) {
			w.feed = func(after dispatch.Cursor, limit int) ([]dispatch.Changed, error) {
				out, err := m.Changes(ctx, after, limit)
				for i, c := range out {
					e, _ := m.Load(ctx, c.Reference)
					out[i].Version, out[i].Failure = e.Version, e.Failure
				}
				return out, err
			}
		}},
		{"numbers that are given out before the commit", "changes at once", func(w *wrong, m dispatch.Journal) {
			type numbered struct {
				n int
				dispatch.Changed
			}
			var next, read atomic.Int64
			var there []numbered
			w.commit = func(ctx context.Context, c dispatch.Change) error {
				n := int(next.Add(1))
				err := m.Commit(ctx, c)
				for spins := 0; n%7 == 0 && int(read.Load()) < n && spins < 20000; spins++ {
					runtime.Gosched() // until somebody has read later ones, if anybody does
				}
				w.mu.Lock()
				defer w.mu.Unlock()
				if err == nil {
					there = append(there, numbered{n, dispatch.Changed{
						Cursor: dispatch.Cursor(fmt.Sprint(n)), Reference: c.Entry.Reference, Version: c.Entry.Version + 1, Event: c.Event,
						State: c.Entry.State, Review: c.Entry.Review, Failure: c.Entry.Failure, Amount: c.Entry.Amount,
					}})
				}
				return err
			}
			w.feed = func(after dispatch.Cursor, limit int) (out []dispatch.Changed, err error) {
				from, err := strconv.Atoi("0" + string(after))
				if err != nil {
					return nil, payout.ErrInvalid
				}
				w.mu.Lock()
				defer w.mu.Unlock()
				slices.SortFunc(there, func(a, b numbered) int { return a.n - b.n })
				for _, c := range there {
					if c.n > from && len(out) < limit {
						out = append(out, c.Changed)
						read.Store(int64(c.n))
					}
				}
				return out, nil
			}
		}},
		{"holds are never lifted", "holds", func(w *wrong, m dispatch.Journal) {
			w.hold = func(h dispatch.Hold) error {
				if h.Reason == dispatch.NotHeld {
					return nil
				}
				return m.SetHold(ctx, h)
			}
		}},
		{"a hold without its note", "holds", func(w *wrong, m dispatch.Journal) {
			w.holds = func() ([]dispatch.Hold, error) {
				out, err := m.Holds(ctx)
				for i := range out {
					out[i].Note = ""
				}
				return out, err
			}
		}},
		{"a commit goes on when its caller has gone", "context", func(w *wrong, m dispatch.Journal) {
			w.commit = func(_ context.Context, c dispatch.Change) error { return m.Commit(ctx, c) }
		}},
	}
	finds := map[string]bool{}
	for _, row := range table {
		t.Run(row.mistake, func(t *testing.T) {
			found := false
			for _, c := range journaltest.Cases() {
				m := dispatch.NewMemory()
				w := &wrong{Journal: m}
				row.make(w, m)
				err := c.Verify(t.Context(), w)
				if c.Name == row.found {
					found = true
					require.Error(t, err, "the case %q does not see it", c.Name)
					assert.NotContains(t, err.Error(), "panic")
				}
			}
			assert.True(t, found, "there is no case %q", row.found)
			finds[row.found] = true
		})
	}
	for _, c := range journaltest.Cases() {
		assert.True(t, finds[c.Name], "the case %q finds nothing", c.Name)
		assert.NotEmpty(t, c.Rule)
	}
}
