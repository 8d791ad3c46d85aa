package otelpayout_test

import (
	"context"
	"fmt"
	"os"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	"go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/dispatch"
	otelpayout "github.com/payoutkit/payout/observe/otel"
)

// record is what a program reports.
type record struct {
	otelpayout.Config
	t      *testing.T
	spans  *tracetest.SpanRecorder
	reader *metric.ManualReader
}

func newRecord(t *testing.T) *record {
	r := &record{t: t, spans: tracetest.NewSpanRecorder(), reader: metric.NewManualReader()}
	r.Tracers = trace.NewTracerProvider(trace.WithSpanProcessor(r.spans))
	r.Meters = metric.NewMeterProvider(metric.WithReader(r.reader))
	return r
}

func (r *record) calls() payout.Observer {
	o, err := otelpayout.ClientObserver(r.Config)
	require.NoError(r.t, err)
	return o
}

func (r *record) steps() dispatch.Observer {
	o, err := otelpayout.DispatchObserver(r.Config)
	require.NoError(r.t, err)
	return o
}

// span is a span as the tests compare it. Every name in it stands in the package's
// documentation.
type span struct {
	Name, Parent string
	Kind         string
	Status       string
	Attributes   map[string]any
	Events       []event
}

type event struct {
	Name       string
	Attributes map[string]any
}

// ended returns the spans, in the order in which they ended.
func (r *record) ended() []span {
	names := map[string]string{}
	for _, s := range r.spans.Ended() {
		names[s.SpanContext().SpanID().String()] = s.Name()
	}
	var out []span
	for _, s := range r.spans.Ended() {
		got := span{
			Name: s.Name(), Parent: names[s.Parent().SpanID().String()], Kind: s.SpanKind().String(),
			Status: s.Status().Code.String() + s.Status().Description, Attributes: r.attributes(s.Attributes()),
		}
		for _, e := range s.Events() {
			r.documented(e.Name)
			got.Events = append(got.Events, event{e.Name, r.attributes(e.Attributes)})
		}
		out = append(out, got)
	}
	return out
}

func (r *record) attributes(all []attribute.KeyValue) map[string]any {
	out := map[string]any{}
	for _, a := range all {
		r.documented(string(a.Key))
		require.NotContains(r.t, out, string(a.Key), "given twice")
		out[string(a.Key)] = a.Value.AsInterface()
	}
	return out
}

func (r *record) documented(name string) {
	text, err := os.ReadFile("doc.go")
	require.NoError(r.t, err)
	require.Contains(r.t, string(text), name)
}

// points returns each series, as "name{attribute=value}", with its sum, or for a
// histogram how many it counted and their sum.
func (r *record) points() map[string]any {
	out := map[string]any{}
	for _, m := range r.collect() {
		r.documented(m.Name)
		series := func(set attribute.Set) string {
			text := m.Name + "{"
			for i, a := range set.ToSlice() {
				r.documented(string(a.Key))
				if i > 0 {
					text += " "
				}
				text += fmt.Sprintf("%s=%s", a.Key, a.Value.String())
			}
			return text + "}"
		}
		switch data := m.Data.(type) {
		case metricdata.Sum[int64]:
			require.True(r.t, data.IsMonotonic, m.Name)
			for _, p := range data.DataPoints {
				out[series(p.Attributes)] = p.Value
			}
		case metricdata.Gauge[int64]:
			for _, p := range data.DataPoints {
				out[series(p.Attributes)] = p.Value
			}
		case metricdata.Histogram[float64]:
			require.Equal(r.t, "s", m.Unit)
			for _, p := range data.DataPoints {
				out[series(p.Attributes)] = fmt.Sprintf("%d in %v s", p.Count, p.Sum)
			}
		default:
			require.Failf(r.t, "an unexpected instrument", "%s: %T", m.Name, data)
		}
	}
	return out
}

func (r *record) collect() (out []metricdata.Metrics) {
	var all metricdata.ResourceMetrics
	require.NoError(r.t, r.reader.Collect(context.Background(), &all))
	for _, s := range all.ScopeMetrics {
		require.Equal(r.t, "github.com/payoutkit/payout/observe/otel", s.Scope.Name)
		out = append(out, s.Metrics...)
	}
	return out
}
