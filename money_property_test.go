package payout_test

import (
	"math"
	"math/big"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/payoutkit/payout"
)

// The properties compare with math/big, where nothing rounds and nothing overflows.

var drawCurrency = rapid.SampledFrom([]payout.Currency{payout.JPY, payout.RUB, payout.USD, payout.KWD, payout.CLF})

var drawMinor = rapid.OneOf(
	rapid.Int64(),
	rapid.Int64Range(-1000, 1000),
	rapid.SampledFrom([]int64{math.MinInt64, math.MinInt64 + 1, math.MaxInt64 - 1, math.MaxInt64}),
)

var drawMoney = rapid.Custom(func(t *rapid.T) payout.Money {
	return payout.FromMinor(drawMinor.Draw(t, "minor"), drawCurrency.Draw(t, "currency"))
})

// exact is the amount in major units.
func exact(m payout.Money) *big.Rat {
	return new(big.Rat).SetFrac(big.NewInt(m.Minor()), powerOfTen(m.Currency().Exponent()))
}

// requireExact checks that m is want units of 10^-exponent, or that err says
// why it can't be.
func requireExact(t *rapid.T, want *big.Rat, cur payout.Currency, m payout.Money, err error) {
	minor := new(big.Rat).Mul(want, new(big.Rat).SetInt(powerOfTen(cur.Exponent())))
	switch {
	case !minor.IsInt():
		require.ErrorIs(t, err, payout.ErrMoneyPrecision)
	case !minor.Num().IsInt64():
		require.ErrorIs(t, err, payout.ErrMoneyOverflow)
	default:
		require.NoError(t, err)
		require.Equal(t, payout.FromMinor(minor.Num().Int64(), cur), m)
		return
	}
	require.Equal(t, payout.Money{}, m)
}

func TestPropertyForms(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := drawMoney.Draw(t, "m")
		cur := m.Currency()

		major, ok := new(big.Rat).SetString(m.Major())
		require.True(t, ok, m.Major())
		require.Zero(t, exact(m).Cmp(major), m.Major())
		require.Zero(t, exact(m).Cmp(m.Decimal().Rat()))

		fromMajor, err := payout.ParseMajor(m.Major(), cur)
		requireExact(t, exact(m), cur, fromMajor, err)
		fromText, err := payout.ParseMoney(m.String())
		requireExact(t, exact(m), cur, fromText, err)
		fromDecimal, err := payout.FromDecimal(m.Decimal(), cur)
		requireExact(t, exact(m), cur, fromDecimal, err)

		var fromJSON payout.Money
		require.NoError(t, fromJSON.UnmarshalJSON(m.AppendJSON(nil)))
		require.Equal(t, m, fromJSON)
	})
}

func TestPropertyArithmetic(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cur := drawCurrency.Draw(t, "currency")
		a := payout.FromMinor(drawMinor.Draw(t, "a"), cur)
		b := payout.FromMinor(drawMinor.Draw(t, "b"), cur)
		n := drawMinor.Draw(t, "n")
		x, y := exact(a), exact(b)

		m, err := a.Add(b)
		requireExact(t, new(big.Rat).Add(x, y), cur, m, err)
		m, err = a.Sub(b)
		requireExact(t, new(big.Rat).Sub(x, y), cur, m, err)
		m, err = a.Mul(n)
		requireExact(t, new(big.Rat).Mul(x, new(big.Rat).SetInt64(n)), cur, m, err)
		m, err = a.Neg()
		requireExact(t, new(big.Rat).Neg(x), cur, m, err)
		m, err = a.Abs()
		requireExact(t, new(big.Rat).Abs(x), cur, m, err)

		order, err := a.Cmp(b)
		require.NoError(t, err)
		require.Equal(t, x.Cmp(y), order)
		require.Equal(t, order == 0, a == b)
		require.Equal(t, x.Sign(), a.Sign())
	})
}

