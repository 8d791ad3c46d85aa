// Package planted has tests look for a mistake that is planted into the source: tests that
// see nothing prove nothing.
package planted

import (
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// T is what is used of a *testing.T.
type T interface {
	Helper()
	Context() context.Context
	TempDir() string
	Fatalf(format string, args ...any)
}

// Mistake is a piece of a file, which is there once, and what stands there instead.
type Mistake struct{ File, Old, New string }

// Test runs tests of a package with a mistake in the source, and returns what they print.
// It is a failure that they pass. The files are as they were: the mistake is laid over them.
func Test(t T, m Mistake, folder string, flags ...string) string {
	t.Helper()
	path, err := filepath.Abs(m.File)
	if err != nil {
		t.Fatalf("%v", err)
	}
	source, err := os.ReadFile(path) // #nosec G304 -- of a test
	if err != nil {
		t.Fatalf("%v", err)
	}
	if n := strings.Count(string(source), m.Old); n != 1 {
		t.Fatalf("the place is in %s %d times", m.File, n)
	}
	temp := t.TempDir()
	mistaken, list := filepath.Join(temp, "mistaken.go"), filepath.Join(temp, "overlay.json")
	overlay, err := json.Marshal(map[string]any{"Replace": map[string]string{path: mistaken}})
	if err == nil {
		err = os.WriteFile(mistaken, []byte(strings.Replace(string(source), m.Old, m.New, 1)), 0o600) // #nosec G703 -- of a test
	}
	if err == nil {
		err = os.WriteFile(list, overlay, 0o600)
	}
	if err != nil {
		t.Fatalf("%v", err)
	}
	args := append([]string{"test", "-vet=off", "-ldflags=-s -w", "-overlay", list, folder}, flags...)
	out, err := exec.CommandContext(t.Context(), "go", args...).CombinedOutput() // #nosec G204 -- of a test
	if err == nil {
		t.Fatalf("nobody sees it:\n%s", out)
	}
	return string(out)
}
