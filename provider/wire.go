package provider

import (
	"bytes"
	"encoding/json"
	"errors"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/payoutkit/payout/internal/jsonscan"
)

// Text is a JSON string or number as text: banks write codes and ids either way,
// and "0", 0 and absence are three different things. A number keeps the digits that
// it was written with. The zero Text is absent; null is absent as well.
type Text struct {
	Value   string
	Present bool
}

// UnmarshalJSON implements [json.Unmarshaler]. It refuses objects, arrays and
// booleans, and a string with a NUL, which no code or id has and databases refuse.
func (t *Text) UnmarshalJSON(b []byte) error {
	b = bytes.Trim(b, jsonscan.Space)
	if isPlain(b) {
		*t = Text{string(b[1 : len(b)-1]), true}
		return nil
	}
	switch {
	case !json.Valid(b):
		return errors.New("not JSON")
	case string(b) == "null":
		*t = Text{}
		return nil
	case b[0] == '"':
		var s string
		if err := json.Unmarshal(b, &s); err != nil || strings.ContainsRune(s, 0) {
			return errors.New("not a text")
		}
		*t = Text{s, true}
		return nil
	case b[0] == '-' || '0' <= b[0] && b[0] <= '9':
		*t = Text{string(b), true}
		return nil
	default:
		return errors.New("neither a string nor a number")
	}
}

// isPlain reports whether b is a JSON string that says what stands between its quotes.
func isPlain(b []byte) bool {
	if len(b) < 2 || b[0] != '"' || b[len(b)-1] != '"' {
		return false
	}
	for _, c := range b[1 : len(b)-1] {
		if c < ' ' || c == '"' || c == '\\' || c >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// Int is a JSON whole number, or a string that holds one, exactly: 2, "2", "02", but
// not 2.0, 2e0, "", " 2" or "+2". What is not one of these is an error, never 0.
type Int struct {
	Value   int64
	Present bool
}

// UnmarshalJSON implements [json.Unmarshaler].
func (i *Int) UnmarshalJSON(b []byte) error {
	var t Text
	if err := t.UnmarshalJSON(b); err != nil {
		return err
	}
	if !t.Present {
		*i = Int{}
		return nil
	}
	n, err := strconv.ParseInt(t.Value, 10, 64)
	if err != nil || strings.HasPrefix(t.Value, "+") {
		return errors.New("not a whole number")
	}
	*i = Int{n, true}
	return nil
}

// Millis is a time as milliseconds since 1970, a number or a string. The zero time
// is absent, and so is what would be a time before 1973, which is taken for seconds
// by mistake (all2pay:395), or after the year 9999, which can't be written down.
type Millis struct{ Time time.Time }

const (
	minMillis = 100_000_000_000
	maxMillis = 253_402_300_799_999
)

// UnmarshalJSON implements [json.Unmarshaler]. A time that can't be read is absent:
// nothing is decided by it.
func (m *Millis) UnmarshalJSON(b []byte) error {
	var i Int
	if err := i.UnmarshalJSON(b); err != nil || i.Value < minMillis || i.Value > maxMillis {
		m.Time = time.Time{}
		return nil //nolint:nilerr // see above
	}
	m.Time = time.UnixMilli(i.Value).UTC()
	return nil
}

// List is a JSON array of T, or a single T in its place: banks name lists what holds
// one object (bereke:158, all2pay:387). null is an empty list. T is not itself a
// list.
type List[T any] []T

// UnmarshalJSON implements [json.Unmarshaler].
func (l *List[T]) UnmarshalJSON(b []byte) error {
	b = bytes.Trim(b, jsonscan.Space)
	var many []T
	if len(b) > 0 && b[0] == '[' || string(b) == "null" {
		if err := json.Unmarshal(b, &many); err != nil {
			return err
		}
		*l = many
		return nil
	}
	var one T
	if err := json.Unmarshal(b, &one); err != nil {
		return err
	}
	*l = List[T]{one}
	return nil
}
