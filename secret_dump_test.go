package payout_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
)

// listener is a TestingT that hears what testify says about a failure.
type listener struct{ heard strings.Builder }

func (l *listener) Errorf(format string, args ...any) { fmt.Fprintf(&l.heard, format, args...) }

func TestSecretInTestifyDiff(t *testing.T) {
	other := holders(payout.NewSecret("other"))
	for name, value := range holders(payout.NewSecret(made())) {
		t.Run(name, func(t *testing.T) {
			l := &listener{}
			assert.Equal(l, other[name], value)
			assert.EqualValues(l, other[name], value)
			assert.NotEqual(l, value, value)
			assert.Nil(l, value)
			assert.Empty(l, value)
			assert.Contains(l, []any{other[name]}, value)
			assert.ElementsMatch(l, []any{other[name]}, []any{value})
			assert.Exactly(l, 0, value)
			require.Contains(t, l.heard.String(), "Error Trace", "nothing failed, so nothing was tested")
			requireHidden(t, l.heard.String())
		})
	}
}

// A dump that goes on where testify's stops: through unexported fields, pointers,
// interfaces, maps, slices and arrays, to every string and every byte.
func TestSecretInReflectiveDump(t *testing.T) {
	for name, value := range holders(payout.NewSecret(made())) {
		t.Run(name, func(t *testing.T) { requireHidden(t, dump(value)) })
	}
}

// The dump finds what any other type hides.
func TestReflectiveDumpFinds(t *testing.T) {
	text := made()
	type unexported struct{ s any }
	for name, value := range map[string]any{
		"pointer":   &text,
		"field":     unexported{unexported{&text}},
		"map key":   map[unexported]int{{s: text}: 1},
		"bytes":     unexported{[]byte(text)},
		"array":     &[]any{[1]*string{&text}},
		"interface": unexported{fmt.Errorf("wrapped: %s", text)},
	} {
		require.Contains(t, dump(value), text, name)
	}
}

func dump(value any) string {
	var b strings.Builder
	seen := map[unsafe.Pointer]bool{}
	var walk func(reflect.Value)
	walk = func(v reflect.Value) {
		switch v.Kind() {
		case reflect.Pointer:
			if !v.IsNil() && !seen[v.UnsafePointer()] {
				seen[v.UnsafePointer()] = true
				walk(v.Elem())
			}
		case reflect.Interface:
			if !v.IsNil() {
				inner := reflect.New(v.Elem().Type()).Elem() // a copy that can be addressed
				inner.Set(v.Elem())
				walk(inner)
			}
		case reflect.Struct:
			for i := range v.NumField() {
				f := v.Field(i)
				walk(reflect.NewAt(f.Type(), unsafe.Pointer(f.UnsafeAddr())).Elem())
			}
		case reflect.Map:
			for _, key := range v.MapKeys() {
				for _, part := range []reflect.Value{key, v.MapIndex(key)} {
					inner := reflect.New(part.Type()).Elem()
					inner.Set(part)
					walk(inner)
				}
			}
		case reflect.Slice, reflect.Array:
			if v.Type().Elem().Kind() == reflect.Uint8 {
				for i := range v.Len() {
					b.WriteByte(byte(v.Index(i).Uint()))
				}
			}
			for i := range v.Len() {
				walk(v.Index(i))
			}
		case reflect.String:
			b.WriteString(v.String())
		}
		b.WriteByte(' ')
	}
	walk(reflect.ValueOf(&value))
	return b.String()
}
