package repository

import (
	"fmt"
	"go/ast"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"
)

var (
	exempts = regexp.MustCompile(`#nosec|//\s*nolint`)
	// A rule or a linter by name, and why.
	reasoned = regexp.MustCompile(`#nosec G\d{3}( -- \S.*)$|//nolint:[a-z,]+ // \S.*$`)
)

// Whoever keeps a linter from a line says which rule, and why.
func TestEveryExemptionHasAReason(t *testing.T) {
	t.Parallel()
	seen, bare := 0, []string{}
	goFiles(t, func(file string, parsed *ast.File, fset *token.FileSet) {
		if filepath.Dir(file) == "internal/repository" {
			return
		}
		for _, group := range parsed.Comments {
			for _, c := range group.List {
				if !exempts.MatchString(c.Text) {
					continue
				}
				seen++
				if !reasoned.MatchString(c.Text) {
					bare = append(bare, fmt.Sprintf("%s:%d: %s", file, fset.Position(c.Pos()).Line, c.Text))
				}
			}
		}
	})
	require.Empty(t, bare)
	require.Greater(t, seen, 30)
}

// The linter brings gosec along, at the version that tools/go.mod pins, and all of its rules
// but one are on.
func TestGosecIsOn(t *testing.T) {
	t.Parallel()
	pinned, err := os.ReadFile(filepath.Join(root, "tools", "go.mod"))
	require.NoError(t, err)
	require.Regexp(t, `(?m)^\tgithub.com/securego/gosec/v2 v2\.(2[89]|[3-9]\d)\.\d+ // indirect$`, string(pinned))
	config, err := os.ReadFile(filepath.Join(root, ".golangci.yml"))
	require.NoError(t, err)
	require.Regexp(t, `(?m)^    - gosec$`, string(config))
	require.Regexp(t, `(?m)^    gosec:\n      excludes:\n        - G115 # [^\n]+\n    [a-z]`, string(config))
}
