package bank

import (
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Kind is the type of a field.
type Kind uint8

// The kinds of fields. In a form everything arrives as text, and a Kind says what the
// text must look like.
const (
	String  Kind = iota // text
	Integer             // a whole number: in JSON a number without sign, dot or exponent, not a string
	Numeric             // in a form: digits with at most one dot; not for JSON
	Nested              // an object with the fields of Field.Fields
	Free                // an object with any names and text as values
)

// Field is one field that a bank takes.
type Field struct {
	Name     string
	Kind     Kind
	Required bool // an empty text is as good as missing
	Min, Max int  // length in characters or digits; 0 is no bound
	Pattern  *regexp.Regexp
	Fields   Schema
	Doc      string // where the bank's document says so
}

// Schema is all fields that a bank takes. Every other field is refused.
type Schema []Field

// Rule is a kind of rule that a request can break.
type Rule string

// The rules.
const (
	Syntax    Rule = "is not well formed"
	Missing   Rule = "is required"
	Unlisted  Rule = "is not a parameter of this method"
	Duplicate Rule = "is given twice"
	Type      Rule = "has the wrong type"
	Length    Rule = "has the wrong length"
	Pattern   Rule = "does not match its pattern"
)

// Violation is one broken rule. It holds no value.
type Violation struct {
	Field Field  // the rule's field; zero if there is none
	Path  string // "target.pan"; of an unlisted field no more than its name
	Rule  Rule
}

// String returns "target.pan: is required (all2pay:338)".
func (v Violation) String() string {
	s := v.Path + ": " + string(v.Rule)
	if v.Field.Doc != "" {
		s += " (" + v.Field.Doc + ")"
	}
	return s
}

// Values is what a request says, by path: "amount", "target.pan".
type Values struct {
	text map[string]string
	free map[string][]Pair
	all  []Pair // of a form, in order
}

// Text returns a field's text, or "".
func (v Values) Text(path string) string { return v.text[path] }

// Has reports whether a field is there, empty or not.
func (v Values) Has(path string) bool { _, ok := v.text[path]; return ok }

// Int returns a number's value. It is 0 for what is missing, no number, or does not fit.
func (v Values) Int(path string) int64 {
	n, err := strconv.ParseInt(v.text[path], 10, 64)
	if err != nil {
		return 0
	}
	return n
}

// Free returns the members of a Free object, in order.
func (v Values) Free(path string) []Pair { return v.free[path] }

// All returns the parameters of a form, in order.
func (v Values) All() []Pair { return v.all }

func (v Values) set(path, text string) { v.text[path] = text }

func newValues() Values {
	return Values{text: make(map[string]string), free: make(map[string][]Pair)}
}

func (s Schema) field(name string) (Field, bool) {
	for _, f := range s {
		if f.Name == name {
			return f, true
		}
	}
	return Field{}, false
}

// check returns the rule that a text breaks, or "".
func (f Field) check(text string) Rule {
	n := utf8.RuneCountInString(text)
	switch {
	case text == "" && f.Required:
		return Missing
	case text == "":
		return ""
	case f.Kind == Integer && strings.Trim(text, "0123456789") != "":
		return Type
	case f.Kind == Numeric && !numeric.MatchString(text):
		return Type
	case n < f.Min || f.Max > 0 && n > f.Max:
		return Length
	case f.Pattern != nil && !f.Pattern.MatchString(text):
		return Pattern
	}
	return ""
}

var numeric = regexp.MustCompile(`^[0-9]+(\.[0-9]+)?$`)

// missing returns the required fields of an object that seen lacks.
func (s Schema) missing(prefix string, seen map[string]bool) (broken []Violation) {
	for _, f := range s {
		if f.Required && !seen[f.Name] {
			broken = append(broken, Violation{Field: f, Path: prefix + f.Name, Rule: Missing})
		}
	}
	return broken
}

// safeName is a field's name as it may stand in a log.
func safeName(name string) string {
	if len(name) > 40 {
		name = name[:40]
	}
	return MaskDigits(strings.ToValidUTF8(name, "?"))
}
