package otelpayout

import (
	"context"

	"go.opentelemetry.io/otel/metric"
	"go.opentelemetry.io/otel/trace"

	"github.com/payoutkit/payout/dispatch"
)

// DispatchObserver returns an Observer for [dispatch.Config]: a span for each step,
// and the metrics named payout.dispatch but for the gauge, see [ReviewGauge]. An error
// means that an instrument could not be made.
func DispatchObserver(c Config) (dispatch.Observer, error) {
	m := c.meter()
	const minute, hour, day = 60, 60 * 60, 24 * 60 * 60
	o := dispatcher{
		tracer:      c.tracer(),
		transitions: m.counter("payout.dispatch.transitions", "{transition}", "Commits, by what happened to a payout."),
		final: m.seconds("payout.dispatch.final.duration", "From the submission of payouts to their final state.",
			.1, .5, 1, 5, 15, minute, 5*minute, 15*minute, hour, 4*hour, 12*hour, day, 3*day, 7*day, 30*day),
		reviews: m.counter("payout.dispatch.reviews", "{payout}", "Payouts handed to a person, by why."),
		alarms:  m.counter("payout.dispatch.alarms", "{alarm}", "What a person should look at."),
		log:     dispatch.NoObserver(),
	}
	if c.Logger != nil {
		o.log = dispatch.LogObserver(c.Logger)
	}
	return o, m.err
}

type dispatcher struct {
	tracer                       trace.Tracer
	transitions, reviews, alarms metric.Int64Counter
	final                        metric.Float64Histogram
	log                          dispatch.Observer
}

// Step implements [dispatch.Observer].
func (o dispatcher) Step(ctx context.Context, reference string) (context.Context, func(dispatch.Stepped)) {
	ctx, span := o.tracer.Start(ctx, "payout step", trace.WithAttributes(attributes{}.reference(reference)...))
	ctx, logged := o.log.Step(ctx, reference)
	return ctx, func(s dispatch.Stepped) {
		if s.Err == nil {
			span.SetAttributes(keyState.String(s.State.String()), keyWork.String(workName(s.Work)), keyIdle.Bool(s.Idle))
		} else {
			span.SetAttributes(keyError.String(stepType(s.Err)))
			fail(span, s.Err)
		}
		if logged != nil {
			logged(s)
		}
		span.End()
	}
}

func workName(w dispatch.Work) string {
	if w == dispatch.Send {
		return "send"
	}
	return "ask"
}

// Moved implements [dispatch.Observer].
func (o dispatcher) Moved(ctx context.Context, m dispatch.Moved) {
	what := attributes{}.with(keyEvent, m.Event.String()).with(keyFrom, m.From.String()).with(keyTo, m.To.String())
	who := attributes{}.with(keyProvider, m.Provider)
	o.transitions.Add(ctx, 1, metric.WithAttributes(what...), metric.WithAttributes(who...))
	if !m.From.Final() && m.To.Final() {
		o.final.Record(ctx, m.Took.Seconds(), metric.WithAttributes(keyTo.String(m.To.String())), metric.WithAttributes(who...))
	}
	if m.From != dispatch.StateReview && m.To == dispatch.StateReview {
		o.reviews.Add(ctx, 1, metric.WithAttributes(keyReview.String(m.Review.String())), metric.WithAttributes(who...))
	}
	trace.SpanFromContext(ctx).AddEvent("payout.moved", trace.WithAttributes(what...), trace.WithAttributes(who...),
		trace.WithAttributes(attributes{}.reference(m.Reference).with(keyReview, m.Review.String()).
			with(keyRoute, m.Route).attempt(m.Attempt)...))
	o.log.Moved(ctx, m)
}

// Alarm implements [dispatch.Observer].
func (o dispatcher) Alarm(ctx context.Context, a dispatch.Alarm) {
	attrs := attributes{}.with(keyAlarm, string(a.Kind)).with(keyProvider, a.Provider)
	o.alarms.Add(ctx, 1, metric.WithAttributes(attrs...))
	trace.SpanFromContext(ctx).AddEvent("payout.alarm", trace.WithAttributes(attrs...),
		trace.WithAttributes(attributes{}.reference(a.Reference).attempt(a.Attempt)...))
	o.log.Alarm(ctx, a)
}
