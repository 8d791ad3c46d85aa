package run

import (
	"fmt"
	"io"
	"strings"
	"time"
)

// Progress shows how a run gets on, until its stop is called.
type Progress struct {
	Out      io.Writer
	Total    int // rows that are to be paid; 0: nobody knows
	Tracker  *Tracker
	Terminal bool
	Now      func() time.Time
}

const (
	refresh = 200 * time.Millisecond // of bars
	every   = 5 * time.Second        // between plain lines
)

// Start shows progress until stop is called, which returns when the last of it is shown.
// What is to be seen on Out meanwhile, whole lines, is written to above: it stays above
// the bars.
func (p Progress) Start() (above io.Writer, stop func()) {
	if p.Terminal {
		return p.bars()
	}
	return p.Out, p.lines()
}

// lines prints a line now and then, for logs and pipes.
func (p Progress) lines() func() {
	begin := p.Now()
	stopping, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		tick := time.NewTicker(every)
		defer tick.Stop()
		for {
			select {
			case <-stopping:
				return
			case <-tick.C:
				_, _, all := p.Tracker.Snapshot()
				fmt.Fprintf(p.Out, "%s (%s)\n", p.settled(all, p.Now().Sub(begin)), all)
			}
		}
	}()
	return func() {
		close(stopping)
		<-stopped
	}
}

// String lists what there is any of.
func (c Counts) String() string {
	var parts []string
	for _, part := range []struct {
		n    int
		word string
	}{
		{c.Paid, "paid"}, {c.Failed, "failed"}, {c.Returned, "returned"}, {c.Review, "review"}, {c.Cancelled, "cancelled"},
		{c.Refused, "refused"}, {c.Open, "pending"}, {c.Waiting, "waiting"},
	} {
		if part.n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", part.n, part.word))
		}
	}
	if len(parts) == 0 {
		return "none yet"
	}
	return strings.Join(parts, ", ")
}

// settled says how many are, how fast, and how long the rest takes at that rate.
func (p Progress) settled(all Counts, took time.Duration) string {
	done := all.Settled()
	rate := "no rate yet"
	if done > 0 && took > 0 {
		rate = fmt.Sprintf("%.0f/s", float64(done)/took.Seconds())
	}
	if p.Total == 0 {
		return fmt.Sprintf("%d settled, %s", done, rate)
	}
	if done > 0 {
		left := time.Duration(float64(took) / float64(done) * float64(p.Total-done))
		rate += fmt.Sprintf(", %s left", max(left, 0).Round(time.Second))
	}
	return fmt.Sprintf("%d of %d settled, %s", done, p.Total, rate)
}
