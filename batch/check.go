package batch

import (
	"context"
	"errors"
	"io"

	"github.com/payoutkit/payout"
)

// Checking is how a whole file is checked.
type Checking struct {
	Options

	// Earlier knows the payouts of earlier runs. Nil: no row is compared with them.
	Earlier Earlier

	// Keep is how many wrong rows, and how many that overlap, the [Report] keeps; 0 is
	// 1000. All of them are counted, whatever their number.
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
	// Repeated are the right rows that say the same as one before, to the last field, and
	// differ in the derived reference alone. Each is a payout of its own.
	Repeated int
	// Totals are the sums of the right rows, by currency, in the order of the codes.
	Totals []payout.Money

	// Problems are the first wrong rows, in the order of the file. Those whose card
	// number only looks rounded come last.
	Problems []*RowError

	// Overlaps is how many right rows pay an amount to a destination that it was paid to
	// before under another reference; Overlapping are the first of them.
	Overlaps    int
	Overlapping []Overlap

	// Rounded: card numbers of the file were rounded by a spreadsheet. All that look
	// like it are wrong then.
	Rounded bool

	file       io.ReaderAt
	size       int64
	options    Options
	references *references
}

// Reader opens the file again, for what is to be done with its rows. It gives them
// the references and the faults that they had when the file was checked. A row with
// a reference that was not there then, or stood on another line, is wrong.
func (r *Report) Reader() (*Reader, error) {
	reader, err := Open(r.file, r.size, r.options)
	if err != nil {
		return nil, err
	}
	b := reader.reader()
	b.references, b.rounded = &references{lines: r.references.lines, derived: r.references.derived, closed: true}, r.Rounded
	return reader, nil
}

// Check reads a file to its end, and sends nothing. It holds a few bytes of each row,
// which is some 40 MB for a million, however many are wrong.
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
	k := &checker{Checking: c, report: &Report{file: file, size: size, options: c.Options, references: b.references}}
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
	return k.report, nil
}

// checker checks one file.
type checker struct {
	Checking
	report *Report
	totals totals
	// Right rows whose card number looks rounded, and those of them that repeat another.
	rounded, roundedRepeats int
}

// every is how many rows pass between two looks at the context.
const every = 4096

// each calls do for each row that next finds. The row is in the reader.
func (k *checker) each(ctx context.Context, next, do func() error) error {
	for n := 0; ; n++ {
		if n%every == 0 && ctx.Err() != nil {
			return context.Cause(ctx)
		}
		switch err := next(); {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		}
		if err := do(); err != nil {
			return err
		}
	}
}

// first verifies and counts every row.
func (k *checker) first(ctx context.Context, b *reader) error {
	r, v := k.report, &b.verdict
	g := waiting{checker: k, reader: b}
	err := k.each(ctx, b.scan, func() error {
		r.Rows++
		if k.Progress != nil && r.Rows%every == 0 {
			k.Progress(r.Rows)
		}
		if len(v.all) == 0 {
			return g.add()
		}
		r.Rounded = r.Rounded || v.evidence
		if err := g.settle(); err != nil {
			return err
		}
		var c claim
		b.claim(&c)
		if rule := b.references.settle(&c, b.record.line); rule != "" {
			v.twice(rule)
		}
		return k.wrong(&v.problems, b.record.line, b.record.last)
	})
	if err != nil {
		return err
	}
	return g.settle()
}

// second reads the file once more, for what can be told only when all of it is
// known: whether a card number that looks rounded is suspect, and which earlier
// payouts are rows of this file.
func (k *checker) second(ctx context.Context) error {
	suspect := k.report.Rounded && k.rounded > 0
	if !suspect && k.Earlier == nil {
		return nil
	}
	if suspect {
		k.report.Repeated -= k.roundedRepeats
	}
	again, err := k.report.Reader()
	if err != nil {
		return err
	}
	b := again.reader()
	v := &b.verdict
	o := overlaps{checker: k}
	err = k.each(ctx, b.read, func() error {
		switch {
		case len(v.all) == 0 && k.Earlier != nil:
			return o.add(ctx, b)
		case v.rounded && len(v.all) == 1: // this is all that is wrong with it
			return k.exclude(b)
		default:
			return nil
		}
	})
	if err != nil {
		return err
	}
	return o.flush(ctx)
}

// wrong reports a wrong row.
func (k *checker) wrong(p *problems, line, last int) error {
	k.report.Wrong++
	if k.Wrong == nil && len(k.report.Problems) >= k.Keep {
		return nil
	}
	var e *RowError
	errors.As(p.err(line, last), &e)
	if len(k.report.Problems) < k.Keep {
		k.report.Problems = append(k.report.Problems, e)
	}
	if k.Wrong == nil {
		return nil
	}
	return k.Wrong(e)
}

// exclude reports a row that seemed right before.
func (k *checker) exclude(b *reader) error {
	k.report.Right--
	if err := k.totals.sub(b.verdict.amount); err != nil {
		return err
	}
	return k.wrong(&b.verdict.problems, b.record.line, b.record.last)
}
