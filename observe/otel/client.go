package otelpayout

import (
	"context"
	"errors"
	"strings"
	"time"

	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/metric"
	"go.opentelemetry.io/otel/trace"

	"github.com/payoutkit/payout"
)

// ClientObserver returns an Observer for [payout.WithObserver]: a span for each call
// to a bank, and the metrics named payout.client. One serves any number of clients.
// An error means that an instrument could not be made.
func ClientObserver(c Config) (payout.Observer, error) {
	m := c.meter()
	o := client{
		tracer: c.tracer(),
		duration: m.seconds("payout.client.call.duration", "How long calls to banks took.",
			.01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60, 90),
		outcomes: m.counter("payout.client.outcomes", "{call}", "What calls to banks brought."),
		alarms:   m.counter("payout.client.alarms", "{alarm}", "Answers of banks that a person should look at."),
		log:      payout.NoObserver(),
	}
	if c.Logger != nil {
		o.log = payout.LogObserver(c.Logger)
	}
	return o, m.err
}

type client struct {
	tracer           trace.Tracer
	duration         metric.Float64Histogram
	outcomes, alarms metric.Int64Counter
	log              payout.Observer
}

// Start implements [payout.Observer].
func (o client) Start(ctx context.Context, call payout.Call) (context.Context, func(payout.Outcome)) {
	begin := time.Now()
	who := attributes{}.with(keyProvider, call.Provider).with(keyOp, string(call.Op))
	kind, _, _ := strings.Cut(call.Destination, " ")
	ctx, span := o.tracer.Start(ctx, "payout "+string(call.Op), trace.WithSpanKind(trace.SpanKindClient),
		trace.WithAttributes(attributes{}.reference(call.Reference).with(keyDestination, kind)...),
		trace.WithAttributes(who...))
	ctx, logged := o.log.Start(ctx, call)
	return ctx, func(out payout.Outcome) {
		what := attributes{}
		switch {
		case out.Err != nil:
			what = what.with(keyError, kindType(payout.KindOf(out.Err)))
			fail(span, out.Err)
		case call.Op == payout.OpCreate || call.Op == payout.OpFind:
			what = what.with(keyStatus, out.Status.String())
		}
		span.SetAttributes(what...)
		o.outcomes.Add(ctx, 1, metric.WithAttributes(who...), metric.WithAttributes(what...))
		if out.Err == nil {
			what = nil // a status says nothing of how long it took
		}
		o.duration.Record(ctx, time.Since(begin).Seconds(), metric.WithAttributes(who...), metric.WithAttributes(what...))
		if logged != nil {
			logged(out)
		}
		span.End()
	}
}

// fail puts on a span what a [payout.Error] says; it is made to be shown.
func fail(span trace.Span, err error) {
	e, ok := errors.AsType[*payout.Error](err)
	if !ok || e == nil {
		span.SetStatus(codes.Error, "")
		return
	}
	span.SetStatus(codes.Error, e.Error())
	span.SetAttributes(attributes{}.with(keyCode, payout.CleanCode(e.Code))...)
	if e.HTTPStatus != 0 {
		span.SetAttributes(keyHTTPStatus.Int(e.HTTPStatus))
	}
}

// Alarm implements [payout.Observer].
func (o client) Alarm(ctx context.Context, a payout.Alarm) {
	attrs := attributes{}.with(keyAlarm, string(a.Kind)).with(keyProvider, a.Provider).with(keyOp, string(a.Op))
	o.alarms.Add(ctx, 1, metric.WithAttributes(attrs...))
	trace.SpanFromContext(ctx).AddEvent("payout.alarm",
		trace.WithAttributes(attrs...), trace.WithAttributes(attributes{}.reference(a.Reference)...))
	o.log.Alarm(ctx, a)
}
