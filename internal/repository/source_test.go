package repository

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

// TestMain fails where a test leaves a goroutine behind.
func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// root is the repository's, from here.
const root = "../.."

// goFiles calls visit with every Go file of the repository, of every module.
func goFiles(t *testing.T, visit func(path string, file *ast.File, fset *token.FileSet)) {
	t.Helper()
	seen := 0
	require.NoError(t, filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		switch name := d.Name(); {
		case err != nil:
			return err
		case d.IsDir() && (name == "testdata" || len(name) > 2 && strings.HasPrefix(name, ".")):
			return filepath.SkipDir
		case d.IsDir() || filepath.Ext(name) != ".go":
			return nil
		}
		fset := token.NewFileSet()
		file, err := parser.ParseFile(fset, path, nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		seen++
		relative, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		visit(filepath.ToSlash(relative), file, fset)
		return nil
	}))
	require.Greater(t, seen, 500, "the repository was looked through")
}

// goCommand is the output of the go command in a folder of the repository. What it goes
// by is read here, too: go test sees what a test reads, and nothing of what a program of
// its does, and would take an old result for this one.
func goCommand(t *testing.T, folder, workspace string, args ...string) string {
	t.Helper()
	for _, pattern := range []string{"go.work", "go.mod", "*/go.mod", "*/*/go.mod"} {
		names, err := filepath.Glob(filepath.Join(root, pattern))
		require.NoError(t, err)
		for _, name := range names {
			_, err := os.ReadFile(name)
			require.NoError(t, err)
		}
	}
	c := exec.CommandContext(t.Context(), "go", args...)
	c.Dir = filepath.Join(root, folder)
	c.Env = append(os.Environ(), "GOWORK="+workspace, "GOFLAGS=-mod=readonly")
	var failure strings.Builder
	c.Stderr = &failure
	out, err := c.Output()
	require.NoError(t, err, failure.String())
	return string(out)
}
