package scaffold

import (
	"bufio"
	"errors"
	"fmt"
	"go/token"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

var (
	goodName    = regexp.MustCompile(`^[a-z][a-z0-9]{1,30}$`)
	goodElement = regexp.MustCompile(`^[A-Za-z0-9_~-][A-Za-z0-9._~-]*$`)
)

// taken are the packages and names that the files of an adapter use beside its own.
var taken = []string{
	"main", "internal", "vendor", "testdata", "init", "string", "error", "any", "len", "append", "nil",
	"payout", "provider", "conformance", "simulated", "bank", "context", "http", "httptest", "testing", "strconv",
	"x509", "cmp", "bufio", "fmt", "fs", "os", "filepath", "regexp", "slices", "strings", "answer", "answers",
	"harness", "merchant", "key", "todo", "last", "progress",
}

func checkName(name string) error {
	switch {
	case !goodName.MatchString(name):
		return fmt.Errorf("%q can't be the name of an adapter: it is a Go package's name of 2 to 31 lower-case letters and digits", name)
	case token.IsKeyword(name):
		return fmt.Errorf("%q can't be the name of an adapter: it is a word of Go", name)
	case slices.Contains(taken, name), strings.HasSuffix(name, "test"):
		return fmt.Errorf("%q can't be the name of an adapter: its files use that name for something else", name)
	}
	return nil
}

func checkModule(module string) error {
	for element := range strings.SplitSeq(module, "/") {
		if !goodElement.MatchString(element) {
			return fmt.Errorf("%q is no path of a module, such as example.com/banks/mybank", module)
		}
	}
	return nil
}

// importPath is that of the package in dir, which need not exist yet: by the module of
// the nearest go.mod above.
func importPath(dir string) (string, error) {
	at, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	for below := ""; ; {
		module, err := modulePath(filepath.Join(at, "go.mod"))
		if err == nil {
			return path.Join(module, filepath.ToSlash(below)), nil
		}
		parent := filepath.Dir(at)
		if !errors.Is(err, os.ErrNotExist) || parent == at {
			return "", fmt.Errorf("%s is in no Go module: give --module PATH to make it one", dir)
		}
		below, at = filepath.Join(filepath.Base(at), below), parent
	}
}

// modulePath reads the module line of a go.mod.
func modulePath(file string) (string, error) {
	f, err := os.Open(file) // #nosec G304 -- above the directory that the user names
	if err != nil {
		return "", err
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		words := strings.Fields(lines.Text())
		if len(words) < 2 || words[0] != "module" {
			continue
		}
		if plain, err := strconv.Unquote(words[1]); err == nil {
			return plain, nil
		}
		return words[1], nil
	}
	return "", fmt.Errorf("%s has no module line", file)
}
