package dispatch_test

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/payoutkit/payout/dispatch"
)

// flaky is a journal that fails as a test says.
type flaky struct {
	dispatch.Journal
	mu     sync.Mutex
	before func(call string, c dispatch.Change) error // what happens instead
	behind func(call string, c dispatch.Change) error // what is returned though it happened
}

var errJournal = errors.New("the journal can't be reached")

func (f *flaky) set(before, behind func(string, dispatch.Change) error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.before, f.behind = before, behind
}

func (f *flaky) fault(call string, c dispatch.Change, do func() error) error {
	f.mu.Lock()
	before, behind := f.before, f.behind
	f.mu.Unlock()
	if before != nil {
		if err := before(call, c); err != nil {
			return err
		}
	}
	err := do()
	if err == nil && behind != nil {
		err = behind(call, c)
	}
	return err
}

// never is a fault of one call, as long as it is set.
func never(what string) func(string, dispatch.Change) error {
	return func(call string, c dispatch.Change) error {
		if call == what || call+" "+c.Event.Kind.String() == what {
			return errJournal
		}
		return nil
	}
}

// once is a fault of one call, the first time.
func once(what string) func(string, dispatch.Change) error {
	var done sync.Once
	fault := never(what)
	return func(call string, c dispatch.Change) (err error) {
		if fault(call, c) != nil {
			done.Do(func() { err = errJournal })
		}
		return err
	}
}

func (f *flaky) Epoch(ctx context.Context) (n int64, err error) {
	err = f.fault("epoch", dispatch.Change{}, func() error { n, err = f.Journal.Epoch(ctx); return err })
	return n, err
}

func (f *flaky) Insert(ctx context.Context, e dispatch.Entry) (out dispatch.Entry, inserted bool, err error) {
	err = f.fault("insert", dispatch.Change{Entry: e}, func() error { out, inserted, err = f.Journal.Insert(ctx, e); return err })
	return out, inserted && err == nil, err
}

func (f *flaky) Load(ctx context.Context, reference string) (e dispatch.Entry, err error) {
	err = f.fault("load", dispatch.Change{}, func() error { e, err = f.Journal.Load(ctx, reference); return err })
	return e, err
}

func (f *flaky) FindAttempt(ctx context.Context, account, reference string) (e dispatch.Entry, err error) {
	err = f.fault("find attempt", dispatch.Change{}, func() error { e, err = f.Journal.FindAttempt(ctx, account, reference); return err })
	return e, err
}

func (f *flaky) Commit(ctx context.Context, c dispatch.Change) error {
	return f.fault("commit", c, func() error { return f.Journal.Commit(ctx, c) })
}

func (f *flaky) Due(ctx context.Context, w dispatch.Work, now time.Time, limit int) (out []dispatch.Due, err error) {
	err = f.fault("due", dispatch.Change{}, func() error { out, err = f.Journal.Due(ctx, w, now, limit); return err })
	return out, err
}

func (f *flaky) Waiting(ctx context.Context, w dispatch.Work, now time.Time, atMost int) (n int, err error) {
	err = f.fault("waiting", dispatch.Change{}, func() error { n, err = f.Journal.Waiting(ctx, w, now, atMost); return err })
	return n, err
}

func (f *flaky) List(ctx context.Context, filter dispatch.Filter) (out []dispatch.Entry, err error) {
	err = f.fault("list", dispatch.Change{}, func() error { out, err = f.Journal.List(ctx, filter); return err })
	return out, err
}

func (f *flaky) Used(ctx context.Context, bucket string) (u dispatch.Used, err error) {
	err = f.fault("used", dispatch.Change{}, func() error { u, err = f.Journal.Used(ctx, bucket); return err })
	return u, err
}

func (f *flaky) SetHold(ctx context.Context, h dispatch.Hold) error {
	return f.fault("set hold", dispatch.Change{}, func() error { return f.Journal.SetHold(ctx, h) })
}

func (f *flaky) Holds(ctx context.Context) (out []dispatch.Hold, err error) {
	err = f.fault("holds", dispatch.Change{}, func() error { out, err = f.Journal.Holds(ctx); return err })
	return out, err
}
