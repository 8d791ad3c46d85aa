package otelpayout_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
)

func TestACallThatBringsAnAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, b := newRecord(t), says(payout.StatusPaid, nil)
		answer := b.answer
		b.answer = func(ctx context.Context, ref payout.Ref) (payout.Payout, error) {
			time.Sleep(1500 * time.Millisecond)
			return answer(ctx, ref)
		}
		c := r.client(b)
		_, err := c.Create(t.Context(), request("p-1"))
		require.NoError(t, err)
		require.NoError(t, c.Ping(t.Context()))
		require.Equal(t, []span{{
			Name: "payout create", Kind: "client", Status: "Unset", Attributes: map[string]any{
				"payout.provider": "teller-1", "payout.op": "create", "payout.reference": "p-1",
				"payout.destination.kind": "card", "payout.status": "paid",
			},
		}, {
			Name: "payout ping", Kind: "client", Status: "Unset", Attributes: map[string]any{
				"payout.provider": "teller-1", "payout.op": "ping",
			},
		}}, r.ended())
		require.Equal(t, map[string]any{
			"payout.client.call.duration{payout.op=create payout.provider=teller-1}":               "1 in 1.5 s",
			"payout.client.call.duration{payout.op=ping payout.provider=teller-1}":                 "1 in 0 s",
			"payout.client.outcomes{payout.op=create payout.provider=teller-1 payout.status=paid}": int64(1),
			"payout.client.outcomes{payout.op=ping payout.provider=teller-1}":                      int64(1),
		}, r.points())
	})
}

func TestACallThatFails(t *testing.T) {
	for _, c := range []struct {
		name   string
		err    error
		word   string
		status string
		more   map[string]any
	}{
		{"a lost answer", &payout.Error{Kind: payout.ErrOutcomeUnknown, HTTPStatus: 502, Err: errors.New("a page of a proxy")},
			"outcome_unknown", "Errorpayout: teller-1: create: outcome unknown (HTTP 502)", map[string]any{"http.response.status_code": int64(502)}},
		{"a refusal", &payout.Error{Kind: payout.ErrRefused, HTTPStatus: 200, Code: "5"},
			"refused", "Errorpayout: teller-1: create: refused by the bank (HTTP 200) (code 5)",
			map[string]any{"http.response.status_code": int64(200), "payout.code": "5"}},
		{"an error of no kind", errors.New("a stranger's text"), "outcome_unknown", "Errorpayout: teller-1: create: outcome unknown", nil},
		{"not sent", payout.ErrNotSent, "not_sent", "Errorpayout: teller-1: create: not sent", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := newRecord(t)
				_, err := r.client(says(payout.StatusPaid, c.err)).Create(t.Context(), request("p-1"))
				require.Error(t, err)
				want := map[string]any{
					"payout.provider": "teller-1", "payout.op": "create", "payout.reference": "p-1",
					"payout.destination.kind": "card", "error.type": c.word,
				}
				for k, v := range c.more {
					want[k] = v
				}
				require.Equal(t, []span{{Name: "payout create", Kind: "client", Status: c.status, Attributes: want}}, r.ended())
				require.Equal(t, map[string]any{
					"payout.client.call.duration{error.type=" + c.word + " payout.op=create payout.provider=teller-1}": "1 in 0 s",
					"payout.client.outcomes{error.type=" + c.word + " payout.op=create payout.provider=teller-1}":      int64(1),
				}, r.points())
			})
		})
	}
}

// A panic of an adapter goes on, but the span ends, and not as a success.
func TestACallThatPanics(t *testing.T) {
	r := newRecord(t)
	c := r.client(&bank{func(context.Context, payout.Ref) (payout.Payout, error) { panic("adapter") }})
	require.PanicsWithValue(t, "adapter", func() { _, _ = c.Find(t.Context(), request("p-1").Ref()) })
	require.Len(t, r.ended(), 1)
	require.Equal(t, "Errorpayout: teller-1: find: outcome unknown: the call panicked", r.ended()[0].Status)
}

// A call whose context has ended is counted too.
func TestACallTooLate(t *testing.T) {
	r := newRecord(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := r.client(says(payout.StatusPaid, nil)).Create(ctx, request("p-1"))
	require.ErrorIs(t, err, payout.ErrNotSent)
	require.Len(t, r.ended(), 1)
	require.EqualValues(t, 1, r.points()["payout.client.outcomes{error.type=not_sent payout.op=create payout.provider=teller-1}"])
}

func TestAnAlarmOfACall(t *testing.T) {
	r := newRecord(t)
	c := r.client(&bank{func(_ context.Context, ref payout.Ref) (payout.Payout, error) {
		return payout.Payout{Reference: ref.Reference, Amount: payout.MustMoney("15.00 RUB"), Status: payout.StatusPaid}, nil
	}})
	got, err := c.Find(t.Context(), request("p-1").Ref())
	require.NoError(t, err)
	require.Equal(t, payout.StatusUnknown, got.Status)
	require.Equal(t, []event{{"payout.alarm", map[string]any{
		"payout.alarm": "amount_differs", "payout.provider": "teller-1", "payout.op": "find", "payout.reference": "p-1",
	}}}, r.ended()[0].Events)
	require.Equal(t, "unknown", r.ended()[0].Attributes["payout.status"])
	require.EqualValues(t, 1, r.points()["payout.client.alarms{payout.alarm=amount_differs payout.op=find payout.provider=teller-1}"])
}

// A reference that is refused may be any bytes.
func TestAReferenceThatIsNoText(t *testing.T) {
	r := newRecord(t)
	for _, reference := range []string{"p-\xff\xfe1", string(make([]byte, 4096))} {
		_, err := r.client(says(payout.StatusPaid, nil)).Create(t.Context(), request(reference))
		require.ErrorIs(t, err, payout.ErrInvalid)
	}
	require.Equal(t, "p-?1", r.ended()[0].Attributes["payout.reference"])
	require.Len(t, r.ended()[1].Attributes["payout.reference"], 128)
}
