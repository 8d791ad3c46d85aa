package payout_test

import (
	"math"
	"math/big"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
)

func TestFromDecimal(t *testing.T) {
	for _, test := range []struct {
		name   string
		amount decimal.Decimal
		cur    payout.Currency
		minor  int64
	}{
		{"the zero value", decimal.Decimal{}, payout.USD, 0},
		{"cents", decimal.New(1042, -2), payout.USD, 1042},
		{"negative", decimal.New(-1042, -2), payout.USD, -1042},
		{"dollars", decimal.New(10, 0), payout.USD, 1000},
		{"thousands", decimal.New(10, 3), payout.USD, 1000000},
		{"zeros beyond", decimal.New(10420000, -6), payout.USD, 1042},
		{"yen", decimal.New(10420, -1), payout.JPY, 1042},
		{"the largest", decimal.New(math.MaxInt64, -2), payout.USD, math.MaxInt64},
		{"the smallest", decimal.New(math.MinInt64, -2), payout.USD, math.MinInt64},
		{"the smallest, with zeros", decimal.NewFromBigInt(shifted(math.MinInt64, 50), -52), payout.USD, math.MinInt64},
		{"nothing, with a huge exponent", decimal.New(0, math.MaxInt32), payout.USD, 0},
		{"nothing, with a tiny exponent", decimal.New(0, math.MinInt32), payout.USD, 0},
		{"the largest power of ten", decimal.New(1, 16), payout.USD, 1e18},
	} {
		t.Run(test.name, func(t *testing.T) {
			m, err := payout.FromDecimal(test.amount, test.cur)
			require.NoError(t, err)
			assert.Equal(t, payout.FromMinor(test.minor, test.cur), m)
		})
	}
}

func TestFromDecimalRefuses(t *testing.T) {
	ones := new(big.Int).Sub(new(big.Int).Lsh(big.NewInt(1), 1e6), big.NewInt(1))
	for _, test := range []struct {
		name   string
		amount decimal.Decimal
		cur    payout.Currency
		kind   payout.MoneyErrorKind
	}{
		{"half a cent", decimal.New(10425, -3), payout.USD, payout.ErrMoneyPrecision},
		{"half a yen", decimal.New(5, -1), payout.JPY, payout.ErrMoneyPrecision},
		{"8 that is no 10", decimal.New(8, -3), payout.USD, payout.ErrMoneyPrecision},
		{"one more than the largest", decimal.NewFromBigInt(new(big.Int).SetUint64(1<<63), -2), payout.USD, payout.ErrMoneyOverflow},
		{"2^64", decimal.NewFromBigInt(new(big.Int).Lsh(big.NewInt(1), 64), -2), payout.USD, payout.ErrMoneyOverflow},
		{"2^64 dollars", decimal.NewFromBigInt(new(big.Int).Lsh(big.NewInt(1), 64), 0), payout.USD, payout.ErrMoneyOverflow},
		{"2^65 after scaling", decimal.New(1<<62, 17), payout.USD, payout.ErrMoneyOverflow},
		{"2^65 times 125, which wraps to 0", decimal.New(1<<62, 1), payout.USD, payout.ErrMoneyOverflow},
		{"ten too much", decimal.New(1, 17), payout.USD, payout.ErrMoneyOverflow},
		{"an exponent just beyond the table", decimal.New(1, 19), payout.JPY, payout.ErrMoneyOverflow},
		{"1e20000000", decimal.New(1, 20000000), payout.USD, payout.ErrMoneyOverflow},
		{"the largest exponent", decimal.New(1, math.MaxInt32), payout.USD, payout.ErrMoneyOverflow},
		{"the largest exponent and 4 digits", decimal.New(1, math.MaxInt32), payout.CLF, payout.ErrMoneyOverflow},
		{"1e-20000000", decimal.New(1, -20000000), payout.USD, payout.ErrMoneyPrecision},
		{"the smallest exponent", decimal.New(-1, math.MinInt32), payout.USD, payout.ErrMoneyPrecision},
		{"a million bits and a tiny exponent", decimal.NewFromBigInt(ones, math.MinInt32), payout.USD, payout.ErrMoneyPrecision},
		{"a million bits", decimal.NewFromBigInt(ones, 0), payout.USD, payout.ErrMoneyOverflow},
		{"a power of two of a million bits", decimal.NewFromBigInt(new(big.Int).Lsh(big.NewInt(1), 1e6), -300000), payout.USD, payout.ErrMoneyPrecision},
	} {
		t.Run(test.name, func(t *testing.T) {
			start := time.Now()
			m, err := payout.FromDecimal(test.amount, test.cur)
			assert.ErrorIs(t, err, test.kind)
			assert.Equal(t, payout.Money{}, m)
			assert.Less(t, len(err.Error()), 200)
			// Working 1e20000000 out takes seconds, the smallest exponent all memory.
			assert.Less(t, time.Since(start), time.Second)
		})
	}
}

// Not parallel: it changes variables of the other package while it runs.
func TestDecimalPackageVariablesChangeNothing(t *testing.T) {
	division, quoted, trim, scientific := decimal.DivisionPrecision, decimal.MarshalJSONWithoutQuotes, decimal.TrimTrailingZeros, decimal.UseScientificNotation
	power, iterations, decode, zero := decimal.PowPrecisionNegativeExponent, decimal.ExpMaxIterations, decimal.MaxDecodeExponent, decimal.Zero
	defer func() {
		decimal.DivisionPrecision, decimal.MarshalJSONWithoutQuotes, decimal.TrimTrailingZeros, decimal.UseScientificNotation = division, quoted, trim, scientific
		decimal.PowPrecisionNegativeExponent, decimal.ExpMaxIterations, decimal.MaxDecodeExponent, decimal.Zero = power, iterations, decode, zero
	}()

	type everything struct {
		text, major, json string
		fromDecimal       payout.Money
		exact             bool
		precision         error
	}
	observe := func() (e everything) {
		m := payout.MustMoney("1500.10 RUB")
		data, err := m.MarshalJSON()
		require.NoError(t, err)
		e.text, e.major, e.json = m.String(), m.Major(), string(data)
		e.fromDecimal, err = payout.FromDecimal(decimal.New(15001000, -4), payout.RUB)
		require.NoError(t, err)
		e.exact = m.Decimal().Rat().Cmp(big.NewRat(150010, 100)) == 0
		_, e.precision = payout.FromDecimal(decimal.New(15001001, -4), payout.RUB)
		return e
	}

	before := observe()
	decimal.DivisionPrecision, decimal.MarshalJSONWithoutQuotes, decimal.TrimTrailingZeros, decimal.UseScientificNotation = 0, true, false, true
	decimal.PowPrecisionNegativeExponent, decimal.ExpMaxIterations, decimal.MaxDecodeExponent, decimal.Zero = 0, 0, 0, decimal.New(7, 0)
	assert.Equal(t, before, observe())
	assert.Equal(t, "1500.10 RUB", before.text)
	assert.True(t, before.exact)
	assert.ErrorIs(t, before.precision, payout.ErrMoneyPrecision)
	assert.Equal(t, int64(0), payout.Money{}.Decimal().IntPart())
}

// shifted returns n with zeros more zeros behind it.
func shifted(n int64, zeros int64) *big.Int {
	return new(big.Int).Mul(big.NewInt(n), new(big.Int).Exp(big.NewInt(10), big.NewInt(zeros), nil))
}
