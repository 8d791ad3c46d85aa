package run

import (
	"io"
	"time"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"
)

// bars are what a terminal shows: a bar for all of it, and one for each provider that is
// used.
type bars struct {
	Progress
	container *mpb.Progress
	all       *mpb.Bar
	providers map[string]*mpb.Bar
}

func (p Progress) bars() (above io.Writer, stop func()) {
	begin := p.Now()
	b := &bars{
		Progress: p, providers: map[string]*mpb.Bar{},
		container: mpb.New(mpb.WithOutput(p.Out), mpb.WithAutoRefresh(), mpb.WithRefreshRate(refresh)),
	}
	b.all = b.bar("all", p.Total, func() string {
		_, _, c := p.Tracker.Snapshot()
		return p.settled(c, p.Now().Sub(begin))
	})
	stopping, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		tick := time.NewTicker(refresh)
		defer tick.Stop()
		for {
			b.show()
			select {
			case <-stopping:
				return
			case <-tick.C:
			}
		}
	}()
	return b.container, func() {
		close(stopping)
		<-stopped
		b.end()
	}
}

func (b *bars) bar(name string, total int, text func() string) *mpb.Bar {
	return b.container.AddBar(int64(total),
		mpb.PrependDecorators(decor.Name(name, decor.WC{W: 12, C: decor.DindentRight})),
		mpb.AppendDecorators(decor.Any(func(decor.Statistics) string { return " " + text() })),
	)
}

// show draws how it stands. No bar is complete before the end.
func (b *bars) show() {
	names, by, all := b.Tracker.Snapshot()
	for _, name := range names {
		if name == "" {
			continue
		}
		if b.providers[name] == nil {
			b.providers[name] = b.bar(name, 0, func() string {
				_, by, _ := b.Tracker.Snapshot()
				return by[name].String()
			})
		}
		fill(b.providers[name], by[name], 0)
	}
	fill(b.all, all, b.Total)
}

// fill fills a bar as far as payouts are settled, of so many, or of those that are
// known if nobody knows how many there are.
func fill(b *mpb.Bar, c Counts, total int) {
	if total == 0 {
		total = c.Settled() + c.Open + c.Waiting
	}
	b.SetTotal(int64(max(total, c.Settled()))+1, false)
	b.SetCurrent(int64(c.Settled()))
}

// end draws the last of it.
func (b *bars) end() {
	b.show()
	_, _, all := b.Tracker.Snapshot()
	for _, bar := range b.providers {
		bar.SetTotal(bar.Current(), true)
	}
	if all.Settled() >= b.Total {
		b.all.SetTotal(b.all.Current(), true)
	} else {
		b.all.Abort(false)
	}
	b.container.Wait()
}