func TestPropertyBanksExponent(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cur := drawCurrency.Draw(t, "currency")
		exponent := rapid.IntRange(0, 18).Draw(t, "exponent")
		units := drawMinor.Draw(t, "units")
		amount := new(big.Rat).SetFrac(big.NewInt(units), powerOfTen(exponent))

		m, err := payout.FromMinorAt(units, exponent, cur)
		requireExact(t, amount, cur, m, err)
		if err == nil {
			back, err := m.MinorAt(exponent)
			require.NoError(t, err)
			require.Equal(t, units, back)
		}

		any := payout.FromMinor(units, cur)
		want := new(big.Rat).Mul(exact(any), new(big.Rat).SetInt(powerOfTen(exponent)))
		have, err := any.MinorAt(exponent)
		switch {
		case !want.IsInt():
			require.ErrorIs(t, err, payout.ErrMoneyPrecision)
		case !want.Num().IsInt64():
			require.ErrorIs(t, err, payout.ErrMoneyOverflow)
		default:
			require.NoError(t, err)
			require.Equal(t, want.Num().Int64(), have)
		}
	})
}

func TestPropertySplit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := drawMoney.Draw(t, "m")
		parts, err := m.Split(rapid.IntRange(1, 50).Draw(t, "n"))
		require.NoError(t, err)
		requireSum(t, m, parts)

		require.LessOrEqual(t, magnitude(parts[0])-magnitude(parts[len(parts)-1]), uint64(1))
		for i := range parts[1:] {
			require.GreaterOrEqual(t, magnitude(parts[i]), magnitude(parts[i+1]), "part %d", i)
		}
		ones := make([]int64, len(parts))
		for i := range ones {
			ones[i] = 1
		}
		same, err := m.Allocate(ones...)
		require.NoError(t, err)
		require.Equal(t, parts, same)
	})
}

func TestPropertyAllocate(t *testing.T) {
	ratio := rapid.OneOf(rapid.Int64Range(0, 10), rapid.Int64Range(0, math.MaxInt64), rapid.Just(int64(math.MaxInt64)))
	rapid.Check(t, func(t *rapid.T) {
		m := drawMoney.Draw(t, "m")
		ratios := rapid.SliceOfN(ratio, 1, 12).Draw(t, "ratios")
		total := new(big.Int)
		for _, ratio := range ratios {
			total.Add(total, big.NewInt(ratio))
		}

		parts, err := m.Allocate(ratios...)
		switch {
		case total.Sign() == 0:
			require.ErrorIs(t, err, payout.ErrMoneyArgument)
			return
		case !total.IsUint64():
			require.ErrorIs(t, err, payout.ErrMoneyOverflow)
			return
		}
		require.NoError(t, err)
		requireSum(t, m, parts)

		// Each part is its exact share, or less than a unit away from it.
		for i, part := range parts {
			share := new(big.Rat).SetFrac(new(big.Int).Mul(big.NewInt(m.Minor()), big.NewInt(ratios[i])), total)
			off := share.Sub(new(big.Rat).SetInt64(part.Minor()), share)
			require.Negative(t, off.Abs(off).Cmp(big.NewRat(1, 1)), "part %d", i)
			if ratios[i] == 0 {
				require.True(t, part.IsZero(), "part %d", i)
			}
		}

		if mirror, err := m.Neg(); err == nil {
			mirrored, err := mirror.Allocate(ratios...)
			require.NoError(t, err)
			for i := range parts {
				require.Equal(t, parts[i].Minor(), -mirrored[i].Minor(), "part %d", i)
			}
		}
	})
}

func requireSum(t *rapid.T, m payout.Money, parts []payout.Money) {
	sum := new(big.Int)
	for _, part := range parts {
		require.Equal(t, m.Currency(), part.Currency())
		sum.Add(sum, big.NewInt(part.Minor()))
	}
	require.Zero(t, sum.Cmp(big.NewInt(m.Minor())), "the parts add up to %v", sum)
}

// magnitude is right for -2^63 too.
func magnitude(m payout.Money) uint64 {
	if m.Minor() < 0 {
		return -uint64(m.Minor())
	}
	return uint64(m.Minor())
}
