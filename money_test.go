package payout_test

import (
	"fmt"
	"math"
	"reflect"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
)

func TestMoneyLayout(t *testing.T) {
	assert.EqualValues(t, 16, unsafe.Sizeof(payout.Money{}))
	for _, field := range reflect.VisibleFields(reflect.TypeFor[payout.Money]()) {
		assert.NotContains(t, []reflect.Kind{reflect.Pointer, reflect.String, reflect.Slice, reflect.Map, reflect.Interface},
			field.Type.Kind(), field.Name)
	}

	counts := map[payout.Money]int{}
	counts[payout.MustMoney("10.42 USD")]++
	counts[payout.MustMoney("10.420 USD")]++
	counts[payout.FromMinor(1042, payout.USD)]++
	counts[payout.FromMinor(1042, payout.EUR)]++
	assert.Equal(t, map[payout.Money]int{
		payout.FromMinor(1042, payout.USD): 3,
		payout.FromMinor(1042, payout.EUR): 1,
	}, counts)
}

func TestMoneyForms(t *testing.T) {
	for _, test := range []struct {
		minor int64
		cur   payout.Currency
		major string
	}{
		{0, payout.RUB, "0.00"},
		{1, payout.RUB, "0.01"},
		{-1, payout.RUB, "-0.01"},
		{10, payout.RUB, "0.10"},
		{99, payout.RUB, "0.99"},
		{100, payout.RUB, "1.00"},
		{-150000, payout.RUB, "-1500.00"},
		{1042, payout.JPY, "1042"},
		{0, payout.JPY, "0"},
		{-7, payout.JPY, "-7"},
		{1042, payout.KWD, "1.042"},
		{5, payout.KWD, "0.005"},
		{1042, payout.CLF, "0.1042"},
		{math.MaxInt64, payout.USD, "92233720368547758.07"},
		{math.MinInt64, payout.USD, "-92233720368547758.08"},
		{math.MinInt64, payout.JPY, "-9223372036854775808"},
		{math.MinInt64, payout.CLF, "-922337203685477.5808"},
	} {
		t.Run(test.major+" "+test.cur.Code(), func(t *testing.T) {
			m := payout.FromMinor(test.minor, test.cur)
			assert.Equal(t, test.minor, m.Minor())
			assert.Equal(t, test.cur, m.Currency())
			assert.Equal(t, test.major, m.Major())
			assert.Equal(t, "x"+test.major, string(m.AppendMajor([]byte("x"))))
			assert.Equal(t, test.major+" "+test.cur.Code(), m.String())
			assert.Equal(t, test.major+" "+test.cur.Code(), fmt.Sprint(m))
			assert.Equal(t, test.major, m.Decimal().StringFixed(int32(test.cur.Exponent())))

			parsed, err := payout.ParseMajor(test.major, test.cur)
			require.NoError(t, err)
			assert.Equal(t, m, parsed)
			parsed, err = payout.ParseMoney(m.String())
			require.NoError(t, err)
			assert.Equal(t, m, parsed)
			converted, err := payout.FromDecimal(m.Decimal(), test.cur)
			require.NoError(t, err)
			assert.Equal(t, m, converted)
		})
	}
}

func TestMoneyWithoutCurrency(t *testing.T) {
	var zero payout.Money
	rub := payout.MustMoney("1.00 RUB")

	t.Run("prints", func(t *testing.T) {
		assert.Equal(t, "0", zero.String())
		assert.Equal(t, "0", zero.Major())
		assert.Equal(t, "0", zero.Decimal().String())
		assert.Equal(t, "0", fmt.Sprintf("%v", zero))
		assert.EqualValues(t, 0, zero.Minor())
		assert.EqualValues(t, 0, zero.Currency())
		assert.Equal(t, 0, zero.Sign())
		assert.True(t, zero.IsZero())
	})

	t.Run("is what FromMinor makes of a currency that can't hold money", func(t *testing.T) {
		for _, cur := range []payout.Currency{0, 810, 999, 1000, 65535, payout.XAU, payout.XDR, payout.XXX} {
			assert.Equal(t, zero, payout.FromMinor(1042, cur), "currency %d", uint16(cur))
		}
	})

	for name, operation := range map[string]func() error{
		"Add":          func() error { _, err := zero.Add(zero); return err },
		"Add to RUB":   func() error { _, err := rub.Add(zero); return err },
		"Add RUB":      func() error { _, err := zero.Add(rub); return err },
		"Sub":          func() error { _, err := zero.Sub(zero); return err },
		"Sub RUB":      func() error { _, err := zero.Sub(rub); return err },
		"Mul":          func() error { _, err := zero.Mul(2); return err },
		"Neg":          func() error { _, err := zero.Neg(); return err },
		"Abs":          func() error { _, err := zero.Abs(); return err },
		"Cmp":          func() error { _, err := zero.Cmp(zero); return err },
		"Cmp RUB":      func() error { _, err := rub.Cmp(zero); return err },
		"Split":        func() error { _, err := zero.Split(2); return err },
		"SplitInto":    func() error { return zero.SplitInto(make([]payout.Money, 2)) },
		"Allocate":     func() error { _, err := zero.Allocate(1, 2); return err },
		"AllocateInto": func() error { return zero.AllocateInto(make([]payout.Money, 2), 1, 2) },
		"MinorAt":      func() error { _, err := zero.MinorAt(2); return err },
		"FromMinorAt":  func() error { _, err := payout.FromMinorAt(0, 2, 0); return err },
		"gold":         func() error { _, err := payout.FromMinorAt(0, 2, payout.XAU); return err },
		"ParseMajor":   func() error { _, err := payout.ParseMajor("1", 0); return err },
		"ParseMajor of gold": func() error {
			_, err := payout.ParseMajor("1", payout.XAU)
			return err
		},
		"FromDecimal":        func() error { _, err := payout.FromDecimal(rub.Decimal(), 0); return err },
		"ParseMoney of gold": func() error { _, err := payout.ParseMoney("1 XAU"); return err },
	} {
		t.Run(name+" is refused", func(t *testing.T) {
			assert.ErrorIs(t, operation(), payout.ErrMoneyCurrency)
		})
	}
}

