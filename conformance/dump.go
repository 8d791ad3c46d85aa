package conformance

import (
	"fmt"
	"reflect"
	"strings"
	"unsafe"
)

// dump writes every text that can be reached from a value as a debugger or a diff
// would: through pointers, interfaces, maps and unexported fields, but not through
// functions and unsafe pointers.
func dump(v any) string {
	d := &dumper{seen: map[visit]bool{}}
	d.walk(reflect.ValueOf(v), 0)
	return d.b.String()
}

type visit struct {
	at  unsafe.Pointer
	typ reflect.Type
}

type dumper struct {
	b    strings.Builder
	seen map[visit]bool
}

const maxDepth = 64

func (d *dumper) walk(v reflect.Value, depth int) {
	if !v.IsValid() || depth > maxDepth || d.b.Len() > 16<<20 {
		return
	}
	switch v.Kind() {
	case reflect.String:
		d.b.WriteString(v.String() + "\n")
	case reflect.Pointer:
		if v.IsNil() || d.seen[visit{v.UnsafePointer(), v.Type()}] {
			return
		}
		d.seen[visit{v.UnsafePointer(), v.Type()}] = true
		d.walk(v.Elem(), depth+1)
	case reflect.Interface:
		d.walk(v.Elem(), depth+1)
	case reflect.Struct:
		for i := range v.NumField() {
			d.walk(v.Field(i), depth+1)
		}
	case reflect.Map:
		for iter := v.MapRange(); iter.Next(); {
			d.walk(iter.Key(), depth+1)
			d.walk(iter.Value(), depth+1)
		}
	case reflect.Slice, reflect.Array:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			d.bytes(v)
			return
		}
		for i := range v.Len() {
			d.walk(v.Index(i), depth+1)
		}
	}
}

// bytes writes them as text, up to a slice's capacity: buffers keep what was sent.
func (d *dumper) bytes(v reflect.Value) {
	n := v.Len()
	if v.Kind() == reflect.Slice {
		if v.IsNil() {
			return
		}
		if at := (visit{v.UnsafePointer(), v.Type()}); d.seen[at] {
			return
		} else {
			d.seen[at] = true
		}
		d.b.Write(unsafe.Slice((*byte)(v.UnsafePointer()), v.Cap())) // #nosec G103 -- to look where a debugger looks
		d.b.WriteByte('\n')
		return
	}
	for i := range n {
		d.b.WriteByte(byte(v.Index(i).Uint()))
	}
	fmt.Fprintln(&d.b)
}
