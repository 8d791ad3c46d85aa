package payout

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// FieldOf is a [Field] of the record type R, together with where R holds it. Make
// one with [Text] or [Hidden].
type FieldOf[R Record] struct {
	field Field
	place func(*R) uintptr
	get   func(*R) Secret
	text  func(*R) string
	set   func(*R, string)
}

// Text declares a field that R holds as a plain string. at returns its place.
func Text[R Record](f Field, at func(*R) *string) FieldOf[R] {
	f.Secret = false
	return FieldOf[R]{
		field: f,
		place: func(r *R) uintptr { return reflect.ValueOf(at(r)).Pointer() },
		get:   func(r *R) Secret { return NewSecret(*at(r)) },
		text:  func(r *R) string { return *at(r) },
		set:   func(r *R, text string) { *at(r) = text },
	}
}

// Hidden declares a field that R holds as a [Secret]. at returns its place.
func Hidden[R Record](f Field, at func(*R) *Secret) FieldOf[R] {
	f.Secret = true
	return FieldOf[R]{
		field: f,
		place: func(r *R) uintptr { return reflect.ValueOf(at(r)).Pointer() },
		get:   func(r *R) Secret { return *at(r) },
		text:  func(r *R) string { return at(r).Reveal() },
		set:   func(r *R, text string) { *at(r) = NewSecret(text) },
	}
}

// NewKind declares the record type R, a struct. Names are lower case letters, digits
// and '_'. Every field of the struct, and of structs in it, is declared exactly once:
// what is not declared would be lost wherever a record is taken apart, and two
// records that differ in it alone would pass for the same. NewKind panics if a
// declaration breaks these rules: that is a mistake in the program, found when it
// starts.
func NewKind[R Record](name, doc string, fields ...FieldOf[R]) Kind {
	fields = slices.Clone(fields)
	k := &kind{name: name, doc: doc, typ: reflect.TypeFor[R]()}
	mustName(name)
	mustCover(name, fields)
	seen := map[string]bool{}
	for _, f := range fields {
		mustName(f.field.Name)
		if seen[f.field.Name] {
			panic("payout: kind " + name + " declares field " + f.field.Name + " twice")
		}
		seen[f.field.Name] = true
		k.fields = append(k.fields, f.field)
	}
	k.values = func(rec Record) ([]Value, bool) {
		r, ok := valueOf[R](rec)
		if !ok {
			return nil, false
		}
		out := make([]Value, len(fields))
		for i, f := range fields {
			out[i] = Value{f.field, f.get(&r)}
		}
		return out, true
	}
	k.each = func(rec Record, do func(*Field, string)) bool {
		r, ok := valueOf[R](rec)
		if !ok {
			return false
		}
		for i := range fields {
			do(&fields[i].field, fields[i].text(&r))
		}
		return true
	}
	k.build = func(text func(string) string) Record {
		var r R
		for _, f := range fields {
			if s := text(f.field.Name); s != "" {
				f.set(&r, s)
			}
		}
		return r
	}
	return Kind{k}
}

func mustName(name string) {
	if name == "" || strings.Trim(name, "abcdefghijklmnopqrstuvwxyz0123456789_") != "" {
		panic(fmt.Sprintf("payout: %q is no name of a kind or field", name))
	}
}

// mustCover compares the places that the fields name with those that R has.
func mustCover[R Record](name string, fields []FieldOf[R]) {
	var r R
	v := reflect.ValueOf(&r).Elem()
	if v.Kind() != reflect.Struct {
		panic("payout: kind " + name + " must declare a struct, and its Kind a method of the struct itself")
	}
	places := map[uintptr]string{}
	for _, f := range fields {
		at := f.place(&r)
		if other, twice := places[at]; twice {
			panic("payout: kind " + name + " declares fields " + other + " and " + f.field.Name + " in one place")
		}
		places[at] = f.field.Name
	}
	var walk func(v reflect.Value, path string)
	walk = func(v reflect.Value, path string) {
		for i := range v.NumField() {
			f, path := v.Field(i), path+"."+v.Type().Field(i).Name
			switch _, declared := places[f.UnsafeAddr()]; {
			case f.Type().Size() == 0:
			case f.Kind() == reflect.Struct && f.Type() != reflect.TypeFor[Secret]():
				walk(f, path)
			case !declared:
				panic("payout: kind " + name + " does not declare " + path)
			default:
				delete(places, f.UnsafeAddr())
			}
		}
	}
	walk(v, v.Type().Name())
	for _, field := range places {
		panic("payout: kind " + name + " declares field " + field + " in a place that is not in the struct")
	}
}
