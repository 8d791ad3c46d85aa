package payout

import (
	"fmt"
	"strconv"
)

// Money is an exact amount of one currency: a whole number of its minor units
// (kopecks, cents, yen), from -2^63 to 2^63-1.
//
// It is a value of 16 bytes without pointers. Two are equal under == exactly if
// amount and currency are equal, so it may be a map key. Nothing rounds,
// nothing passes through floating point, and nothing wraps: what can't be
// represented is refused with a [*MoneyError].
//
// The zero Money has no currency. It prints and encodes as "0", and every
// operation that returns an error refuses it: a sum starts at FromMinor(0,
// RUB), not at a zero Money. Every other Money has a currency that has a minor
// unit; there is no third state.
//
// Money is immutable, apart from the methods that decode into it, and so safe
// for concurrent use.
type Money struct {
	minor int64
	cur   Currency
}

// FromMinor returns minor minor units of cur: FromMinor(1042, USD) is 10.42 USD.
//
// For a currency that can't hold money (none, one not in the list, gold) it
// returns the zero Money, whatever the number: an amount of nothing in
// particular, which whatever needs a currency refuses. Where cur comes from
// outside, use [FromMinorAt], which returns an error.
func FromMinor(minor int64, cur Currency) Money {
	if cur.entry().digits == 0 {
		return Money{}
	}
	return Money{minor, cur}
}

// FromMinorAt is [FromMinor] for a bank that counts cur in units of its own:
// exponent is the number of decimal digits of the bank's unit, from 0 to 18,
// which for some banks and currencies is not [Currency.Exponent]. An amount
// that is no whole number of ISO's minor units is refused, with kind
// [ErrMoneyPrecision]; other kinds are [ErrMoneyOverflow], [ErrMoneyCurrency],
// and [ErrMoneyArgument] for the exponent.
func FromMinorAt(minor int64, exponent int, cur Currency) (Money, error) {
	digits := cur.Exponent()
	if digits < 0 {
		return Money{}, currencyError(cur)
	}
	converted, kind := rescale(minor, exponent, digits)
	if kind != 0 {
		amount := fmt.Sprintf("%d units of %d decimals", minor, exponent)
		return Money{}, rescaleError(kind, amount, "minor units of "+cur.Code(), exponent)
	}
	return Money{converted, cur}, nil
}

// Minor returns the amount in minor units of the currency.
func (m Money) Minor() int64 { return m.minor }

// MinorAt returns the amount in units of a bank that does not count as ISO 4217
// does: exponent is the number of decimal digits of the bank's unit, from 0 to
// 18. An amount that is no whole number of the bank's units is refused, with
// kind [ErrMoneyPrecision]; other kinds are [ErrMoneyOverflow],
// [ErrMoneyCurrency], and [ErrMoneyArgument] for the exponent.
func (m Money) MinorAt(exponent int) (int64, error) {
	if m.cur == 0 {
		return 0, currencyError(0)
	}
	units, kind := rescale(m.minor, m.cur.Exponent(), exponent)
	if kind != 0 {
		return 0, rescaleError(kind, m.String(), fmt.Sprintf("units of %d decimals", exponent), exponent)
	}
	return units, nil
}

// rescale converts units with from decimal digits to units with to. If kind is
// not 0, it says why it can't.
func rescale(minor int64, from, to int) (converted int64, kind MoneyErrorKind) {
	if min(from, to) < 0 || max(from, to) > maxExponent {
		return 0, ErrMoneyArgument
	}
	if from >= to {
		unit := int64(pow10[from-to])
		if minor%unit != 0 {
			return 0, ErrMoneyPrecision
		}
		return minor / unit, 0
	}
	converted, ok := mul(minor, int64(pow10[to-from]))
	if !ok {
		return 0, ErrMoneyOverflow
	}
	return converted, 0
}

// rescaleError says that amount does not make units of exponent decimals.
func rescaleError(kind MoneyErrorKind, amount, units string, exponent int) error {
	switch kind {
	case ErrMoneyPrecision:
		return valueError(kind, "%s is no whole number of %s", amount, units)
	case ErrMoneyOverflow:
		return valueError(kind, "%s does not fit in 64 bits of %s", amount, units)
	default:
		return valueError(kind, "an exponent is from 0 to %d, have %d", maxExponent, exponent)
	}
}

// Currency returns the currency, or 0 for the zero Money.
func (m Money) Currency() Currency { return m.cur }

// Major returns the amount in major units, with exactly as many decimals as the
// currency has: "10.42" for USD, "-1500" for JPY. The zero Money is "0".
func (m Money) Major() string {
	var buffer [maxMajor]byte
	return string(m.AppendMajor(buffer[:0]))
}

// AppendMajor appends what [Money.Major] returns to b.
func (m Money) AppendMajor(b []byte) []byte {
	magnitude := uint64(m.minor)
	if m.minor < 0 {
		b = append(b, '-')
		magnitude = -magnitude
	}
	exponent := m.cur.Exponent()
	if exponent <= 0 {
		return strconv.AppendUint(b, magnitude, 10)
	}
	unit := pow10[exponent]
	whole, fraction := magnitude/unit, magnitude%unit
	b = strconv.AppendUint(b, whole, 10)
	b = append(b, '.')
	for unit /= 10; unit > 0; unit /= 10 {
		b = append(b, '0'+byte(fraction/unit%10))
	}
	return b
}

// maxMajor is the length of "-922337203685477.5808", and maxText of that with a
// space and a code.
const (
	maxMajor = 21
	maxText  = maxMajor + 4
)

// String returns amount and currency, "10.42 USD", in the form that
// [ParseMoney] reads. The zero Money is "0".
func (m Money) String() string {
	var buffer [maxText]byte
	return string(m.appendText(buffer[:0]))
}

func (m Money) appendText(b []byte) []byte {
	b = m.AppendMajor(b)
	if m.cur == 0 {
		return b
	}
	b = append(b, ' ')
	return append(b, m.cur.Code()...)
}

const maxExponent = 18

// pow10 is never written to.
var pow10 = [maxExponent + 1]uint64{
	1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18,
}
