package conformance

import (
	"context"
	"fmt"
	"runtime"
	"strings"
	"sync"
)

// T is the state of one running case. It has the methods that testify wants.
type T struct {
	ctx context.Context
	h   Harness

	mu       sync.Mutex
	failures []string
	notes    []string
	notRun   string // why nothing was proved; "" if something was
	cleanups []func()
}

// Errorf records what was seen, and goes on.
func (t *T) Errorf(format string, args ...any) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.failures = append(t.failures, strings.TrimSpace(fmt.Sprintf(format, args...)))
}

// FailNow ends the case.
func (t *T) FailNow() { runtime.Goexit() }

// Helper is for testify.
func (t *T) Helper() {}

// fatalf records what was seen and ends the case.
func (t *T) fatalf(format string, args ...any) {
	t.Errorf(format, args...)
	t.FailNow()
}

// notef adds a remark to the report that is no failure.
func (t *T) notef(format string, args ...any) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.notes = append(t.notes, fmt.Sprintf(format, args...))
}

// notRunf says why the case can prove nothing, and ends it.
func (t *T) notRunf(format string, args ...any) {
	t.mu.Lock()
	t.notRun = fmt.Sprintf(format, args...)
	t.mu.Unlock()
	t.FailNow()
}

// cleanup has f run when the case ends, the last one first.
func (t *T) cleanup(f func()) { t.cleanups = append(t.cleanups, f) }

// execute runs one case in a goroutine of its own, so that it can be ended from
// anywhere, and takes a panic of the adapter for a failure of the case.
func execute(ctx context.Context, h Harness, c Case) *T {
	t := &T{ctx: ctx, h: h}
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer func() {
			for i := len(t.cleanups) - 1; i >= 0; i-- {
				t.cleanups[i]()
			}
		}()
		defer func() {
			if p := recover(); p != nil {
				t.Errorf("panic: %v\n%s", p, stack())
			}
		}()
		c.run(t)
	}()
	<-done
	return t
}

func stack() []byte {
	buf := make([]byte, 8<<10)
	return buf[:runtime.Stack(buf, false)]
}
