package payout_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
)

func TestReferenceRule(t *testing.T) {
	const standard = "; allowed are ASCII letters, digits - _"
	at := func(position string) string {
		return "has a character at position " + position + " that is not allowed"
	}
	short := payout.ReferenceRule{Max: 5, Alphabet: "0123456789abc"}
	plain := payout.ReferenceRule{Max: 9, Alphabet: payout.Alphanumeric}
	for name, row := range map[string]struct {
		rule      payout.ReferenceRule
		reference string
		want      string
	}{
		"zero rule":             {payout.ReferenceRule{}, "Payout_2026-01", ""},
		"zero rule, 64":         {payout.ReferenceRule{}, strings.Repeat("x", 64), ""},
		"zero rule, 65":         {payout.ReferenceRule{}, strings.Repeat("x", 65), "must be at most 64 characters"},
		"empty":                 {payout.ReferenceRule{}, "", "is required"},
		"space":                 {payout.ReferenceRule{}, "a b", at("2") + standard},
		"slash":                 {payout.ReferenceRule{}, "a/b", at("2") + standard},
		"line feed":             {payout.ReferenceRule{}, "ab\n", at("3") + standard},
		"Cyrillic":              {payout.ReferenceRule{}, "рay", at("1") + standard},
		"long and Cyrillic":     {short, "abcжжжжжж", at("4") + "; allowed are 0123456789abc"},
		"not UTF-8":             {short, "a\xff", at("2") + "; allowed are 0123456789abc"},
		"U+FFFD":                {short, "a\uFFFD", at("2") + "; allowed are 0123456789abc"},
		"NUL":                   {short, "\x00", at("1") + "; allowed are 0123456789abc"},
		"own alphabet":          {short, "12abc", ""},
		"own alphabet, capital": {short, "A", at("1") + "; allowed are 0123456789abc"},
		"own length":            {short, "123456", "must be at most 5 characters"},
		"alphanumeric":          {plain, "abcXYZ019", ""},
		"alphanumeric, hyphen":  {plain, "a-b", at("2") + "; allowed are ASCII letters, digits"},
	} {
		require.Equal(t, row.want, row.rule.Check(row.reference), name)
	}
}
