package batch

import (
	"encoding/csv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestSplit(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		line   string
		fields []string
		column int
		fault  string
	}{
		{`a,b`, []string{"a", "b"}, 0, ""},
		{`,`, []string{"", ""}, 0, ""},
		{`"",""`, []string{"", ""}, 0, ""},
		{`"a,""b""",c`, []string{`a,"b"`, "c"}, 0, ""},
		{`a, "b"`, nil, 2, bareQuote},
		{`a,b"c"`, nil, 2, bareQuote},
		{`"a"b,c`, nil, 1, afterQuote},
		{`"a" ,c`, nil, 1, afterQuote},
		{`"a`, nil, 1, openQuote},
		{`a,"`, nil, 2, openQuote},
		{`a,"""`, nil, 2, openQuote},
		{`a"b,"c"d,e`, nil, 1, bareQuote},
		{`a"b,c,"d`, nil, 3, openQuote},
		{`"a"b,c,"d`, nil, 3, openQuote},
	} {
		t.Run(c.line, func(t *testing.T) {
			fields, column, fault := split(nil, c.line, ',')
			require.Equal(t, c.fault, fault)
			require.Equal(t, c.column, column)
			if fault == "" {
				require.Equal(t, c.fields, fields)
			}
		})
	}
}

// A line without a fault means what it means to encoding/csv, and that one takes no
// line that split finds fault with.
func FuzzSplit(f *testing.F) {
	for _, seed := range []string{`a,b`, `"a""b",,"c"`, `a"b`, `"a"b`, `"a`, `,"`, `""`, `"",`, ` "a"`, "\x00,\xff", `"""`, `""""`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, line string) {
		if line == "" || strings.ContainsAny(line, "\r\n") {
			return
		}
		r := csv.NewReader(strings.NewReader(line + "\n"))
		want, err := r.Read()
		fields, column, fault := split(nil, line, ',')
		if fault != "" {
			require.Error(t, err)
			require.Positive(t, column)
			return
		}
		require.NoError(t, err)
		require.Equal(t, want, fields)
	})
}
