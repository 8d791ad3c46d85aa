package otelpayout_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/metric"
	meternoop "go.opentelemetry.io/otel/metric/noop"
	"go.opentelemetry.io/otel/trace"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/dispatch"
	otelpayout "github.com/payoutkit/payout/observe/otel"
)

// live has a payout paid, and an alarm raised.
func (r *record) live(reference string) {
	d := r.dispatcher(says(payout.StatusReview, nil), dispatch.NewMemory())
	submit(r.t, d, reference)
	_, _, err := d.Step(r.t.Context(), reference)
	require.NoError(r.t, err)
	_, err = d.Resolve(r.t.Context(), reference, dispatch.StatePaid, "line 12 of the statement", "Anna")
	require.NoError(r.t, err)
}

func TestAProviderThatIsNilGetsNothing(t *testing.T) {
	whole := newRecord(t)
	tracersWere, metersWere := otel.GetTracerProvider(), otel.GetMeterProvider()
	otel.SetTracerProvider(whole.Tracers)
	otel.SetMeterProvider(whole.Meters)
	defer otel.SetTracerProvider(tracersWere)
	defer otel.SetMeterProvider(metersWere)
	(&record{t: t}).live("p-1")
	registration, err := otelpayout.ReviewGauge(nil, dispatch.NewMemory())
	require.NoError(t, err)
	require.NoError(t, registration.Unregister())
	require.Empty(t, whole.spans.Started(), "the global provider is not the caller's")
	require.Empty(t, whole.points())

	r := newRecord(t)
	r.Meters = nil
	r.live("p-1")
	require.Len(t, r.ended(), 2)
	require.Empty(t, r.points())

	r = newRecord(t)
	r.Tracers = nil
	r.live("p-1")
	require.Empty(t, r.spans.Started())
	require.EqualValues(t, 1, r.points()["payout.dispatch.alarms{payout.alarm=review payout.provider=teller-1}"])
}

// broken is a provider whose instruments can't be made.
type broken struct {
	metric.MeterProvider
	err error
}

type brokenMeter struct {
	metric.Meter
	err error
}

func (b broken) Meter(string, ...metric.MeterOption) metric.Meter {
	return brokenMeter{meternoop.Meter{}, b.err}
}

func (b brokenMeter) Int64Counter(string, ...metric.Int64CounterOption) (metric.Int64Counter, error) {
	return meternoop.Int64Counter{}, b.err
}

func (b brokenMeter) Int64ObservableGauge(string, ...metric.Int64ObservableGaugeOption) (metric.Int64ObservableGauge, error) {
	return meternoop.Int64ObservableGauge{}, b.err
}

func TestAnInstrumentThatCannotBeMade(t *testing.T) {
	b := broken{err: errors.New("no room")}
	_, err := otelpayout.ClientObserver(otelpayout.Config{Meters: b})
	require.ErrorIs(t, err, b.err)
	_, err = otelpayout.DispatchObserver(otelpayout.Config{Meters: b})
	require.ErrorIs(t, err, b.err)
	_, err = otelpayout.ReviewGauge(b, dispatch.NewMemory())
	require.ErrorIs(t, err, b.err)
}

// traced puts the span of a context on each line.
type traced struct{ slog.Handler }

func (h traced) Handle(ctx context.Context, line slog.Record) error {
	line.AddAttrs(slog.String("span", trace.SpanContextFromContext(ctx).SpanID().String()))
	return h.Handler.Handle(ctx, line)
}

func TestTheLoggerGetsTheSpan(t *testing.T) {
	var b bytes.Buffer
	r := newRecord(t)
	r.Logger = slog.New(traced{slog.NewTextHandler(&b, &slog.HandlerOptions{Level: slog.LevelDebug})})
	r.live("p-1")
	call, step := r.spans.Ended()[0].SpanContext().SpanID().String(), r.spans.Ended()[1].SpanContext().SpanID().String()
	for line, span := range map[string]string{
		`msg="payout call"`:   call,
		"to=sending":          step,
		"to=review":           step,
		`msg="payout alarm"`:  step,
		"event=resolved from": "0000000000000000", // the caller has none
	} {
		require.Contains(t, b.String(), line)
		for text := range strings.Lines(b.String()) {
			if strings.Contains(text, line) {
				require.Contains(t, text, "span="+span)
			}
		}
	}
	b.Reset()
	d := r.dispatcher(says(payout.StatusPaid, nil), lost{dispatch.NewMemory(), errors.New("no connection")})
	_, _, err := d.Step(t.Context(), "p-1")
	require.Error(t, err)
	require.Contains(t, b.String(), `error="no connection"`)
}

func TestObserversAreSafeForConcurrentUse(t *testing.T) {
	r := newRecord(t)
	journal := dispatch.NewMemory()
	d := r.dispatcher(says(payout.StatusPaid, nil), journal)
	const workers, each = 16, 20
	var group sync.WaitGroup
	for w := range workers {
		group.Go(func() {
			for n := range each {
				reference := fmt.Sprintf("p-%d-%d", w, n)
				if _, err := d.Submit(t.Context(), request(reference), dispatch.AwaitAnswer()); err != nil {
					t.Error(err)
				}
			}
		})
	}
	group.Wait()
	points := r.points()
	require.EqualValues(t, workers*each, points["payout.client.outcomes{payout.op=create payout.provider=teller-1 payout.status=paid}"])
	require.EqualValues(t, workers*each, points["payout.dispatch.transitions{payout.event=created payout.from=sending payout.provider=teller-1 payout.to=paid}"])
	require.Len(t, r.spans.Ended(), 2*workers*each)
}
