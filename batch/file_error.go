package batch

import "github.com/payoutkit/payout"

// FileError is what is wrong with a file as a whole: it is cut off, damaged, or of
// another format than was said. It is a [payout.ErrInvalid]: rows that were read
// before it may be right, but what comes after them is not known. It holds nothing
// from the file.
type FileError struct {
	Rule string
	// Err is why, where something else found it. It is not shown.
	Err error
}

func fileError(rule string, err error) error { return &FileError{Rule: rule, Err: err} }

// Error returns "the file " and the rule.
func (e *FileError) Error() string { return "the file " + e.Rule }

// Unwrap returns [payout.ErrInvalid] and Err.
func (e *FileError) Unwrap() []error {
	if e.Err == nil {
		return []error{payout.ErrInvalid}
	}
	return []error{payout.ErrInvalid, e.Err}
}
