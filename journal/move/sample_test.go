package move_test

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/dispatch"
	"github.com/payoutkit/payout/journal"
	"github.com/payoutkit/payout/journal/witness"
)

var begin = time.Date(2026, 11, 22, 10, 11, 12, 345678000, time.UTC)

func in(d time.Duration) time.Time { return begin.Add(d) }

// states are those in which the payouts of the sample are, and how often.
var states = []dispatch.State{
	dispatch.StatePlanned, dispatch.StateSending, dispatch.StateOpen, dispatch.StateUnknown, dispatch.StatePaid,
	dispatch.StateFailed, dispatch.StateReview, dispatch.StateSending, dispatch.StateAwaiting,
}

func reference(n int) string { return fmt.Sprintf("order-%02d", n) }

// payoutOf is a payout with something in every field.
func payoutOf(n int, s dispatch.State) dispatch.Entry {
	e := dispatch.Entry{
		Reference: reference(n), State: s, Amount: payout.FromMinor(1234+int64(n), payout.EUR), Destination: "card 411111******1111",
		Fingerprint: dispatch.Fingerprint{Version: 3, Sum: [32]byte{1, 2, byte(n), 31: 255}}, CreatedAt: in(time.Duration(n) * time.Second),
		SendUntil: in(24 * time.Hour), Due: in(time.Duration(n) * time.Minute), Sealed: []byte{0, 1, byte(n), 255},
	}
	a := dispatch.Attempt{
		Route: "first", Provider: "bank", Account: "bank/login", Reference: "AT-" + reference(n), Mark: "mark", State: s, Transmissions: 1, Tries: 3,
		Epoch: 1, Intent: 1 << 41, IntentAt: begin, SendBefore: in(10 * time.Second), ProviderID: "id-1", Endpoint: "39915", Heard: true,
		Absent: dispatch.Absent{Times: 2, First: in(time.Hour), Last: in(2 * time.Hour)}, Asked: 7, Errors: 4, Next: e.Due,
		Reserved: []dispatch.Use{{Bucket: "day/2026-11-22", Amount: e.Amount, MaxAmount: payout.FromMinor(100000, payout.EUR), MaxCount: 99}},
	}
	switch s {
	case dispatch.StatePlanned, dispatch.StateAwaiting:
		return e
	case dispatch.StateReview: // and another attempt is being sent
		a.State, e.Review, e.Stopped = dispatch.StateFailed, dispatch.ReviewDouble, true
		a.Failure = payout.Failure{Reason: payout.ReasonInsufficientFunds, Code: "116"}
		b := a
		b.Reference, b.State, b.Reserved = "AT2-"+reference(n), dispatch.StateSending, nil
		e.Attempts = []dispatch.Attempt{a, b}
		e.Failure = payout.Failure{Reason: payout.ReasonExpired, Code: "x"}
		e.Decision = dispatch.Decision{}
		return e
	case dispatch.StateFailed:
		a.State, a.FinalAt, e.Sealed = dispatch.StateFailed, in(3*time.Hour), nil
		e.Decision = dispatch.Decision{Outcome: dispatch.StateFailed, Evidence: "statement, line 3: \"back\" \x00 ü", By: "Änne", At: in(4 * time.Hour)}
	}
	e.Attempts = []dispatch.Attempt{a}
	return e
}

