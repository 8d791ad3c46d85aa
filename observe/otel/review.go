package otelpayout

import (
	"context"

	"go.opentelemetry.io/otel/metric"

	"github.com/payoutkit/payout/dispatch"
)

// Lister lists payouts: a [dispatch.Journal], or a [dispatch.Dispatcher].
type Lister interface {
	List(ctx context.Context, f dispatch.Filter) ([]dispatch.Entry, error)
}

// ReviewGauge has payout.dispatch.in_review show how many payouts wait for a person,
// by reason, and zeros. The journal is asked whenever metrics are collected, until the
// registration that is returned is unregistered. Processes on one journal all show the
// same: take the greatest, not the sum.
//
// Where the journal can't be asked the gauge shows nothing, and the error goes where
// the provider's others go.
func ReviewGauge(meters metric.MeterProvider, journal Lister) (metric.Registration, error) {
	m := meterOf(meters)
	gauge, err := m.of.Int64ObservableGauge("payout.dispatch.in_review", metric.WithUnit("{payout}"),
		metric.WithDescription("Payouts that wait for a person, by why."))
	if err != nil {
		return nil, err
	}
	return m.of.RegisterCallback(func(ctx context.Context, o metric.Observer) error {
		waiting, err := inReview(ctx, journal)
		for why, n := range waiting {
			o.ObserveInt64(gauge, n, metric.WithAttributes(keyReview.String(why)))
		}
		return err
	}, gauge)
}

// inReview counts the payouts in review, or returns an error and no count.
func inReview(ctx context.Context, journal Lister) (map[string]int64, error) {
	n := map[string]int64{}
	for _, why := range [...]dispatch.Review{
		dispatch.ReviewDeadline, dispatch.ReviewDouble, dispatch.ReviewContradiction,
		dispatch.ReviewStranger, dispatch.ReviewProvider, dispatch.ReviewPoison, dispatch.ReviewDoubt,
	} {
		n[why.String()] = 0
	}
	f := dispatch.Filter{States: []dispatch.State{dispatch.StateReview}, Limit: 1000}
	for {
		entries, err := journal.List(ctx, f)
		if err != nil {
			return nil, err
		}
		for _, e := range entries {
			n[e.Review.String()]++
			f.After = e.Reference
		}
		if len(entries) < f.Limit {
			return n, nil
		}
	}
}
