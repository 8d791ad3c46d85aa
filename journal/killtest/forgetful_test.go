package killtest_test

import (
	"context"
	"sync"
	"time"

	"github.com/payoutkit/payout/dispatch"
)

// kindOf returns a journal by name, the one that has to fail among them.
func kindOf(name string) kind {
	if name != "forgetful" {
		return journals[name]
	}
	k := journals["sqlite"]
	below := k.open
	k.open = func(ctx context.Context, where string) (dispatch.Journal, func() error, error) {
		j, closeJournal, err := below(ctx, where)
		if err != nil {
			return nil, nil, err
		}
		f, err := forget(ctx, j)
		if err != nil {
			return nil, nil, err
		}
		return f, func() error { f.end(); return closeJournal() }, nil
	}
	return k
}

// forgetful is a journal with a mistake: it acknowledges what it has in memory, and
// commits it a little later.
type forgetful struct {
	*dispatch.Memory
	below dispatch.Journal

	mu    sync.Mutex
	later []func() error

	stop    chan struct{}
	running sync.WaitGroup
}

func forget(ctx context.Context, below dispatch.Journal) (*forgetful, error) {
	f := &forgetful{Memory: dispatch.NewMemory(), below: below, stop: make(chan struct{})}
	all, err := below.List(ctx, dispatch.Filter{Limit: 1_000_000})
	if err != nil {
		return nil, err
	}
	for _, e := range all {
		if _, _, err := f.Memory.Insert(ctx, e); err != nil {
			return nil, err
		}
	}
	f.running.Go(func() {
		tick := time.NewTicker(100 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-f.stop:
				f.flush()
				return
			case <-tick.C:
				f.flush()
			}
		}
	})
	return f, nil
}

func (f *forgetful) end() { close(f.stop); f.running.Wait() }

func (f *forgetful) flush() {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, write := range f.later {
		if err := write(); err != nil {
			panic(err)
		}
	}
	f.later = nil
}

// History implements [dispatch.Journal], for who looks between two lives.
func (f *forgetful) History(ctx context.Context, reference string) ([]dispatch.Event, error) {
	return f.below.History(ctx, reference)
}

// Insert implements [dispatch.Journal].
func (f *forgetful) Insert(ctx context.Context, e dispatch.Entry) (dispatch.Entry, bool, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	have, fresh, err := f.Memory.Insert(ctx, e)
	if err == nil && fresh {
		f.later = append(f.later, func() error {
			_, _, err := f.below.Insert(context.Background(), e)
			return err
		})
	}
	return have, fresh, err
}

// Commit implements [dispatch.Journal].
func (f *forgetful) Commit(ctx context.Context, c dispatch.Change) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	err := f.Memory.Commit(ctx, c)
	if err == nil {
		f.later = append(f.later, func() error {
			e, err := f.below.Load(context.Background(), c.Entry.Reference)
			if err != nil {
				return err
			}
			c.Entry.Version = e.Version // another life may have counted otherwise
			return f.below.Commit(context.Background(), c)
		})
	}
	return err
}
