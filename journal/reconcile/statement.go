package reconcile

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/payoutkit/payout"
)

// row is what a statement says of one movement.
type row struct {
	line          int
	reference, id string
	money         payout.Money // more than zero
	credit        bool
	at            time.Time
}

// statement reads rows.
type statement struct {
	layout  Layout
	records records
	width   int
	columns map[string]int // by name, from 0
}

// open reads up to the header.
func open(r io.Reader, l Layout) (*statement, error) {
	s := &statement{layout: l, columns: map[string]int{}}
	var err error
	if s.records, err = openRecords(r, l); err == nil {
		var fields []string
		var line int
		if fields, line, err = s.records.next(); err == nil {
			return s, s.header(fields, line)
		}
	}
	if errors.Is(err, io.EOF) {
		err = &FileError{Problem{Line: l.Skip + 1, Rule: "the file ends before its header"}}
	}
	return nil, err
}

// header finds the columns.
func (s *statement) header(fields []string, line int) error {
	s.width = len(fields)
	names := make([]string, len(fields))
	for i, f := range fields {
		names[i] = strings.TrimSpace(f)
	}
	c := s.layout.Columns
	for _, name := range []string{c.Reference, c.ProviderID, c.Amount, c.Debit, c.Credit, c.Currency, c.Time} {
		at := slices.Index(names, name)
		switch {
		case name == "":
		case at < 0:
			return &FileError{Problem{Line: line, Rule: fmt.Sprintf("the header has no column %q", name)}}
		case slices.Contains(names[at+1:], name):
			return &FileError{Problem{Line: line, Rule: fmt.Sprintf("the header has the column %q twice", name)}}
		default:
			s.columns[name] = at
		}
	}
	return nil
}

// next returns a row, and what is wrong with it, or an error of [records].
func (s *statement) next() (row, []Problem, error) {
	for {
		fields, line, err := s.records.next()
		if err != nil {
			return row{}, nil, err
		}
		if strings.Join(fields, "") == "" {
			continue
		}
		r := reading{statement: s, fields: fields, row: row{line: line}}
		r.read()
		return r.row, r.problems, nil
	}
}

// reading makes a row of fields.
type reading struct {
	*statement
	fields   []string
	row      row
	problems []Problem
}

func (r *reading) bad(name, rule string) {
	if rule != "" {
		r.problems = append(r.problems, Problem{Line: r.row.line, Column: r.columns[name] + 1, Name: name, Rule: rule})
	}
}

// text is what stands in a column that is mapped.
func (r *reading) text(name string) string {
	if name == "" {
		return ""
	}
	text := strings.TrimSpace(r.fields[r.columns[name]])
	if !utf8.ValidString(text) || strings.ContainsRune(text, utf8.RuneError) {
		r.bad(name, "has letters that are not of the file's charset")
		return ""
	}
	return text
}

func (r *reading) read() {
	if len(r.fields) != r.width {
		r.problems = []Problem{{Line: r.row.line, Rule: fmt.Sprintf("has %d columns, the header %d", len(r.fields), r.width)}}
		return
	}
	c := r.layout.Columns
	r.row.reference, r.row.id = r.text(c.Reference), r.text(c.ProviderID)
	currency := r.layout.Currency
	if c.Currency != "" {
		var rule string
		currency, rule = r.layout.currency(r.text(c.Currency))
		r.bad(c.Currency, rule)
	}
	switch {
	case currency == 0: // of which amount, nobody knows
	case c.Amount != "":
		r.signed(currency)
	default:
		r.sides(currency)
	}
	layout, zone := r.layout.TimeLayout, r.layout.Zone
	if layout == "" {
		layout = time.RFC3339
	}
	if zone == nil {
		zone = time.UTC
	}
	var err error
	if r.row.at, err = time.ParseInLocation(layout, r.text(c.Time), zone); err != nil {
		r.bad(c.Time, fmt.Sprintf("must be a time such as %q", layout))
	}
}

// signed reads the one column of amounts.
func (r *reading) signed(currency payout.Currency) {
	name := r.layout.Columns.Amount
	m, rule := r.layout.amount(r.text(name), currency)
	if rule == "" && m.IsZero() {
		rule = notZero
	}
	abs, err := m.Abs()
	if rule == "" && err != nil {
		rule = tooLarge
	}
	r.bad(name, rule)
	r.row.money, r.row.credit = abs, (m.Sign() > 0) == (r.layout.Debits == DebitsNegative)
}

// sides reads the columns of debits and credits, of which a row has one.
func (r *reading) sides(currency payout.Currency) {
	c := r.layout.Columns
	side := func(name string) (payout.Money, bool) {
		text := r.text(name)
		if text == "" {
			return payout.Money{}, true
		}
		m, rule := r.layout.amount(text, currency)
		if rule == "" && m.Sign() < 0 {
			rule = notNegative
		}
		r.bad(name, rule)
		return m, rule == ""
	}
	debit, ok := side(c.Debit)
	credit, fine := side(c.Credit)
	switch {
	case !ok || !fine:
	case debit.IsZero() == credit.IsZero():
		r.bad(c.Debit, oneSide)
	case debit.IsZero():
		r.row.money, r.row.credit = credit, true
	default:
		r.row.money = debit
	}
}
