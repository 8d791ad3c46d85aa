package batch

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/payoutkit/payout"
)

// RowError is what is wrong with one row, or with the header. Its text holds no value
// of a row. It is a [payout.ErrInvalid]: nothing was sent for the row.
type RowError struct {
	// Line is where the row is, from 1: the line of a CSV file, the row of a worksheet.
	// LastLine is the same, or the last line of the file if the rows after it could not
	// be read either.
	Line     int
	LastLine int
	// Problems are in the order of the columns.
	Problems []Problem
}

// Problem is one broken rule, in one column. Column counts from 1; it is 0 where
// the problem is of the row, or of a column that the file does not have.
type Problem struct {
	Column int
	Name   string // as the file calls the column
	Rule   string
	// Masked is what may be shown of the value: often nothing.
	Masked string
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
	plan   *plan    // nil for a header
	fields []string // the row's, nil if they are not known
	all    []Problem
}

// add adds a rule that the row breaks in a column, by our name for it.
func (p *problems) add(name, rule string) {
	problem := Problem{Column: p.plan.numbers[name], Name: name, Rule: rule}
	if problem.Column > 0 {
		problem.Name = p.plan.title(problem.Column)
		if problem.Column <= len(p.fields) {
			problem.Masked = p.plan.masked(problem.Column-1, p.fields[problem.Column-1])
		}
	}
	p.all = append(p.all, problem)
}

// err returns what was collected as an error, or nil.
func (p *problems) err(line, last int) error {
	if len(p.all) == 0 {
		return nil
	}
	all := slices.Clone(p.all)
	slices.SortStableFunc(all, func(a, b Problem) int { return cmp.Compare(a.Column, b.Column) })
	return &RowError{Line: line, LastLine: last, Problems: all}
}

func ruleOf(v payout.Violation) string {
	if v.Doc == "" {
		return v.Rule
	}
	return v.Rule + " (" + v.Doc + ")"
}
