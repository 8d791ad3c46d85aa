package batch

import (
	"context"

	"github.com/payoutkit/payout"
)

// Earlier knows the payouts that earlier runs took from registries, by the
// [OverlapKey] of their rows. It has to keep them from when a row is taken, and
// before anything is sent for it.
type Earlier interface {
	// References returns, for each key that is known, the references of all payouts that
	// were taken under it, from whatever batch. Keys that are not known are left out. It
	// is asked for some hundred keys at once, of which some may be equal.
	References(ctx context.Context, keys []OverlapKey) (map[OverlapKey][]string, error)
}

// Overlap is a row that pays an amount to a destination that it was paid to before,
// under a reference that the file does not have. It may be right, such as the same
// salary a month later; or the same payout for the second time, such as a row that
// was corrected after it had been paid. Only a person can tell.
type Overlap struct {
	Line        int
	Reference   string
	Amount      payout.Money
	Destination string // masked
	Key         OverlapKey
	// Earlier are the references of the earlier payouts.
	Earlier []string
}

// EarlierMap is an [Earlier] in memory: references by key. It is not safe for
// concurrent use.
type EarlierMap map[OverlapKey][]string

// Add takes a right row.
func (m EarlierMap) Add(row Row) { m[row.Overlap] = append(m[row.Overlap], row.Reference) }

// References implements [Earlier].
func (m EarlierMap) References(_ context.Context, keys []OverlapKey) (map[OverlapKey][]string, error) {
	out := map[OverlapKey][]string{}
	for _, k := range keys {
		if refs, ok := m[k]; ok {
			out[k] = refs
		}
	}
	return out, nil
}

// overlaps asks about rows in groups.
type overlaps struct {
	*checker
	rows []Overlap
	keys []OverlapKey
}

const group = 256

func (o *overlaps) add(ctx context.Context, b *reader) error {
	v := &b.verdict
	row := Overlap{
		Line: b.record.line, Reference: v.reference, Amount: v.amount,
		Destination: b.plan.kinds[v.kind].masked(v.fields, b.plan.cells),
		Key:         b.keyed.overlap(b.plan, v),
	}
	o.rows, o.keys = append(o.rows, row), append(o.keys, row.Key)
	if len(o.rows) < group {
		return nil
	}
	return o.flush(ctx)
}

func (o *overlaps) flush(ctx context.Context) error {
	if len(o.rows) == 0 {
		return nil
	}
	known, err := o.Earlier.References(ctx, o.keys)
	if err != nil {
		return err
	}
	for _, row := range o.rows {
		// A payout that is a row of this file is that row's business, and not another's.
		for _, reference := range known[row.Key] {
			if !o.report.references.has(reference) {
				row.Earlier = append(row.Earlier, reference)
			}
		}
		if err := o.found(row); err != nil {
			return err
		}
	}
	o.rows, o.keys = o.rows[:0], o.keys[:0]
	return nil
}

func (o *overlaps) found(row Overlap) error {
	if len(row.Earlier) == 0 {
		return nil
	}
	o.report.Overlaps++
	if len(o.report.Overlapping) < o.Keep {
		o.report.Overlapping = append(o.report.Overlapping, row)
	}
	if o.Overlapping == nil {
		return nil
	}
	return o.Overlapping(row)
}
