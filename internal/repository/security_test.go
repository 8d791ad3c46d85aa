package repository

import (
	"go/ast"
	"go/token"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// named is a test or a fuzzer in a document, behind its package: `dispatch.TestSimulation`,
// or `.TestSecretInFmt` of the package payout.
var named = regexp.MustCompile("`([a-z0-9/]*)\\.((?:Test|Fuzz)\\w+)`")

// A test that the threat model names is there, and every row of it names one.
func TestThreatModelNamesTests(t *testing.T) {
	t.Parallel()
	declared := map[string]bool{}
	goFiles(t, func(file string, parsed *ast.File, _ *token.FileSet) {
		if !strings.HasSuffix(file, "_test.go") {
			return
		}
		folder := strings.TrimPrefix(path.Dir(file), ".")
		for _, d := range parsed.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Recv == nil {
				declared[folder+"."+f.Name.Name] = true
			}
		}
	})
	text, err := os.ReadFile(filepath.Join(root, "SECURITY.md"))
	require.NoError(t, err)
	rows := 0
	for line := range strings.Lines(string(text)) {
		if !strings.HasPrefix(line, "| ") || strings.HasPrefix(line, "| ---") || strings.HasPrefix(line, "| who, or what |") {
			continue
		}
		rows++
		all := named.FindAllStringSubmatch(line, -1)
		require.NotEmpty(t, all, "no test shows it: %s", line)
		for _, m := range all {
			require.True(t, declared[m[1]+"."+m[2]], "there is no test %s", m[0])
		}
		cells := strings.Split(strings.Trim(line, "| \n"), " | ")
		require.Len(t, cells, 3, line)
		require.Equal(t, len(all), strings.Count(cells[2], "`")/2, "a name that is none: %s", cells[2])
	}
	require.Greater(t, rows, 30)
}
