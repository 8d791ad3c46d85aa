// Package docs_test holds the documents against the tree: the code that they show, the
// files that they link to, the tests that they name. What they say of the command payout is
// held in cmd/payout, and their generated tables where they come from.
package docs_test

import (
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/payoutkit/payout/internal/markdown"
)

// TestMain fails where a test leaves a goroutine behind.
func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const root = ".."

func documents(t *testing.T) []markdown.Document {
	t.Helper()
	all, err := markdown.Read(root)
	require.NoError(t, err)
	require.Greater(t, len(all), 5)
	return all
}

// sources are the Go files of the tree, by name.
func sources(t *testing.T) map[string]string {
	t.Helper()
	out := map[string]string{}
	require.NoError(t, filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && name != root && strings.HasPrefix(d.Name(), "."):
			return filepath.SkipDir
		case filepath.Ext(name) != ".go":
			return nil
		}
		text, err := os.ReadFile(name)
		out[filepath.ToSlash(name)] = string(text)
		return err
	}))
	return out
}

// Every piece of Go in a document stands in a file of the tree, to the letter; so it
// compiles, and tests run it.
func TestGoIsFromTheTree(t *testing.T) {
	files := sources(t)
	blocks := 0
	for _, d := range documents(t) {
		for _, b := range d.Blocks() {
			if b.Language != "go" {
				continue
			}
			blocks++
			found := false
			for _, text := range files {
				found = found || strings.Contains(text, b.Text())
			}
			assert.True(t, found, "%s:%d: this is in no file of the tree:\n%s", d.Name, b.Line, b.Text())
		}
	}
	assert.Greater(t, blocks, 10)
}

// Links within the repository lead somewhere.
func TestLinks(t *testing.T) {
	all := documents(t)
	links := 0
	for _, d := range all {
		for _, l := range d.Links() {
			if strings.Contains(l.Text, "://") {
				assert.True(t, strings.HasPrefix(l.Text, "https://"), "%s:%d: %s", d.Name, l.Line, l.Text)
				continue
			}
			links++
			file, anchor, _ := strings.Cut(l.Text, "#")
			name := d.Name
			if file != "" {
				name = path.Join(path.Dir(d.Name), file)
			}
			_, err := os.Stat(filepath.Join(root, filepath.FromSlash(name)))
			if assert.NoError(t, err, "%s:%d: %s", d.Name, l.Line, l.Text) && anchor != "" {
				i := slices.IndexFunc(all, func(o markdown.Document) bool { return o.Name == name })
				require.GreaterOrEqual(t, i, 0, "%s:%d: %s", d.Name, l.Line, l.Text)
				assert.True(t, all[i].Anchors()[anchor], "%s:%d: there is no such heading: %s", d.Name, l.Line, l.Text)
			}
		}
	}
	assert.Greater(t, links, 5)
}

var declared = regexp.MustCompile(`(?m)^func ((?:Test|Benchmark|Fuzz|Example)\w*)\(`)

// goTestFlags are those of go test that documents use; the others are declared in the
// packages that they are for.
var goTestFlags = []string{
	"race", "v", "run", "bench", "benchtime", "benchmem", "count", "cpuprofile", "memprofile", "o", "c", "tags", "timeout", "fuzz", "fuzztime",
}

// Every `go test` in a document names packages, tests and flags that there are.
func TestGoTestCommands(t *testing.T) {
	files := sources(t)
	commands := 0
	for _, d := range documents(t) {
		lines := d.Code()
		for _, b := range d.Blocks() {
			for i, text := range b.Lines {
				lines = append(lines, markdown.Span{Line: b.Line + i, Text: text})
			}
		}
		for _, l := range lines {
			command, found := strings.CutPrefix(strings.TrimSpace(l.Text), "go test ")
			if !found || d.Name == "docs/adapters.md" { // its commands are of somebody's own module
				continue
			}
			commands++
			command, _, _ = strings.Cut(command, " #")
			command, _, _ = strings.Cut(command, " && ")
			checkGoTest(t, files, d.Name, l, strings.Fields(command))
		}
	}
	assert.Greater(t, commands, 8)
}

func checkGoTest(t *testing.T, files map[string]string, document string, at markdown.Span, words []string) {
	t.Helper()
	// code is that of the packages that the command names.
	var code strings.Builder
	patterns, packages := []string{}, 0
	var own []string // flags that go test does not have
	for i := 0; i < len(words); i++ {
		switch word := words[i]; {
		case word == "work", word == "./...":
			packages++
			for _, f := range files {
				code.WriteString(f)
			}
		case strings.HasPrefix(word, "./"):
			packages++
			here := false
			folder, deep := strings.CutSuffix(path.Join(root, word), "/...")
			for name, f := range files {
				if path.Dir(name) == folder || deep && strings.HasPrefix(name, folder+"/") {
					here = true
					code.WriteString(f)
				}
			}
			assert.True(t, here, "%s:%d: there is no package %s", document, at.Line, word)
		case word == "-run" || word == "-bench" || word == "-fuzz":
			i++
			patterns = append(patterns, strings.Trim(words[i], "'"))
		case strings.HasPrefix(word, "-"):
			name, _, _ := strings.Cut(strings.TrimLeft(word, "-"), "=")
			if !slices.Contains(goTestFlags, name) {
				own = append(own, name)
			}
		}
	}
	assert.Positive(t, packages, "%s:%d: %s", document, at.Line, at.Text)
	text := code.String()
	for _, name := range own {
		assert.True(t, regexp.MustCompile(`flag\.\w+\("`+name+`"`).MatchString(text), "%s:%d: there is no flag -%s", document, at.Line, name)
	}
	for _, pattern := range patterns {
		if pattern == "^$" || pattern == "." {
			continue
		}
		first, _, _ := strings.Cut(pattern, "/")
		match := regexp.MustCompile(first)
		assert.True(t, slices.ContainsFunc(declared.FindAllStringSubmatch(text, -1), func(f []string) bool { return match.MatchString(f[1]) }),
			"%s:%d: nothing is called %s", document, at.Line, pattern)
	}
}
