package payout_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/payoutkit/payout"
)

func TestMaskCardNumber(t *testing.T) {
	for number, want := range map[string]string{
		"4111111111111111":    "411111******1111",
		"4111 1111 1111 1111": "411111******1111",
		"4111-1111-1111-1111": "411111******1111",
		"378282246310005":     "378282*****0005",
		"501800000009":        "501800**0009",
		"6304000000000000018": "630400*********0018",

		// Masks of banks: only the last four digits mean the same in all of them.
		"411111XXXXXX1111":    "******1111", // all2pay:481
		"4111XXXXXXXX1111":    "******1111", // all2pay:684
		"4402XXXXXXXX2639":    "******2639", // all2pay:626
		"411111**1111":        "******1111", // the vendor's gateway
		"411111******1111":    "******1111",
		"4111 11** **** 1111": "******1111",
		"************1111":    "******1111",
		"**1111":              "******1111",
		"411111******":        "******",
		"****************":    "******",
		"XXXX 1111 XXXX":      "******",

		// What is no card number, or hides one between other things.
		"":                         "******",
		"1111":                     "******",
		"1234567":                  "******",
		"12345678":                 "******5678",
		"12345678901":              "******8901",
		"card 4111111111111111":    "******",
		"4111111111111111x":        "******",
		"4111.1111.1111.1111":      "******",
		"4111\u00a01111111111111":  "******",
		"4111111111111111;34/12":   "******",
		"٤١١١١١١١١١١١١١١١":         "******",
		"%B4111111111111111^IVAN^": "******",
	} {
		require.Equal(t, want, payout.MaskCardNumber(number), "%q", number)
	}
}

// requireMasked: at most the first six and the last four digits of what came in,
// and nothing else of it.
func requireMasked(t require.TestingT, input, masked string) {
	digits := strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, input)
	head, tail, ok := strings.Cut(masked, "*")
	tail = strings.TrimLeft(tail, "*")
	require.True(t, ok, "no digit is hidden: %q", masked)
	require.LessOrEqual(t, len(head), 6)
	require.LessOrEqual(t, len(tail), 4)
	require.Empty(t, strings.Trim(head+tail, "0123456789"), "more than digits: %q", masked)
	require.True(t, strings.HasPrefix(digits, head) && strings.HasSuffix(digits, tail), "digits from elsewhere: %q", masked)
	if !strings.ContainsFunc(input, func(r rune) bool { return (r < '0' || r > '9') && r != ' ' && r != '-' }) {
		require.True(t, len(digits) < 4 || len(head)+len(tail) <= max(4, len(digits)-2), "too few of %d digits are hidden: %q", len(digits), masked)
	}
}

func TestPropertyMaskCardNumber(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		input := rapid.OneOf(
			rapid.StringMatching(`[0-9]{0,40}`),
			rapid.StringMatching(`[0-9 -]{0,40}`),
			rapid.StringMatching(`[0-9X*]{0,40}`),
			rapid.StringMatching(`([0-9]{4,20}|[a-z *X\n-]){0,6}`),
			rapid.String(),
		).Draw(t, "input")
		requireMasked(t, input, payout.MaskCardNumber(input))
	})
}

func FuzzMaskCardNumber(f *testing.F) {
	for _, seed := range []string{"", "4111111111111111", "411111XXXXXX1111", "4111 1111 1111 1111", "x1234", "1234x", "\xff12345678901"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, input string) { requireMasked(t, input, payout.MaskCardNumber(input)) })
}