func TestMoneyAtABanksExponent(t *testing.T) {
	for _, test := range []struct {
		name     string
		money    string
		exponent int
		units    int64
	}{
		{"as ISO", "10.42 RUB", 2, 1042},
		{"whole rubles", "1500.00 RUB", 0, 1500},
		{"tenths", "-1500.10 RUB", 1, -15001},
		{"mills", "10.42 RUB", 3, 10420},
		{"yen with decimals", "1042 JPY", 2, 104200},
		{"dinars in fils of 2 digits", "1.040 KWD", 2, 104},
		{"the largest exponent", "9 JPY", 18, 9e18},
		{"nothing", "0.00 RUB", 18, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			m := payout.MustMoney(test.money)
			units, err := m.MinorAt(test.exponent)
			require.NoError(t, err)
			assert.Equal(t, test.units, units)

			back, err := payout.FromMinorAt(units, test.exponent, m.Currency())
			require.NoError(t, err)
			assert.Equal(t, m, back)
		})
	}

	for _, test := range []struct {
		name     string
		money    payout.Money
		exponent int
		kind     payout.MoneyErrorKind
	}{
		{"kopecks do not divide", payout.MustMoney("10.42 RUB"), 0, payout.ErrMoneyPrecision},
		{"nor do negative ones", payout.MustMoney("-0.01 RUB"), 1, payout.ErrMoneyPrecision},
		{"too large", payout.FromMinor(math.MaxInt64, payout.RUB), 3, payout.ErrMoneyOverflow},
		{"too small", payout.FromMinor(math.MinInt64, payout.RUB), 3, payout.ErrMoneyOverflow},
		{"2^64 units", payout.FromMinor(1<<62, payout.JPY), 18, payout.ErrMoneyOverflow},
		{"exponent below", payout.MustMoney("0.00 RUB"), -1, payout.ErrMoneyArgument},
		{"exponent above", payout.MustMoney("0.00 RUB"), 19, payout.ErrMoneyArgument},
		{"exponent far above", payout.MustMoney("0.00 RUB"), math.MaxInt, payout.ErrMoneyArgument},
	} {
		t.Run("to: "+test.name, func(t *testing.T) {
			_, err := test.money.MinorAt(test.exponent)
			assert.ErrorIs(t, err, test.kind)
		})
	}

	for _, test := range []struct {
		name     string
		units    int64
		exponent int
		cur      payout.Currency
		kind     payout.MoneyErrorKind
	}{
		{"mills that are no kopecks", 10425, 3, payout.RUB, payout.ErrMoneyPrecision},
		{"yen of 2 decimals", 104250, 2, payout.JPY, payout.ErrMoneyPrecision},
		{"too many rubles", math.MaxInt64/100 + 1, 0, payout.RUB, payout.ErrMoneyOverflow},
		{"too few rubles", math.MinInt64/100 - 1, 0, payout.RUB, payout.ErrMoneyOverflow},
		{"exponent below", 0, -1, payout.RUB, payout.ErrMoneyArgument},
		{"exponent above", 0, 19, payout.RUB, payout.ErrMoneyArgument},
	} {
		t.Run("from: "+test.name, func(t *testing.T) {
			m, err := payout.FromMinorAt(test.units, test.exponent, test.cur)
			assert.ErrorIs(t, err, test.kind)
			assert.Equal(t, payout.Money{}, m)
		})
	}
}
