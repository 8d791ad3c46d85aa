package batch

// table is a file as rows of texts, whatever its format is.
type table interface {
	// next reads the next record that holds anything. Its error is io.EOF at the end of
	// the file, or the file's own; it comes again with every call.
	next(rec *record) error
}

// record is one row of a file. Its fields are valid until the next one is read.
type record struct {
	line, last int // last is greater where the lines after it could not be read
	fields     []string
	// faults are what is wrong with the row's texts as such. Nothing else is looked at
	// then, but the fields are right as far as they go.
	faults []Problem
}

func (r *record) reset(line int) {
	r.line, r.last = line, line
	r.fields, r.faults = r.fields[:0], r.faults[:0]
}

func (r *record) fault(column int, rule string) {
	r.faults = append(r.faults, Problem{Column: column, Rule: rule})
}

// empty reports whether the row holds nothing.
func (r *record) empty() bool {
	for _, text := range r.fields {
		if text != "" {
			return false
		}
	}
	return len(r.faults) == 0
}
