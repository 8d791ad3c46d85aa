package batch

import (
	"context"
	"errors"
	"hash/maphash"
	"io"

	"github.com/payoutkit/payout"
)

// Checking is how a whole file is checked.
type Checking struct {
	Options

	// Earlier knows the payouts of earlier runs. Nil: no row is compared with them.
	Earlier Earlier

	// Accept says what is wrong with what a right row asks for, beyond what its file shows:
	// the rules of those who are to carry it out. A *payout.Error's violations are put onto
	// the row's columns; the text of another error is shown, so it holds no value of the
	// row. Its answer makes the row a wrong one. A reference that is derived is there as it
	// is where no row before says the same. It is called by several goroutines at once. Nil:
	// everything is accepted.
	Accept func(payout.Request) error

	// Standing knows what stands under references already. A row whose own reference stands
	// for another payout is wrong, as one that Accept refuses is. Nil: nobody knows.
	Standing Standing

	// Keep is how many wrong rows, how many that overlap, and how many that say the same as
	// another, the [Report] keeps; 0 is 1000. All of them are counted, whatever their number.
	Keep int

	// Wrong is given every wrong row, and Overlapping every row that overlaps, as they
	// are found. An error of theirs ends the checking, and is returned. May be nil.
	Wrong       func(*RowError) error
	Overlapping func(Overlap) error

	// Progress is given the number of rows that were read so far, every 4096 rows. May
	// be nil.
	Progress func(rows int)
}

// Report is what a file comes to. It holds nothing that may not be shown.
type Report struct {
	// Rows are all rows of the file: Right and Wrong ones.
	Rows, Right, Wrong int
	// Repeated is how many right rows are a [Repeat]; Repeating are the first of them.
	Repeated  int
	Repeating []Repeat
	// Totals are the sums of the right rows, by currency, in the order of the codes.
	Totals []payout.Money

	// UnderWay are the right rows whose payout stands already, and is paid or may still be;
	// Ended those whose payout has come to another end. Neither is paid anew. Both are among
	// Right and Totals, and nothing if there was no Standing.
	UnderWay, Ended Tally

	// Problems are the first wrong rows, in the order of the file. Those whose card
	// number only looks rounded come last.
	Problems []*RowError

	// Overlaps is how many right rows are an [Overlap]; Overlapping are the first of them.
	Overlaps    int
	Overlapping []Overlap

	// Rounded: card numbers of the file were rounded by a spreadsheet. All that look
	// like it are wrong then.
	Rounded bool

	file       io.ReaderAt
	size       int64
	options    Options
	accept     func(payout.Request) error
	refused    rowSet
	references *references
}

// Reader opens the file again, for what is to be done with its rows. It gives them
// the references and the faults that they had when the file was checked: Accept is
// asked about those rows alone that it refused. A row with
// a reference that was not there then, or stood on another line, is wrong.
func (r *Report) Reader() (*Reader, error) {
	reader, err := Open(r.file, r.size, r.options)
	if err != nil {
		return nil, err
	}
	b := reader.reader()
	b.accept, b.refused = r.accept, &r.refused
	b.references, b.rounded = &references{lines: r.references.lines, derived: r.references.derived, closed: true}, r.Rounded
	return reader, nil
}

// Check reads a file to its end, and sends nothing. It holds a few bytes of each row,
// which is some 40 MB for a million, however many are wrong.
//
// It uses up to eight processors, and has ended with all of it when it returns. The
// file is read by one goroutine at a time, and the functions are called by the
// caller's alone, in the order of the file.
//
// Wrong rows are no error: they are in the report. An error means that it is not
// known what the file holds: it is a *[RowError] about the header, a *[FileError], or
// one of the file's, of Earlier's or of ctx.
func Check(ctx context.Context, file io.ReaderAt, size int64, c Checking) (*Report, error) {
	if c.Earlier != nil && c.Key.IsZero() {
		return nil, &payout.Error{Kind: payout.ErrInvalid, Violations: []payout.Violation{
			{Field: "batch options.key", Rule: "is required where rows are compared with those of earlier runs"},
		}}
	}
	reader, err := Open(file, size, c.Options)
	if err != nil {
		return nil, err
	}
	b := reader.reader()
	b.accept = c.Accept
	k := &checker{Checking: c, report: &Report{
		file: file, size: size, options: c.Options, accept: c.refuses(), references: b.references,
	}}
	if k.Keep == 0 {
		k.Keep = 1000
	}
	if err := k.first(ctx, b); err != nil {
		return nil, err
	}
	b.references.closed = true
	if err := k.second(ctx); err != nil {
		return nil, err
	}
	k.report.Totals = k.totals.list()
	k.tallies.report(k.report)
	return k.report, nil
}

