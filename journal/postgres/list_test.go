package postgres_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/dispatch"
	"github.com/payoutkit/payout/journal/postgres"
)

// fill puts many payouts into a journal, at once: a thousand a minute, most of them paid.
func fill(t testing.TB, pool execer, n int) {
	t.Helper()
	document := `{"fingerprint":"` + strings.Repeat("A", 43) + `=","destination":"card 411111******1111","send_until":1795338672345678}`
	for _, statement := range []string{
		`INSERT INTO payout.payouts (reference, version, state, queue, due, created_at, amount, currency, document)
			SELECT 'old-' || lpad(i::text, 9, '0'), 4, CASE WHEN i % 1000 = 0 THEN 'unknown' WHEN i % 500 = 0 THEN 'review' ELSE 'paid' END,
			CASE WHEN i % 1000 = 0 THEN 0 ELSE 1 END, CASE WHEN i % 10 = 0 THEN 9000000000000000 ELSE 0 END,
			1700000000000000 + i::bigint * 60000, 100 + (i::bigint * 7919) % 1000000, 'EUR', '` + document + `' FROM generate_series(1, ` + fmt.Sprint(n) + `) i`,
		`INSERT INTO payout.attempts (account, reference_key, payout, provider)
			SELECT 'bank', reference, reference, CASE WHEN right(reference, 4) = '0077' THEN 'rare' ELSE 'bank' END FROM payout.payouts`,
		`INSERT INTO payout.events (era, tx, reference, version, at, kind, state, document)
			SELECT 0, i, reference, 1 + i, created_at, 'found', state, '{"attempt":0,"amount":100,"currency":"EUR"}' FROM payout.payouts, generate_series(1, 3) i`,
		`ANALYZE payout.payouts`, `ANALYZE payout.attempts`, `ANALYZE payout.events`,
	} {
		_, err := pool.Exec(t.Context(), statement)
		require.NoError(t, err)
	}
}

// spy keeps the last statement that a pool was given.
type spy struct{ last pgx.TraceQueryStartData }

