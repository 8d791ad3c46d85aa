package payout

import "database/sql/driver"

// AppendText appends what [Money.String] returns to b. It implements
// [encoding.TextAppender].
func (m Money) AppendText(b []byte) ([]byte, error) { return m.appendText(b), nil }

// MarshalText returns what [Money.String] returns. It implements
// [encoding.TextMarshaler].
func (m Money) MarshalText() ([]byte, error) {
	return m.appendText(make([]byte, 0, maxText)), nil
}

// UnmarshalText reads text as [ParseMoney] does, and "0", which is how the zero
// Money is written, as the zero Money. If it returns an error, it has not
// changed m. It implements [encoding.TextUnmarshaler].
func (m *Money) UnmarshalText(text []byte) error { return unmarshalText(m, text) }

func unmarshalText[T string | []byte](m *Money, text T) error {
	if len(text) == 1 && text[0] == '0' {
		*m = Money{}
		return nil
	}
	parsed, err := parseMoney(text)
	if err != nil {
		return err
	}
	*m = parsed
	return nil
}

// Value returns what [Money.String] returns, for one column of text. It
// implements [driver.Valuer].
func (m Money) Value() (driver.Value, error) { return m.String(), nil }

// Scan reads a column of text, a string or bytes, as [Money.UnmarshalText]
// does. It refuses NULL (use [NullMoney]), numbers and everything else. If it
// returns an error, it has not changed m. It implements [database/sql.Scanner].
func (m *Money) Scan(src any) error {
	switch src := src.(type) {
	case string:
		return unmarshalText(m, src)
	case []byte:
		return unmarshalText(m, src)
	default:
		return valueError(ErrMoneyArgument, "a Money is scanned from text, have %T", src)
	}
}
