package payout

import "reflect"

// Record is a value that describes itself: a kind, and named fields that hold
// text. Destinations, options and recipients are records. From the one declaration
// of their [Kind] come validation, masking, taking apart and building again, and
// with those batch columns, command-line flags, sealing and fingerprints, for kinds
// that this library has never heard of as well.
type Record interface {
	// Kind returns the declaration of the value's type: the same for every value of
	// it, the zero value included.
	Kind() Kind
}

// Field declares one field of a [Kind].
type Field struct {
	// Name is the field's name outside Go: lower case letters, digits and '_'. It is
	// part of files and stored data, so it never changes.
	Name string
	// Doc says what the field holds, in a line.
	Doc string
	// Required: a record without it is invalid everywhere. What only some bank
	// requires is for that bank's adapter to check.
	Required bool
	// Secret: the field is held in a [Secret]. Set by [Hidden], not by hand.
	Secret bool
	// Unstored: it must not be kept in any form, not encrypted and not hashed either: a
	// card's CVV.
	Unstored bool
	// Max is the greatest length in characters; 0 is 255.
	Max int
	// Check returns the rule that a text breaks, or "". It is never given an empty
	// text, nor one that is too long, is not UTF-8, holds control characters or is
	// surrounded by spaces. Its answer must not contain the text. May be nil.
	Check func(text string) (rule string)
	// Mask returns the part of a text that may be shown to tell one record from
	// another, such as a card's last four digits. It is given any text but an empty
	// one, also before the text was checked. Nil: the field is not shown at all.
	Mask func(text string) string
}

// Kind is the declaration of a record type: its name and its fields in order. Make
// one with [NewKind], once for each type, in a package variable. The zero Kind is
// no kind. A Kind is immutable and safe for concurrent use.
type Kind struct{ k *kind }

type kind struct {
	name, doc string
	fields    []Field
	typ       reflect.Type
	values    func(Record) ([]Value, bool)
	each      func(Record, func(f *Field, text string)) bool
	build     func(text func(field string) string) Record
}

// Value is one field of a record with its text.
type Value struct {
	Field
	Text Secret
}

// mask returns what may be shown of a text.
func (f *Field) mask(text string) string {
	if f.Mask == nil || text == "" {
		return ""
	}
	return f.Mask(text)
}

func (v Value) mask() string { return v.Field.mask(v.Text.Reveal()) }

// valueOf takes an R or a non-nil *R.
func valueOf[R Record](rec Record) (R, bool) {
	if r, ok := rec.(R); ok {
		return r, true
	}
	if p, ok := any(rec).(*R); ok && p != nil {
		return *p, true
	}
	var zero R
	return zero, false
}

// Name returns the kind's name, such as "card". It is stored and never changes.
func (k Kind) Name() string {
	if k.k == nil {
		return ""
	}
	return k.k.name
}

// String returns the name.
func (k Kind) String() string { return k.Name() }

// Doc says in a line what the kind is.
func (k Kind) Doc() string {
	if k.k == nil {
		return ""
	}
	return k.k.doc
}

// Fields returns the declared fields in order. The slice is the caller's.
func (k Kind) Fields() []Field {
	if k.k == nil {
		return nil
	}
	return append([]Field(nil), k.k.fields...)
}

// Is reports whether both declare the same type under the same name.
func (k Kind) Is(other Kind) bool {
	return k.k != nil && other.k != nil && k.k.name == other.k.name && k.k.typ == other.k.typ
}

// Values takes a record apart: all fields, in order, with their texts. It returns
// nil if the record is not of this kind.
func (k Kind) Values(rec Record) []Value {
	if k.k == nil {
		return nil
	}
	values, _ := k.k.values(rec)
	return values
}

// Build makes a record from its fields: text returns a field's text, or "" if it
// has none. The record is not checked; [Kind.Check] does that.
func (k Kind) Build(text func(field string) string) Record {
	if k.k == nil {
		return nil
	}
	return k.k.build(text)
}

// Masked tells one record from another without its secrets: the kind's name and
// the fields that declare a mask, such as "card 411111******1111". A nil record
// gives "".
func Masked(rec Record) string {
	k := kindOf(rec)
	if k.k == nil {
		return ""
	}
	out := k.Name()
	k.k.each(rec, func(f *Field, text string) {
		if m := f.mask(text); m != "" {
			out += " " + m
		}
	})
	return out
}

// absent reports whether there is no record: rec is nil, or a nil pointer.
func absent(rec Record) bool {
	if rec == nil {
		return true
	}
	v := reflect.ValueOf(rec)
	return v.Kind() == reflect.Pointer && v.IsNil()
}

// kindOf is rec.Kind, which would panic where there is no record.
func kindOf(rec Record) Kind {
	if absent(rec) {
		return Kind{}
	}
	return rec.Kind()
}

// plain returns a record as a value where it is a pointer to one, so that nobody
// changes what it points to.
func plain[R Record](rec R) R {
	if v := reflect.ValueOf(rec); v.Kind() == reflect.Pointer && !v.IsNil() {
		if value, ok := v.Elem().Interface().(R); ok {
			return value
		}
	}
	return rec
}
