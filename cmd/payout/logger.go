package main

import (
	"context"
	"io"
	"log/slog"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"github.com/payoutkit/payout/cmd/payout/internal/app"
)

// logger is nil if nothing is to be logged.
func (g *global) logger(c *cobra.Command) *slog.Logger {
	if !g.verbose {
		return nil
	}
	return slog.New(slog.NewTextHandler(c.ErrOrStderr(), &slog.HandlerOptions{Level: slog.LevelDebug}))
}

// loadToDrive is load for a command that drives payouts: what goes wrong is said though
// nobody asked for a log. A line of each kind comes at once, and then one a minute at
// most; with everyAlarm all alarms do.
func (g *global) loadToDrive(out io.Writer, everyAlarm bool) (*app.App, error) {
	h := slog.Handler(slog.NewTextHandler(out, &slog.HandlerOptions{Level: slog.LevelDebug}))
	if !g.verbose {
		h = &loud{inner: h, said: &said{now: time.Now, kinds: map[string]*kind{}}, everyAlarm: everyAlarm}
	}
	return loadWith(app.Options{Config: g.config, Logger: slog.New(h)})
}

// loud is a handler for warnings and worse.
type loud struct {
	inner      slog.Handler
	said       *said
	everyAlarm bool
}

// said is what was said, and when.
type said struct {
	now   func() time.Time
	mu    sync.Mutex
	kinds map[string]*kind
}

// kind is of lines that say the same, but for the payout.
type kind struct {
	last    time.Time
	skipped int
}

const (
	quiet    = time.Minute // between two lines of a kind
	maxKinds = 200         // errors may have numbers in them: the rest is of one kind
)

func (l *loud) Enabled(_ context.Context, level slog.Level) bool { return level >= slog.LevelWarn }

func (l *loud) Handle(ctx context.Context, r slog.Record) error {
	if l.everyAlarm && r.Level >= slog.LevelError {
		return l.inner.Handle(ctx, r)
	}
	skipped, speak := l.said.again(kindOf(r))
	if !speak {
		return nil
	}
	if skipped > 0 {
		r.AddAttrs(slog.Int("not_shown", skipped))
	}
	return l.inner.Handle(ctx, r)
}

func (l *loud) WithAttrs(attrs []slog.Attr) slog.Handler {
	return &loud{l.inner.WithAttrs(attrs), l.said, l.everyAlarm}
}

func (l *loud) WithGroup(name string) slog.Handler {
	return &loud{l.inner.WithGroup(name), l.said, l.everyAlarm}
}

// kindOf is what a line says, without what tells one payout from another.
func kindOf(r slog.Record) string {
	var b strings.Builder
	b.WriteString(r.Message)
	r.Attrs(func(a slog.Attr) bool {
		switch a.Key {
		case "alarm", "provider", "op", "error":
			b.WriteString("\x00" + a.Value.String())
		}
		return true
	})
	return b.String()
}

// again reports whether a line is to be written, and how many of its kind were not since
// the last one.
func (s *said) again(name string) (skipped int, speak bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	k := s.kinds[name]
	if k == nil {
		if len(s.kinds) >= maxKinds {
			name = ""
		}
		if k = s.kinds[name]; k == nil {
			k = new(kind)
			s.kinds[name] = k
		}
	}
	now := s.now()
	if !k.last.IsZero() && now.Sub(k.last) < quiet {
		k.skipped++
		return 0, false
	}
	skipped, k.last, k.skipped = k.skipped, now, 0
	return skipped, true
}

// aside is a stream for lines, on which bars may be drawn meanwhile.
type aside struct {
	mu  sync.Mutex
	out io.Writer
}

// Write writes whole lines.
func (a *aside) Write(p []byte) (int, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.out.Write(p)
}

// to has lines go elsewhere from now on.
func (a *aside) to(out io.Writer) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.out = out
}
