package postgres_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/dispatch"
	"github.com/payoutkit/payout/journal"
	"github.com/payoutkit/payout/journal/postgres"
)

var start = time.Date(2026, 11, 22, 10, 11, 12, 0, time.UTC)

// audited is a payout with a history and a limit, by its own means.
func audited(t *testing.T, j dispatch.Journal) {
	t.Helper()
	e := dispatch.Entry{Reference: "p-1", State: dispatch.StatePlanned, Amount: payout.FromMinor(1234, payout.EUR), CreatedAt: start, Due: start}
	e, _, err := j.Insert(t.Context(), e)
	require.NoError(t, err)
	a := dispatch.Attempt{
		Provider: "bank", Account: "bank/login", Reference: "P-1", State: dispatch.StateOpen, Transmissions: 1, Next: start,
		Reserved: []dispatch.Use{{Bucket: "all", Amount: e.Amount}},
	}
	e.State, e.Attempts = dispatch.StateOpen, []dispatch.Attempt{a}
	require.NoError(t, j.Commit(t.Context(), dispatch.Change{
		Entry: e, Event: dispatch.Event{Kind: dispatch.EventIntended, At: start, Planned: a}, Reserve: a.Reserved,
	}))
	require.NoError(t, j.SetHold(t.Context(), dispatch.Hold{Provider: "bank", Reason: dispatch.HeldByPerson, By: "A. Clerk"}))
}

func TestVerify(t *testing.T) {
	for name, c := range map[string]struct {
		damage string
		want   []journal.Finding
	}{
		"nothing":           {"SELECT 1", nil},
		"a lost event":      {"DELETE FROM payout.events", []journal.Finding{{Check: "history", About: "p-1", Says: "its version is 2, and it has 0 events, the last of version 0"}}},
		"an older state":    {"UPDATE payout.events SET state = 'sending'", []journal.Finding{{Check: "history", About: "p-1", Says: "it is open, and sending by its last event"}}},
		"a lost reference":  {"DELETE FROM payout.attempts", []journal.Finding{{Check: "references", About: "p-1", Says: `its reference "p-1" at account "bank/login" is not among those that were used`}, {Check: "references", Says: "there are 0, and payouts have 1 attempts"}}},
		"another's":         {"UPDATE payout.attempts SET payout = 'p-2'", []journal.Finding{{Check: "references", About: "p-1", Says: `its reference "p-1" at account "bank/login" is that of payout "p-2"`}}},
		"a limit":           {"UPDATE payout.limits SET minor = 1233", []journal.Finding{{Check: "limits", About: "all", Says: "1 times 1233 minor units are in use, and attempts hold 1 times 1234"}}},
		"a limit forgotten": {"DELETE FROM payout.limits", []journal.Finding{{Check: "limits", About: "all", Says: "attempts hold it 1 times, and none of it is in use"}}},
		"a queue":           {"UPDATE payout.payouts SET queue = 2", []journal.Finding{{Check: "columns", About: "p-1", Says: "what is searched by is not what its document says"}}},
		"a document":        {"UPDATE payout.payouts SET document = '{}'", []journal.Finding{{Check: "document", About: "p-1", Says: `journal: read payout "p-1": a fingerprint of 0 bytes`}, {Check: "references", Says: "there are 1, and payouts have 0 attempts"}, {Check: "limits", About: "all", Says: "1 times 1234 minor units are in use, and attempts hold 0 times 0"}}},
		"an event":          {"UPDATE payout.events SET kind = 'tomorrow'", []journal.Finding{{Check: "event", About: "p-1", Says: `number 1: journal: read an event of payout "p-1": dispatch: no such kind of event`}}},
		"nobody's event":    {"UPDATE payout.events SET reference = 'p-2'", []journal.Finding{{Check: "history", About: "p-1", Says: "its version is 2, and it has 0 events, the last of version 0"}, {Check: "event", About: "p-2", Says: "number 1 is of a payout that is not there"}}},
		"an epoch":          {"UPDATE payout.journal SET epoch = 100", []journal.Finding{{Check: "epochs", Says: "the last one is 100, and the last that was begun 0"}}},
		"a hold":            {"UPDATE payout.holds SET document = '[]'", []journal.Finding{{Check: "hold", About: "bank", Says: `journal: read the hold of "bank": json: cannot unmarshal array into Go value of type stored.hold`}}},
	} {
		t.Run(name, func(t *testing.T) {
			j, pool := fresh(t, postgres.Config{})
			audited(t, j)
			_, err := pool.Exec(t.Context(), c.damage)
			require.NoError(t, err)
			got, err := j.Verify(t.Context())
			require.NoError(t, err)
			require.Equal(t, c.want, got)
		})
	}
}
