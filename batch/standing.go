package batch

import (
	"context"
	"errors"

	"github.com/payoutkit/payout"
)

// Standing knows the payouts that stand under references, whoever submitted them.
type Standing interface {
	// Payouts returns, for each reference under which a payout stands, whether that is paid
	// or may still be: false for one that has ended otherwise. The others are left out. It
	// is asked for some hundred at once; never from two goroutines at once.
	Payouts(ctx context.Context, references []string) (map[string]bool, error)
	// Conflict says why a row can't be the payout that stands under its reference, nil if it
	// is that or nothing stands there. Its answer is shown as that of Accept is. It is called
	// by several goroutines at once.
	Conflict(req payout.Request) error
}

// Tally is how many rows there are of a sort, and what they come to, by currency.
type Tally struct {
	Rows   int
	Totals []payout.Money
}

// stands finds out which rows of a block stand already, and whether as what they say. known
// is what was taken under their overlap keys: a derived reference stands for nothing that
// was not kept.
func (k *checker) stands(ctx context.Context, b *block, known map[OverlapKey][]string) error {
	if k.Standing == nil {
		return nil
	}
	var references []string
	for i := range b.rows {
		row := &b.rows[i]
		if len(row.all) > 0 || row.derived && k.Earlier != nil && !taken(known[row.overlap], row) {
			continue
		}
		references = append(references, row.text())
	}
	if len(references) == 0 {
		return nil
	}
	found, err := k.Standing.Payouts(ctx, references)
	if err != nil || len(found) == 0 {
		return err
	}
	for i := range b.rows {
		row := &b.rows[i]
		if len(row.all) > 0 {
			continue
		}
		live, ok := found[row.text()]
		if !ok {
			continue
		}
		b.conflicts(&row.verdict, &row.claim, k.Standing)
		if len(row.all) > 0 {
			continue
		}
		row.stands, row.live = true, live
	}
	return nil
}

// conflicts adds why a row can't be the payout that stands under its reference.
func (x *verifier) conflicts(v *verdict, c *claim, standing Standing) {
	if c.derived { // from all that the row says
		return
	}
	req := x.build(v)
	req.Reference = c.text()
	if err := standing.Conflict(req); err != nil {
		v.located(x.plan.kinds[v.kind].name, err)
		v.refused = true
	}
}

// located adds somebody's answer to a request.
func (v *verdict) located(kind string, err error) {
	var e *payout.Error
	if errors.As(err, &e) && len(e.Violations) > 0 {
		v.locate(kind, e.Violations)
		return
	}
	v.add("", err.Error())
}

// tallies are the sums of rows that stand.
type tallies struct {
	live, ended       int
	liveSum, endedSum totals
	// Those whose card number looks rounded, which may be no right rows in the end.
	liveRounded, endedRounded rowSet
}

func (t *tallies) add(row *blockRow) error {
	switch {
	case row.stands && row.rounded && row.live:
		t.liveRounded.add(row.number)
	case row.stands && row.rounded:
		t.endedRounded.add(row.number)
	}
	switch {
	case !row.stands:
		return nil
	case row.live:
		t.live++
		return t.liveSum.add(row.amount)
	default:
		t.ended++
		return t.endedSum.add(row.amount)
	}
}

// sub takes a row away that seemed right before.
func (t *tallies) sub(row *blockRow) error {
	switch {
	case t.liveRounded.has(row.number):
		t.live--
		return t.liveSum.sub(row.amount)
	case t.endedRounded.has(row.number):
		t.ended--
		return t.endedSum.sub(row.amount)
	default:
		return nil
	}
}

func (t *tallies) report(r *Report) {
	r.UnderWay, r.Ended = Tally{t.live, t.liveSum.list()}, Tally{t.ended, t.endedSum.list()}
}
