package payout

import (
	"fmt"
	"math"
)

// ParseMajor reads an amount in major units of cur: an optional minus, digits,
// and optionally a dot and digits. "10.42", "-0.5" and "007" are amounts; "+1",
// ".5", "1.", "1e3", "1,000" and " 1" are not, nor is any digit but ASCII's.
// Zeros beyond the currency's decimals are accepted ("10.420" in USD), any
// other digit there is of kind [ErrMoneyPrecision]. Other kinds are
// [ErrMoneySyntax], [ErrMoneyOverflow] and, for a cur that can't hold money,
// [ErrMoneyCurrency].
func ParseMajor(amount string, cur Currency) (Money, error) {
	return parseMajor(amount, cur)
}

// ParseMoney reads an amount as [ParseMajor] does, one space and an alphabetic
// code, "10.42 USD": what [Money.String] writes. Text without a code is
// refused.
func ParseMoney(text string) (Money, error) {
	return parseMoney(text)
}

// MustMoney is [ParseMoney] for literals, as in MustMoney("1500.00 RUB"). It
// panics if there is an error, so it is not for input.
func MustMoney(text string) Money {
	m, err := ParseMoney(text)
	if err != nil {
		panic(err)
	}
	return m
}

func parseMoney[T string | []byte](text T) (Money, error) {
	space := -1
	for i := range len(text) {
		if text[i] == ' ' {
			space = i
			break
		}
	}
	if space < 0 {
		return Money{}, inputError(ErrMoneySyntax, "money is an amount, one space and a currency's code", text, -1)
	}
	cur := findCurrency(text[space+1:])
	if cur == 0 {
		return Money{}, inputError(ErrMoneyCurrency, noSuchCode, text, space+1)
	}
	return parseMajor(text[:space], cur)
}

func parseMajor[T string | []byte](amount T, cur Currency) (Money, error) {
	exponent := cur.Exponent()
	if exponent < 0 {
		return Money{}, currencyError(cur)
	}
	minor, at, kind := parseMinor(amount, exponent)
	if kind != 0 {
		return Money{}, amountError(amount, at, kind, cur)
	}
	return Money{minor, cur}, nil
}

// parseMinor reads amount into units of exponent decimals. If kind is not 0, at
// is the byte that is wrong. Syntax is looked at first, then precision, then
// size, so that a wrong text is always told of its first fault of the gravest
// kind.
func parseMinor[T string | []byte](amount T, exponent int) (minor int64, at int, kind MoneyErrorKind) {
	// Beyond limit another digit takes the magnitude above 2^63; up to it, it
	// can't wrap.
	const limit = math.MaxInt64 / 10
	var magnitude uint64
	overflow := false

	i := 0
	negative := len(amount) > 0 && amount[0] == '-'
	if negative {
		i = 1
	}
	start := i
	for ; i < len(amount) && isDigit(amount[i]); i++ {
		overflow = overflow || magnitude > limit
		magnitude = magnitude*10 + uint64(amount[i]-'0')
	}
	if i == start {
		return 0, i, ErrMoneySyntax
	}

	decimals, excess := 0, -1
	if i < len(amount) && amount[i] == '.' {
		i++
		start = i
		for ; i < len(amount) && isDigit(amount[i]); i++ {
			if decimals < exponent {
				overflow = overflow || magnitude > limit
				magnitude = magnitude*10 + uint64(amount[i]-'0')
				decimals++
			} else if amount[i] != '0' && excess < 0 {
				excess = i
			}
		}
		if i == start {
			return 0, i, ErrMoneySyntax
		}
	}
	if i < len(amount) {
		return 0, i, ErrMoneySyntax
	}
	if excess >= 0 {
		return 0, excess, ErrMoneyPrecision
	}

	for ; decimals < exponent; decimals++ {
		overflow = overflow || magnitude > limit
		magnitude *= 10
	}
	if negative {
		if overflow || magnitude > -math.MinInt64 {
			return 0, 0, ErrMoneyOverflow
		}
		return -int64(magnitude), 0, 0
	}
	if overflow || magnitude > math.MaxInt64 {
		return 0, 0, ErrMoneyOverflow
	}
	return int64(magnitude), 0, 0
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func amountError[T string | []byte](amount T, at int, kind MoneyErrorKind, cur Currency) error {
	switch kind {
	case ErrMoneyPrecision:
		return inputError(kind, fmt.Sprintf("%s has %d decimals and the amount has more", cur, cur.Exponent()), amount, at)
	case ErrMoneyOverflow:
		return inputError(kind, "the amount in "+cur.Code()+" does not fit in 64 bits of minor units", amount, -1)
	default:
		return inputError(kind, "an amount is an optional minus, digits, and optionally a dot and digits", amount, at)
	}
}