// checker checks one file.
type checker struct {
	Checking
	report *Report
	totals totals
	tallies
	repeated *repeats // nil: the references tell
	// Right rows whose card number looks rounded, and those of them that repeat another.
	rounded, roundedRepeats int
	// again are the rows of which more is to be told when all of the file is known: those,
	// and those that may overlap.
	again rowSet
	known bool // there are any of the latter
	keys  []OverlapKey

	corrections corrections
}

// every is how many rows pass between two words of progress.
const every = 4096

// first verifies and counts every row.
func (k *checker) first(ctx context.Context, b *reader) error {
	if err := k.corrections.begin(ctx, k.Earlier, b.whole); err != nil {
		return err
	}
	p := pass{reader: b, overlaps: k.Earlier != nil}
	if !b.references.derived {
		k.repeated = &repeats{maphash.MakeSeed(), newTable96()}
		p.repeated = k.repeated
	}
	return p.run(ctx, func(b *block) error {
		p.settle(b)
		known, err := k.earlier(ctx, b)
		if err == nil {
			err = k.stands(ctx, b, known)
		}
		if err != nil {
			return err
		}
		if k.repeated != nil {
			for i := range b.rows {
				k.repeated.lines.touch(b.rows[i].said)
			}
		}
		for i := range b.rows {
			if err := k.count(&b.rows[i]); err != nil {
				return err
			}
		}
		return k.ask(ctx, b, known)
	})
}

// count counts one row.
func (k *checker) count(row *blockRow) error {
	r := k.report
	r.Rows++
	if k.Progress != nil && r.Rows%every == 0 {
		k.Progress(r.Rows)
	}
	if len(row.all) > 0 {
		r.Rounded = r.Rounded || row.evidence
		if row.refused {
			r.refused.add(row.number)
		}
		return k.wrong(row)
	}
	r.Right++
	if first := k.repeats(row); first > 0 {
		k.repeat(row, first)
	}
	if row.rounded {
		k.again.add(row.number)
		k.rounded++
	}
	if err := k.totals.add(row.amount); err != nil {
		return err
	}
	return k.tallies.add(row)
}

// refuses is what makes a row wrong when the file is read again: Accept, and Standing.
func (c Checking) refuses() func(payout.Request) error {
	if c.Standing == nil {
		return c.Accept
	}
	return func(req payout.Request) error {
		if c.Accept != nil {
			if err := c.Accept(req); err != nil {
				return err
			}
		}
		return c.Standing.Conflict(req)
	}
}

// second reads the file once more, for what can be told only when all of it is
// known: whether a card number that looks rounded is suspect, and which earlier
// payouts are rows of this file.
func (k *checker) second(ctx context.Context) error {
	suspect := k.report.Rounded && k.rounded > 0
	if !suspect && !k.known {
		return nil
	}
	if suspect {
		k.report.Repeated -= k.roundedRepeats
	}
	again, err := k.report.Reader()
	if err != nil {
		return err
	}
	k.corrections = corrections{none: k.corrections.none} // those were of the file as far as it was read
	p := pass{reader: again.reader(), overlaps: k.known, wanted: k.again.has}
	return p.run(ctx, func(b *block) error {
		p.settle(b)
		for i := range b.rows {
			row := &b.rows[i]
			if row.rounded && len(row.all) == 1 { // this is all that is wrong with it
				if err := k.exclude(row); err != nil {
					return err
				}
			}
		}
		return k.overlap(ctx, b)
	})
}

// wrong reports a wrong row.
func (k *checker) wrong(row *blockRow) error {
	k.report.Wrong++
	if k.Wrong == nil && len(k.report.Problems) >= k.Keep {
		return nil
	}
	var e *RowError
	errors.As(row.problems.err(row.line, row.last), &e)
	if len(k.report.Problems) < k.Keep {
		k.report.Problems = append(k.report.Problems, e)
	}
	if k.Wrong == nil {
		return nil
	}
	return k.Wrong(e)
}

// exclude reports a row that seemed right before.
func (k *checker) exclude(row *blockRow) error {
	k.report.Right--
	k.report.forget(row.line)
	if err := errors.Join(k.totals.sub(row.amount), k.tallies.sub(row)); err != nil {
		return err
	}
	return k.wrong(row)
}
