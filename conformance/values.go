package conformance

import (
	"bytes"
	"encoding/json"
	"regexp"
	"strconv"
	"strings"
)

// value is one value of an answer: the name that it stands under, and its text.
type value struct{ name, text string }

// mark makes another value of any: of a code that is listed, one that is not.
const mark = "73"

// unlike changes every value of an answer but the reference, and keeps its form: JSON,
// a form, or XML.
func unlike(body []byte, reference string) []byte {
	return walk(body, func(v value) string {
		if strings.Contains(v.text, reference) || v.text == "" {
			return v.text
		}
		return v.text + mark
	})
}

// valuesOf returns the values of an answer.
func valuesOf(body []byte) map[value]bool {
	out := map[value]bool{}
	walk(body, func(v value) string { out[v] = true; return v.text })
	return out
}

// walk rewrites each value of an answer. What it can't read stays.
func walk(body []byte, edit func(value) string) []byte {
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	var tree any
	if d.Decode(&tree) == nil && !d.More() {
		if out, err := json.Marshal(walkJSON("", tree, edit)); err == nil {
			return out
		}
	}
	for _, form := range []*regexp.Regexp{element, pair} {
		if form.Match(body) {
			return form.ReplaceAllFunc(body, func(found []byte) []byte {
				m := form.FindSubmatch(found)
				return []byte(string(m[1]) + edit(value{string(m[1]), string(m[2])}))
			})
		}
	}
	return body
}

var (
	element = regexp.MustCompile(`(<[^<>/?!]+>)([^<>\s]+)`)
	pair    = regexp.MustCompile(`([\w.-]+=)([^&\s]*)`)
)

func walkJSON(name string, tree any, edit func(value) string) any {
	switch v := tree.(type) {
	case map[string]any:
		for key, child := range v {
			v[key] = walkJSON(name+"."+key, child, edit)
		}
	case []any:
		for i, child := range v {
			v[i] = walkJSON(name, child, edit)
		}
	case string:
		return edit(value{name, v})
	case json.Number:
		if text := edit(value{name, v.String()}); number(text) {
			return json.Number(text)
		}
	}
	return tree
}

func number(text string) bool {
	_, err := strconv.ParseFloat(text, 64)
	return err == nil
}
