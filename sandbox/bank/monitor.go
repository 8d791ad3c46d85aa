package bank

import (
	"context"
	"sync"
)

// monitor guards what it is embedded beside and wakes whoever waits for a change.
type monitor struct {
	mu      sync.Mutex
	changed chan struct{} // closed at the next change; nil while nobody waits
}

func (m *monitor) look(read func()) {
	m.mu.Lock()
	defer m.mu.Unlock()
	read()
}

func (m *monitor) change(write func()) {
	m.mu.Lock()
	defer m.mu.Unlock()
	write()
	if m.changed != nil {
		close(m.changed)
		m.changed = nil
	}
}

// wait returns when condition, called under the lock, holds.
func (m *monitor) wait(ctx context.Context, condition func() bool) error {
	for {
		m.mu.Lock()
		if condition() {
			m.mu.Unlock()
			return nil
		}
		if m.changed == nil {
			m.changed = make(chan struct{})
		}
		changed := m.changed
		m.mu.Unlock()
		select {
		case <-changed:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}
