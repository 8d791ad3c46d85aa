package batch

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/payoutkit/payout"
)

// Reader reads a registry row by row. It is not safe for concurrent use.
type Reader struct {
	lines      *lines
	kinds      map[string]payout.Kind
	kindNames  []string
	columns    columns
	width      int            // columns of the header
	references map[string]int // in lower case, to the line that had it first
}

const cutOff = "has no line break at its end: the file may have been cut off"

// NewReader reads the header. kinds are the destinations that rows may have;
// payout.Kinds returns those of the library. A *[RowError] is about the header, and
// names every column that is not known, stands twice or is missing; any other error
// is the file's, or about kinds that can't be told apart.
func NewReader(r io.Reader, kinds ...payout.Kind) (*Reader, error) {
	br := bufio.NewReaderSize(r, maxLine)
	if mark, err := br.Peek(3); err == nil && string(mark) == "\ufeff" {
		_, _ = br.Discard(3)
	}
	b := &Reader{lines: &lines{r: br}, kinds: map[string]payout.Kind{}, references: map[string]int{}}
	for _, k := range kinds {
		if name := k.Name(); name == "" || b.kinds[name].Name() != "" || name == "recipient" || name == "metadata" {
			return nil, fmt.Errorf("batch: the columns of kind %q can't be told from others", name)
		}
		b.kinds[k.Name()] = k
		b.kindNames = append(b.kindNames, k.Name())
	}
	if len(kinds) == 0 {
		return nil, errors.New("batch: a registry needs a kind of destination")
	}
	text, whole, err := b.line()
	switch {
	case errors.Is(err, io.EOF):
		return nil, &RowError{Line: 1, LastLine: 1, Problems: []Problem{{Rule: "is missing: the file holds nothing"}}}
	case errors.Is(err, errLong):
		return nil, noHeader("", b.lines.number)
	case err != nil:
		return nil, fmt.Errorf("read the registry: %w", err)
	}
	if b.columns, err = readHeader(text, b.lines.number, known(kinds)); err != nil {
		return nil, err
	}
	if !whole {
		return nil, &RowError{Line: b.lines.number, LastLine: b.lines.number, Problems: []Problem{{Rule: cutOff}}}
	}
	b.width = len(b.columns)
	return b, nil
}

// Next returns the next row, whether it is right or not, or io.EOF. Another error
// is the file's, and ends it: what comes after is not known, and was not read.
func (b *Reader) Next() (Row, error) {
	text, whole, err := b.line()
	row := Row{Line: b.lines.number, LastLine: b.lines.number, columns: b.columns}
	p := problems{columns: b.columns}
	switch {
	case errors.Is(err, errLong):
		p.add("", errLong.Error())
		b.end(&row, true)
	case errors.Is(err, io.EOF):
		return Row{}, io.EOF
	case err != nil:
		return Row{}, fmt.Errorf("read the registry: %w", err)
	case !whole:
		p.add("", cutOff)
	default:
		b.read(&row, &p, text)
	}
	if row.Err = p.err(row.Line, row.LastLine); row.Err != nil {
		row.Reference = shown(row.Reference)
		row.Request = payout.Request{}
	}
	return row, nil
}

// read makes a row of a line.
func (b *Reader) read(row *Row, p *problems, text string) {
	fields, column, fault := split(text)
	if n := b.columns["reference"]; n <= len(fields) && (fault == "" || n < column) {
		row.Reference = fields[n-1]
	}
	switch {
	case fault != "":
		p.all = append(p.all, Problem{Column: column, Name: b.columns.name(column), Rule: fault})
		if fault == openQuote {
			b.end(row, false)
		}
	case len(fields) != b.width:
		p.add("", fmt.Sprintf("has %d columns, the header %d", len(fields), b.width))
	default:
		b.fill(row, p, fields)
	}
}

// line returns the next line that is not empty.
func (b *Reader) line() (text string, whole bool, err error) {
	for {
		raw, whole, err := b.lines.next()
		if text := string(raw); err != nil || strings.Trim(text, ",") != "" {
			return text, whole, err
		}
	}
}

// end takes the rest of the file for part of the row.
func (b *Reader) end(row *Row, begun bool) {
	b.lines.skip(begun)
	row.LastLine = b.lines.number
}
