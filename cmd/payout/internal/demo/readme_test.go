package demo

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// The README shows rows as they are printed, but for the time that they took.
func TestREADME(t *testing.T) {
	t.Parallel()
	readme, err := os.ReadFile("../../../../README.md")
	require.NoError(t, err)
	_, after, ok := strings.Cut(string(readme), "<!-- go run ./cmd/payout demo -->\n```\n")
	require.True(t, ok)
	shown, _, ok := strings.Cut(after, "```")
	require.True(t, ok)
	var out bytes.Buffer
	require.NoError(t, Run(t.Context(), Options{Out: &out}))
	printed := map[string]bool{}
	timeAt := width - results[len(results)-1].width
	for l := range strings.Lines(out.String()) {
		printed[strings.TrimRight(l, "\n")] = true
		if row := []rune(l); len(row) > timeAt {
			printed[strings.TrimRight(string(row[:timeAt]), " ")] = true
		}
	}
	require.Equal(t, 5, strings.Count(shown, "\n"))
	for l := range strings.Lines(shown) {
		require.True(t, printed[strings.TrimRight(l, "\n")], l)
	}
}
