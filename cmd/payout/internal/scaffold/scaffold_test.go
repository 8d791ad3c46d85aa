package scaffold_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout/cmd/payout/internal/scaffold"
)

func TestNames(t *testing.T) {
	for _, good := range []string{"mybank", "bank24", "n26"} {
		_, err := scaffold.Create(scaffold.Options{Name: good, Dir: filepath.Join(t.TempDir(), "d"), Module: "example.com/" + good})
		assert.NoError(t, err, good)
	}
	for _, bad := range []string{
		"", "x", "MyBank", "my-bank", "my_bank", "24bank", "банк", "../up", "func", "type", "main", "payout", "bank",
		"http", "doc", "wire", "answers", "destination", "callback", "abilities", "internal", "mytest",
		"abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz",
	} {
		dir := filepath.Join(t.TempDir(), "d")
		_, err := scaffold.Create(scaffold.Options{Name: bad, Dir: dir, Module: "example.com/x"})
		assert.Error(t, err, bad)
		assert.NoDirExists(t, dir, bad)
	}
}

func TestModulePaths(t *testing.T) {
	for _, bad := range []string{"/x", "x/", "a//b", "a b", "../x", "a/.hidden", "a\nb", `a"b`} {
		_, err := scaffold.Create(scaffold.Options{Name: "mybank", Dir: filepath.Join(t.TempDir(), "d"), Module: bad})
		assert.Error(t, err, bad)
	}
}

// What is there already stays as it is.
func TestNothingIsOverwritten(t *testing.T) {
	dir := t.TempDir()
	mine := filepath.Join(dir, "mybank.go")
	require.NoError(t, os.WriteFile(mine, []byte("mine"), 0o600))
	_, err := scaffold.Create(scaffold.Options{Name: "mybank", Dir: dir, Module: "example.com/mybank"})
	assert.ErrorContains(t, err, "exists already")
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	assert.Len(t, entries, 1)
	raw, err := os.ReadFile(mine)
	require.NoError(t, err)
	assert.Equal(t, "mine", string(raw))
}

// Without a module of its own an adapter belongs to the one that it lies in.
func TestPackageOfTheModuleAround(t *testing.T) {
	root := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(root, "go.mod"), []byte("// ours\nmodule \"example.com/platform\" // it\n\ngo 1.26\n"), 0o600))
	require.NoError(t, os.MkdirAll(filepath.Join(root, "internal", "banks"), 0o700))
	dir := filepath.Join(root, "internal", "banks", "mybank")
	files, err := scaffold.Create(scaffold.Options{Name: "mybank", Dir: dir})
	require.NoError(t, err)
	assert.NotContains(t, files, "go.mod")
	raw, err := os.ReadFile(filepath.Join(dir, "conformance_test.go"))
	require.NoError(t, err)
	assert.Contains(t, string(raw), `"example.com/platform/internal/banks/mybank/mybanktest"`)
}

func TestOutsideOfAnyModule(t *testing.T) {
	_, err := scaffold.Create(scaffold.Options{Name: "mybank", Dir: filepath.Join(t.TempDir(), "mybank")})
	assert.ErrorContains(t, err, "--module")
}
