package demo

import (
	"io"

	"github.com/payoutkit/payout"
)

// printer shows results as they come, and what they came to.
type printer interface {
	begin(registry string, banks []*payout.Client)
	result(Result)
	end(Summary)
}

func newPrinter(out io.Writer, json bool) printer {
	if json {
		return newJSONPrinter(out)
	}
	return textPrinter{out}
}

// sink keeps the first error of a writer: payouts under way are brought to their end
// even if nobody can be told.
type sink struct {
	out io.Writer
	err error
}

// Write implements [io.Writer]. It never fails.
func (s *sink) Write(text []byte) (int, error) {
	if s.err == nil {
		_, s.err = s.out.Write(text)
	}
	return len(text), nil
}
