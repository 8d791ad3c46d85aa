package provider_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout/provider"
)

// FuzzNames holds the names' check to one that goes through encoding/json's tokens: another
// way, and a slow one.
func FuzzNames(f *testing.F) {
	for _, seed := range []string{
		`{}`, `{"a":1,"A":1}`, `{"a":1,"A":2}`, `{"a":{"b":[{"c":1,"C":1.0}]}}`, `{"\u0061":"x","a" : "x"}`, `{"a\"":1,"A\"":2}`, `{"":1,"":2}`,
		`{"a":[],"b":{},"c":"}","d":"]\\","e":-1e9,"f":null}`, `{"\ud800":1,"\ufffd":2}`, `{"k":1,"` + "\u212a" + `":2}`,
		`{` + manyNames + `"N7":1}`, `{` + manyNames + `"N7":2}`, `{"x":` + strings.Repeat("[", 31) + `{"a":1,"a":2}` + strings.Repeat("]", 31) + `}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		var any map[string]json.RawMessage
		if json.Unmarshal(body, &any) != nil || any == nil || !json.Valid(body) {
			return
		}
		err := provider.DecodeJSON(body, &any)
		if err != nil && (strings.Contains(err.Error(), "UTF-8") || strings.Contains(err.Error(), "deep")) {
			return
		}
		r := tokens{bytes.TrimSpace(body), json.NewDecoder(bytes.NewReader(bytes.TrimSpace(body)))}
		r.dec.UseNumber()
		require.Equal(t, r.agree(t), err == nil, "%q", body)
	})
}

type tokens struct {
	body []byte
	dec  *json.Decoder
}

// agree reads the next value, and reports whether names that stand twice in it have one value.
func (r *tokens) agree(t *testing.T) bool {
	token, err := r.dec.Token()
	require.NoError(t, err)
	open, nested := token.(json.Delim)
	if !nested {
		return true
	}
	all := true
	var names []string
	var values [][]byte
	for r.dec.More() {
		name := ""
		if open == '{' {
			token, err := r.dec.Token()
			require.NoError(t, err)
			name = token.(string)
		}
		start := r.dec.InputOffset()
		all = r.agree(t) && all
		value := bytes.TrimLeft(r.body[start:r.dec.InputOffset()], ": \t\r\n")
		for i := range names {
			if open == '{' && strings.EqualFold(names[i], name) && !bytes.Equal(values[i], value) {
				all = false
			}
		}
		names, values = append(names, name), append(values, value)
	}
	_, err = r.dec.Token() // the closing bracket
	require.NoError(t, err)
	return all
}
