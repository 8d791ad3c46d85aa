package sqlite_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/dispatch"
	"github.com/payoutkit/payout/journal"
	"github.com/payoutkit/payout/journal/sqlite"
)

// filled returns a journal with payouts of which a few differ from all the others.
func filled(t *testing.T, payouts int) *sqlite.Journal {
	j, _ := created(t, sqlite.Config{})
	together(t, 16, int64(payouts), func(i int64) error {
		e := planned(fmt.Sprintf("p-%05d", i))
		e.CreatedAt = begin.Add(time.Duration(i) * time.Second)
		e.Amount = payout.FromMinor(100*i, payout.RUB)
		e.State = dispatch.StatePaid
		provider := "bank-1"
		if i%50 == 0 {
			e.State, provider = dispatch.StateUnknown, "bank-2"
		}
		e.Attempts = []dispatch.Attempt{{Provider: provider, Account: "account-of-" + provider, Reference: e.Reference, State: e.State}}
		_, _, err := j.Insert(t.Context(), e)
		return err
	})
	return j
}

// No common filter looks at payouts that have nothing to do with it, or sorts what an
// index has in order. With a time or an amount the page has to be sorted by reference, the
// references alone.
func TestQueryPlans(t *testing.T) {
	j := filled(t, 500)
	ago := begin.Add(-time.Hour)
	for name, c := range map[string]struct {
		filter dispatch.Filter
		index  string
		sorts  bool
	}{
		"all":         {dispatch.Filter{}, "sqlite_autoindex_payouts_1 (reference>?)", false},
		"next page":   {dispatch.Filter{After: "p-00100"}, "sqlite_autoindex_payouts_1 (reference>?)", false},
		"prefix":      {dispatch.Filter{Prefix: "p-001"}, "sqlite_autoindex_payouts_1 (reference>? AND reference<?)", false},
		"state":       {dispatch.Filter{States: []dispatch.State{dispatch.StateUnknown}}, "payouts_state (state=? AND reference>?)", false},
		"two states":  {dispatch.Filter{States: []dispatch.State{dispatch.StateUnknown, dispatch.StateReview}}, "payouts_state (state=? AND reference>?)", false},
		"four states": {dispatch.Filter{States: []dispatch.State{0, dispatch.StateReview, dispatch.StateOpen, dispatch.StatePaid}}, "payouts_state (state=? AND reference>?)", false},
		"provider":    {dispatch.Filter{Provider: "bank-2"}, "attempts_provider (provider=? AND payout>?)", false},
		"time":        {dispatch.Filter{CreatedFrom: ago, CreatedBefore: begin}, "payouts_created (created_at>? AND created_at<?)", true},
		"amount":      {dispatch.Filter{Min: payout.FromMinor(1, payout.RUB), Max: payout.FromMinor(9, payout.RUB)}, "payouts_amount (currency=? AND amount>? AND amount<?)", true},
		// The index that finds the least.
		"few of a state, many of a provider": {dispatch.Filter{States: []dispatch.State{dispatch.StateUnknown}, Provider: "bank-1"}, "payouts_state (state=? AND reference>?)", false},
		"many of a state, few of a provider": {dispatch.Filter{States: []dispatch.State{dispatch.StatePaid}, Provider: "bank-2"}, "attempts_provider (provider=? AND payout>?)", false},
		"many of a state, few of a prefix":   {dispatch.Filter{States: []dispatch.State{dispatch.StatePaid}, Prefix: "p-0001"}, "sqlite_autoindex_payouts_1 (reference>? AND reference<?)", false},
		"many of a state, few of a time":     {dispatch.Filter{States: []dispatch.State{dispatch.StatePaid}, CreatedFrom: begin.Add(499 * time.Second)}, "payouts_created (created_at>?)", true},
	} {
		list, count, err := sqlite.Plans(t.Context(), j, c.filter)
		require.NoError(t, err, name)
		plan := strings.Join(list, "\n")
		require.Contains(t, plan, c.index, "%s:\n%s", name, plan)
		for _, line := range append(list, count...) {
			if strings.HasPrefix(line, "SCAN") && !strings.Contains(line, "payout") { // a subquery's result
				continue
			}
			require.False(t, strings.HasPrefix(line, "SCAN payouts") && !strings.Contains(line, "INDEX"), "%s:\n%s", name, plan)
			require.NotContains(t, line, "AUTOMATIC", name)
		}
		require.Equal(t, c.sorts, strings.Contains(plan, "TEMP B-TREE FOR ORDER BY"), "%s:\n%s", name, plan)
	}
	for _, query := range []struct{ sql, index string }{
		{sqlite.DueQuery, "SEARCH payouts USING COVERING INDEX payouts_due (queue=? AND due>? AND due<?)"},
		{sqlite.OldestQuery, "SCAN payouts USING COVERING INDEX payouts_unknown"},
		{`SELECT id FROM events WHERE reference = ? ORDER BY version`, "SEARCH events USING COVERING INDEX events_reference (reference=?)"},
		{`SELECT id FROM events WHERE id > ? ORDER BY id LIMIT ?`, "SEARCH events USING INTEGER PRIMARY KEY (rowid>?)"},
	} {
		plan, err := sqlite.Plan(t.Context(), j, query.sql, make([]any, strings.Count(query.sql, "?"))...)
		require.NoError(t, err)
		require.Len(t, plan, 1, "%v", plan)
		require.Contains(t, plan[0], query.index)
	}
}

func TestStats(t *testing.T) {
	j := filled(t, 500)
	s, err := j.Stats(t.Context())
	require.NoError(t, err)
	require.Equal(t, map[dispatch.State]int64{dispatch.StatePaid: 490, dispatch.StateUnknown: 10}, s.ByState)
	require.Equal(t, "p-00050", s.OldestUnknown)
	require.Equal(t, begin.Add(50*time.Second), s.UnknownSince)
	require.Greater(t, s.Bytes, int64(100_000))
	s.ByState[dispatch.StatePaid] = 0
	again, err := j.Stats(t.Context())
	require.NoError(t, err)
	require.Equal(t, int64(490), again.ByState[dispatch.StatePaid], "what is returned is the caller's")
}

// A copy that is made while payouts go on is whole, and so is its use.
func TestBackup(t *testing.T) {
	j, path := created(t, sqlite.Config{})
	backup := filepath.Join(t.TempDir(), "backup")
	done := make(chan struct{})
	go func() {
		defer close(done)
		together(t, 16, 2000, func(i int64) error { return pays(t.Context(), j, fmt.Sprint("p-", i)) })
	}()
	require.Eventually(t, func() bool {
		n, err := j.Count(t.Context(), dispatch.Filter{})
		return err == nil && n[dispatch.StatePaid] > 100
	}, 20*time.Second, time.Millisecond)
	require.NoError(t, j.Backup(t.Context(), backup))
	<-done
	require.ErrorIs(t, j.Backup(t.Context(), backup), journal.ErrExists)
	require.ErrorIs(t, j.Backup(t.Context(), path), journal.ErrExists)
	info, err := os.Stat(backup)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	copied, err := sqlite.Open(t.Context(), backup, sqlite.Config{})
	require.NoError(t, err)
	defer copied.Close()
	whole(t, copied)
	require.NoError(t, pays(t.Context(), copied, "one more"))
	n, err := copied.Count(t.Context(), dispatch.Filter{})
	require.NoError(t, err)
	require.Greater(t, n[dispatch.StatePaid], int64(100))
}
