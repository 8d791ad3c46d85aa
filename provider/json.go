package provider

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"unicode/utf8"
)

// jsonSpace is what may stand between JSON's tokens (RFC 8259, 2).
const jsonSpace = " \t\r\n"

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
	if body = bytes.Trim(body, jsonSpace); len(body) == 0 || body[0] != '{' {
		return errors.New("not a JSON object")
	}
	names := nameCheck{body: body, dec: json.NewDecoder(bytes.NewReader(body))}
	names.dec.UseNumber() // a number too large for a float is no error here
	if err := names.value(0); err != nil {
		return err
	}
	if err := json.Unmarshal(body, v); err != nil {
		return errors.New("not the JSON that was expected")
	}
	return nil
}

type nameCheck struct {
	body []byte
	dec  *json.Decoder
}

// value reads the next value, with all that is in it.
func (c *nameCheck) value(depth int) error {
	token, err := c.dec.Token()
	if err != nil {
		return errors.New("not JSON")
	}
	open, ok := token.(json.Delim)
	if !ok {
		return nil
	}
	if depth == maxDepth {
		return errors.New("JSON nested too deep")
	}
	seen := map[string][]byte{}
	for c.dec.More() {
		var name string
		if open == '{' {
			token, err := c.dec.Token()
			if err != nil {
				return errors.New("not JSON")
			}
			name, _ = token.(string)
		}
		start := c.dec.InputOffset()
		if err := c.value(depth + 1); err != nil {
			return err
		}
		if open == '{' {
			value := bytes.TrimLeft(c.body[start:c.dec.InputOffset()], ":"+jsonSpace)
			if earlier, twice := seen[fold(name)]; twice && !bytes.Equal(earlier, value) {
				return errors.New("a name stands twice in a JSON object, with different values")
			}
			seen[fold(name)] = value
		}
	}
	if _, err := c.dec.Token(); err != nil { // the closing bracket
		return errors.New("not JSON")
	}
	return nil
}

// fold makes one name of all that encoding/json takes for the same field.
func fold(name string) string { return strings.ToLower(strings.ToUpper(name)) }
