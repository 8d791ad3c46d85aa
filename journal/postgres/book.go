package postgres

import (
	"maps"
	"math"
	"slices"

	"github.com/payoutkit/payout/dispatch"
)

// bookings are what a commit does to limits, column by column, in the order of the
// buckets: what it adds to each, and how much may be there before that.
type bookings struct {
	buckets                         []string
	counts, minors, most, mostMinor []int64
}

// booking is what a commit does to one bucket.
type booking struct {
	reserved, released dispatch.Used
	most, mostMinor    int64 // may be there before
}

// book adds up what a commit releases, all of it first, and what it reserves, one after
// the other: each use has to fit in beside those before it.
func book(release, reserve []dispatch.Use) bookings {
	all := map[string]*booking{}
	of := func(bucket string) *booking {
		if all[bucket] == nil {
			all[bucket] = &booking{most: math.MaxInt64, mostMinor: math.MaxInt64}
		}
		return all[bucket]
	}
	for _, u := range release {
		b := of(u.Bucket)
		b.released.Count++
		b.released.Minor += u.Amount.Minor()
	}
	for _, u := range reserve {
		b := of(u.Bucket)
		b.reserved.Count++
		if u.MaxCount > 0 {
			b.most = min(b.most, u.MaxCount-b.reserved.Count+b.released.Count)
		}
		limit, amount := u.MaxAmount.Minor(), u.Amount.Minor()
		switch {
		case amount > math.MaxInt64-b.reserved.Minor:
			b.mostMinor = math.MinInt64 // more than there can be
		case limit != 0 && amount > limit:
			b.mostMinor = math.MinInt64
		case limit != 0:
			b.mostMinor = min(b.mostMinor, limit-b.reserved.Minor-amount+b.released.Minor)
		}
		b.reserved.Minor += min(amount, math.MaxInt64-b.reserved.Minor)
	}
	out := bookings{buckets: []string{}}
	for _, bucket := range slices.Sorted(maps.Keys(all)) {
		b := all[bucket]
		out.buckets = append(out.buckets, bucket)
		out.counts = append(out.counts, b.reserved.Count-b.released.Count)
		out.minors = append(out.minors, b.reserved.Minor-b.released.Minor)
		out.most, out.mostMinor = append(out.most, b.most), append(out.mostMinor, b.mostMinor)
	}
	return out
}
