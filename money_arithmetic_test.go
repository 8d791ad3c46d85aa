package payout_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
)

const (
	largest  = math.MaxInt64
	smallest = math.MinInt64
)

func TestMoneyAddSub(t *testing.T) {
	for _, test := range []struct {
		name            string
		a, b            int64
		sum, difference int64
		sumErr, subErr  error
	}{
		{name: "small", a: 1042, b: 58, sum: 1100, difference: 984},
		{name: "signs", a: -1042, b: 58, sum: -984, difference: -1100},
		{name: "zeros", a: 0, b: 0},
		{name: "at the upper edge", a: largest, b: 0, sum: largest, difference: largest},
		{name: "across the upper edge", a: largest, b: 1, sumErr: payout.ErrMoneyOverflow, difference: largest - 1},
		{name: "across the lower edge", a: smallest, b: 1, sum: smallest + 1, subErr: payout.ErrMoneyOverflow},
		{name: "the edges", a: largest, b: smallest, sum: -1, subErr: payout.ErrMoneyOverflow},
		{name: "twice the largest", a: largest, b: largest, sumErr: payout.ErrMoneyOverflow},
		{name: "twice the smallest", a: smallest, b: smallest, sumErr: payout.ErrMoneyOverflow},
		{name: "zero less the smallest", a: 0, b: smallest, sum: smallest, subErr: payout.ErrMoneyOverflow},
		{name: "minus one less the smallest", a: -1, b: smallest, sumErr: payout.ErrMoneyOverflow, difference: largest},
	} {
		t.Run(test.name, func(t *testing.T) {
			a, b := payout.FromMinor(test.a, payout.RUB), payout.FromMinor(test.b, payout.RUB)
			sum, err := a.Add(b)
			checkMinor(t, test.sum, test.sumErr, sum, err)
			difference, err := a.Sub(b)
			checkMinor(t, test.difference, test.subErr, difference, err)
		})
	}
}

func TestMoneyMul(t *testing.T) {
	for _, test := range []struct {
		name    string
		a, b    int64
		product int64
		err     error
	}{
		{name: "small", a: 1042, b: 3, product: 3126},
		{name: "by zero", a: smallest, b: 0, product: 0},
		{name: "of zero", a: 0, b: smallest, product: 0},
		{name: "signs", a: -1042, b: -3, product: 3126},
		{name: "the smallest by one", a: smallest, b: 1, product: smallest},
		{name: "one by the smallest", a: 1, b: smallest, product: smallest},
		{name: "the smallest by minus one", a: smallest, b: -1, err: payout.ErrMoneyOverflow},
		{name: "minus one by the smallest", a: -1, b: smallest, err: payout.ErrMoneyOverflow},
		{name: "the largest by minus one", a: largest, b: -1, product: -largest},
		{name: "the largest by two", a: largest, b: 2, err: payout.ErrMoneyOverflow},
		{name: "2^64", a: 1 << 32, b: 1 << 32, err: payout.ErrMoneyOverflow},
		{name: "2^65 wraps to zero", a: 1 << 62, b: 8, err: payout.ErrMoneyOverflow},
		{name: "2^63", a: 1 << 32, b: 1 << 31, err: payout.ErrMoneyOverflow},
		{name: "minus 2^63", a: -1 << 32, b: 1 << 31, product: smallest},
		{name: "wraps to the right sign", a: 6148914691236517206, b: 4, err: payout.ErrMoneyOverflow},
	} {
		t.Run(test.name, func(t *testing.T) {
			product, err := payout.FromMinor(test.a, payout.RUB).Mul(test.b)
			checkMinor(t, test.product, test.err, product, err)
		})
	}
}

func TestMoneySigns(t *testing.T) {
	for _, test := range []struct {
		name     string
		minor    int64
		sign     int
		neg, abs int64
		negErr   error
		absErr   error
	}{
		{name: "above", minor: 5, sign: 1, neg: -5, abs: 5},
		{name: "below", minor: -5, sign: -1, neg: 5, abs: 5},
		{name: "zero", minor: 0},
		{name: "largest", minor: largest, sign: 1, neg: -largest, abs: largest},
		{name: "smallest", minor: smallest, sign: -1, negErr: payout.ErrMoneyOverflow, absErr: payout.ErrMoneyOverflow},
	} {
		t.Run(test.name, func(t *testing.T) {
			m := payout.FromMinor(test.minor, payout.RUB)
			assert.Equal(t, test.sign, m.Sign())
			assert.Equal(t, test.minor == 0, m.IsZero())
			neg, err := m.Neg()
			checkMinor(t, test.neg, test.negErr, neg, err)
			abs, err := m.Abs()
			checkMinor(t, test.abs, test.absErr, abs, err)
		})
	}
}

func TestMoneyCmp(t *testing.T) {
	for _, test := range []struct {
		a, b int64
		want int
	}{
		{1, 2, -1}, {2, 1, 1}, {2, 2, 0}, {-1, 1, -1}, {smallest, largest, -1}, {largest, smallest, 1}, {smallest, smallest, 0},
	} {
		have, err := payout.FromMinor(test.a, payout.RUB).Cmp(payout.FromMinor(test.b, payout.RUB))
		require.NoError(t, err)
		assert.Equal(t, test.want, have, "%d against %d", test.a, test.b)
	}
}

// Amounts that are equal as numbers are no exception, zeros neither.
func TestMoneyMismatch(t *testing.T) {
	for _, minor := range []int64{0, 1, largest} {
		rub, kzt := payout.FromMinor(minor, payout.RUB), payout.FromMinor(minor, payout.KZT)
		_, err := rub.Add(kzt)
		assert.ErrorIs(t, err, payout.ErrMoneyMismatch)
		_, err = rub.Sub(kzt)
		assert.ErrorIs(t, err, payout.ErrMoneyMismatch)
		_, err = rub.Cmp(kzt)
		assert.ErrorIs(t, err, payout.ErrMoneyMismatch)
		assert.NotEqual(t, rub, kzt)
	}
}

func checkMinor(t *testing.T, want int64, wantErr error, have payout.Money, err error) {
	t.Helper()
	if wantErr != nil {
		assert.ErrorIs(t, err, wantErr)
		assert.Equal(t, payout.Money{}, have)
		return
	}
	assert.NoError(t, err)
	assert.Equal(t, payout.FromMinor(want, payout.RUB), have)
}
