package bank

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
)

// Answer is what a bank says over HTTP.
type Answer struct {
	Status int // of HTTP
	Header http.Header
	Body   []byte
}

// Member is a named value of an [Object].
type Member struct {
	Name  string
	Value any
}

// Object is a JSON object that keeps the order of its members.
type Object []Member

// Add appends a member, if say.
func (o *Object) Add(say bool, name string, value any) {
	if say {
		*o = append(*o, Member{name, value})
	}
}

// MarshalJSON implements [json.Marshaler].
func (o Object) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b) // its line feeds are dropped by whoever encodes the object
	e.SetEscapeHTML(false)
	b.WriteByte('{')
	for i, m := range o {
		if i > 0 {
			b.WriteByte(',')
		}
		if err := e.Encode(m.Name); err != nil {
			return nil, err
		}
		b.WriteByte(':')
		if err := e.Encode(m.Value); err != nil {
			return nil, err
		}
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// JSON is an answer in application/json. A value that JSON can't hold is a mistake of
// the bank's author and panics.
func JSON(status int, o Object) Answer {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(o); err != nil {
		panic(err)
	}
	return Text(status, "application/json;charset=UTF-8", strings.TrimSuffix(b.String(), "\n"))
}

// Text is an answer of any content type.
func Text(status int, contentType, body string) Answer {
	return Answer{Status: status, Header: http.Header{"Content-Type": {contentType}}, Body: []byte(body)}
}

// Pair is one parameter of a form.
type Pair struct{ Name, Value string }

// Form is pairs in application/x-www-form-urlencoded, in order, with sep before each
// but the first.
func Form(sep string, pairs ...Pair) string {
	var b strings.Builder
	for i, p := range pairs {
		if i > 0 {
			b.WriteString(sep)
		}
		b.WriteString(url.QueryEscape(p.Name) + "=" + url.QueryEscape(p.Value))
	}
	return b.String()
}
