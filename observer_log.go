package payout

import (
	"context"
	"log/slog"
	"time"
)

// LogObserver returns an Observer that writes to a logger: calls that brought an
// answer at Debug level, errors at Warn, alarms at Error. A nil logger is
// [slog.Default].
func LogObserver(logger *slog.Logger) Observer {
	if logger == nil {
		logger = slog.Default()
	}
	return logObserver{logger}
}

type logObserver struct{ logger *slog.Logger }

func (o logObserver) Start(ctx context.Context, call Call) (context.Context, func(Outcome)) {
	begin := time.Now()
	return ctx, func(out Outcome) {
		level := slog.LevelDebug
		attrs := []slog.Attr{
			slog.String("provider", call.Provider),
			slog.String("op", string(call.Op)),
		}
		if call.Reference != "" {
			attrs = append(attrs, slog.String("reference", call.Reference))
		}
		if call.Amount != (Money{}) {
			attrs = append(attrs, slog.String("amount", call.Amount.String()))
		}
		if call.Destination != "" {
			attrs = append(attrs, slog.String("destination", call.Destination))
		}
		if out.Err != nil {
			level = slog.LevelWarn
			attrs = append(attrs, slog.String("error", out.Err.Error()))
		} else if call.Op == OpCreate || call.Op == OpFind {
			attrs = append(attrs, slog.String("status", out.Status.String()))
		}
		attrs = append(attrs, slog.Duration("took", time.Since(begin)))
		o.logger.LogAttrs(ctx, level, "payout call", attrs...)
	}
}

func (o logObserver) Alarm(ctx context.Context, a Alarm) {
	o.logger.LogAttrs(ctx, slog.LevelError, "payout alarm",
		slog.String("alarm", string(a.Kind)),
		slog.String("provider", a.Provider),
		slog.String("op", string(a.Op)),
		slog.String("reference", a.Reference),
		slog.String("want", a.Want),
		slog.String("got", a.Got),
	)
}
