// Package markdown takes the repository's documents apart, for the tests that hold them
// against the code. It knows what these documents use of Markdown, and no more.
package markdown

import (
	"io/fs"
	"os"
	"path"
	"regexp"
	"strings"
)

// Document is a file of documentation.
type Document struct {
	Name  string // below the root, with slashes
	Lines []string
}

// Read returns the documents below a folder, in order. Folders whose names begin with a
// dot are left out.
func Read(root string) (out []Document, err error) {
	tree := os.DirFS(root)
	err = fs.WalkDir(tree, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && name != "." && (strings.HasPrefix(d.Name(), ".") || d.Name() == "testdata"):
			return fs.SkipDir
		case d.IsDir() || path.Ext(name) != ".md":
			return nil
		}
		text, err := fs.ReadFile(tree, name)
		out = append(out, Document{name, strings.Split(string(text), "\n")})
		return err
	})
	return out, err
}

// Block is a piece of code: between fences, or set in by four spaces or more.
type Block struct {
	Language string // what stands after the fence
	Line     int    // its first line, from 1
	Lines    []string
}

// Text returns the block as it would stand in a file.
func (b Block) Text() string { return strings.Join(b.Lines, "\n") + "\n" }

// Blocks returns the document's pieces of code, in order.
func (d Document) Blocks() (out []Block) {
	var block *Block
	fenced := false
	end := func() {
		if block != nil {
			out = append(out, *block)
		}
		block, fenced = nil, false
	}
	for i, line := range d.Lines {
		set, indented := strings.CutPrefix(line, "    ")
		switch language, fence := strings.CutPrefix(line, "```"); {
		case fence && fenced:
			end()
		case fence:
			end()
			block, fenced = &Block{Language: language, Line: i + 2}, true
		case fenced:
			block.Lines = append(block.Lines, line)
		case indented && block != nil:
			block.Lines = append(block.Lines, set)
		case indented && i > 0 && strings.TrimSpace(d.Lines[i-1]) == "":
			block = &Block{Line: i + 1, Lines: []string{set}}
		default:
			end()
		}
	}
	end()
	return out
}

// Span is a piece of a line.
type Span struct {
	Line int
	Text string
}

// Code returns what stands between single backquotes outside of blocks, in order.
func (d Document) Code() []Span { return d.spans(backquoted, 1) }

// Links returns where the document's links lead, in order.
func (d Document) Links() []Span { return d.spans(link, 1) }

var (
	backquoted = regexp.MustCompile("`([^`]+)`")
	link       = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	heading    = regexp.MustCompile(`^#{1,6} +(.+?) *$`)
	notAnchor  = regexp.MustCompile(`[^\p{L}\p{N} _-]`)
)

func (d Document) spans(pattern *regexp.Regexp, group int) (out []Span) {
	inBlock := map[int]bool{}
	for _, b := range d.Blocks() {
		for i := range b.Lines {
			inBlock[b.Line+i] = true
		}
	}
	for i, line := range d.Lines {
		if inBlock[i+1] {
			continue
		}
		for _, found := range pattern.FindAllStringSubmatch(line, -1) {
			out = append(out, Span{i + 1, found[group]})
		}
	}
	return out
}

// Anchors returns the names under which the document's headings can be linked to.
func (d Document) Anchors() map[string]bool {
	out := map[string]bool{}
	for _, line := range d.Lines {
		if h := heading.FindStringSubmatch(line); h != nil {
			plain := notAnchor.ReplaceAllString(strings.ToLower(h[1]), "")
			out[strings.ReplaceAll(plain, " ", "-")] = true
		}
	}
	return out
}
