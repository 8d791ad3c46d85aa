package reconcile

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"

	"golang.org/x/text/encoding/charmap"
)

// records takes a file apart into fields. What next returns is valid until its next call.
type records interface {
	// next returns a record and the line on which it begins, or io.EOF. A *FileError: the
	// rest can't be read. Another error is of the file's reader.
	next() (fields []string, line int, err error)
}

// openRecords skips what stands before the header.
func openRecords(r io.Reader, l Layout) (records, error) {
	if l.Charset == Windows1251 {
		r = charmap.Windows1251.NewDecoder().Reader(r)
	}
	limit := &bound{r: r}
	b := bufio.NewReaderSize(limit, maxRecord)
	if mark, err := b.Peek(3); err == nil && string(mark) == "\ufeff" {
		_, _ = b.Discard(3)
	}
	delimiter := l.Delimiter
	if delimiter == 0 {
		delimiter = ','
	}
	for n := range l.Skip {
		limit.read = 0
		if _, err := b.ReadSlice('\n'); err != nil {
			return nil, unreadable(err, n+1)
		}
	}
	if l.Unquoted {
		return &plain{bound: limit, r: b, delimiter: string(delimiter), line: l.Skip}, nil
	}
	q := &quoted{bound: limit, csv: csv.NewReader(b), skipped: l.Skip, line: l.Skip}
	q.csv.FieldsPerRecord, q.csv.ReuseRecord, q.csv.Comma = -1, true, delimiter
	return q, nil
}

// quoted are records by RFC 4180.
type quoted struct {
	*bound
	csv     *csv.Reader
	skipped int
	line    int // of the last record
}

func (q *quoted) next() ([]string, int, error) {
	q.read = 0
	fields, err := q.csv.Read()
	if err == nil {
		at, _ := q.csv.FieldPos(0)
		q.line = at + q.skipped
		return fields, q.line, nil
	}
	if wrong, ok := errors.AsType[*csv.ParseError](err); ok {
		return nil, 0, &FileError{Problem{Line: wrong.StartLine + q.skipped, Rule: badQuote}}
	}
	return nil, 0, unreadable(err, q.line+1)
}

// plain are records in which a quote means nothing.
type plain struct {
	*bound
	r         *bufio.Reader
	delimiter string
	line      int
}

func (p *plain) next() ([]string, int, error) {
	for {
		p.read = 0
		raw, err := p.r.ReadSlice('\n')
		if err != nil && (!errors.Is(err, io.EOF) || len(raw) == 0) {
			return nil, 0, unreadable(err, p.line+1)
		}
		p.line++
		if text := strings.TrimRight(string(raw), "\r\n"); text != "" {
			return strings.Split(text, p.delimiter), p.line, nil
		}
	}
}

// badQuote ends a file: whoever does not know where a field ends does not know which
// lines are rows, and which are in somebody's text.
const badQuote = "has a quote where none may be, so where its fields end can't be told, and nothing from it on was read; " +
	"if the bank does not quote fields, say so in the layout"

// maxRecord bounds what a record may hold, and with it what a quote that is never closed
// has the reader hold.
const maxRecord = 1 << 20

var errLong = fmt.Errorf("is longer than %d bytes, and nothing from it on was read", maxRecord)

// unreadable is an error after which nothing can be read.
func unreadable(err error, line int) error {
	switch {
	case errors.Is(err, io.EOF):
		return io.EOF
	case errors.Is(err, errLong), errors.Is(err, bufio.ErrBufferFull):
		return &FileError{Problem{Line: line, Rule: errLong.Error()}}
	default:
		return fmt.Errorf("reconcile: read the statement: %w", err)
	}
}

// bound is a reader that fails when too much is read at once.
type bound struct {
	r    io.Reader
	read int
}

func (b *bound) Read(p []byte) (int, error) {
	if b.read > maxRecord {
		return 0, errLong
	}
	n, err := b.r.Read(p)
	b.read += n
	return n, err
}