// fill writes the sample: something in every table. It returns how many events it has.
func fill(t testing.TB, s *spot) {
	s.with(true, func(b book) {
		ctx := t.Context()
		epoch, err := b.Epoch(ctx)
		require.NoError(t, err)
		require.Positive(t, epoch)
		for n, state := range states {
			e := payoutOf(n, state)
			first := e
			first.State, first.Attempts, first.Sealed = dispatch.StatePlanned, nil, []byte{1}
			got, inserted, err := b.Insert(ctx, first)
			require.NoError(t, err)
			require.True(t, inserted)
			e.Version = got.Version
			c := dispatch.Change{Entry: e, Event: dispatch.Event{
				Kind: dispatch.EventFound, At: in(time.Duration(n) * time.Hour), Attempt: len(e.Attempts) - 1, Decision: e.Decision,
				Outcome: dispatch.Outcome{
					Answered: true, Status: payout.StatusPaid, Kind: payout.ErrRefused, Failure: e.Failure, Code: "98", HTTPStatus: 502, RetryAfter: 7,
					Violations: []payout.Violation{{Field: "recipient.name", Rule: "is required", Doc: "all2pay:233"}}, Destination: "card ******1111",
				},
				Alarms: []dispatch.AlarmKind{dispatch.AlarmDouble},
			}}
			for _, a := range e.Attempts {
				c.Event.Planned, c.Reserve = a, append(c.Reserve, a.Reserved...)
			}
			c.Shown = dispatch.Shown{Account: "bank/login", Sent: in(time.Duration(n) * time.Hour), At: in(time.Duration(n+1) * time.Hour)}
			require.NoError(t, b.Commit(ctx, c))
		}
		require.NoError(t, b.SetHold(ctx, dispatch.Hold{Provider: "bank", Reason: dispatch.HeldByPerson, By: "Änne", Note: "since", Since: begin, Times: 3, CheckAt: in(time.Hour)}))
		require.NoError(t, b.SetHold(ctx, dispatch.Hold{Provider: "other", Reason: dispatch.HeldByPerson, By: "Änne"}))
		require.NoError(t, b.SetHold(ctx, dispatch.Hold{Provider: "other", By: "Änne"}))
		for n := range states {
			_, err := b.PutKey(ctx, reference(n), []byte{byte(n), 0, 255})
			require.NoError(t, err)
		}
		require.NoError(t, b.Erase(ctx, reference(slices.Index(states, dispatch.StateFailed)), "A. Clerk"))
		require.NoError(t, b.KeepRows(ctx, []journal.BatchRow{{Key: [32]byte{1, 31: 2}, Reference: reference(1)}}))
	})
	// A journal that is in doubt is so wherever it goes on.
	w, err := witness.Open(filepath.Join(t.TempDir(), "ahead"))
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, w.Close()) })
	own := s.witness
	s.witness = w
	s.with(false, func(book) {})
	m, ok, err := w.Read(t.Context())
	require.NoError(t, err)
	require.True(t, ok)
	m.Event += 100
	require.NoError(t, w.Write(t.Context(), m))
	s.with(false, func(b book) {
		d, err := b.Doubt(t.Context())
		require.NoError(t, err)
		require.NotZero(t, d.Number)
	})
	s.witness = own
}

// seen is all that can be seen of a journal from outside.
type seen struct {
	entries []any
	history map[string][]dispatch.Event
	feed    []dispatch.Changed
	used    dispatch.Used
	shown   dispatch.Shown
	holds   []dispatch.Hold
	keys    map[string][]byte
	counts  map[dispatch.State]int64
	doubt   dispatch.Doubt
	rows    map[[32]byte][]string
	found   map[string]string
}

func look(t testing.TB, b book) (s seen) {
	ctx := t.Context()
	entries, err := b.List(ctx, dispatch.Filter{Limit: 10000})
	require.NoError(t, err)
	s.history, s.keys, s.found = map[string][]dispatch.Event{}, map[string][]byte{}, map[string]string{}
	for _, e := range entries {
		type all dispatch.Entry
		s.entries = append(s.entries, all(e))
		s.history[e.Reference], err = b.History(ctx, e.Reference)
		require.NoError(t, err)
		if key, err := b.Key(ctx, e.Reference); !errors.Is(err, dispatch.ErrNoEntry) {
			require.NoError(t, err)
			s.keys[e.Reference] = key
		}
		for _, a := range e.Attempts {
			owner, err := b.FindAttempt(ctx, a.Account, a.Reference)
			require.NoError(t, err)
			s.found[a.Reference] = owner.Reference
		}
	}
	s.feed, err = b.Changes(ctx, "", 10000)
	require.NoError(t, err)
	for i := range s.feed {
		s.feed[i].Cursor = ""
	}
	s.used, err = b.Used(ctx, "day/2026-11-22")
	require.NoError(t, err)
	s.shown, err = b.Shown(ctx, "bank/login")
	require.NoError(t, err)
	s.holds, err = b.Holds(ctx)
	require.NoError(t, err)
	s.counts, err = b.Count(ctx, dispatch.Filter{})
	require.NoError(t, err)
	for state, n := range s.counts {
		if n == 0 {
			delete(s.counts, state)
		}
	}
	s.doubt, err = b.Doubt(ctx)
	require.NoError(t, err)
	s.rows, err = b.EarlierRows(ctx, [][32]byte{{1, 31: 2}})
	require.NoError(t, err)
	return s
}
