package payout

import "math/bits"

// maxParts bounds what [Money.Split] allocates.
const maxParts = 1 << 20

// Split divides m into n parts that add up to m and differ by at most one minor
// unit: the first parts get the larger share. 1.00 USD in three is 0.34, 0.33,
// 0.33; a negative amount is divided as its absolute value is. n is from 1 to
// 1048576; beyond that use [Money.SplitInto]. Errors are of kind
// [ErrMoneyCurrency] for the zero Money and [ErrMoneyArgument] for n.
func (m Money) Split(n int) ([]Money, error) {
	// Small enough to be inlined, so that a caller who only looks at a few
	// parts gets them on its stack. For three parts that is most of the time
	// that a split takes.
	return m.split(make([]Money, fewParts), n)
}

const fewParts = 4

// split uses few if it is long enough.
func (m Money) split(few []Money, n int) ([]Money, error) {
	if n < 1 || n > maxParts {
		return nil, valueError(ErrMoneyArgument, "a split is into 1 to %d parts, have %d", maxParts, n)
	}
	parts := few
	if n > len(few) {
		parts = make([]Money, n)
	}
	parts = parts[:n:n]
	if err := m.SplitInto(parts); err != nil {
		return nil, err
	}
	return parts, nil
}

// SplitInto is [Money.Split] into the elements of parts, of which there must be
// one at least. If it returns an error, it has not changed them.
func (m Money) SplitInto(parts []Money) error {
	if m.cur == 0 {
		return currencyError(0)
	}
	if len(parts) == 0 {
		return valueError(ErrMoneyArgument, "a split is into 1 part at least, have 0")
	}
	n := int64(len(parts))
	share, rest := m.minor/n, m.minor%n
	one := int64(1)
	if rest < 0 {
		one, rest = -1, -rest
	}
	for i := range parts {
		minor := share
		if int64(i) < rest {
			minor += one
		}
		parts[i] = Money{minor, m.cur}
	}
	return nil
}

// Allocate divides m in proportion to ratios, into as many parts, which add up
// to m.
//
// Each part is its exact share cut down to a whole number of minor units; the
// units left over go, one each, to the first of those parts whose share was not
// whole. So no part is a whole unit away from its exact share, a zero ratio
// gets nothing, and equal ratios give what [Money.Split] gives. A negative
// amount is divided as its absolute value is.
//
// Ratios are not negative, and not all are zero: that is kind
// [ErrMoneyArgument]. Their sum must be below 2^64, else it is
// [ErrMoneyOverflow]; the zero Money is [ErrMoneyCurrency].
func (m Money) Allocate(ratios ...int64) ([]Money, error) {
	total, err := m.totalRatio(ratios)
	if err != nil {
		return nil, err
	}
	parts := make([]Money, len(ratios))
	m.allocate(parts, ratios, total)
	return parts, nil
}

// AllocateInto is [Money.Allocate] into the elements of parts, of which there
// must be as many as ratios: else it is kind [ErrMoneyArgument]. If it returns
// an error, it has not changed them.
func (m Money) AllocateInto(parts []Money, ratios ...int64) error {
	total, err := m.totalRatio(ratios)
	if err != nil {
		return err
	}
	if len(parts) != len(ratios) {
		return valueError(ErrMoneyArgument, "%d ratios are for as many parts, have %d", len(ratios), len(parts))
	}
	m.allocate(parts, ratios, total)
	return nil
}

func (m Money) totalRatio(ratios []int64) (uint64, error) {
	if m.cur == 0 {
		return 0, currencyError(0)
	}
	var total, carry uint64
	for i, ratio := range ratios {
		if ratio < 0 {
			return 0, valueError(ErrMoneyArgument, "a ratio is not negative, ratio %d is %d", i, ratio)
		}
		if total, carry = bits.Add64(total, uint64(ratio), 0); carry != 0 {
			return 0, valueError(ErrMoneyOverflow, "the sum of the ratios does not fit in 64 bits")
		}
	}
	if total == 0 {
		return 0, valueError(ErrMoneyArgument, "of %d ratios none is above zero", len(ratios))
	}
	return total, nil
}

func (m Money) allocate(parts []Money, ratios []int64, total uint64) {
	magnitude := uint64(m.minor)
	if m.minor < 0 {
		magnitude = -magnitude
	}
	rest := magnitude
	for _, ratio := range ratios {
		share, _ := shareOf(magnitude, ratio, total)
		rest -= share
	}
	for i, ratio := range ratios {
		share, remainder := shareOf(magnitude, ratio, total)
		if remainder > 0 && rest > 0 {
			share++
			rest--
		}
		// In two's complement this holds for a share of 2^63 too.
		minor := int64(share)
		if m.minor < 0 {
			minor = -minor
		}
		parts[i] = Money{minor, m.cur}
	}
}

// shareOf returns magnitude * ratio / total and the remainder. The quotient
// fits: ratio is at most total.
func shareOf(magnitude uint64, ratio int64, total uint64) (share, remainder uint64) {
	high, low := bits.Mul64(magnitude, uint64(ratio))
	return bits.Div64(high, low, total)
}
