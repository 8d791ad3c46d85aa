package batch

import "github.com/payoutkit/payout"

// waiting are rows that are right but for their references, which are looked up
// together: the memory answers many questions as fast as one.
type waiting struct {
	*checker
	*reader
	rows [64]struct {
		claim
		line    int
		amount  payout.Money
		rounded bool
	}
	n int
}

// add takes the row that was verified last.
func (w *waiting) add() error {
	row := &w.rows[w.n]
	w.reader.claim(&row.claim)
	row.line, row.amount, row.rounded = w.record.line, w.verdict.amount, w.verdict.rounded
	if w.n++; w.n < len(w.rows) {
		return nil
	}
	return w.settle()
}

// settle gives the rows their references, in the order of the file.
func (w *waiting) settle() error {
	rows := w.rows[:w.n]
	w.n = 0
	for i := range rows {
		w.references.lines.touch(rows[i].first)
	}
	for i := range rows {
		row := &rows[i]
		if rule := w.references.settle(&row.claim, row.line); rule != "" {
			v := verdict{problems: problems{plan: w.plan}}
			v.twice(rule)
			v.all[0].Masked = shown(row.text())
			if err := w.wrong(&v.problems, row.line, row.line); err != nil {
				return err
			}
			continue
		}
		if err := w.right(row.amount, row.repeat > 0, row.rounded); err != nil {
			return err
		}
	}
	return nil
}

// right counts a right row.
func (k *checker) right(amount payout.Money, repeats, rounded bool) error {
	k.report.Right++
	if repeats {
		k.report.Repeated++
	}
	if rounded {
		k.rounded++
		if repeats {
			k.roundedRepeats++
		}
	}
	return k.totals.add(amount)
}
