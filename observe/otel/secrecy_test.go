package otelpayout_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/dispatch"
)

// everything returns all that is reported, as text: the spans, and the metrics.
func (r *record) everything() (spans, metrics string) {
	r.t.Helper()
	text, err := json.Marshal(tracetest.SpanStubsFromReadOnlySpans(r.spans.Ended()))
	require.NoError(r.t, err)
	for _, s := range r.ended() {
		spans += fmt.Sprintf("%+v\n", s)
	}
	for _, m := range r.collect() {
		metrics += fmt.Sprintf("%+v\n", m)
	}
	points, err := json.Marshal(r.points())
	require.NoError(r.t, err)
	return spans + string(text), metrics + string(points)
}

// Nothing private is reported, whatever stands in a request, an answer and an error.
func TestNothingPrivateIsReported(t *testing.T) {
	const private = "private-5105105105105100"
	var lines bytes.Buffer
	r := newRecord(t)
	r.Logger = slog.New(slog.NewJSONHandler(&lines, &slog.HandlerOptions{Level: slog.LevelDebug}))
	secret := payout.NewSecret(private)
	statuses := []payout.Status{payout.StatusUnknown, payout.StatusActionRequired, payout.StatusPending, payout.StatusPaid, payout.StatusFailed, payout.StatusReturned, payout.StatusReview}
	mistakes := []error{nil, errors.New(private), &payout.Error{Code: private, HTTPStatus: 500, Err: errors.New(private)}}
	n := 0
	for _, status := range statuses {
		for _, mistake := range mistakes {
			for _, stranger := range []bool{false, true} {
				b := &bank{func(_ context.Context, ref payout.Ref) (payout.Payout, error) {
					p := payout.Payout{
						Reference: ref.Reference, Amount: ref.Amount, Status: status, ProviderID: private + " " + private,
						Failure: payout.Failure{Reason: payout.ReasonDeclined, Code: private}, Destination: private,
						Action: payout.Action{URL: secret}, Metadata: map[string]string{"a": private}, Support: map[string]string{"a": private},
					}
					if stranger {
						p.Amount = payout.MustMoney("7777.77 RUB")
					}
					return p, mistake
				}}
				d := r.dispatcher(b, dispatch.NewMemory())
				n++
				req := request(fmt.Sprintf("seen-%d", n))
				req.Recipient = payout.Recipient{ID: private, Name: secret, Email: payout.NewSecret(private + "@example.org"), Address: payout.Address{State: private, City: secret, Street: secret}}
				req.Metadata = map[string]string{"a": private}
				_, err := d.Submit(t.Context(), req)
				require.NoError(t, err)
				for range 2 {
					_, _, err = d.Step(t.Context(), req.Reference)
					require.NoError(t, err)
				}
				_, _ = d.Resolve(t.Context(), req.Reference, dispatch.StatePaid, private, private)
			}
		}
	}
	_, _, err := r.dispatcher(says(payout.StatusPaid, nil), lost{dispatch.NewMemory(), errors.New(private)}).Step(t.Context(), "seen-0")
	require.ErrorContains(t, err, private, "nothing was to be hidden, so nothing was tested")

	spans, metrics := r.everything()
	require.Contains(t, spans, "seen-1")
	require.Contains(t, spans, "amount_differs")
	require.Contains(t, spans, "payout create")
	require.Contains(t, metrics, "payout.dispatch.transitions")
	require.Contains(t, metrics, "payout.dispatch.reviews")
	for _, text := range []string{spans, metrics} {
		for _, hidden := range []string{"private", "5105105105105100", card, "411111**", "IVAN", "1500.00", "7777.77"} {
			require.NotContains(t, text, hidden)
		}
	}
	require.NotContains(t, metrics, "seen-", "a reference is a series of its own")
	require.Contains(t, lines.String(), `"msg":"payout alarm","alarm":"amount_differs"`)
}
