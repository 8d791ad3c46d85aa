package app

import (
	"context"
	"log/slog"
	"time"

	"github.com/payoutkit/payout/dispatch"
)

// Troubled logs an error of the journal that whoever met it keeps to himself, and tries
// again.
func (a *App) Troubled(err error) {
	if a.logger != nil {
		a.logger.LogAttrs(context.Background(), slog.LevelWarn, "journal: this is tried again", slog.String("error", err.Error()))
	}
}

// told is a journal that says when it can't tell what is due: the dispatcher asks again,
// and nothing happens until it can.
type told struct {
	Journal
	trouble func(error)
}

func (t told) Due(ctx context.Context, w dispatch.Work, now time.Time, limit int) ([]dispatch.Due, error) {
	due, err := t.Journal.Due(ctx, w, now, limit)
	if err != nil && ctx.Err() == nil {
		t.trouble(err)
	}
	return due, err
}
