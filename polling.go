package payout

import "time"

// Polling is a schedule: each step asks Every so often, For so long; the last step
// never ends. The zero Polling is [DefaultPolling].
type Polling []PollingStep

// PollingStep is a part of a [Polling]. An Every that is not positive counts as a
// minute.
type PollingStep struct{ Every, For time.Duration }

// DefaultPolling returns a schedule for providers that advise none.
func DefaultPolling() Polling {
	return Polling{
		{Every: 2 * time.Second, For: 30 * time.Second},
		{Every: 15 * time.Second, For: 10 * time.Minute},
		{Every: 5 * time.Minute, For: 6 * time.Hour},
		{Every: time.Hour},
	}
}

// Next returns how long to wait before asking again, when the payout was sent
// elapsed ago. It is at least a millisecond.
func (p Polling) Next(elapsed time.Duration) time.Duration {
	if len(p) == 0 {
		p = DefaultPolling()
	}
	step := p[0]
	for _, next := range p[1:] {
		if elapsed < step.For {
			break
		}
		elapsed -= max(step.For, 0)
		step = next
	}
	if step.Every <= 0 {
		return time.Minute
	}
	return max(step.Every, time.Millisecond)
}
