package repository

import (
	"go/ast"
	"go/token"
	"path"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// A goroutine that outlives its owner is found by the package's own tests, in every
// package that has any.
func TestEveryPackageLooksForLeakedGoroutines(t *testing.T) {
	t.Parallel()
	looks := map[string]bool{}
	goFiles(t, func(file string, parsed *ast.File, _ *token.FileSet) {
		if !strings.HasSuffix(file, "_test.go") {
			return
		}
		folder := path.Dir(file)
		looks[folder] = looks[folder] || verifiesTestMain(parsed)
	})
	var blind []string
	for folder, does := range looks {
		if !does {
			blind = append(blind, folder)
		}
	}
	require.Empty(t, blind, "these packages' TestMain does not call goleak.VerifyTestMain")
}

// verifiesTestMain reports whether a file has a TestMain that calls goleak.
func verifiesTestMain(file *ast.File) bool {
	found := false
	for _, d := range file.Decls {
		f, ok := d.(*ast.FuncDecl)
		if !ok || f.Name.Name != "TestMain" || f.Recv != nil {
			continue
		}
		ast.Inspect(f, func(n ast.Node) bool {
			if s, ok := n.(*ast.SelectorExpr); ok && s.Sel.Name == "VerifyTestMain" {
				x, ok := s.X.(*ast.Ident)
				found = found || ok && x.Name == "goleak"
			}
			return true
		})
	}
	return found
}
