package payout

import "database/sql/driver"

// NullMoney is a [Money] that may be absent: NULL in a database, null in JSON.
// Its zero value is absent.
type NullMoney struct {
	Money Money
	Valid bool // whether Money is there
}

// MarshalJSON returns null or what [Money.MarshalJSON] returns. It implements
// [encoding/json.Marshaler].
func (n NullMoney) MarshalJSON() ([]byte, error) {
	if !n.Valid {
		return []byte("null"), nil
	}
	return n.Money.MarshalJSON()
}

// UnmarshalJSON reads null or what [Money.UnmarshalJSON] reads. If it returns
// an error, it has not changed n. It implements [encoding/json.Unmarshaler].
func (n *NullMoney) UnmarshalJSON(data []byte) error {
	if string(data) == "null" {
		*n = NullMoney{}
		return nil
	}
	var m Money
	if err := m.UnmarshalJSON(data); err != nil {
		return err
	}
	*n = NullMoney{m, true}
	return nil
}

// Value returns NULL or what [Money.Value] returns. It implements [driver.Valuer].
func (n NullMoney) Value() (driver.Value, error) {
	if !n.Valid {
		return nil, nil
	}
	return n.Money.Value()
}

// Scan reads NULL or what [Money.Scan] reads. If it returns an error, it has
// not changed n. It implements [database/sql.Scanner].
func (n *NullMoney) Scan(src any) error {
	if src == nil {
		*n = NullMoney{}
		return nil
	}
	var m Money
	if err := m.Scan(src); err != nil {
		return err
	}
	*n = NullMoney{m, true}
	return nil
}
