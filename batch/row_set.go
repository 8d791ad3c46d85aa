package batch

// rowSet is a set of rows by their number: a bit of each.
type rowSet []uint64

func (s *rowSet) add(number int) {
	for number/64 >= len(*s) {
		*s = append(*s, 0)
	}
	(*s)[number/64] |= 1 << (number % 64)
}

func (s *rowSet) has(number int) bool {
	return number/64 < len(*s) && (*s)[number/64]>>(number%64)&1 == 1
}
