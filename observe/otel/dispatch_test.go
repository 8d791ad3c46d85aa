package otelpayout_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/dispatch"
)

func moved(kind, from, to string) event {
	return event{"payout.moved", map[string]any{
		"payout.reference": "p-1", "payout.event": kind, "payout.from": from, "payout.to": to,
		"payout.provider": "teller-1", "payout.route": "main", "payout.attempt": int64(1),
	}}
}

func TestAStepAndItsTransitions(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, b := newRecord(t), says(payout.StatusPaid, nil)
		answer := b.answer
		b.answer = func(ctx context.Context, ref payout.Ref) (payout.Payout, error) {
			time.Sleep(2 * time.Second)
			return answer(ctx, ref)
		}
		d := r.dispatcher(b, dispatch.NewMemory())
		submit(t, d, "p-1")
		time.Sleep(time.Second)
		_, _, err := d.Step(t.Context(), "p-1")
		require.NoError(t, err)
		require.Equal(t, []span{{
			Name: "payout create", Parent: "payout step", Kind: "client", Status: "Unset", Attributes: map[string]any{
				"payout.provider": "teller-1", "payout.op": "create", "payout.reference": "p-1",
				"payout.destination.kind": "card", "payout.status": "paid",
			},
		}, {
			Name: "payout step", Kind: "internal", Status: "Unset",
			Attributes: map[string]any{
				"payout.reference": "p-1", "payout.state": "paid", "payout.work": "send", "payout.idle": false,
			},
			Events: []event{moved("intended", "planned", "sending"), moved("created", "sending", "paid")},
		}}, r.ended())
		require.Equal(t, map[string]any{
			"payout.client.call.duration{payout.op=create payout.provider=teller-1}":                                            "1 in 2 s",
			"payout.client.outcomes{payout.op=create payout.provider=teller-1 payout.status=paid}":                              int64(1),
			"payout.dispatch.transitions{payout.event=intended payout.from=planned payout.provider=teller-1 payout.to=sending}": int64(1),
			"payout.dispatch.transitions{payout.event=created payout.from=sending payout.provider=teller-1 payout.to=paid}":     int64(1),
			"payout.dispatch.final.duration{payout.provider=teller-1 payout.to=paid}":                                           "1 in 3 s",
		}, r.points())

		_, _, err = d.Step(t.Context(), "p-1")
		require.NoError(t, err)
		require.Equal(t, span{Name: "payout step", Kind: "internal", Status: "Unset", Attributes: map[string]any{
			"payout.reference": "p-1", "payout.state": "paid", "payout.work": "ask", "payout.idle": true,
		}}, r.ended()[2])
	})
}

// What is final is asked about again: that is no second end.
func TestTheTimeToTheEndIsTakenOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRecord(t)
		d := r.dispatcher(says(payout.StatusPaid, nil), dispatch.NewMemory())
		submit(t, d, "p-1")
		for range 3 {
			_, _, err := d.Step(t.Context(), "p-1")
			require.NoError(t, err)
			time.Sleep(24 * time.Hour)
		}
		require.EqualValues(t, 2, r.points()["payout.dispatch.transitions{payout.event=found payout.from=paid payout.provider=teller-1 payout.to=paid}"])
		require.Equal(t, "1 in 0 s", r.points()["payout.dispatch.final.duration{payout.provider=teller-1 payout.to=paid}"])
	})
}

// A transition that is about no attempt has no provider, and one outside a step is on
// the caller's span.
func TestATransitionWithoutAnAttempt(t *testing.T) {
	r := newRecord(t)
	d := r.dispatcher(says(payout.StatusPaid, nil), dispatch.NewMemory())
	submit(t, d, "p-1")
	ctx, caller := r.Tracers.Tracer("caller").Start(t.Context(), "a form")
	_, err := d.Cancel(ctx, "p-1", "Anna", "a mistake")
	require.NoError(t, err)
	caller.End()
	require.Equal(t, []event{{"payout.moved", map[string]any{
		"payout.reference": "p-1", "payout.event": "cancelled", "payout.from": "planned", "payout.to": "cancelled",
	}}}, r.ended()[0].Events)
	points := r.points()
	require.EqualValues(t, 1, points["payout.dispatch.transitions{payout.event=cancelled payout.from=planned payout.to=cancelled}"])
	require.Contains(t, points, "payout.dispatch.final.duration{payout.to=cancelled}")
}

func TestAnAlarmOfADispatcher(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRecord(t)
		d := r.dispatcher(says(payout.StatusReview, nil), dispatch.NewMemory())
		submit(t, d, "p-1")
		for range 3 {
			_, _, err := d.Step(t.Context(), "p-1")
			require.NoError(t, err)
			time.Sleep(24 * time.Hour)
		}
		events := r.ended()[1].Events
		require.Len(t, events, 3)
		require.Equal(t, map[string]any{
			"payout.reference": "p-1", "payout.event": "created", "payout.from": "sending", "payout.to": "review",
			"payout.review": "provider", "payout.provider": "teller-1", "payout.route": "main", "payout.attempt": int64(1),
		}, events[1].Attributes)
		require.Equal(t, event{"payout.alarm", map[string]any{
			"payout.alarm": "review", "payout.provider": "teller-1", "payout.reference": "p-1", "payout.attempt": int64(1),
		}}, events[2])
		require.NoError(t, d.Hold(t.Context(), "teller-1", "Anna", "maintenance"))
		points := r.points()
		require.EqualValues(t, 1, points["payout.dispatch.alarms{payout.alarm=held payout.provider=teller-1}"])
		require.EqualValues(t, 2, points["payout.dispatch.transitions{payout.event=found payout.from=review payout.provider=teller-1 payout.to=review}"])
		require.EqualValues(t, 1, points["payout.dispatch.reviews{payout.provider=teller-1 payout.review=provider}"], "it came into review once")
	})
}

// lost is a journal that can't be read.
type lost struct {
	*dispatch.Memory
	err error
}

func (l lost) Load(context.Context, string) (dispatch.Entry, error) { return dispatch.Entry{}, l.err }

func TestAStepThatFails(t *testing.T) {
	for _, c := range []struct {
		err          error
		word, status string
	}{
		{dispatch.ErrNoEntry, "no_entry", "Error"},
		{errors.New("a database's text"), "_OTHER", "Error"},
		{&payout.Error{Kind: payout.ErrConflict, Err: errors.New("hidden")}, "conflict", "Errorpayout: reference used with other content"},
	} {
		t.Run(c.word, func(t *testing.T) {
			r := newRecord(t)
			d := r.dispatcher(says(payout.StatusPaid, nil), lost{dispatch.NewMemory(), c.err})
			_, _, err := d.Step(t.Context(), "p-1")
			require.ErrorIs(t, err, c.err)
			require.Equal(t, []span{{Name: "payout step", Kind: "internal", Status: c.status, Attributes: map[string]any{
				"payout.reference": "p-1", "error.type": c.word,
			}}}, r.ended())
		})
	}
}
