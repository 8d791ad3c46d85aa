package batch

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/payoutkit/payout"
)

// RowError is what is wrong with one row, or with the header. It holds no value of a
// row. It is a [payout.ErrInvalid]: nothing was sent for the row.
type RowError struct {
	// Line is where the row is, from 1. LastLine is the same, or the last line of the
	// file if the rows after it could not be read either.
	Line     int
	LastLine int
	// Problems are in the order of the columns.
	Problems []Problem
}

// Problem is one broken rule, in one column. Column counts from 1; it is 0 where
// the problem is of the row, or of a column that the file does not have.
type Problem struct {
	Column int
	Name   string
	Rule   string
}

// Error returns "line 7: column 3 (currency): rule; column ...".
func (e *RowError) Error() string {
	parts := make([]string, len(e.Problems))
	for i, p := range e.Problems {
		parts[i] = p.String()
	}
	if e.LastLine > e.Line {
		parts = append(parts, "whether the lines after it are rows can't be told, so none of them was read")
		return fmt.Sprintf("lines %d to %d: %s", e.Line, e.LastLine, strings.Join(parts, "; "))
	}
	return fmt.Sprintf("line %d: %s", e.Line, strings.Join(parts, "; "))
}

// Unwrap returns [payout.ErrInvalid].
func (e *RowError) Unwrap() error { return payout.ErrInvalid }

// String returns "column 3 (currency): rule".
func (p Problem) String() string {
	switch {
	case p.Column > 0 && p.Name != "":
		return fmt.Sprintf("column %d (%s): %s", p.Column, p.Name, p.Rule)
	case p.Column > 0:
		return fmt.Sprintf("column %d: %s", p.Column, p.Rule)
	case p.Name != "":
		return fmt.Sprintf("column %s: %s", p.Name, p.Rule)
	default:
		return p.Rule
	}
}

// problems collects what is wrong with one line.
type problems struct {
	columns columns
	all     []Problem
}

func (p *problems) add(name, rule string) {
	p.all = append(p.all, Problem{Column: p.columns[name], Name: name, Rule: rule})
}

// check adds the rules that a record breaks. Its fields are in the columns that begin
// with prefix.
func (p *problems) check(record payout.Record, prefix string) {
	for _, v := range record.Kind().Check(record, "") {
		p.add(prefix+strings.TrimPrefix(v.Field, "."), ruleOf(v))
	}
}

// err returns what was collected as an error, or nil.
func (p *problems) err(line, last int) error {
	if len(p.all) == 0 {
		return nil
	}
	slices.SortStableFunc(p.all, func(a, b Problem) int { return cmp.Compare(a.Column, b.Column) })
	return &RowError{Line: line, LastLine: last, Problems: p.all}
}

func ruleOf(v payout.Violation) string {
	if v.Doc == "" {
		return v.Rule
	}
	return v.Rule + " (" + v.Doc + ")"
}
