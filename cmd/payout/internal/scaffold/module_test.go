package scaffold_test

import (
	"bytes"
	"go/format"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout/cmd/payout/internal/scaffold"
)

// checkout is where the library is.
func checkout(t *testing.T) string {
	t.Helper()
	root, err := filepath.Abs(filepath.FromSlash("../../../.."))
	require.NoError(t, err)
	require.FileExists(t, filepath.Join(root, "conformance", "harness.go"))
	return root
}

// stranger is a module of somebody else's, which finds the library in this checkout.
type stranger struct {
	dir   string
	files []string
}

func newStranger(t *testing.T, name string) stranger {
	t.Helper()
	s := stranger{dir: filepath.Join(t.TempDir(), name)}
	var err error
	s.files, err = scaffold.Create(scaffold.Options{Name: name, Dir: s.dir, Module: "example.com/banks/" + name})
	require.NoError(t, err)
	_, err = s.run(t, "mod", "edit", "-replace=github.com/payoutkit/payout="+checkout(t))
	require.NoError(t, err)
	// The sums of what the library needs are known: nobody is asked for them.
	s.write(t, "go.sum", read(t, filepath.Join(checkout(t), "go.sum")))
	return s
}

// run runs the go command, away from this workspace.
func (s stranger) run(t *testing.T, args ...string) (output string, err error) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", args...)
	cmd.Dir = s.dir
	cmd.Env = append(os.Environ(), "GOWORK=off", "GOFLAGS=-mod=mod")
	out, err := cmd.CombinedOutput()
	return string(out), err
}

func (s stranger) write(t *testing.T, name, text string) {
	t.Helper()
	require.NoError(t, os.WriteFile(filepath.Join(s.dir, filepath.FromSlash(name)), []byte(text), 0o600))
}

func (s stranger) vet(t *testing.T) {
	t.Helper()
	out, err := s.run(t, "vet", "-tags=live", "./...")
	require.NoError(t, err, out)
}

func read(t *testing.T, path string) string {
	t.Helper()
	raw, err := os.ReadFile(path)
	require.NoError(t, err)
	return string(raw)
}

// What was laid out compiles as it is, and its test fails with what is left to do.
func TestSuiteRunsAtOnce(t *testing.T) {
	s := newStranger(t, "mybank")
	for _, name := range s.files {
		if filepath.Ext(name) == ".go" {
			raw := []byte(read(t, filepath.Join(s.dir, name)))
			formatted, err := format.Source(raw)
			require.NoError(t, err, name)
			assert.True(t, bytes.Equal(raw, formatted), "%s is not formatted", name)
		}
	}
	s.vet(t)

	out, err := s.run(t, "test", "./...")
	require.Error(t, err, out)
	_, list, found := strings.Cut(out, "left to do, in this order")
	require.True(t, found, out)
	items := regexp.MustCompile(`(?m)^\s+(\d+)\. ([a-z_/]+\.(?:go|txt)):\d+: \S`).FindAllStringSubmatch(list, -1)
	require.NotEmpty(t, items, out)
	for i, item := range items {
		assert.Equal(t, strconv.Itoa(i+1), item[1])
		assert.Contains(t, s.files, item[2])
	}
	assert.Equal(t, "document.txt", items[0][2])
	assert.Equal(t, "conformance_test.go", items[len(items)-1][2])
	assert.Regexp(t, `the suite runs: \d+ of \d+ rules hold`, list)
	assert.NotContains(t, out, "panic")
}

// The example is what was laid out, filled in; and the suite runs in somebody else's
// module.
func TestFilledIn(t *testing.T) {
	s := newStranger(t, "newbank")
	example := filepath.Join(checkout(t), "examples", "newbank")
	for _, name := range s.files {
		if name == "todo_test.go" || name == "go.mod" {
			continue
		}
		text := read(t, filepath.Join(example, filepath.FromSlash(name)))
		s.write(t, name, strings.ReplaceAll(text, "github.com/payoutkit/payout/examples/newbank", "example.com/banks/newbank"))
	}
	require.NoError(t, os.Remove(filepath.Join(s.dir, "todo_test.go")))
	s.vet(t)
	out, err := s.run(t, "test", "-v", "./...")
	require.NoError(t, err, out)
	assert.Contains(t, out, "--- PASS: TestConformance/answer_lost ")
	assert.NotContains(t, out, "does not apply")
}

// When nothing is left but what can wait, it is the suite that speaks.
func TestLastMarks(t *testing.T) {
	s := newStranger(t, "mybank")
	mark := regexp.MustCompile(`TODO (\d+): `)
	for _, name := range s.files {
		path := filepath.Join(s.dir, filepath.FromSlash(name))
		s.write(t, name, mark.ReplaceAllStringFunc(read(t, path), func(m string) string {
			if m == "TODO 16: " || m == "TODO 17: " {
				return m
			}
			return "done: "
		}))
	}
	out, err := s.run(t, "test", "./...")
	require.Error(t, err, out)
	assert.NotContains(t, out, "left to do, in this order")
	assert.Contains(t, out, "--- FAIL: TestConformance/accepted")
	assert.Contains(t, out, "why it costs money")
}
