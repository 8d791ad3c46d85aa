package batch

import (
	"encoding/binary"
	"hash/maphash"
	"slices"
)

// Repeat is a right row that says the same as one before it, but for the reference. Each is
// a payout of its own: whether it is meant only a person can tell.
type Repeat struct {
	Line  int
	First int // the first line that says so
}

// repeats finds rows that say the same in a file with a column of references. Where
// references are derived they tell.
type repeats struct {
	seed  maphash.Seed
	lines *table96
}

// said is a hash of everything that a row says but its reference. Nobody can foresee it, and
// it is never shown.
func (b *block) said(seed maphash.Seed, v *verdict) sum96 {
	var h maphash.Hash
	h.SetSeed(seed)
	put := func(text string) {
		var length [4]byte
		binary.BigEndian.PutUint32(length[:], uint32(len(text)))
		_, _ = h.Write(length[:])
		_, _ = h.WriteString(text)
	}
	put(b.plan.kinds[v.kind].Name())
	put(v.amount.Currency().Code())
	var minor [8]byte
	binary.BigEndian.PutUint64(minor[:], uint64(v.amount.Minor()))
	_, _ = h.Write(minor[:])
	for _, i := range b.plan.content {
		put(v.fields[i])
	}
	sum := h.Sum64()
	_ = h.WriteByte(1)
	return sum96{sum, uint32(h.Sum64())}
}

// repeats returns the first line that says the same as a right row, 0 if that is the first.
func (k *checker) repeats(row *blockRow) int {
	switch {
	case row.derived && row.verdict.repeat > 0:
		return int(k.report.references.lines.get(row.first))
	case row.derived:
		return 0
	}
	if first := k.repeated.lines.put(row.said, uint32(row.line)); int(first) != row.line {
		return int(first)
	}
	return 0
}

// repeat counts a row that says the same as one before.
func (k *checker) repeat(row *blockRow, first int) {
	k.report.Repeated++
	if row.rounded {
		k.roundedRepeats++
	}
	if len(k.report.Repeating) < k.Keep {
		k.report.Repeating = append(k.report.Repeating, Repeat{row.line, first})
	}
}

// forget takes a row away that is none of the right ones in the end.
func (r *Report) forget(line int) {
	r.Repeating = slices.DeleteFunc(r.Repeating, func(again Repeat) bool { return again.Line == line })
}
