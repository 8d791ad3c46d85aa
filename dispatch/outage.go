package dispatch

import (
	"context"
	"time"
)

const (
	// remind is how often the alarm of an outage is raised while it lasts.
	remind = time.Minute
	// calm is how long no call must have failed for an outage to be over: some calls may
	// work while others don't.
	calm = 10 * time.Second
)

// outage is a time in which a loop can't learn from its journal what there is to do.
type outage struct {
	failed  time.Time // the last call that did
	alarmed time.Time // zero: there is none
}

// heard takes note of what a call of the journal returned.
func (l *loop) heard(ctx context.Context, err error) {
	if err == nil || ctx.Err() != nil { // the end of Run is no outage
		return
	}
	o, now := &l.outage, l.d.now()
	o.failed = now
	if !o.alarmed.IsZero() && now.Sub(o.alarmed) < remind {
		return
	}
	o.alarmed = now
	l.d.observer.Alarm(ctx, Alarm{Kind: AlarmJournal, Attempt: -1})
}

// recovered ends an outage that is over.
func (l *loop) recovered(ctx context.Context) {
	if l.outage.alarmed.IsZero() || ctx.Err() != nil || l.d.now().Sub(l.outage.failed) < calm {
		return
	}
	l.outage = outage{}
	l.d.observer.Alarm(ctx, Alarm{Kind: AlarmJournalBack, Attempt: -1})
}
