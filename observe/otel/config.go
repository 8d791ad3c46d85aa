package otelpayout

import (
	"errors"
	"log/slog"

	"go.opentelemetry.io/otel/metric"
	meternoop "go.opentelemetry.io/otel/metric/noop"
	"go.opentelemetry.io/otel/trace"
	tracenoop "go.opentelemetry.io/otel/trace/noop"
)

// scope is the instrumentation scope of all spans and metrics.
const scope = "github.com/payoutkit/payout/observe/otel"

// Config says where to report to. What is nil gets nothing.
type Config struct {
	Tracers trace.TracerProvider
	Meters  metric.MeterProvider
	// Logger gets what [payout.LogObserver] or [dispatch.LogObserver] write, alarms
	// among it, with a context that holds the span: a handler can put its id on the line.
	Logger *slog.Logger
}

func (c Config) tracer() trace.Tracer {
	if c.Tracers == nil {
		return tracenoop.NewTracerProvider().Tracer(scope)
	}
	return c.Tracers.Tracer(scope)
}

func (c Config) meter() *meter { return meterOf(c.Meters) }

// meter makes instruments, and keeps what goes wrong.
type meter struct {
	of  metric.Meter
	err error
}

func meterOf(p metric.MeterProvider) *meter {
	if p == nil {
		p = meternoop.NewMeterProvider()
	}
	return &meter{of: p.Meter(scope)}
}

func (m *meter) counter(name, unit, what string) metric.Int64Counter {
	c, err := m.of.Int64Counter(name, metric.WithUnit(unit), metric.WithDescription(what))
	m.err = errors.Join(m.err, err)
	return c
}

func (m *meter) seconds(name, what string, bounds ...float64) metric.Float64Histogram {
	h, err := m.of.Float64Histogram(name, metric.WithUnit("s"), metric.WithDescription(what), metric.WithExplicitBucketBoundaries(bounds...))
	m.err = errors.Join(m.err, err)
	return h
}
