package otelpayout_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/dispatch"
	otelpayout "github.com/payoutkit/payout/observe/otel"
)

// waiting returns what the gauge shows, by reason.
func waiting(reasons map[string]int64) map[string]any {
	out := map[string]any{}
	for _, why := range []string{"deadline", "double", "contradiction", "stranger", "provider", "poison", "doubt"} {
		out["payout.dispatch.in_review{payout.review="+why+"}"] = reasons[why]
	}
	return out
}

func TestReviewGauge(t *testing.T) {
	quiet := newRecord(t) // the dispatcher's own metrics
	journal := dispatch.NewMemory()
	d := quiet.dispatcher(says(payout.StatusReview, nil), journal)

	r := newRecord(t)
	registration, err := otelpayout.ReviewGauge(r.Meters, d)
	require.NoError(t, err)
	require.Equal(t, waiting(nil), r.points())

	const many = 2001 // more than the gauge asks for at once
	for n := range many {
		reference := fmt.Sprintf("p-%d", n)
		submit(t, d, reference)
		_, _, err := d.Step(t.Context(), reference)
		require.NoError(t, err)
	}
	require.Equal(t, waiting(map[string]int64{"provider": many}), r.points())

	// Another process, on the same journal, has a person decide.
	other := quiet.dispatcher(says(payout.StatusReview, nil), journal)
	_, err = other.Resolve(t.Context(), "p-7", dispatch.StatePaid, "line 12 of the statement", "Anna")
	require.NoError(t, err)
	require.Equal(t, waiting(map[string]int64{"provider": many - 1}), r.points())

	require.NoError(t, registration.Unregister())
	require.Empty(t, r.points())
}

// unlisted is a journal that can't be asked.
type unlisted struct{ err error }

func (u unlisted) List(context.Context, dispatch.Filter) ([]dispatch.Entry, error) { return nil, u.err }

func TestReviewGaugeShowsNothingItDoesNotKnow(t *testing.T) {
	r, err := newRecord(t), errors.New("no connection")
	_, registered := otelpayout.ReviewGauge(r.Meters, unlisted{err})
	require.NoError(t, registered)
	var all metricdata.ResourceMetrics
	require.ErrorIs(t, r.reader.Collect(t.Context(), &all), err)
	require.Empty(t, all.ScopeMetrics)
}

// A reason that a later version adds is not forgotten.
func TestReviewGaugeShowsEveryReason(t *testing.T) {
	shown := waiting(nil)
	for n := 1; n < 256; n++ {
		require.Contains(t, shown, "payout.dispatch.in_review{payout.review="+dispatch.Review(n).String()+"}")
	}
}
