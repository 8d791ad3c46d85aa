package app

import (
	"context"

	"github.com/payoutkit/payout/dispatch"
)

// observer is all of them, and the log if there is one.
func (a *App) observer(all []dispatch.Observer) dispatch.Observer {
	if a.logger != nil {
		all = append(all, dispatch.LogObserver(a.logger))
	}
	return observers(all)
}

type observers []dispatch.Observer

func (o observers) Step(ctx context.Context, reference string) (context.Context, func(dispatch.Stepped)) {
	var ends []func(dispatch.Stepped)
	for _, each := range o {
		var end func(dispatch.Stepped)
		if ctx, end = each.Step(ctx, reference); end != nil {
			ends = append(ends, end)
		}
	}
	return ctx, func(s dispatch.Stepped) {
		for _, end := range ends {
			end(s)
		}
	}
}

func (o observers) Moved(ctx context.Context, m dispatch.Moved) {
	for _, each := range o {
		each.Moved(ctx, m)
	}
}

func (o observers) Alarm(ctx context.Context, a dispatch.Alarm) {
	for _, each := range o {
		each.Alarm(ctx, a)
	}
}
