package provider_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout/provider"
)

// The numbers are those of the table of inconsistencies in the Payout Module's
// documents.

func TestText(t *testing.T) {
	for _, c := range []struct {
		name, json string
		want       provider.Text
		refused    bool
	}{
		{"a string", `"2"`, provider.Text{Value: "2", Present: true}, false},
		{"a number (6)", `2`, provider.Text{Value: "2", Present: true}, false},
		{"zero is there (7)", `0`, provider.Text{Value: "0", Present: true}, false},
		{"so is the empty string", `""`, provider.Text{Present: true}, false},
		{"null is not", `null`, provider.Text{}, false},
		{"null with space", " null\n", provider.Text{}, false},
		{"leading zeros (5)", `"008"`, provider.Text{Value: "008", Present: true}, false},
		{"below zero (8)", `-1`, provider.Text{Value: "-1", Present: true}, false},
		{"a fraction as it was written (6)", `2.0`, provider.Text{Value: "2.0", Present: true}, false},
		{"an exponent as it was written", `2e0`, provider.Text{Value: "2e0", Present: true}, false},
		{"an id longer than a float", `12345678901234567890123`, provider.Text{Value: "12345678901234567890123", Present: true}, false},
		{"larger than any float", `1e999`, provider.Text{Value: "1e999", Present: true}, false},
		{"space inside a string stays", `" 2 "`, provider.Text{Value: " 2 ", Present: true}, false},
		{"escapes", `"\u0031\/\n"`, provider.Text{Value: "1/\n", Present: true}, false},
		{"Cyrillic", `"Успешно"`, provider.Text{Value: "Успешно", Present: true}, false},
		{"half a surrogate", `"\ud800"`, provider.Text{Value: "\ufffd", Present: true}, false},
		{"true", `true`, provider.Text{}, true},
		{"false", `false`, provider.Text{}, true},
		{"an object", `{"a":1}`, provider.Text{}, true},
		{"a list", `["2"]`, provider.Text{}, true},
		{"NUL", `"a\u0000b"`, provider.Text{}, true},
		{"nothing", ``, provider.Text{}, true},
		{"a leading zero", `01`, provider.Text{}, true},
		{"a plus", `+1`, provider.Text{}, true},
		{"a minus alone", `-`, provider.Text{}, true},
		{"hexadecimal", `0x10`, provider.Text{}, true},
		{"two values", `1 2`, provider.Text{}, true},
		{"an open string", `"a`, provider.Text{}, true},
		{"a line within a string", "\"a\nb\"", provider.Text{}, true},
		{"a word", `nul`, provider.Text{}, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := provider.Text{Value: "left over", Present: true}
			err := got.UnmarshalJSON([]byte(c.json))
			if c.refused {
				require.Error(t, err)
				assert.Equal(t, provider.Text{Value: "left over", Present: true}, got)
				return
			}
			require.NoError(t, err)
			assert.Equal(t, c.want, got)
		})
	}
}

func TestInt(t *testing.T) {
	for _, c := range []struct {
		name, json string
		want       provider.Int
		refused    bool
	}{
		{"a number", `953`, provider.Int{Value: 953, Present: true}, false},
		{"a string (6)", `"953"`, provider.Int{Value: 953, Present: true}, false},
		{"zero is there (7)", `0`, provider.Int{Present: true}, false},
		{"null is not", `null`, provider.Int{}, false},
		{"below zero", `"-1"`, provider.Int{Value: -1, Present: true}, false},
		{"padded", `"000000000953"`, provider.Int{Value: 953, Present: true}, false},
		{"twelve digits (53)", `999999999999`, provider.Int{Value: 999999999999, Present: true}, false},
		{"the largest", `9223372036854775807`, provider.Int{Value: 9223372036854775807, Present: true}, false},
		{"the smallest", `-9223372036854775808`, provider.Int{Value: -9223372036854775808, Present: true}, false},
		{"one more than the largest", `9223372036854775808`, provider.Int{}, true},
		{"a fraction (53)", `9.53`, provider.Int{}, true},
		{"a whole fraction (6)", `2.0`, provider.Int{}, true},
		{"a fraction in a string (53)", `"9.53"`, provider.Int{}, true},
		{"a comma", `"9,53"`, provider.Int{}, true},
		{"an exponent", `1e3`, provider.Int{}, true},
		{"the empty string (6)", `""`, provider.Int{}, true},
		{"space before", `" 2"`, provider.Int{}, true},
		{"space after", `"2 "`, provider.Int{}, true},
		{"a plus", `"+2"`, provider.Int{}, true},
		{"an underscore", `"1_000"`, provider.Int{}, true},
		{"hexadecimal", `"0x10"`, provider.Int{}, true},
		{"digits of another script", `"٢"`, provider.Int{}, true},
		{"a word", `"null"`, provider.Int{}, true},
		{"true", `true`, provider.Int{}, true},
		{"a list", `[2]`, provider.Int{}, true},
		{"an object", `{}`, provider.Int{}, true},
		{"nothing", ``, provider.Int{}, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := provider.Int{Value: 7, Present: true}
			err := got.UnmarshalJSON([]byte(c.json))
			if c.refused {
				require.Error(t, err)
				assert.Equal(t, provider.Int{Value: 7, Present: true}, got)
				return
			}
			require.NoError(t, err)
			assert.Equal(t, c.want, got)
		})
	}
}

