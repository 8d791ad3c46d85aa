package batch

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"strings"
)

const cutOff = "has no line break at its end: the file may have been cut off"

// csvTable is a CSV file as a table.
type csvTable struct {
	lines     *lines
	encoding  Encoding
	separator byte
}

// newCSV begins a file. The separator is known once the header is.
func newCSV(r io.Reader, encoding Encoding) (*csvTable, error) {
	br := bufio.NewReaderSize(r, maxLine)
	if mark, err := br.Peek(3); err == nil && string(mark) == "\ufeff" {
		if encoding != UTF8 {
			return nil, fileError("begins with the mark of UTF-8, and was said to be in Windows-1251", nil)
		}
		_, _ = br.Discard(3)
	}
	return &csvTable{lines: &lines{r: br}, encoding: encoding}, nil
}

// header returns the first line that is not empty. whole is false if it has no line
// break.
func (c *csvTable) header() (text string, whole bool, err error) {
	raw, whole, err := c.line(",;")
	if err != nil {
		return "", false, err
	}
	text, rule := c.encoding.decode(raw)
	if rule != "" {
		return "", false, headerError(c.lines.number, rule)
	}
	return text, whole, nil
}

func (c *csvTable) next(rec *record) error {
	raw, whole, err := c.line(string(c.separator))
	rec.reset(c.lines.number)
	switch {
	case errors.Is(err, errLong):
		rec.fault(0, errLong.Error())
		c.lines.skip(true)
	case err != nil:
		return err
	case !whole:
		rec.fault(0, cutOff)
	default:
		c.take(rec, raw)
	}
	rec.last = c.lines.number
	return nil
}

// take makes a record of a line.
func (c *csvTable) take(rec *record, raw []byte) {
	text, rule := c.encoding.decode(raw)
	if rule != "" {
		rec.fault(0, rule)
		return
	}
	var column int
	if rec.fields, column, rule = split(rec.fields, text, c.separator); rule == "" {
		return
	}
	rec.fields = rec.fields[:min(column-1, len(rec.fields))] // what comes after is not sure
	rec.fault(column, rule)
	if rule == openQuote {
		c.lines.skip(false)
	}
}

// line returns the next line that holds more than separators.
func (c *csvTable) line(separators string) (raw []byte, whole bool, err error) {
	for {
		raw, whole, err := c.lines.next()
		if err != nil || (len(raw) > 0 && (!strings.Contains(separators, string(raw[:1])) || len(bytes.Trim(raw, separators)) > 0)) {
			return raw, whole, err
		}
	}
}
