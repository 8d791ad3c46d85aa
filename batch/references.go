package batch

import (
	"crypto/sha256"
	"fmt"
	"strings"
	"unicode/utf8"
)

// references are those of a file, each with the line that has it first.
type references struct {
	lines *table96
	// closed: the file was read to its end before, and is read again.
	closed bool
	buffer []byte
}

func newReferences() *references { return &references{lines: newTable96()} }

// fold stands for a reference without regard to case, since banks may take two that
// differ in nothing else for one. It is a hash, so that long references take no more
// memory than short ones.
func (r *references) fold(reference string) sum96 {
	r.buffer = append(r.buffer[:0], reference...)
	for i, c := range r.buffer {
		switch {
		case 'A' <= c && c <= 'Z':
			r.buffer[i] = c + 'a' - 'A'
		case c >= utf8.RuneSelf:
			r.buffer = append(r.buffer[:0], strings.ToLower(reference)...)
			return hash96(r.buffer)
		}
	}
	return hash96(r.buffer)
}

// claim is what a row needs to get its reference.
type claim struct {
	reference string             // that the file has; or that was derived, once it was
	content   *[sha256.Size]byte // that the reference is derived from; nil: it is not
	fold      sum96              // of the reference; of a content, of its first
	repeat    int                // how many rows before have the content
}

// claim is what the row that was verified last needs.
func (b *reader) claim() (c claim) {
	v := &b.verdict
	switch {
	case b.plan.reference >= 0:
		// A row counts even if it is wrong: which of two rows of one reference is meant is
		// not for us to say.
		c.reference = v.reference
		c.fold = b.references.fold(c.reference)
	case len(v.all) == 0:
		c.content = b.keyed.content(b.plan, v)
		c.fold = foldDerived(c.content, 1)
	}
	return c
}

// settle gives a line its reference, and returns the rule that this breaks.
func (r *references) settle(c *claim, line int) (rule string) {
	if c.content != nil {
		c.repeat = r.before(c, line)
		d := derived(c.content, uint32(c.repeat+1))
		c.reference = string(d[:])
		c.fold = hash96(d[:])
	}
	if c.reference == "" {
		return ""
	}
	var first uint32
	if r.closed {
		first = r.lines.get(c.fold)
	} else {
		first = r.lines.put(c.fold, uint32(line))
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

// has reports whether a row of the file has the reference.
func (r *references) has(reference string) bool {
	return r.lines.get(r.fold(reference)) != 0
}

// before returns how many rows before a line have a content.
func (r *references) before(c *claim, line int) int {
	taken := func(f sum96) bool {
		at := r.lines.get(f)
		return at != 0 && at < uint32(line)
	}
	if !taken(c.fold) {
		return 0
	}
	// Those that are taken are 1 to n without a gap, so n is found by halving.
	low, high := 1, 2 // low is taken; high is not
	for taken(foldDerived(c.content, uint32(high))) {
		low, high = high, 2*high
	}
	for high-low > 1 {
		if middle := (low + high) / 2; taken(foldDerived(c.content, uint32(middle))) {
			low = middle
		} else {
			high = middle
		}
	}
	return low
}

func foldDerived(content *[sha256.Size]byte, n uint32) sum96 {
	d := derived(content, n)
	return hash96(d[:])
}
