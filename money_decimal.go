package payout

import (
	"math/big"

	"github.com/shopspring/decimal"
)

// FromDecimal returns an amount in major units of cur. A decimal with digits
// beyond the currency's decimals is of kind [ErrMoneyPrecision], unless they
// are zeros; one that does not fit is [ErrMoneyOverflow]; a cur that can't hold
// money is [ErrMoneyCurrency]. It is quick whatever the decimal's exponent is,
// and the package variables of shopspring/decimal do not change it.
func FromDecimal(amount decimal.Decimal, cur Currency) (Money, error) {
	exponent := cur.Exponent()
	if exponent < 0 {
		return Money{}, currencyError(cur)
	}
	// The methods of decimal.Decimal that compare, rescale or return an int64
	// either take time that grows with the exponent or wrap. These two do
	// neither.
	coefficient := amount.Coefficient()
	scale := int64(amount.Exponent()) + int64(exponent)

	if coefficient.Sign() == 0 {
		return Money{0, cur}, nil
	}
	if scale < 0 {
		// 10^n has more than 3n bits, so it divides nothing shorter. This keeps
		// it no larger than the coefficient.
		if -3*scale >= int64(coefficient.BitLen()) {
			return Money{}, decimalError(ErrMoneyPrecision, cur)
		}
		unit := new(big.Int).Exp(big.NewInt(10), big.NewInt(-scale), nil)
		remainder := new(big.Int)
		if coefficient.QuoRem(coefficient, unit, remainder); remainder.Sign() != 0 {
			return Money{}, decimalError(ErrMoneyPrecision, cur)
		}
		scale = 0
	}
	if !coefficient.IsInt64() || scale > maxExponent {
		return Money{}, decimalError(ErrMoneyOverflow, cur)
	}
	minor, ok := mul(coefficient.Int64(), int64(pow10[scale]))
	if !ok {
		return Money{}, decimalError(ErrMoneyOverflow, cur)
	}
	return Money{minor, cur}, nil
}

// decimalError does not show the decimal: writing one out takes as long as its
// exponent is large.
func decimalError(kind MoneyErrorKind, cur Currency) error {
	if kind == ErrMoneyPrecision {
		return valueError(kind, "%s has %d decimals, the decimal has digits beyond", cur, cur.Exponent())
	}
	return valueError(kind, "the decimal in %s does not fit in 64 bits of minor units", cur)
}

// Decimal returns the amount in major units. The zero Money is 0.
func (m Money) Decimal() decimal.Decimal {
	return decimal.New(m.minor, -int32(max(0, m.cur.Exponent())))
}
