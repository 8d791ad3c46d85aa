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
// of what a row of a large file costs.
type table96 struct {
	entries []entry96 // their number is a power of 2, and a quarter of them or more is free
	used    int
	touched uint32
}

// entry96 is free if its line is 0.
type entry96 struct {
	sum96
	line uint32
}

func newTable96() *table96 { return &table96{entries: make([]entry96, 1<<10)} }

// at is where a hash is, or would be.
func (t *table96) at(s sum96) *entry96 {
	mask := uint64(len(t.entries) - 1)
	for i := s.a & mask; ; i = (i + 1) & mask {
		if e := &t.entries[i]; e.line == 0 || e.sum96 == s {
			return e
		}
	}
}

// touch has the processor fetch the place of a hash. Many hashes in a row are fetched
// at once, and each by itself takes as long as half of a row to check.
func (t *table96) touch(s sum96) { t.touched += t.entries[s.a&uint64(len(t.entries)-1)].line }

// get returns the line of a hash, 0 if it has none.
func (t *table96) get(s sum96) (line uint32) { return t.at(s).line }

// put gives a line, which is not 0, to a hash that has none, and returns it. It
// returns the line that the hash has, if it has one.
func (t *table96) put(s sum96, line uint32) uint32 {
	e := t.at(s)
	if e.line != 0 {
		return e.line
	}
	if 4*(t.used+1) > 3*len(t.entries) {
		t.grow()
		e = t.at(s)
	}
	t.used++
	*e = entry96{s, line}
	return line
}

func (t *table96) grow() {
	old := t.entries
	t.entries = make([]entry96, 2*len(old))
	for _, e := range old {
		if e.line != 0 {
			*t.at(e.sum96) = e
		}
	}
}
