package batch

import (
	"crypto/sha256"
	"encoding/binary"
)

// sum96 is a hash of 96 bits: among a million texts the chance that any two have one
// in common is less than 1 to 10^16.
type sum96 struct {
	a uint64
	b uint32
}

func hash96(text []byte) sum96 {
	sum := sha256.Sum256(text)
	return fold96(sum[:])
}

func fold96(sum []byte) sum96 {
	return sum96{binary.LittleEndian.Uint64(sum), binary.LittleEndian.Uint32(sum[8:])}
}

// table96 maps hashes to lines. A map would do the same; this one takes 16 bytes for
// an entry, and looks at one place in memory where a map looks at three: that is most
// of what a row of a large file costs. It is in parts that grow one after the other,
// so that growing takes little more memory meanwhile.
type table96 struct {
	parts   [256]part96
	touched uint32
}

type part96 struct {
	entries []entry96 // a quarter of them or more is free
	used    int
}

// entry96 is free if its line is 0. It has the sum's fields, and not the sum, which would
// take another 8 bytes.
type entry96 struct {
	a    uint64
	b    uint32
	line uint32
}

func (e *entry96) sum() sum96 { return sum96{e.a, e.b} }

func newTable96() *table96 {
	t := &table96{}
	for i := range t.parts {
		t.parts[i].entries = make([]entry96, 32)
	}
	return t
}

func (t *table96) part(s sum96) *part96 { return &t.parts[s.a>>56] }

// touch has the processor fetch the place of a hash. Many hashes in a row are fetched
// at once, and each by itself takes as long as half of a row to check.
func (t *table96) touch(s sum96) {
	p := t.part(s)
	t.touched += p.entries[p.first(s)].line
}

// first is where a hash is, unless another one was there before.
func (p *part96) first(s sum96) int { return int(s.a & (1<<32 - 1) * uint64(len(p.entries)) >> 32) }

// at is where a hash is, or would be.
func (p *part96) at(s sum96) *entry96 {
	for i := p.first(s); ; i++ {
		if i == len(p.entries) {
			i = 0
		}
		if e := &p.entries[i]; e.line == 0 || e.a == s.a && e.b == s.b {
			return e
		}
	}
}

// get returns the line of a hash, 0 if it has none.
func (t *table96) get(s sum96) (line uint32) { return t.part(s).at(s).line }

// put gives a line, which is not 0, to a hash that has none, and returns it. It
// returns the line that the hash has, if it has one.
func (t *table96) put(s sum96, line uint32) uint32 {
	p := t.part(s)
	e := p.at(s)
	if e.line != 0 {
		return e.line
	}
	if 4*(p.used+1) > 3*len(p.entries) {
		p.grow()
		e = p.at(s)
	}
	p.used++
	*e = entry96{s.a, s.b, line}
	return line
}

func (p *part96) grow() {
	old := p.entries
	p.entries = make([]entry96, len(old)+len(old)/2)
	for _, e := range old {
		if e.line != 0 {
			*p.at(e.sum()) = e
		}
	}
}
