package provider

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/payoutkit/payout/internal/jsonscan"
)

// maxDepth bounds how deep an answer may be nested; the banks' need four.
const maxDepth = 32

// DecodeJSON reads one JSON object into v, by encoding/json's rules (which take
// OrderStatus for orderStatus), and is strict where those would pick a value in
// silence: a name that stands twice in one object, in whatever case, must have the
// same value both times, to the byte. Bytes after the object, and text that is not
// UTF-8, are errors. The errors quote nothing. After one, v may be half filled: do
// not use it.
func DecodeJSON(body []byte, v any) error {
	if !utf8.Valid(body) {
		return errors.New("not UTF-8")
	}
	if body = bytes.Trim(body, jsonscan.Space); len(body) == 0 || body[0] != '{' {
		return errors.New("not a JSON object")
	}
	if err := json.Unmarshal(body, v); err != nil {
		if syntax := (*json.SyntaxError)(nil); errors.As(err, &syntax) {
			return errors.New("not JSON")
		}
		return errors.New("not the JSON that was expected")
	}
	var room [32]member
	names := nameCheck{room[:0]}
	return names.value(string(body), 0) // it is JSON by now
}

// nameCheck holds the members of the objects that are being gone through, one in another.
type nameCheck struct{ members []member }

type member struct{ name, value string }

// value checks a value, with all that is in it.
func (c *nameCheck) value(value string, depth int) error {
	if value[0] != '{' && value[0] != '[' {
		return nil
	}
	if depth == maxDepth {
		return errors.New("JSON nested too deep")
	}
	outer := len(c.members)
	for at := jsonscan.Of(value); at.Next(); {
		if err := c.value(at.Value(), depth+1); err != nil {
			return err
		}
		if value[0] == '{' {
			c.members = append(c.members, member{at.Name(), at.Value()})
		}
	}
	if !agree(c.members[outer:]) {
		return errors.New("a name stands twice in a JSON object, with different values")
	}
	c.members = c.members[:outer]
	return nil
}

// agree reports whether members of one name, as encoding/json takes names for the same
// field, have one value.
func agree(members []member) bool {
	const few = 16 // so many are compared in less time than a map takes
	if len(members) <= few {
		for i, m := range members {
			for _, other := range members[:i] {
				if m.value != other.value && strings.EqualFold(m.name, other.name) {
					return false
				}
			}
		}
		return true
	}
	seen := make(map[string]string, len(members))
	for _, m := range members {
		name := strings.Map(foldRune, m.name)
		if earlier, twice := seen[name]; twice && earlier != m.value {
			return false
		}
		seen[name] = m.value
	}
	return true
}

// foldRune is the smallest of the runes that [strings.EqualFold] takes for one.
func foldRune(r rune) rune {
	for {
		next := unicode.SimpleFold(r)
		if next <= r {
			return next
		}
		r = next
	}
}
