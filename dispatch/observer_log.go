package dispatch

import (
	"context"
	"errors"
	"log/slog"
	"time"
)

// LogObserver returns an Observer that writes to a logger: commits at Debug level,
// those that end a payout at Info, steps that failed at Warn, or at Debug where another
// worker was faster, alarms at Error. A nil logger is [slog.Default].
func LogObserver(logger *slog.Logger) Observer {
	if logger == nil {
		logger = slog.Default()
	}
	return logObserver{logger}
}

type logObserver struct{ logger *slog.Logger }

func (o logObserver) Step(ctx context.Context, reference string) (context.Context, func(Stepped)) {
	return ctx, func(s Stepped) {
		if s.Err == nil {
			return
		}
		level := slog.LevelWarn
		if errors.Is(s.Err, ErrStale) { // as is usual where several drive one payout
			level = slog.LevelDebug
		}
		o.logger.LogAttrs(ctx, level, "payout step failed",
			slog.String("reference", reference), slog.String("error", s.Err.Error()))
	}
}

func (o logObserver) Moved(ctx context.Context, m Moved) {
	level := slog.LevelDebug
	if m.From != m.To && (m.To.Final() || m.To == StateReview) {
		level = slog.LevelInfo
	}
	attrs := []slog.Attr{
		slog.String("reference", m.Reference),
		slog.String("event", m.Event.String()),
		slog.String("from", m.From.String()),
		slog.String("to", m.To.String()),
		slog.String("amount", m.Amount.String()),
	}
	if m.Review != ReviewNone {
		attrs = append(attrs, slog.String("review", m.Review.String()))
	}
	if m.Attempt >= 0 {
		attrs = append(attrs, slog.Int("attempt", m.Attempt+1), slog.String("provider", m.Provider))
	}
	attrs = append(attrs, slog.Duration("took", m.Took.Round(time.Millisecond)))
	o.logger.LogAttrs(ctx, level, "payout", attrs...)
}

func (o logObserver) Alarm(ctx context.Context, a Alarm) {
	attrs := []slog.Attr{
		slog.String("alarm", string(a.Kind)), slog.String("reference", a.Reference),
		slog.String("provider", a.Provider), slog.Int("attempt", a.Attempt+1),
	}
	if a.Kind == AlarmKey {
		attrs = append(attrs, slog.Uint64("key_version", uint64(a.KeyVersion)))
	}
	o.logger.LogAttrs(ctx, slog.LevelError, "payout alarm", attrs...)
}
