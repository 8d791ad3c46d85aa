package batch

import (
	"encoding/xml"
	"errors"
	"io"
	"strconv"
	"strings"
)

// Excel's own bounds of a worksheet.
const (
	maxRows    = 1 << 20
	maxColumns = 1 << 14
)

// worksheet is a worksheet as a table.
type worksheet struct {
	source *source
	part   *part
	shared *sharedStrings
	row    int // that was read last
	err    error
	// What the header says: the number of columns, and the one that may hold numbers,
	// from 1. The header itself has neither.
	columns, amount int
}

// open reads the header.
func (w *worksheet) open(o Options) (*Reader, error) {
	var rec record
	err := w.next(&rec)
	switch {
	case errors.Is(err, io.EOF):
		return nil, headerError(1, "is missing: the file holds nothing")
	case err != nil:
		return nil, broken(err)
	case len(rec.faults) > 0:
		p := problems{all: rec.faults}
		return nil, p.err(rec.line, rec.line)
	}
	c, l, err := readHeader(rec.fields, rec.line, o, "")
	if err != nil {
		return nil, err
	}
	w.columns, w.amount = len(c.titles), c.numbers["amount"]
	return newReader(w, c, l, o), nil
}

func (w *worksheet) next(rec *record) error {
	for w.err == nil {
		if w.err = w.read(rec); w.err == nil && !rec.empty() {
			for len(rec.fields) < w.columns && len(rec.faults) == 0 {
				rec.fields = append(rec.fields, "")
			}
			return nil
		}
	}
	return w.err
}

// read reads the next row, empty or not.
func (w *worksheet) read(rec *record) error {
	for {
		w.part.more()
		token, err := w.part.Token()
		if err != nil {
			return w.source.fail(err)
		}
		switch t := token.(type) {
		case xml.StartElement:
			if t.Name.Local == "row" {
				if err := w.readRow(rec, t); err != nil {
					return w.source.fail(err)
				}
				return nil
			}
		case xml.EndElement:
			if t.Name.Local == "sheetData" {
				if err := w.part.rest(); err != nil {
					return w.source.fail(err)
				}
				return io.EOF
			}
		}
	}
}

func (w *worksheet) readRow(rec *record, row xml.StartElement) error {
	number := w.row + 1
	if text := attribute(row, "r"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < number {
			return errOrder
		}
		number = n
	}
	if w.row = number; number > maxRows {
		return fileError("has more rows than a worksheet can have", nil)
	}
	rec.reset(number)
	for {
		token, err := w.part.Token()
		if err != nil {
			return err
		}
		switch t := token.(type) {
		case xml.StartElement:
			if t.Name.Local != "c" {
				if err := w.part.Skip(); err != nil {
					return err
				}
				continue
			}
			if err := w.readCell(rec, t); err != nil {
				return err
			}
		case xml.EndElement:
			for n := len(rec.fields); n > w.columns && rec.fields[n-1] == ""; n-- { // formatted, but empty
				rec.fields = rec.fields[:n-1]
			}
			if hidden := attribute(row, "hidden"); hidden != "" && hidden != "0" && hidden != "false" && !rec.empty() {
				rec.faults = rec.faults[:0]
				rec.fault(0, "is hidden in the spreadsheet: show it, or delete it")
			}
			return nil
		}
	}
}

var errOrder = errors.New("rows or cells are not in order")

// readCell appends a cell to its row, and empty ones for those that are left out.
func (w *worksheet) readCell(rec *record, start xml.StartElement) error {
	column := len(rec.fields) + 1
	if name := attribute(start, "r"); name != "" {
		n, row, ok := place(name)
		if !ok || n < column || row != rec.line {
			return errOrder
		}
		column = n
	}
	if column > maxColumns {
		return errOrder
	}
	c, err := w.part.cell(attribute(start, "t"))
	if err != nil {
		return err
	}
	text, rule := c.value(w.shared, column == w.amount)
	for len(rec.fields) < column-1 {
		rec.fields = append(rec.fields, "")
	}
	rec.fields = append(rec.fields, text)
	if rule != "" {
		rec.fault(column, rule)
	}
	return nil
}

func attribute(e xml.StartElement, name string) string {
	for i := range e.Attr {
		if e.Attr[i].Name.Local == name && e.Attr[i].Name.Space == "" {
			return e.Attr[i].Value
		}
	}
	return ""
}

// place reads a cell's name, such as BC12.
func place(name string) (column, row int, ok bool) {
	digits := strings.TrimLeft(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
	for _, letter := range name[:len(name)-len(digits)] {
		if column = 26*column + int(letter-'A') + 1; column > maxColumns {
			return 0, 0, false
		}
	}
	row, err := strconv.Atoi(digits)
	return column, row, err == nil && column > 0
}
