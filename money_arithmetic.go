package payout

import (
	"cmp"
	"math"
)

// Add returns m + n. Its errors are of kind [ErrMoneyMismatch] if the
// currencies differ, [ErrMoneyCurrency] if one of them is missing,
// [ErrMoneyOverflow] if the sum does not fit.
func (m Money) Add(n Money) (Money, error) {
	sum := m.minor + n.minor
	if m.cur != n.cur || m.cur == 0 {
		return Money{}, pairError(m, n)
	}
	// Two numbers overflow only if both have the sign that the sum lacks.
	if (m.minor^sum)&(n.minor^sum) < 0 {
		return Money{}, overflowError(m.cur)
	}
	return Money{sum, m.cur}, nil
}

// Sub returns m - n. Its errors are those of [Money.Add].
func (m Money) Sub(n Money) (Money, error) {
	difference := m.minor - n.minor
	if m.cur != n.cur || m.cur == 0 {
		return Money{}, pairError(m, n)
	}
	if (m.minor^n.minor)&(m.minor^difference) < 0 {
		return Money{}, overflowError(m.cur)
	}
	return Money{difference, m.cur}, nil
}

// Mul returns m * n. Its errors are of kind [ErrMoneyCurrency] for the zero
// Money and [ErrMoneyOverflow] if the product does not fit.
func (m Money) Mul(n int64) (Money, error) {
	if m.cur == 0 {
		return Money{}, currencyError(0)
	}
	product, ok := mul(m.minor, n)
	if !ok {
		return Money{}, overflowError(m.cur)
	}
	return Money{product, m.cur}, nil
}

func mul(a, b int64) (int64, bool) {
	if a == 0 || b == 0 {
		return 0, true
	}
	product := a * b
	// Dividing back can't see -1 * MinInt64, which wraps to itself.
	if (product < 0) != ((a < 0) != (b < 0)) || product/b != a {
		return 0, false
	}
	return product, true
}

// Neg returns -m. Its errors are of kind [ErrMoneyCurrency] for the zero Money
// and [ErrMoneyOverflow] for -2^63 minor units.
func (m Money) Neg() (Money, error) {
	if m.cur == 0 {
		return Money{}, currencyError(0)
	}
	if m.minor == math.MinInt64 {
		return Money{}, overflowError(m.cur)
	}
	return Money{-m.minor, m.cur}, nil
}

// Abs returns m without its sign. Its errors are those of [Money.Neg].
func (m Money) Abs() (Money, error) {
	if m.cur == 0 || m.minor < 0 {
		return m.Neg()
	}
	return m, nil
}

// Cmp returns -1 if m is less than n, 0 if they are equal and +1 if m is more.
// Its errors are of kind [ErrMoneyMismatch] if the currencies differ and
// [ErrMoneyCurrency] if one of them is missing. To ask only whether two amounts
// are the same, use ==.
func (m Money) Cmp(n Money) (int, error) {
	if m.cur != n.cur || m.cur == 0 {
		return 0, pairError(m, n)
	}
	return cmp.Compare(m.minor, n.minor), nil
}

// Sign returns -1 for an amount below zero, 0 for zero and +1 above.
func (m Money) Sign() int { return cmp.Compare(m.minor, 0) }

// IsZero reports whether the amount is zero, of whatever currency. Whether
// there is a currency is another question: m == Money{} or m.Currency() == 0
// asks it. Since encoding/json calls IsZero for fields tagged omitzero, that
// tag would drop 0.00 RUB: use [NullMoney] for an amount that may be absent.
func (m Money) IsZero() bool { return m.minor == 0 }

func pairError(m, n Money) error {
	if m.cur == 0 || n.cur == 0 {
		return currencyError(0)
	}
	return valueError(ErrMoneyMismatch, "%s and %s do not mix", m.cur, n.cur)
}

func overflowError(c Currency) error {
	return valueError(ErrMoneyOverflow, "the result in %s does not fit in 64 bits of minor units", c)
}
