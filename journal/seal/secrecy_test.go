package seal_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/tink-crypto/tink-go/v2/keyset"

	"github.com/payoutkit/payout/journal/seal"
)

// listener is a TestingT that hears what testify says about a failure.
type listener struct{ heard strings.Builder }

func (l *listener) Errorf(format string, args ...any) { fmt.Fprintf(&l.heard, format, args...) }

// shown is all that printing, logging, encoding and dumping show of a value.
func shown(t *testing.T, value any) string {
	t.Helper()
	var b strings.Builder
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		fmt.Fprintf(&b, verb+"\n", value)
		fmt.Fprintf(&b, verb+"\n", struct{ s any }{value})
	}
	for _, h := range []slog.Handler{slog.NewTextHandler(&b, nil), slog.NewJSONHandler(&b, nil)} {
		slog.New(h).Info("shown", "value", value)
	}
	text, err := json.Marshal(value)
	require.NoError(t, err)
	b.Write(text)
	l := &listener{}
	assert.Equal(l, reflect.Zero(reflect.TypeOf(value)).Interface(), value)
	require.Contains(t, l.heard.String(), "Diff:", "nothing was dumped")
	return b.String() + l.heard.String()
}

// hidden are the ways in which the key, the text and a cause may show.
func hidden() []string {
	out := []string{"canary", "4111111111111111"}
	for _, part := range []string{material[:12], material[12:24], text[:12], text[12:24]} {
		list := fmt.Sprintf("%v", []byte(part))
		out = append(out, hex.EncodeToString([]byte(part)), base64.StdEncoding.EncodeToString([]byte(part)), list[1:len(list)-1])
		var spaced []string
		for _, c := range []byte(part[:6]) {
			spaced = append(spaced, fmt.Sprintf("0x%x", c))
		}
		out = append(out, strings.Join(spaced, ", "))
	}
	return out
}

func requireHidden(t *testing.T, shown string) {
	t.Helper()
	for _, h := range hidden() {
		require.NotContains(t, shown, h)
	}
}

func TestASealerShowsNoKey(t *testing.T) {
	handle := parsed(t, cleartext())
	s := load(t, func(context.Context) (*keyset.Handle, error) { return handle, nil })
	requireOpens(t, s, sealed(t, s))
	requireHidden(t, shown(t, s))
	requireHidden(t, shown(t, *s))
	requireHidden(t, shown(t, struct{ Sealer any }{s}))
	require.Contains(t, shown(t, handle), "canary", "the dump does not find what another type hides")
}

// A dump need not show a key as it was given to show it: ciphers keep it expanded. So
// there is nothing to follow.
func TestReflectionEndsAtASealer(t *testing.T) {
	for i := range reflect.TypeFor[seal.Sealer]().NumField() {
		require.Equal(t, reflect.Func, reflect.TypeFor[seal.Sealer]().Field(i).Type.Kind())
	}
}

func TestErrorsShowNothing(t *testing.T) {
	handle := parsed(t, cleartext())
	s := sealer(t, handle)
	box := sealed(t, s)
	var all []error
	note := func(_ any, err error) {
		require.Error(t, err)
		all = append(all, err)
	}
	quoting := errors.New("invalid value: " + material)
	changed := bytes.Clone(box)
	changed[20]++
	note(s.Open(t.Context(), changed, bound))
	note(s.Open(t.Context(), box, bound+material))
	note(s.Open(t.Context(), []byte(material+text), bound))
	note(sealer(t, fresh(t)).Open(t.Context(), box, bound))
	note(seal.Load(t.Context(), func(context.Context) (*keyset.Handle, error) { return nil, quoting }))
	note(seal.Load(t.Context(), seal.File(written(t, strings.Replace(cleartext(), `"value":"`, `"value":"!`, 1), 0o600))))
	v := &vault{}
	v.handle.Store(fresh(t))
	late := load(t, v.read)
	v.err.Store(&quoting)
	note(late.Open(t.Context(), box, bound))
	note(nil, late.Reload(t.Context()))
	for _, err := range all {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q"} {
			requireHidden(t, fmt.Sprintf(verb, err))
			if e, ok := errors.AsType[*seal.KeysetError](err); ok {
				requireHidden(t, fmt.Sprintf(verb, *e))
			}
			if e, ok := errors.AsType[*seal.KeyError](err); ok {
				requireHidden(t, fmt.Sprintf(verb, *e))
			}
		}
	}
	require.EqualError(t, all[4], "seal: the keyset: the function that reads it failed")
	require.Equal(t, `"seal: the keyset: the function that reads it failed"`, fmt.Sprintf("%q", all[4]))
}
