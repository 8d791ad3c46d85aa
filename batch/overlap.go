package batch

import (
	"context"

	"github.com/payoutkit/payout"
)

// Earlier knows the payouts that earlier runs took from registries, by the keys of their
// rows: [Row].Overlap, and where they are not zero [Row].Payee, and [Row].Batch of at least
// one row of a batch. It has to keep them from when a row is taken, and before anything is
// sent for it.
type Earlier interface {
	// References returns, for each key that is known, the references of all payouts that
	// were taken under it, from whatever batch. Keys that are not known are left out. It
	// is asked for some hundred keys at once, of which some may be equal, and which it may
	// not keep; never from two goroutines at once.
	References(ctx context.Context, keys []OverlapKey) (map[OverlapKey][]string, error)
}

// Overlap is a row that pays an amount to a destination that it was paid to before,
// under a reference that the file does not have; or that is new in its batch and pays a
// destination for which the batch has taken what the file does not have any more. It may
// be right, such as the same salary a month later; or the same payout for the second
// time, such as a row that was corrected after it had been paid. Only a person can tell.
type Overlap struct {
	Line        int
	Reference   string
	Amount      payout.Money
	Destination string // masked
	Key         OverlapKey
	// Earlier are the references of the earlier payouts of the same amount.
	Earlier []string
	// Corrected are the references of what this batch has taken for the destination, with
	// whatever amount, and the file does not have: at most a hundred of them. The row may
	// be a correction of one. Some of them may be among Earlier.
	Corrected []string
}

// EarlierMap is an [Earlier] in memory: references by key. It is not safe for
// concurrent use.
type EarlierMap map[OverlapKey][]string

// Add takes a right row.
func (m EarlierMap) Add(row Row) {
	m[row.Overlap] = append(m[row.Overlap], row.Reference)
	if !row.Payee.IsZero() {
		m[row.Payee] = append(m[row.Payee], row.Reference)
	}
	if !row.Batch.IsZero() {
		m[row.Batch] = []string{row.Reference}
	}
}

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

// earlier asks about the right rows of a block.
func (k *checker) earlier(ctx context.Context, b *block) (map[OverlapKey][]string, error) {
	if k.Earlier == nil {
		return nil, nil
	}
	k.keys = k.keys[:0]
	for i := range b.rows {
		if row := &b.rows[i]; len(row.all) == 0 {
			k.keys = append(k.keys, row.overlap)
		}
	}
	if len(k.keys) == 0 {
		return nil, nil
	}
	return k.Earlier.References(ctx, k.keys)
}

// others are those of earlier references that no row of the file has, as far as it was
// read. A payout that is a row of this file is that row's business, and not another's.
func (k *checker) others(earlier []string) (out []string) {
	for _, reference := range earlier {
		if !k.report.references.has(reference) {
			out = append(out, reference)
		}
	}
	return out
}

// ask notes the rows that may overlap: whose payouts the earlier ones are, is not known
// before all of the file is.
func (k *checker) ask(ctx context.Context, b *block, known map[OverlapKey][]string) error {
	if k.Earlier == nil {
		return nil
	}
	if err := k.corrections.ask(ctx, k, b, known); err != nil {
		return err
	}
	for i := range b.rows {
		row := &b.rows[i]
		if len(row.all) == 0 && (len(k.others(known[row.overlap])) > 0 || len(k.corrections.of(row.payee)) > 0) {
			k.again.add(row.number)
			k.known = true
		}
	}
	return nil
}

// overlap tells which rows overlap, now that all of the file is known.
func (k *checker) overlap(ctx context.Context, b *block) error {
	if !k.known {
		return nil
	}
	known, err := k.earlier(ctx, b)
	if err == nil {
		err = k.corrections.ask(ctx, k, b, known)
	}
	if err != nil {
		return err
	}
	for i := range b.rows {
		row := &b.rows[i]
		if len(row.all) > 0 {
			continue
		}
		others, corrected := k.others(known[row.overlap]), k.corrections.of(row.payee)
		if len(others) == 0 && len(corrected) == 0 {
			continue
		}
		v := &row.verdict
		err := k.found(Overlap{
			Line: row.line, Reference: row.text(), Amount: v.amount, Key: row.overlap, Earlier: others, Corrected: corrected,
			Destination: b.plan.kinds[v.kind].masked(v.fields, b.plan.cells),
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (k *checker) found(o Overlap) error {
	k.report.Overlaps++
	if len(k.report.Overlapping) < k.Keep {
		k.report.Overlapping = append(k.report.Overlapping, o)
	}
	if k.Overlapping == nil {
		return nil
	}
	return k.Overlapping(o)
}
