package demo

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout/dispatch"
)

// Each alarm of the dispatcher is a finding, but for what a row's status says already,
// and for good news.
func TestAlarms(t *testing.T) {
	t.Parallel()
	for kind, want := range map[dispatch.AlarmKind]string{
		dispatch.AlarmDouble:         "more than one attempt at it is paid, or may be",
		dispatch.AlarmContradiction:  "reserve took back what it had said",
		dispatch.AlarmStranger:       "an alarm of the dispatcher about reserve: stranger",
		dispatch.AlarmReturned:       "",
		dispatch.AlarmReview:         "",
		dispatch.AlarmDeadline:       "an alarm of the dispatcher about reserve: deadline",
		dispatch.AlarmPoison:         "an alarm of the dispatcher about reserve: poison",
		dispatch.AlarmHeld:           "reserve was held: it got no more payouts until a check call succeeded",
		dispatch.AlarmLifted:         "",
		dispatch.AlarmAccount:        "an alarm of the dispatcher about reserve: account",
		dispatch.AlarmUnrecorded:     "an alarm of the dispatcher about reserve: unrecorded",
		dispatch.AlarmJournal:        "the journal could not be read: meanwhile nothing new was sent or asked",
		dispatch.AlarmJournalBack:    "",
		dispatch.AlarmReferenceTaken: "an alarm of the dispatcher about reserve: reference taken",
	} {
		w := newWatch()
		w.commits(nil).Alarm(t.Context(), dispatch.Alarm{Kind: kind, Reference: "at the bank", Provider: "reserve"})
		var expected []Finding
		if want != "" {
			expected = []Finding{{"p", want}}
		}
		require.Equal(t, expected, w.findings(func(provider, reference string) string {
			require.Equal(t, []string{"reserve", "at the bank"}, []string{provider, reference})
			return "p"
		}), kind)
	}
}

// Who waits hears of it when a fate is known or with a person, and not before.
func TestUntil(t *testing.T) {
	t.Parallel()
	for state, want := range map[dispatch.State]bool{
		dispatch.StateUnknown: false, dispatch.StatePlanned: false, dispatch.StateAwaiting: false, dispatch.StateSending: false,
		dispatch.StateOpen: false, dispatch.StateClosed: false, dispatch.StateUnsent: false,
		dispatch.StatePaid: true, dispatch.StateFailed: true, dispatch.StateReturned: true, dispatch.StateReview: true, dispatch.StateCancelled: true,
	} {
		w := newWatch()
		known, other := w.until("p"), w.until("q")
		o := w.commits(nil)
		for range 2 { // what is final may move again
			o.Moved(t.Context(), dispatch.Moved{Reference: "p", To: state})
		}
		select {
		case <-known:
			require.True(t, want, state)
		case <-other:
			require.Fail(t, "another payout's")
		default:
			require.False(t, want, state)
		}
	}
}