// A time is never a reason to refuse an answer.
func TestMillis(t *testing.T) {
	at := time.Date(2022, 10, 10, 15, 34, 22, 47_000_000, time.UTC)
	for _, c := range []struct {
		name, json string
		want       time.Time
	}{
		{"a number (9)", `1665416062047`, at},
		{"a string (9)", `"1665416062047"`, at},
		{"the first taken (10)", `100000000000`, time.Date(1973, 3, 3, 9, 46, 40, 0, time.UTC)},
		{"seconds (10)", `1665416062`, time.Time{}},
		{"the last not taken (10)", `99999999999`, time.Time{}},
		{"the last that can be written", `253402300799999`, time.Date(9999, 12, 31, 23, 59, 59, 999_000_000, time.UTC)},
		{"the year 10000", `253402300800000`, time.Time{}},
		{"zero", `0`, time.Time{}},
		{"below zero", `-1665416062047`, time.Time{}},
		{"null", `null`, time.Time{}},
		{"the empty string", `""`, time.Time{}},
		{"a date", `"2022-10-10"`, time.Time{}},
		{"a fraction", `1665416062047.5`, time.Time{}},
		{"too large", `99999999999999999999`, time.Time{}},
		{"an object", `{"time":1665416062047}`, time.Time{}},
		{"true", `true`, time.Time{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := provider.Millis{Time: at.Add(time.Hour)}
			require.NoError(t, json.Unmarshal([]byte(c.json), &got))
			assert.Equal(t, c.want, got.Time)
			_, err := json.Marshal(got.Time)
			require.NoError(t, err)
		})
	}
}

func TestList(t *testing.T) {
	type operation struct {
		Type provider.Text `json:"operationType"`
	}
	credit := operation{provider.Text{Value: "P2P_CREDIT", Present: true}}
	for _, c := range []struct {
		name, json string
		want       provider.List[operation]
		refused    bool
	}{
		{"a list (33, 51)", `[{"operationType":"P2P_CREDIT"}]`, provider.List[operation]{credit}, false},
		{"two", `[{"operationType":"P2P_CREDIT"},{}]`, provider.List[operation]{credit, {}}, false},
		{"one in its place (33, 51)", ` {"operationType":"P2P_CREDIT"} `, provider.List[operation]{credit}, false},
		{"an empty object is one", `{}`, provider.List[operation]{{}}, false},
		{"an empty list", `[]`, provider.List[operation]{}, false},
		{"null", `null`, nil, false},
		{"null inside is one (7)", `[null]`, provider.List[operation]{{}}, false},
		{"a string", `"Object"`, nil, true},
		{"a number", `1`, nil, true},
		{"a list of lists", `[[]]`, nil, true},
		{"one wrong", `[{"operationType":{}}]`, nil, true},
		{"nothing", ``, nil, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			left := provider.List[operation]{{}, {}, {}}
			got := left
			err := got.UnmarshalJSON([]byte(c.json))
			if c.refused {
				require.Error(t, err)
				assert.Equal(t, left, got)
				return
			}
			require.NoError(t, err)
			assert.Equal(t, c.want, got)
		})
	}
	t.Run("of texts, one in its place", func(t *testing.T) {
		var got provider.List[provider.Text]
		require.NoError(t, json.Unmarshal([]byte(`5`), &got))
		assert.Equal(t, provider.List[provider.Text]{{Value: "5", Present: true}}, got)
	})
}
