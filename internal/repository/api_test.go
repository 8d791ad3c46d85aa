package repository

import (
	"encoding/json"
	"flag"
	"go/ast"
	"go/doc"
	"go/parser"
	"go/printer"
	"go/token"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "write the public surface of every package to api/, as it is")

// The public surface of every package stands in api/, as go doc -all tells it and without
// its prose: a change of it is seen in review, by itself.
func TestPublicSurface(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(root, "api")
	have := map[string]string{}
	for _, p := range publicPackages(t) {
		if text := surface(t, p); text != "" {
			have[strings.ReplaceAll(strings.TrimPrefix(p.ImportPath, "github.com/payoutkit/"), "/", "_")+".txt"] = text
		}
	}
	require.Greater(t, len(have), 15)
	if *update {
		require.NoError(t, os.RemoveAll(folder))
		require.NoError(t, os.Mkdir(folder, 0o755))
		for name, text := range have {
			require.NoError(t, os.WriteFile(filepath.Join(folder, name), []byte(text), 0o644))
		}
	}
	want := map[string]string{}
	names, err := filepath.Glob(filepath.Join(folder, "*.txt"))
	require.NoError(t, err)
	for _, name := range names {
		text, err := os.ReadFile(name)
		require.NoError(t, err)
		want[filepath.Base(name)] = string(text)
	}
	require.Equal(t, want, have, "the public surface has changed; if that is meant: go test ./internal/repository -run TestPublicSurface -update")
}

type listed struct {
	Dir, ImportPath, Name string
	GoFiles               []string
}

// publicPackages are those that somebody else can import, of every module.
func publicPackages(t *testing.T) (out []listed) {
	t.Helper()
	dec := json.NewDecoder(strings.NewReader(goCommand(t, ".", "", "list", "-json=Dir,ImportPath,Name,GoFiles", "work")))
	for {
		var p listed
		err := dec.Decode(&p)
		if err == io.EOF {
			return out
		}
		require.NoError(t, err)
		path := p.ImportPath + "/"
		if len(p.GoFiles) > 0 && p.Name != "main" && !strings.Contains(path, "/internal/") && !strings.Contains(path, "/examples/") {
			out = append(out, p)
		}
	}
}

// surface is what a package exports.
func surface(t *testing.T, p listed) string {
	t.Helper()
	fset := token.NewFileSet()
	var files []*ast.File
	for _, name := range p.GoFiles {
		file, err := parser.ParseFile(fset, filepath.Join(p.Dir, name), nil, parser.SkipObjectResolution)
		require.NoError(t, err)
		files = append(files, file)
	}
	d, err := doc.NewFromFiles(fset, files, p.ImportPath)
	require.NoError(t, err)
	var b strings.Builder
	show := func(decl ast.Decl) {
		b.WriteString("\n")
		require.NoError(t, printer.Fprint(&b, fset, decl))
		b.WriteString("\n")
	}
	values := func(all []*doc.Value) {
		for _, v := range all {
			show(v.Decl)
		}
	}
	functions := func(all []*doc.Func) {
		for _, f := range all {
			show(f.Decl)
		}
	}
	values(d.Consts)
	values(d.Vars)
	functions(d.Funcs)
	for _, of := range d.Types {
		show(of.Decl)
		values(of.Consts)
		values(of.Vars)
		functions(of.Funcs)
		functions(of.Methods)
	}
	if b.Len() == 0 {
		return ""
	}
	return "package " + d.Name + " // import " + `"` + p.ImportPath + "\"\n" + b.String()
}
