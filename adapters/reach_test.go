package adapters_test

import (
	"fmt"
	"reflect"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/require"
)

// reach calls seen with every text that can be found in a value, the way the most
// curious dump does: through pointers, interfaces and fields that are not exported.
func reach(v reflect.Value, seen func(path, text string)) {
	(&reacher{seen: seen, been: map[visit]bool{}}).value("", v)
}

type visit struct {
	at   unsafe.Pointer
	kind reflect.Type
}

type reacher struct {
	seen func(path, text string)
	been map[visit]bool
}

func (r *reacher) value(path string, v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		r.seen(path, v.String())
	case reflect.Pointer:
		if at := (visit{v.UnsafePointer(), v.Type()}); !v.IsNil() && !r.been[at] {
			r.been[at] = true
			r.value(path, v.Elem())
		}
	case reflect.Interface:
		r.value(path, v.Elem())
	case reflect.Struct:
		v = addressable(v)
		for i := range v.NumField() {
			field := v.Field(i)
			field = reflect.NewAt(field.Type(), unsafe.Pointer(field.UnsafeAddr())).Elem()
			r.value(path+"."+v.Type().Field(i).Name, field)
		}
	case reflect.Map:
		for _, key := range v.MapKeys() {
			r.value(path+".key", key)
			r.value(fmt.Sprintf("%s[%v]", path, key), v.MapIndex(key))
		}
	case reflect.Slice, reflect.Array:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			if v.Kind() == reflect.Array {
				v = addressable(v).Slice(0, v.Len())
			}
			r.seen(path, string(v.Bytes()))
			return
		}
		for i := range v.Len() {
			r.value(fmt.Sprintf("%s[%d]", path, i), v.Index(i))
		}
	}
}

// addressable is v, or a copy of it whose fields have addresses.
func addressable(v reflect.Value) reflect.Value {
	if v.CanAddr() {
		return v
	}
	c := reflect.New(v.Type()).Elem()
	c.Set(v)
	return c
}

// The walker finds what is hidden less well than a Secret.
func TestReach(t *testing.T) {
	type inner struct{ text string }
	hidden := struct {
		a any
		b *inner
		c map[string]inner
		d []byte
		e [2]byte
		f []any
		g **inner
	}{
		a: inner{"any"}, b: &inner{"pointer"}, c: map[string]inner{"key": {"map"}}, d: []byte("bytes"), e: [2]byte{'a', 'r'},
		f: []any{&inner{"list"}},
	}
	hidden.g = &hidden.b
	var found []string
	reach(reflect.ValueOf(&hidden), func(_, text string) { found = append(found, text) })
	require.Subset(t, found, []string{"any", "pointer", "key", "map", "bytes", "ar", "list"})
	reach(reflect.ValueOf(secret(pan)), func(_, text string) { require.NotContains(t, text, pan) })
}
