package run

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"
)

// Progress shows how a run gets on, until its stop is called.
type Progress struct {
	Out      io.Writer
	Total    int // rows that are to be paid
	Tracker  *Tracker
	Terminal bool
	Now      func() time.Time
}

const (
	refresh = 200 * time.Millisecond // of bars
	every   = 5 * time.Second        // between plain lines
)

// Start shows progress until the function that it returns is called; it returns when
// the last of it is shown.
func (p Progress) Start() (stop func()) {
	if p.Terminal {
		return p.bars()
	}
	return p.lines()
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
				fmt.Fprintf(p.Out, "%d of %d settled (%s), %s\n", all.Settled(), p.Total, all, speed(all.Settled(), p.Total, p.Now().Sub(begin)))
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
		{c.Open, "pending"}, {c.Waiting, "waiting"},
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

// speed is the rate so far, and how long the rest takes at it.
func speed(done, total int, took time.Duration) string {
	if done == 0 || took <= 0 {
		return "no rate yet"
	}
	rate := float64(done) / took.Seconds()
	left := time.Duration(float64(total-done) / rate * float64(time.Second)).Round(time.Second)
	return fmt.Sprintf("%.0f/s, %s left", rate, max(left, 0))
}

// bars draws a bar for all of it, and one for each provider that is used.
func (p Progress) bars() func() {
	begin := p.Now()
	container := mpb.New(mpb.WithOutput(p.Out), mpb.WithAutoRefresh(), mpb.WithRefreshRate(refresh))
	bar := func(name string, total int64, text func() string) *mpb.Bar {
		return container.AddBar(total,
			mpb.PrependDecorators(decor.Name(name, decor.WC{W: 12, C: decor.DindentRight})),
			mpb.AppendDecorators(decor.Any(func(decor.Statistics) string { return text() })),
		)
	}
	all := bar("all", int64(p.Total), func() string {
		_, _, c := p.Tracker.Snapshot()
		return fmt.Sprintf(" %d of %d, %s", c.Settled(), p.Total, speed(c.Settled(), p.Total, p.Now().Sub(begin)))
	})
	providers := map[string]*mpb.Bar{}
	show := func() {
		names, by, sum := p.Tracker.Snapshot()
		for _, name := range names {
			if name == "" {
				continue
			}
			if providers[name] == nil {
				providers[name] = bar(name, 0, func() string {
					_, by, _ := p.Tracker.Snapshot()
					return " " + by[name].String()
				})
			}
			c := by[name]
			providers[name].SetTotal(int64(c.Settled()+c.Open+c.Waiting)+1, false) // it is not complete before the end
			providers[name].SetCurrent(int64(c.Settled()))
		}
		if sum.Settled() < p.Total {
			all.SetCurrent(int64(sum.Settled()))
		}
	}
	stopping, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		tick := time.NewTicker(refresh)
		defer tick.Stop()
		for {
			show()
			select {
			case <-stopping:
				return
			case <-tick.C:
			}
		}
	}()
	return func() {
		close(stopping)
		<-stopped
		show()
		for _, b := range providers {
			b.SetTotal(b.Current(), true)
		}
		_, _, sum := p.Tracker.Snapshot()
		if sum.Settled() >= p.Total {
			all.SetCurrent(int64(p.Total))
		} else {
			all.Abort(false)
		}
		container.Wait()
	}
}
