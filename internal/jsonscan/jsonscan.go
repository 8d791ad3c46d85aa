// Package jsonscan goes through JSON that is known to be valid, and allocates nothing: it is
// for looking at what encoding/json reads or has written. Of text that is not valid JSON it
// says something, panics nowhere, and comes to an end.
package jsonscan

import (
	"encoding/json"
	"strings"
)

// Space is what may stand between JSON's tokens (RFC 8259, 2).
const Space = " \t\r\n"

func isSpace(b byte) bool { return b == ' ' || b == '\t' || b == '\r' || b == '\n' }

// skip goes on to what is neither space nor the separator.
func skip(text string, separator byte) string {
	for i := range len(text) {
		if !isSpace(text[i]) && text[i] != separator {
			return text[i:]
		}
	}
	return ""
}

// Cursor goes through the members of an object, or the elements of an array, in order. It
// does not go into them: a value is text for another Cursor.
type Cursor struct {
	rest        string
	object      bool
	name, value string
}

// Of returns a Cursor before the first member of a value. A value that is neither object
// nor array has none.
func Of(value string) Cursor {
	value = strings.Trim(value, Space)
	if len(value) < 2 || value[0] != '{' && value[0] != '[' {
		return Cursor{}
	}
	return Cursor{rest: value[1 : len(value)-1], object: value[0] == '{'}
}

// Next goes on to the next member, and reports whether there is one.
func (c *Cursor) Next() bool {
	c.rest = skip(c.rest, ',')
	if c.rest == "" {
		return false
	}
	if c.object {
		n := literal(c.rest)
		c.name = c.rest[:n]
		c.rest = skip(c.rest[n:], ':')
	}
	n := end(c.rest)
	c.value, c.rest = c.rest[:n], c.rest[n:]
	return true
}

// Name is the member's name, unquoted; "" in an array.
func (c *Cursor) Name() string { return Unquote(c.name) }

// Value is the member's value as it stands there, without the space around it.
func (c *Cursor) Value() string { return c.value }

// Unquote is what a JSON string says.
func Unquote(value string) string {
	if len(value) > 1 && strings.IndexByte(value, '\\') < 0 {
		return value[1 : len(value)-1]
	}
	return unescape(value)
}

func unescape(value string) (text string) {
	_ = json.Unmarshal([]byte(value), &text) // what is not valid says nothing
	return text
}

// end is the length of the value that text begins with.
func end(text string) int {
	depth := 0
	for i := 0; i < len(text); {
		switch text[i] {
		case '{', '[':
			depth++
			i++
		case '}', ']':
			depth--
			i++
		case ' ', '\t', '\r', '\n', ',', ':':
			i++
			continue // they end nothing: a value does
		default:
			i += literal(text[i:])
		}
		if depth <= 0 {
			return i
		}
	}
	return len(text)
}

// literal is the length of the string, number or word that text begins with, and not 0
// unless text is empty.
func literal(text string) int {
	if text == "" || text[0] != '"' {
		for i := 1; i < len(text); i++ {
			switch b := text[i]; {
			case isSpace(b), b == ',', b == ':', b == '{', b == '}', b == '[', b == ']', b == '"':
				return i
			}
		}
		return len(text)
	}
	if n := strings.IndexByte(text[1:], '"'); n >= 0 && strings.IndexByte(text[1:1+n], '\\') < 0 {
		return n + 2 // most strings
	}
	for i := 1; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return len(text)
}
