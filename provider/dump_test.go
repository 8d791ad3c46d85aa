package provider_test

import (
	"reflect"
	"unsafe"
)

// dump returns all texts and byte strings that can be reached from a value through
// pointers, interfaces, maps and fields of whatever case, and what lies behind the
// length of a slice: more than go-spew sees.
func dump(v any) []string {
	d := dumper{seen: map[visited]bool{}}
	d.walkCopy(reflect.ValueOf(v))
	return d.found
}

type visited struct {
	at unsafe.Pointer
	of reflect.Type
}

type dumper struct {
	seen  map[visited]bool
	found []string
}

func (d *dumper) walk(v reflect.Value) {
	if !v.IsValid() {
		return
	}
	if v.CanAddr() {
		v = reflect.NewAt(v.Type(), v.Addr().UnsafePointer()).Elem() // unexported fields become readable
	}
	switch v.Kind() {
	case reflect.String:
		d.found = append(d.found, v.String())
	case reflect.Pointer:
		at := visited{v.UnsafePointer(), v.Type()}
		if v.IsNil() || d.seen[at] {
			return
		}
		d.seen[at] = true
		d.walk(v.Elem())
	case reflect.Interface:
		if inner := v.Elem(); inner.IsValid() {
			d.walkCopy(inner)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			d.walk(v.Field(i))
		}
	case reflect.Array, reflect.Slice:
		d.walkList(v)
	case reflect.Map:
		for _, key := range v.MapKeys() {
			d.walkCopy(key)
			d.walkCopy(v.MapIndex(key))
		}
	}
}

// walkCopy makes the fields of a value addressable.
func (d *dumper) walkCopy(v reflect.Value) {
	if !v.IsValid() {
		return
	}
	boxed := reflect.New(v.Type()).Elem()
	boxed.Set(v)
	d.walk(boxed)
}

func (d *dumper) walkList(v reflect.Value) {
	if v.Kind() == reflect.Slice {
		at := visited{v.UnsafePointer(), v.Type()}
		if v.IsNil() || v.Cap() == 0 || d.seen[at] {
			return
		}
		d.seen[at] = true
		v = v.Slice(0, v.Cap()) // what was there before is still there
	}
	if v.Type().Elem().Kind() == reflect.Uint8 {
		if v.Kind() == reflect.Array && !v.CanAddr() {
			return
		}
		d.found = append(d.found, string(v.Bytes()))
		return
	}
	for i := range v.Len() {
		d.walk(v.Index(i))
	}
}
