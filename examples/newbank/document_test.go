package newbank_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout/conformance"
)

func read(t *testing.T, path string) string {
	t.Helper()
	raw, err := os.ReadFile(path)
	require.NoError(t, err)
	return string(raw)
}

// sources are the example's files of Go, by their names.
func sources(t *testing.T) map[string]string {
	t.Helper()
	out := map[string]string{}
	for _, pattern := range []string{"*.go", "newbanktest/*.go"} {
		names, err := filepath.Glob(pattern)
		require.NoError(t, err)
		for _, name := range names {
			out[name] = read(t, name)
		}
	}
	require.Contains(t, out, "newbank.go")
	return out
}

// Whoever cites a line means one that says something.
func TestCitedLinesExist(t *testing.T) {
	lines := strings.Split(read(t, "document.txt"), "\n")
	for i, line := range lines {
		if strings.TrimSpace(line) != "" {
			assert.True(t, strings.HasPrefix(line, fmt.Sprintf("%2d", i+1)), "line %d has another number", i+1)
		}
	}
	citation := regexp.MustCompile(`newbank:([0-9, -]*[0-9])`)
	cited := 0
	for name, text := range sources(t) {
		for _, m := range citation.FindAllStringSubmatch(text, -1) {
			for number := range strings.FieldsFuncSeq(m[1], func(r rune) bool { return r < '0' || r > '9' }) {
				n, err := strconv.Atoi(number)
				require.NoError(t, err)
				cited++
				if assert.LessOrEqual(t, n, len(lines), "%s cites newbank:%d", name, n) {
					assert.Greater(t, len(strings.TrimSpace(lines[n-1])), 2, "%s cites newbank:%d, which is empty", name, n)
				}
			}
		}
	}
	assert.Greater(t, cited, 30)
}

// What the guide says of how much work an adapter is.
func TestSizes(t *testing.T) {
	code := 0
	for _, name := range []string{"newbank.go", "destination.go", "wire.go", "answers.go"} {
		for line := range strings.Lines(read(t, name)) {
			if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "//") {
				code++
			}
		}
	}
	assert.Less(t, code, 300, "lines of the adapter, without its optional abilities")
	assert.LessOrEqual(t, strings.Count(read(t, "newbanktest/bank.go"), "\n"), 120, "lines of the simulated bank")
	t.Logf("the adapter has %d lines of code", code)
}

// The guide's table of mistakes names cases that there are, and the guide how many.
func TestTheGuideNamesCases(t *testing.T) {
	guide := read(t, filepath.FromSlash("../../docs/adapters.md"))
	rows := regexp.MustCompile("(?m)^\\| [^|`]+ \\| `([^`]+)` \\|").FindAllStringSubmatch(guide, -1)
	assert.Greater(t, len(rows), 20)
	for _, row := range rows {
		known := slices.ContainsFunc(conformance.Cases(), func(c conformance.Case) bool { return c.Name == row[1] })
		assert.True(t, known, "docs/adapters.md names a case %q, which does not exist", row[1])
	}
	assert.Contains(t, guide, fmt.Sprintf("of %d rules hold", len(conformance.Cases())))
}
