package reconcile

import "fmt"

// Problem is a rule that a row breaks, which was therefore not read. It holds no value
// of the row.
type Problem struct {
	Line int `json:"line"`
	// Column counts from 1. It is 0, and Name empty, where the problem is of the row.
	Column int    `json:"column,omitempty"`
	Name   string `json:"name,omitempty"`
	Rule   string `json:"rule"`
}

// String returns "line 7: column 3 (Сумма): rule".
func (p Problem) String() string {
	if p.Column == 0 {
		return fmt.Sprintf("line %d: %s", p.Line, p.Rule)
	}
	return fmt.Sprintf("line %d: column %d (%s): %s", p.Line, p.Column, p.Name, p.Rule)
}

// FileError is that a file is not what the layout says, from its header on.
type FileError struct{ Problem Problem }

// Error returns the problem.
func (e *FileError) Error() string { return "reconcile: the statement: " + e.Problem.String() }
