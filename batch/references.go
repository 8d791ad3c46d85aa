package batch

import (
	"crypto/sha256"
	"fmt"
	"strings"
	"unicode/utf8"
)

// references are those of a file, each with the line that has it first.
type references struct {
	lines   *table96
	derived bool // from the rows' content, all of them
	// closed: the file was read to its end before, and is read again.
	closed bool
}

func newReferences(derived bool) *references {
	return &references{lines: newTable96(), derived: derived}
}

// fold stands for a reference without regard to case, since banks may take two that
// differ in nothing else for one. It is a hash, so that long references take no more
// memory than short ones.
func fold(reference string) sum96 {
	var short [64]byte
	text := append(short[:0], reference...)
	for i, c := range text {
		switch {
		case 'A' <= c && c <= 'Z':
			text[i] = c + 'a' - 'A'
		case c >= utf8.RuneSelf:
			return hash96([]byte(strings.ToLower(reference)))
		}
	}
	return hash96(text)
}

// claim is what a row needs to get its reference.
type claim struct {
	reference string            // that the file has
	derived   bool              // from content, by how often the file had that before
	content   [sha256.Size]byte // of the row
	first     sum96             // of the reference, or of the content's first
	repeat    int               // how many rows before have the content
	given     derivation        // the reference, once it was derived
}

// claim is what a row that was verified needs.
func (x *verifier) claim(v *verdict, c *claim) {
	*c = claim{reference: v.reference}
	switch {
	case c.reference != "":
		// A row counts even if it is wrong: which of two rows of one reference is meant is
		// not for us to say.
		c.first = fold(c.reference)
	case x.plan.reference < 0 && len(v.all) == 0:
		c.derived, c.content = true, x.keyed.content(x.plan, v)
		c.given = derive(&c.content, 1)
		c.first = c.given.fold()
	}
}

// settle gives a line its reference, and returns the rule that this breaks.
func (r *references) settle(c *claim, line int) (rule string) {
	if !c.derived && c.reference == "" {
		return ""
	}
	fold := c.first
	if c.derived {
		if c.repeat = r.before(c, line); c.repeat > 0 {
			c.given = derive(&c.content, uint32(c.repeat+1))
		}
		fold = c.given.fold()
	}
	var first uint32
	if r.closed {
		first = r.lines.get(fold)
	} else {
		first = r.lines.put(fold, uint32(line))
	}
	switch first {
	case uint32(line):
		return ""
	case 0:
		return "was not there when the file was checked: the file has changed since"
	default:
		return fmt.Sprintf("stands twice: one reference is one payout, and line %d has it already", first)
	}
}

// text is the reference that the row has got.
func (c *claim) text() string {
	if c.derived {
		return c.given.String()
	}
	return c.reference
}

// has reports whether a row of the file has the reference.
func (r *references) has(reference string) bool {
	if !r.derived {
		return r.lines.get(fold(reference)) != 0
	}
	d, ok := readDerivation(reference)
	return ok && r.lines.get(d.fold()) != 0
}

// before returns how many rows before a line have a content.
func (r *references) before(c *claim, line int) int {
	taken := func(f sum96) bool {
		at := r.lines.get(f)
		return at != 0 && at < uint32(line)
	}
	if !taken(c.first) {
		return 0
	}
	nth := func(n int) sum96 {
		d := derive(&c.content, uint32(n))
		return d.fold()
	}
	// Those that are taken are 1 to n without a gap, so n is found by halving.
	low, high := 1, 2 // low is taken; high is not
	for taken(nth(high)) {
		low, high = high, 2*high
	}
	for high-low > 1 {
		if middle := (low + high) / 2; taken(nth(middle)) {
			low = middle
		} else {
			high = middle
		}
	}
	return low
}

func (d *derivation) fold() sum96 { return fold96(d[:]) }
