package bank

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"unicode/utf8"
)

// JSON reads one JSON object and checks it: no field that the schema does not list,
// none twice, nothing after the end, and the exact spelling of names. The values that
// could be read are returned even if rules are broken.
func (s Schema) JSON(body []byte) (Values, []Violation) {
	r := &jsonReader{dec: json.NewDecoder(bytes.NewReader(body)), values: newValues()}
	r.dec.UseNumber()
	if r.token() == json.Delim('{') {
		r.object("", s)
		r.end()
	} else {
		r.err = errSyntax
	}
	if r.err != nil || !utf8.Valid(body) {
		return r.values, []Violation{{Path: "body", Rule: Syntax}}
	}
	return r.values, r.broken
}

var errSyntax = errors.New("bank: not the JSON that was expected")

// jsonReader reads token by token. After the first error it reads nothing more.
type jsonReader struct {
	dec    *json.Decoder
	err    error
	values Values
	broken []Violation
}

func (r *jsonReader) violate(f Field, path string, rule Rule) {
	r.broken = append(r.broken, Violation{Field: f, Path: path, Rule: rule})
}

// token returns the next token, or nil after an error and for null.
func (r *jsonReader) token() (t json.Token) {
	if r.err == nil {
		t, r.err = r.dec.Token()
	}
	return t
}

// more reports whether the object or list goes on.
func (r *jsonReader) more() bool { return r.err == nil && r.dec.More() }

// end checks that nothing follows.
func (r *jsonReader) end() {
	if _, err := r.dec.Token(); r.err == nil && !errors.Is(err, io.EOF) {
		r.err = errSyntax
	}
}

// object reads the rest of an object.
func (r *jsonReader) object(prefix string, s Schema) {
	seen := make(map[string]bool)
	for r.more() {
		name := r.name(prefix, seen)
		if f, ok := s.field(name); ok {
			r.value(f, prefix+name)
			continue
		}
		r.violate(Field{}, prefix+safeName(name), Unlisted)
		r.skip(r.token())
	}
	r.token()
	r.broken = append(r.broken, s.missing(prefix, seen)...)
}

func (r *jsonReader) name(prefix string, seen map[string]bool) string {
	name, _ := r.token().(string) // the decoder sees to it that it is a text
	if seen[name] {
		r.violate(Field{}, prefix+safeName(name), Duplicate)
	}
	seen[name] = true
	return name
}

func (r *jsonReader) value(f Field, path string) {
	t := r.token()
	switch v := t.(type) {
	case string:
		if f.Kind == String {
			r.text(f, path, v)
			return
		}
	case json.Number:
		if f.Kind == Integer {
			r.text(f, path, v.String())
			return
		}
	case json.Delim:
		if v == '{' && (f.Kind == Nested || f.Kind == Free) {
			r.values.set(path, "")
			if f.Kind == Free {
				r.members(f, path)
			} else {
				r.object(path+".", f.Fields)
			}
			return
		}
	}
	r.violate(f, path, Type)
	r.skip(t)
}

func (r *jsonReader) text(f Field, path, value string) {
	r.values.set(path, value)
	if rule := f.check(value); rule != "" {
		r.violate(f, path, rule)
	}
}

// members reads the rest of a Free object.
func (r *jsonReader) members(f Field, path string) {
	seen := make(map[string]bool)
	for r.more() {
		name := r.name(path+".", seen)
		t := r.token()
		if text, ok := t.(string); ok {
			r.values.free[path] = append(r.values.free[path], Pair{name, text})
			continue
		}
		r.violate(f, path+"."+safeName(name), Type)
		r.skip(t)
	}
	r.token()
}

// skip reads to the end of a value that begins with t.
func (r *jsonReader) skip(t json.Token) {
	depth := 0
	for r.err == nil {
		switch t {
		case json.Delim('{'), json.Delim('['):
			depth++
		case json.Delim('}'), json.Delim(']'):
			depth--
		}
		if depth == 0 {
			return
		}
		t = r.token()
	}
}
