package dispatch_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout/dispatch"
)

// A journal that is gone while Run drives payouts is an alarm, each minute, until it is
// back.
func TestRunTellsOfAJournalThatIsGone(t *testing.T) {
	for _, call := range []string{"due", "waiting", "holds"} {
		t.Run(call, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				j := &flaky{Journal: dispatch.NewMemory()}
				d, stop := running(t, dispatch.Config{Journal: j}, bank("a"))
				pause(time.Minute)
				assert.Empty(t, d.seen.heard())
				gone := []dispatch.AlarmKind{dispatch.AlarmJournal, dispatch.AlarmJournal, dispatch.AlarmJournal}

				j.set(never(call), nil)
				pause(2 * time.Second)
				assert.Equal(t, gone[:1], d.seen.heard())
				pause(57 * time.Second)
				assert.Equal(t, gone[:1], d.seen.heard())
				pause(time.Minute + 5*time.Second)
				assert.Equal(t, gone, d.seen.heard())

				j.set(nil, nil)
				pause(5 * time.Second)
				assert.Equal(t, gone, d.seen.heard(), "one call that works is not enough")
				pause(10 * time.Minute)
				assert.Equal(t, append(gone, dispatch.AlarmJournalBack), d.seen.heard())
				assert.Equal(t, -1, d.seen.alarms[0].Attempt)
				require.Error(t, stop())
			})
		})
	}
}

// hanging is a journal whose calls end with their context, as those of a database do.
type hanging struct{ dispatch.Journal }

func (hanging) Due(ctx context.Context, _ dispatch.Work, _ time.Time, _ int) ([]dispatch.Due, error) {
	<-ctx.Done()
	return nil, ctx.Err()
}

// That Run is to end says nothing of its journal.
func TestRunThatEndsIsNoAlarm(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d, stop := running(t, dispatch.Config{Journal: hanging{dispatch.NewMemory()}}, bank("a"))
		pause(time.Minute)
		require.ErrorIs(t, stop(), context.Canceled)
		assert.Empty(t, d.seen.heard())
	})
}

// That another worker was faster is no failure.
func TestLogOfAStepThatCameLate(t *testing.T) {
	for err, want := range map[error]string{
		dispatch.ErrStale:   "DEBUG",
		errors.New("other"): "WARN",
	} {
		var b bytes.Buffer
		o := dispatch.LogObserver(slog.New(slog.NewTextHandler(&b, &slog.HandlerOptions{Level: slog.LevelDebug})))
		_, stepped := o.Step(t.Context(), "p-1")
		stepped(dispatch.Stepped{Err: err})
		assert.Contains(t, b.String(), "level="+want+` msg="payout step failed" reference=p-1 error=`)
		b.Reset()
		stepped(dispatch.Stepped{})
		assert.Empty(t, b.String())
	}
}
