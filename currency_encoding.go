package payout

import "database/sql/driver"

// AppendText appends the alphabetic code to b; for no currency it appends
// nothing. It refuses a value that is neither 0 nor in the list. It implements
// [encoding.TextAppender].
func (c Currency) AppendText(b []byte) ([]byte, error) {
	if c != 0 && c.entry().position == 0 {
		return b, currencyError(c)
	}
	return append(b, c.Code()...), nil
}

// MarshalText is [Currency.AppendText] to a new slice. It implements
// [encoding.TextMarshaler], which makes "RUB" the form in JSON too.
func (c Currency) MarshalText() ([]byte, error) { return c.AppendText(nil) }

// UnmarshalText reads an alphabetic code as [ParseCurrency] does, and empty
// text as no currency. If it returns an error, it has not changed c. It
// implements [encoding.TextUnmarshaler].
func (c *Currency) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*c = 0
		return nil
	}
	parsed, err := ParseCurrency(string(text))
	if err != nil {
		return err
	}
	*c = parsed
	return nil
}

// Value returns the alphabetic code as a string, "" for no currency. It
// implements [driver.Valuer]; without it database/sql would store the number.
func (c Currency) Value() (driver.Value, error) {
	text, err := c.MarshalText()
	if err != nil {
		return nil, err
	}
	return string(text), nil
}

// Scan reads an alphabetic code from a column of text as
// [Currency.UnmarshalText] does. It refuses NULL, numbers and everything else.
// If it returns an error, it has not changed c. It implements
// [database/sql.Scanner].
func (c *Currency) Scan(src any) error {
	switch src := src.(type) {
	case string:
		return c.UnmarshalText([]byte(src))
	case []byte:
		return c.UnmarshalText(src)
	default:
		return valueError(ErrMoneyArgument, "a Currency is scanned from text, have %T", src)
	}
}
