package payout_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
)

func minors(parts []payout.Money) []int64 {
	list := make([]int64, len(parts))
	for i, part := range parts {
		list[i] = part.Minor()
	}
	return list
}

func TestMoneySplit(t *testing.T) {
	for _, test := range []struct {
		name  string
		minor int64
		n     int
		parts []int64
	}{
		{"three", 100, 3, []int64{34, 33, 33}},
		{"the first get more", 5, 3, []int64{2, 2, 1}},
		{"even", 99, 3, []int64{33, 33, 33}},
		{"one", 100, 1, []int64{100}},
		{"more parts than units", 2, 4, []int64{1, 1, 0, 0}},
		{"nothing", 0, 3, []int64{0, 0, 0}},
		{"negative", -100, 3, []int64{-34, -33, -33}},
		{"fewer negative units than parts", -2, 4, []int64{-1, -1, 0, 0}},
		{"the largest", math.MaxInt64, 2, []int64{1 << 62, 1<<62 - 1}},
		{"the smallest", math.MinInt64, 3, []int64{-3074457345618258603, -3074457345618258603, -3074457345618258602}},
		{"the smallest, alone", math.MinInt64, 1, []int64{math.MinInt64}},
	} {
		t.Run(test.name, func(t *testing.T) {
			m := payout.FromMinor(test.minor, payout.KWD)
			parts, err := m.Split(test.n)
			require.NoError(t, err)
			assert.Equal(t, test.parts, minors(parts))
			for _, part := range parts {
				assert.Equal(t, payout.KWD, part.Currency())
			}

			into := make([]payout.Money, test.n)
			require.NoError(t, m.SplitInto(into))
			assert.Equal(t, parts, into)
		})
	}
}

func TestMoneySplitRefuses(t *testing.T) {
	m := payout.MustMoney("1.00 RUB")
	for _, n := range []int{0, -1, math.MinInt, 1<<20 + 1, math.MaxInt} {
		_, err := m.Split(n)
		assert.ErrorIs(t, err, payout.ErrMoneyArgument, "%d parts", n)
	}
	assert.ErrorIs(t, m.SplitInto(nil), payout.ErrMoneyArgument)

	parts, err := m.Split(1 << 20)
	require.NoError(t, err)
	assert.Len(t, parts, 1<<20)
	assert.NoError(t, m.SplitInto(make([]payout.Money, 1<<20+1)))
}

func TestMoneyAllocate(t *testing.T) {
	for _, test := range []struct {
		name   string
		minor  int64
		ratios []int64
		parts  []int64
	}{
		{"even", 100, []int64{1, 1}, []int64{50, 50}},
		{"percent", 1000, []int64{70, 20, 10}, []int64{700, 200, 100}},
		{"left over", 100, []int64{1, 1, 1}, []int64{34, 33, 33}},
		{"a whole share gets none of the rest", 10, []int64{2, 1, 1}, []int64{5, 3, 2}},
		{"nor does one in front", 5, []int64{4, 3, 3}, []int64{2, 2, 1}},
		{"a zero ratio in front", 5, []int64{0, 1, 1}, []int64{0, 3, 2}},
		{"zero ratios between", 1, []int64{0, 1, 0, 1, 0}, []int64{0, 1, 0, 0, 0}},
		{"one ratio", 7, []int64{5}, []int64{7}},
		{"nothing", 0, []int64{1, 2}, []int64{0, 0}},
		{"negative", -5, []int64{0, 1, 1}, []int64{0, -3, -2}},
		{"the smallest, alone", math.MinInt64, []int64{3}, []int64{math.MinInt64}},
		{"the smallest to one of two", math.MinInt64, []int64{0, 3}, []int64{0, math.MinInt64}},
		{"the smallest, halved", math.MinInt64, []int64{1, 1}, []int64{-1 << 62, -1 << 62}},
		{"huge ratios", math.MaxInt64, []int64{math.MaxInt64, math.MaxInt64}, []int64{1 << 62, 1<<62 - 1}},
		{"the largest sum of ratios", 10, []int64{math.MaxInt64, math.MaxInt64, 1}, []int64{5, 5, 0}},
	} {
		t.Run(test.name, func(t *testing.T) {
			m := payout.FromMinor(test.minor, payout.RUB)
			parts, err := m.Allocate(test.ratios...)
			require.NoError(t, err)
			assert.Equal(t, test.parts, minors(parts))
			for _, part := range parts {
				assert.Equal(t, payout.RUB, part.Currency())
			}

			into := make([]payout.Money, len(test.ratios))
			require.NoError(t, m.AllocateInto(into, test.ratios...))
			assert.Equal(t, parts, into)
		})
	}
}

func TestMoneyAllocateRefuses(t *testing.T) {
	m := payout.MustMoney("1.00 RUB")
	for _, test := range []struct {
		name   string
		ratios []int64
		kind   payout.MoneyErrorKind
	}{
		{"no ratios", nil, payout.ErrMoneyArgument},
		{"a zero", []int64{0}, payout.ErrMoneyArgument},
		{"zeros", []int64{0, 0, 0}, payout.ErrMoneyArgument},
		{"a negative ratio", []int64{3, -1}, payout.ErrMoneyArgument},
		{"the smallest ratio", []int64{math.MinInt64, math.MinInt64}, payout.ErrMoneyArgument},
		{"a sum of 2^64", []int64{math.MaxInt64, math.MaxInt64, 2}, payout.ErrMoneyOverflow},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := m.Allocate(test.ratios...)
			assert.ErrorIs(t, err, test.kind)

			into := make([]payout.Money, len(test.ratios))
			for i := range into {
				into[i] = m
			}
			assert.ErrorIs(t, m.AllocateInto(into, test.ratios...), test.kind)
			for _, part := range into {
				assert.Equal(t, m, part, "changed by a call that failed")
			}
		})
	}

	into := []payout.Money{m, m, m}
	assert.ErrorIs(t, m.AllocateInto(into, 1, 1), payout.ErrMoneyArgument)
	assert.ErrorIs(t, m.AllocateInto(into[:1], 1, 1), payout.ErrMoneyArgument)
	assert.Equal(t, []payout.Money{m, m, m}, into)
}
