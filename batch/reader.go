package batch

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/payoutkit/payout"
)

// Reader reads a registry row by row. It is not safe for concurrent use.
type Reader struct {
	// A function, which dumps do not follow: the row that was read last is in clear.
	reader func() *reader
}

type reader struct {
	verifier
	table      table
	references *references
	rounded    bool // card numbers that look rounded are refused
	number     int  // of the row that comes next, from 0
	record     record
	verdict    verdict
	whole      OverlapKey // of the batch
}

// NewReader reads the header of a CSV file in UTF-8 with a column reference, as it
// comes, such as from a pipe. kinds are the destinations that rows may have;
// payout.Kinds returns those of the library. [Open] reads other files.
//
// A *[RowError] is about the header, and names every column that is not known, stands
// twice or is missing; any other error is the file's, or about kinds that can't be
// told apart.
func NewReader(r io.Reader, kinds ...payout.Kind) (*Reader, error) {
	o := Options{Kinds: append([]payout.Kind{}, kinds...)}
	if err := o.check(); err != nil {
		return nil, err
	}
	return newCSVReader(r, o)
}

// Open reads the header of a CSV or XLSX file. Which of the two it is the file's first
// bytes say. Errors are those of [NewReader], and a *[FileError] about a file that is
// damaged or of another format. The Reader reads from file until its end.
func Open(file io.ReaderAt, size int64, o Options) (*Reader, error) {
	o = o.withKinds()
	if err := o.check(); err != nil {
		return nil, err
	}
	begin := make([]byte, 8)
	n, err := file.ReadAt(begin, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("read the registry: %w", err)
	}
	switch begin := string(begin[:n]); {
	case strings.HasPrefix(begin, "PK\x03\x04"), strings.HasPrefix(begin, "PK\x05\x06"):
		return newXLSXReader(file, size, o)
	case begin == "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
		return nil, fileError("is a spreadsheet with a password, or of the format before XLSX: save it as XLSX without a password, or as CSV", nil)
	default:
		return newCSVReader(io.NewSectionReader(file, 0, size), o)
	}
}

func newCSVReader(r io.Reader, o Options) (*Reader, error) {
	file, err := newCSV(r, o.Encoding)
	if err != nil {
		return nil, err
	}
	c, l, err := file.csvHeader(o)
	switch {
	case errors.Is(err, io.EOF):
		return nil, headerError(1, "is missing: the file holds nothing")
	case errors.Is(err, errLong):
		_, _, err = readHeader(nil, file.lines.number, o, "")
		return nil, err
	case err != nil:
		return nil, broken(err)
	}
	return newReader(file, c, l, o), nil
}

// newReader reads a table whose header was read.
func newReader(t table, c columns, l layout, o Options) *Reader {
	r := &reader{
		verifier: newVerifier(newPlan(c, l, o.Kinds), o), table: t,
		references: newReferences(c.numbers["reference"] == 0),
	}
	if r.keyed != nil {
		r.whole = r.keyed.whole()
	}
	return &Reader{func() *reader { return r }}
}

// broken says what we were doing where an error is somebody else's.
func broken(err error) error {
	if errors.Is(err, payout.ErrInvalid) {
		return err
	}
	return fmt.Errorf("read the registry: %w", err)
}

// Next returns the next row, whether it is right or not, or io.EOF. Another error
// is the file's, and ends it: what comes after is not known, and was not read.
func (r *Reader) Next() (Row, error) {
	b := r.reader()
	if err := b.read(); err != nil {
		return Row{}, err
	}
	rec, v := &b.record, &b.verdict
	row := Row{Line: rec.line, LastLine: rec.last, Reference: v.reference, Err: v.err(rec.line, rec.last), plan: b.plan}
	if len(v.all) > 0 {
		row.Reference = shown(row.Reference)
		return row, nil
	}
	row.Request = b.build(v)
	if b.keyed != nil {
		row.Overlap, row.Payee, row.Batch = b.keyed.overlap(b.plan, v), b.keyed.payee(b.plan, v), b.whole
	}
	return row, nil
}

// read reads the next record, and verifies it with its reference.
func (b *reader) read() error {
	if err := b.next(); err != nil {
		return err
	}
	var c claim
	b.examine(b.number-1, &b.record, &b.verdict, &c)
	b.settle(b.record.line, &b.verdict, &c)
	b.verdict.reference = c.text()
	return nil
}

// next reads the next record. Its error is io.EOF, or one to be returned.
func (b *reader) next() error {
	if err := b.table.next(&b.record); errors.Is(err, io.EOF) {
		return io.EOF
	} else if err != nil {
		return broken(err)
	}
	b.number++
	return nil
}

// settle gives a line its reference. The lines have to be given in their order.
func (b *reader) settle(line int, v *verdict, c *claim) {
	if rule := b.references.settle(c, line); rule != "" {
		v.twice(rule)
	}
	v.repeat = c.repeat
	if b.rounded {
		v.suspect()
	}
}
