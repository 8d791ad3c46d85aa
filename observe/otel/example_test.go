package otelpayout_test

import (
	"context"
	"fmt"
	"log"

	sdkmetric "go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/dispatch"
	otelpayout "github.com/payoutkit/payout/observe/otel"
)

// The SDK is the program's: here one that keeps what it gets, elsewhere one with
// exporters.
func Example() {
	ctx := context.Background()
	spans, reader := tracetest.NewInMemoryExporter(), sdkmetric.NewManualReader()
	tracers := sdktrace.NewTracerProvider(sdktrace.WithSyncer(spans))
	meters := sdkmetric.NewMeterProvider(sdkmetric.WithReader(reader))

	config := otelpayout.Config{Tracers: tracers, Meters: meters}
	calls, err := otelpayout.ClientObserver(config)
	check(err)
	steps, err := otelpayout.DispatchObserver(config)
	check(err)

	journal := dispatch.NewMemory()
	waiting, err := otelpayout.ReviewGauge(meters, journal)
	check(err)
	defer func() { check(waiting.Unregister()) }() // before the journal is closed

	client := payout.NewClient(says(payout.StatusPaid, nil), payout.WithObserver(calls))
	d, err := dispatch.New(dispatch.Config{
		Journal: journal, Observer: steps,
		Providers: []*payout.Client{client},
		Routes:    []dispatch.Route{{Provider: client.Name()}},
		Keys:      dispatch.Keys{Versions: map[uint32]payout.Secret{0: payout.NewSecret("from the configuration: 32 bytes or more")}},
	})
	check(err)
	_, err = d.Submit(ctx, request("order-1001"), dispatch.AwaitAnswer())
	check(err)

	for _, s := range spans.GetSpans() {
		fmt.Println("span  ", s.Name, s.Attributes)
		for _, e := range s.Events {
			fmt.Println("event   ", e.Name, e.Attributes[:3])
		}
	}
	var all metricdata.ResourceMetrics
	check(reader.Collect(ctx, &all))
	for _, m := range all.ScopeMetrics[0].Metrics {
		fmt.Println("metric", m.Name)
	}
	// Output:
	// span   payout create [{"payout.reference":"order-1001"} {"payout.destination.kind":"card"} {"payout.provider":"teller-1"} {"payout.op":"create"} {"payout.status":"paid"}]
	// span   payout step [{"payout.reference":"order-1001"} {"payout.state":"paid"} {"payout.work":"send"} {"payout.idle":false}]
	// event    payout.moved [{"payout.event":"intended"} {"payout.from":"planned"} {"payout.to":"sending"}]
	// event    payout.moved [{"payout.event":"created"} {"payout.from":"sending"} {"payout.to":"paid"}]
	// metric payout.client.call.duration
	// metric payout.client.outcomes
	// metric payout.dispatch.transitions
	// metric payout.dispatch.final.duration
	// metric payout.dispatch.in_review
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
