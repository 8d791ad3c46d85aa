package report

import (
	"math"
	"time"
)

// durations count how long things took, in steps that grow by a factor of 2^(1/16), from
// a millisecond to a hundred years: a percentile of them is at most 5 % too long.
type durations struct {
	steps       [16 * 42]int
	n           int
	least, most time.Duration
}

func (d *durations) add(took time.Duration) {
	took = max(took, 0)
	if d.n == 0 || took < d.least {
		d.least = took
	}
	d.most = max(d.most, took)
	d.n++
	d.steps[step(took)]++
}

// step is the number of the shortest step that a duration fits into.
func step(took time.Duration) int {
	n := math.Ceil(16 * math.Log2(float64(took)/float64(time.Millisecond)))
	return int(min(max(n, 0), float64(len(durations{}.steps)-1)))
}

// percentile returns how long the given share took at most, such as 0.9.
func (d *durations) percentile(share float64) time.Duration {
	left := int(math.Ceil(share * float64(d.n)))
	for i, n := range d.steps {
		if left -= n; left <= 0 {
			up := time.Duration(math.Exp2(float64(i)/16) * float64(time.Millisecond))
			return min(max(up, d.least), d.most)
		}
	}
	return d.most
}

func (d *durations) times(provider string) Times {
	return Times{
		Provider: provider, Payouts: d.n, Least: d.least.Milliseconds(), Median: d.percentile(0.5).Milliseconds(),
		P90: d.percentile(0.9).Milliseconds(), P99: d.percentile(0.99).Milliseconds(), Most: d.most.Milliseconds(),
	}
}

const day = 24 * time.Hour

// ladder has the bounds of [Lasted]: each some two or three times the one before, so
// that its bars stand on a logarithmic scale, at lengths that people think in.
var ladder = []time.Duration{
	100 * time.Millisecond, 300 * time.Millisecond, time.Second, 2 * time.Second, 5 * time.Second, 10 * time.Second,
	30 * time.Second, time.Minute, 2 * time.Minute, 5 * time.Minute, 10 * time.Minute, 30 * time.Minute,
	time.Hour, 3 * time.Hour, 6 * time.Hour, 12 * time.Hour, day, 3 * day, 7 * day, 30 * day, 0,
}

// rung is the place of a duration in the ladder.
func rung(took time.Duration) int {
	for i, bound := range ladder[:len(ladder)-1] {
		if took <= bound {
			return i
		}
	}
	return len(ladder) - 1
}
