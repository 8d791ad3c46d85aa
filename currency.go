package payout

//go:generate go run ./internal/iso4217/gen

// A Currency is a currency of ISO 4217's current list, named by a constant
// ([RUB], [USD], [JPY], ...) or found by [ParseCurrency] or
// [CurrencyByNumeric].
//
// Its value is the ISO numeric code, so it is comparable, costs two bytes and
// stays the same from one release of the list to the next. The zero value is no
// currency. A value converted from a number that is not in the list, such as
// Currency(810), is treated as no currency by every function and method here;
// 810 and other retired codes are not aliases of their successors. Codes
// without a minor unit (XAU, XDR, XXX, ...) are in the list but can't hold
// [Money].
type Currency uint16

// A currencyEntry says where a currency stands in the columns of the table,
// from 1, and how many digits its minor unit has, from 1 too: 0 means that it
// is not there.
type currencyEntry struct {
	position uint8
	digits   uint8
}

func (c Currency) entry() currencyEntry {
	if int(c) >= len(currencyTable) {
		return currencyEntry{}
	}
	return currencyTable[c]
}

// ParseCurrency returns the currency with an alphabetic code such as "RUB":
// three capital letters, nothing around them. The error is of kind
// [ErrMoneyCurrency].
func ParseCurrency(code string) (Currency, error) {
	if c := findCurrency(code); c != 0 {
		return c, nil
	}
	return 0, inputError(ErrMoneyCurrency, noSuchCode, code, -1)
}

const noSuchCode = "a currency is three capital letters from ISO 4217's current list"

// findCurrency returns 0 if the list has no such code.
func findCurrency[T string | []byte](code T) Currency {
	if len(code) != 3 {
		return 0
	}
	want := packCode(code[0], code[1], code[2])
	low, high := 0, len(currencyCodes)/3
	for low < high {
		middle := int(uint(low+high) / 2)
		at := 3 * middle
		switch have := packCode(currencyCodes[at], currencyCodes[at+1], currencyCodes[at+2]); {
		case have < want:
			low = middle + 1
		case have > want:
			high = middle
		default:
			return currencyFromDigits(currencyNumerics[at : at+3])
		}
	}
	return 0
}

func packCode(a, b, c byte) uint32 { return uint32(a)<<16 | uint32(b)<<8 | uint32(c) }

// currencyFromDigits reads three digits.
func currencyFromDigits(s string) Currency {
	return Currency(s[0]-'0')*100 + Currency(s[1]-'0')*10 + Currency(s[2]-'0')
}

// CurrencyByNumeric returns the currency with a numeric code such as "643":
// always three digits, "008" and not "8". The error is of kind
// [ErrMoneyCurrency].
func CurrencyByNumeric(numeric string) (Currency, error) {
	if len(numeric) == 3 && isDigit(numeric[0]) && isDigit(numeric[1]) && isDigit(numeric[2]) {
		if c := currencyFromDigits(numeric); c.entry().position != 0 {
			return c, nil
		}
	}
	return 0, inputError(ErrMoneyCurrency, "a currency's number is three digits from ISO 4217's current list", numeric, -1)
}

// Code returns the alphabetic code, "RUB", or "" for no currency.
func (c Currency) Code() string { return c.column(currencyCodes) }

// Numeric returns the numeric code, always of three digits: "643", "008"; or ""
// for no currency.
func (c Currency) Numeric() string { return c.column(currencyNumerics) }

func (c Currency) column(table string) string {
	position := int(c.entry().position)
	if position == 0 {
		return ""
	}
	return table[3*position-3 : 3*position]
}

// Exponent returns how many decimal digits the minor unit has: 2 for RUB (100
// kopecks to the ruble), 0 for JPY, 3 for KWD. It is -1 where there is no minor
// unit, and hence no [Money]: for no currency, metals, and funds and test codes
// to which ISO 4217 gives none.
func (c Currency) Exponent() int { return int(c.entry().digits) - 1 }

// String returns the alphabetic code, like [Currency.Code].
func (c Currency) String() string { return c.Code() }
