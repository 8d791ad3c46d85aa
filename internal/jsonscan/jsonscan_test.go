package jsonscan_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout/internal/jsonscan"
)

func TestMembers(t *testing.T) {
	for name, tt := range map[string]struct {
		value string
		want  [][2]string
	}{
		"an object":        {` { "a" : 1 , "b":"x,}" ,"c":{"d":[1,{}]},"e":null } `, [][2]string{{"a", "1"}, {"b", `"x,}"`}, {"c", `{"d":[1,{}]}`}, {"e", "null"}}},
		"an array":         {`[1,"a",[2,3],{"b":4},true]`, [][2]string{{"", "1"}, {"", `"a"`}, {"", "[2,3]"}, {"", `{"b":4}`}, {"", "true"}}},
		"escapes":          {`{"\u0061\"":"\\","b":"\"}"}`, [][2]string{{`a"`, `"\\"`}, {"b", `"\"}"`}}},
		"an empty name":    {`{"":1}`, [][2]string{{"", "1"}}},
		"numbers":          {`[-0.5e+10,0]`, [][2]string{{"", "-0.5e+10"}, {"", "0"}}},
		"nothing in it":    {`{}`, nil},
		"no container":     {`"{}"`, nil},
		"lines":            {"{\n\"a\"\t:\r\n[\n]\n}", [][2]string{{"a", "[\n]"}}},
		"names that agree": {`{"a":1,"a":2}`, [][2]string{{"a", "1"}, {"a", "2"}}},
	} {
		t.Run(name, func(t *testing.T) {
			var got [][2]string
			for c := jsonscan.Of(tt.value); c.Next(); {
				got = append(got, [2]string{c.Name(), c.Value()})
			}
			require.Equal(t, tt.want, got)
		})
	}
}

func TestUnquote(t *testing.T) {
	for value, want := range map[string]string{`""`: "", `"a"`: "a", `"\u00e9\n"`: "é\n", `"é"`: "é", `"\ud800"`: "\ufffd", ``: "", `"`: ""} {
		require.Equal(t, want, jsonscan.Unquote(value), value)
	}
}

// FuzzMembers: of valid JSON the last value of each name is what encoding/json reads, and of
// anything else there is an end.
func FuzzMembers(f *testing.F) {
	for _, seed := range []string{`{}`, `[[1],{"a":{}}]`, `{"a":1,"b":"]"}`, `{"a`, `{:,}`, "{\"a\x00\"", `{"\"`, `[}`, `{"a":}`, `{"a"}`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var want map[string]json.RawMessage
		valid := json.Unmarshal([]byte(text), &want) == nil
		got := map[string]string{}
		for c := jsonscan.Of(text); c.Next(); {
			got[c.Name()] = c.Value()
		}
		if !valid {
			return
		}
		require.Len(t, got, len(want))
		for name, value := range want {
			if _, same := got[name]; same { // encoding/json mends names that are not UTF-8
				require.Equal(t, string(value), got[name])
			}
		}
	})
}
