package dispatch

import (
	"hash/fnv"
	"time"

	"github.com/payoutkit/payout"
)

// Rules are what [Next] goes by for one attempt: its provider's facts, and the
// times that the dispatcher is configured with. The zero Rules prove nothing, send
// nothing twice, and ask on the default schedule.
type Rules struct {
	Dedup   payout.Dedup
	Absence payout.Absence
	Polling payout.Polling

	// CallTimeout is how long a sending may take once its first byte has left.
	CallTimeout time.Duration
	// Apart is how far apart answers that the bank does not know it have to be, to
	// count as two.
	Apart time.Duration
	// LaterSeen is when the bank last showed an order of the same account that was
	// sent after this attempt: its search works, and it was not there.
	LaterSeen time.Time

	// Doubt is the number of the journal's doubt, 0 if there is none, and LostUntil the
	// last moment at which the first byte of an intent may have left that it has lost.
	Doubt     int64
	LostUntil time.Time

	// SendFor is how long a payout may be sent that a person wants sent.
	SendFor time.Duration
	// RetryEvery is how long to wait before sending again what was not sent.
	RetryEvery time.Duration
	// ReviewEvery is how often to ask about what is in review.
	ReviewEvery time.Duration
	// Patrol are the times after which what is final is asked about again, each from
	// the one before.
	Patrol []time.Duration
}

const (
	maxRetry      = 10 * time.Minute // between sendings of what was not sent
	maxDefer      = time.Minute      // between looks for a route
	maxAskBackoff = time.Hour        // between questions that bring no answer
	maxRetryAfter = 10 * time.Minute // a bank's wish must not make a payout forgotten
)

// settled is when no call of an attempt's last intent can be under way any more.
func (r Rules) settled(a Attempt) time.Time {
	return later(a.SendBefore, r.LostUntil).Add(r.CallTimeout)
}

// absent counts an answer that the bank does not know an order, and reports whether it
// is proved by now that there is none. settled is when no call for it can be under way
// any more.
func (r Rules) absent(x *Absent, settled, now time.Time) bool {
	from := settled.Add(r.Absence.After)
	if !r.Absence.Proves || now.Before(from) {
		return false
	}
	if x.First.Before(from) { // it was counted when less was known to be under way
		*x = Absent{First: now}
	}
	if x.Times > 0 && now.Sub(x.Last) < r.Apart {
		return false
	}
	x.Times, x.Last = x.Times+1, now
	return x.Times >= r.answers() && !r.LaterSeen.Before(x.First)
}

// answers is how many it takes that the bank does not know an order.
func (r Rules) answers() int { return max(r.Absence.Times, 2) }

// askAt is when to ask after an answer.
func (r Rules) askAt(now time.Time, a Attempt) time.Time {
	return now.Add(jitter(r.Polling.Next(now.Sub(a.IntentAt)), a))
}

// askAfterError is when to ask after a question that brought no answer.
func (r Rules) askAfterError(now time.Time, a Attempt, wish time.Duration) time.Time {
	wait := r.Polling.Next(now.Sub(a.IntentAt))
	wait = max(wait, min(doubled(wait, a.Errors-1), maxAskBackoff))
	return now.Add(max(jitter(wait, a), min(wish, maxRetryAfter)))
}

// sendAt is when to send again what was not sent.
func (r Rules) sendAt(now time.Time, a Attempt, wish time.Duration) time.Time {
	wait := min(doubled(r.RetryEvery, a.Tries-1), maxRetry)
	return now.Add(max(jitter(wait, a), min(wish, maxRetryAfter)))
}

// patrolAt is when to ask again about what is final; zero: never.
func (r Rules) patrolAt(now time.Time, a Attempt) time.Time {
	at := a.FinalAt
	for _, wait := range r.Patrol {
		if at = at.Add(wait); at.After(now) && (a.Transmissions > 0 || a.Heard) {
			return at
		}
	}
	return time.Time{}
}

func doubled(d time.Duration, times int) time.Duration {
	for range min(max(times, 0), 16) {
		d *= 2
		if d > 24*time.Hour {
			return 24 * time.Hour
		}
	}
	return d
}

// jitter spreads what became due together, by a tenth to either side. It is the
// attempt's own and needs no randomness.
func jitter(d time.Duration, a Attempt) time.Duration {
	h := fnv.New32a()
	_, _ = h.Write([]byte(a.Reference))
	spread := int64(h.Sum32()+uint32(a.Asked)*2654435761) % 201 // #nosec G115 -- a spread, nothing is counted by it
	return d + d*time.Duration(spread-100)/1000
}
