package journaltest_test

import (
	"context"
	"sync"
	"time"

	"github.com/payoutkit/payout/dispatch"
)

// wrong is a journal with a mistake in one place.
type wrong struct {
	dispatch.Journal
	mu sync.Mutex

	epoch  func() (int64, error)
	insert func(e dispatch.Entry) (dispatch.Entry, bool, error)
	load   func(reference string) (dispatch.Entry, error)
	find   func(account, reference string) (dispatch.Entry, error)
	commit func(ctx context.Context, c dispatch.Change) error
	due    func(w dispatch.Work, now time.Time, limit int) ([]dispatch.Due, error)
	list   func(f dispatch.Filter) ([]dispatch.Entry, error)
	hist   func(reference string) ([]dispatch.Event, error)
	shown  func(account string) (dispatch.Shown, error)
	hold   func(h dispatch.Hold) error
	holds  func() ([]dispatch.Hold, error)
	wait   func(w dispatch.Work, now time.Time, atMost int) (int, error)
	count  func(f dispatch.Filter) (map[dispatch.State]int64, error)
	feed   func(after dispatch.Cursor, limit int) ([]dispatch.Changed, error)
}

func (w *wrong) Waiting(ctx context.Context, work dispatch.Work, now time.Time, atMost int) (int, error) {
	if w.wait != nil && ctx.Err() == nil {
		return w.wait(work, now, atMost)
	}
	return w.Journal.Waiting(ctx, work, now, atMost)
}

func (w *wrong) Count(ctx context.Context, f dispatch.Filter) (map[dispatch.State]int64, error) {
	if w.count != nil && ctx.Err() == nil {
		return w.count(f)
	}
	return w.Journal.Count(ctx, f)
}

func (w *wrong) Changes(ctx context.Context, after dispatch.Cursor, limit int) ([]dispatch.Changed, error) {
	if w.feed != nil && ctx.Err() == nil {
		return w.feed(after, limit)
	}
	return w.Journal.Changes(ctx, after, limit)
}

func (w *wrong) Epoch(ctx context.Context) (int64, error) {
	if w.epoch != nil {
		return w.epoch()
	}
	return w.Journal.Epoch(ctx)
}

func (w *wrong) Insert(ctx context.Context, e dispatch.Entry) (dispatch.Entry, bool, error) {
	if w.insert != nil && ctx.Err() == nil {
		return w.insert(e)
	}
	return w.Journal.Insert(ctx, e)
}

func (w *wrong) Load(ctx context.Context, reference string) (dispatch.Entry, error) {
	if w.load != nil && ctx.Err() == nil {
		return w.load(reference)
	}
	return w.Journal.Load(ctx, reference)
}

func (w *wrong) FindAttempt(ctx context.Context, account, reference string) (dispatch.Entry, error) {
	if w.find != nil && ctx.Err() == nil {
		return w.find(account, reference)
	}
	return w.Journal.FindAttempt(ctx, account, reference)
}

func (w *wrong) Commit(ctx context.Context, c dispatch.Change) error {
	if w.commit != nil {
		return w.commit(ctx, c)
	}
	return w.Journal.Commit(ctx, c)
}

func (w *wrong) Due(ctx context.Context, work dispatch.Work, now time.Time, limit int) ([]dispatch.Due, error) {
	if w.due != nil && ctx.Err() == nil {
		return w.due(work, now, limit)
	}
	return w.Journal.Due(ctx, work, now, limit)
}

func (w *wrong) List(ctx context.Context, f dispatch.Filter) ([]dispatch.Entry, error) {
	if w.list != nil && ctx.Err() == nil {
		return w.list(f)
	}
	return w.Journal.List(ctx, f)
}

func (w *wrong) History(ctx context.Context, reference string) ([]dispatch.Event, error) {
	if w.hist != nil && ctx.Err() == nil {
		return w.hist(reference)
	}
	return w.Journal.History(ctx, reference)
}

func (w *wrong) Shown(ctx context.Context, account string) (dispatch.Shown, error) {
	if w.shown != nil && ctx.Err() == nil {
		return w.shown(account)
	}
	return w.Journal.Shown(ctx, account)
}

func (w *wrong) SetHold(ctx context.Context, h dispatch.Hold) error {
	if w.hold != nil && ctx.Err() == nil {
		return w.hold(h)
	}
	return w.Journal.SetHold(ctx, h)
}

func (w *wrong) Holds(ctx context.Context) ([]dispatch.Hold, error) {
	if w.holds != nil && ctx.Err() == nil {
		return w.holds()
	}
	return w.Journal.Holds(ctx)
}