// What people ask for reads an index, and about as many rows as it returns.
func TestPlans(t *testing.T) {
	seen := &spy{}
	pool := connect(t, database(t), seen.watch)
	j, err := postgres.Create(t.Context(), pool, postgres.Config{})
	require.NoError(t, err)
	fill(t, pool, 30000)
	at := func(i int) time.Time { return time.UnixMicro(1700000000000000 + int64(i)*60000) }
	eur := func(minor int64) payout.Money { return payout.FromMinor(minor, payout.EUR) }
	list := func(f dispatch.Filter) func() error {
		return func() error { _, err := j.List(t.Context(), f); return err }
	}
	count := func(f dispatch.Filter) func() error {
		return func() error { _, err := j.Count(t.Context(), f); return err }
	}
	unknown := []dispatch.State{dispatch.StateUnknown}
	for name, row := range map[string]struct {
		do   func() error
		most float64 // blocks
	}{
		"a page":                  {list(dispatch.Filter{After: "old-000020000"}), 300},
		"by state":                {list(dispatch.Filter{States: unknown}), 200},
		"by state, the next page": {list(dispatch.Filter{States: unknown, After: "old-000020000"}), 200},
		"by states":               {list(dispatch.Filter{States: []dispatch.State{dispatch.StateUnknown, dispatch.StateReview}}), 300},
		"by a rare provider":      {list(dispatch.Filter{Provider: "rare"}), 200},
		"by a common provider":    {list(dispatch.Filter{Provider: "bank"}), 1200},
		"by prefix":               {list(dispatch.Filter{Prefix: "old-00002"}), 300},
		"by time":                 {list(dispatch.Filter{CreatedFrom: at(20000), CreatedBefore: at(20050)}), 200},
		"by amount":               {list(dispatch.Filter{Min: eur(500), Max: eur(600)}), 200},
		"counted by state":        {count(dispatch.Filter{States: unknown}), 200},
		"counted by time":         {count(dispatch.Filter{CreatedFrom: at(20000), CreatedBefore: at(20050)}), 200},
		"what is due":             {func() error { _, err := j.Due(t.Context(), dispatch.Ask, time.Now(), 100); return err }, 50},
		"what is waiting": {func() error {
			_, err := j.Waiting(t.Context(), dispatch.Ask, time.UnixMicro(9000000000000000), 100)
			return err
		}, 200},
		"a commit": {func() error {
			e, err := j.Load(t.Context(), "old-000020000")
			require.NoError(t, err)
			e.Attempts = []dispatch.Attempt{{Provider: "bank", Account: "bank", Reference: e.Reference, State: e.State}}
			return j.Commit(t.Context(), change(e, e.State))
		}, 40},
		"one that is taken on": {func() error { _, _, err := j.Insert(t.Context(), planned("new")); return err }, 40},
		"one payout":           {func() error { _, err := j.Load(t.Context(), "old-000020000"); return err }, 10},
		"an attempt":           {func() error { _, err := j.FindAttempt(t.Context(), "bank", "old-000020000"); return err }, 15},
		"a history":            {func() error { _, err := j.History(t.Context(), "old-000020000"); return err }, 20},
		"the feed":             {func() error { _, err := j.Changes(t.Context(), "0.2.100", 100); return err }, 250},
	} {
		t.Run(name, func(t *testing.T) {
			require.NoError(t, row.do())
			var plans []struct {
				Plan struct {
					Hit  float64 `json:"Shared Hit Blocks"`
					Read float64 `json:"Shared Read Blocks"`
				}
			}
			statement, args := seen.last.SQL, slices.Clone(seen.last.Args)
			var text []byte
			require.NoError(t, pool.QueryRow(t.Context(), `EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) `+statement, args...).Scan(&text))
			require.NoError(t, json.Unmarshal(text, &plans))
			require.LessOrEqual(t, plans[0].Plan.Hit+plans[0].Plan.Read, row.most, "%s", text)
		})
	}
	s, err := j.Stats(t.Context())
	require.NoError(t, err)
	require.Equal(t, map[dispatch.State]int64{dispatch.StateUnknown: 30, dispatch.StateReview: 30, dispatch.StatePaid: 29940, dispatch.StatePlanned: 1}, s.ByState)
	require.Equal(t, "old-000001000", s.OldestUnknown)
	require.Equal(t, at(1000).UTC(), s.UnknownSince)
	require.Greater(t, s.Bytes, int64(5<<20))
}

// A prefix ends where characters end.
func TestPrefix(t *testing.T) {
	j, _ := fresh(t, postgres.Config{})
	for _, reference := range []string{"a", "a\U0010FFFF", "a\U0010FFFFb", "a\uD7FF", "a\uE000", "b", "\U0010FFFF"} {
		take(t, j, planned(reference))
	}
	for prefix, want := range map[string]int{"a": 5, "a\U0010FFFF": 2, "a\uD7FF": 1, "\U0010FFFF": 1, "c": 0, "": 7} {
		all, err := j.List(t.Context(), dispatch.Filter{Prefix: prefix})
		require.NoError(t, err)
		require.Len(t, all, want, "%q", prefix)
	}
}

// A transaction that is under way holds the feed back, and nothing is left out.
func TestFeedWaits(t *testing.T) {
	j, pool := fresh(t, postgres.Config{})
	e := take(t, j, planned("p-1"))
	tx, err := pool.Begin(t.Context())
	require.NoError(t, err)
	defer func() { _ = tx.Rollback(t.Context()) }()
	_, err = tx.Exec(t.Context(), `SELECT pg_current_xact_id()`)
	require.NoError(t, err)
	commit(t, j, e, dispatch.StateOpen)
	references, last := feed(t, j, "")
	require.Empty(t, references)
	require.NoError(t, tx.Commit(t.Context()))
	references, last = feed(t, j, last)
	require.Equal(t, []string{"p-1"}, references)
	references, _ = feed(t, j, last)
	require.Empty(t, references)
	for _, wrong := range []dispatch.Cursor{"1", "1.2", "1.2.3.4", "1.2.x", "-1.2.3", "1.2.-3", "01.2.3", "99.1.1"} {
		_, err := j.Changes(t.Context(), wrong, 1)
		require.ErrorIs(t, err, payout.ErrInvalid, wrong)
	}
}
