// Package scaffold lays out the files of a new adapter, so that the conformance suite
// runs at once and says what is left to do.
package scaffold

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"text/template"
)

//go:embed templates/*.tmpl
var templates embed.FS

// Docs is where the way through the list of what is left to do is described.
const Docs = "https://github.com/payoutkit/payout/blob/main/docs/adapters.md"

const library = "github.com/payoutkit/payout"

// Options say what to lay out.
type Options struct {
	// Name is the adapter's package: lower-case letters and digits.
	Name string
	// Dir is the directory to make; empty: Name, below the current one.
	Dir string
	// Module makes Dir a module of its own, with that path. Empty: a package of the
	// module that Dir is in.
	Module string
}

// Create makes the directory and returns its files, relative to it. Nothing that is
// there already is changed.
func Create(o Options) ([]string, error) {
	if o.Dir == "" {
		o.Dir = o.Name
	}
	files, err := render(o)
	if err != nil {
		return nil, err
	}
	if err := os.Mkdir(o.Dir, 0o755); err != nil { // #nosec G301 -- source code
		if errors.Is(err, fs.ErrExist) {
			return nil, fmt.Errorf("%s exists already: give another --dir", o.Dir)
		}
		return nil, err
	}
	names := slices.Sorted(maps.Keys(files))
	for _, name := range names {
		path := filepath.Join(o.Dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil { // #nosec G301 -- source code
			return nil, err
		}
		if err := os.WriteFile(path, files[name], 0o644); err != nil { // #nosec G306 -- source code
			return nil, err
		}
	}
	return names, nil
}

// render fills the templates in, by the name of the file.
func render(o Options) (map[string][]byte, error) {
	if err := checkName(o.Name); err != nil {
		return nil, err
	}
	values := map[string]string{
		"Name": o.Name, "Title": strings.ToUpper(o.Name[:1]) + o.Name[1:], "Env": strings.ToUpper(o.Name),
		"Import": o.Module, "Module": o.Module, "Version": version(), "Docs": Docs,
	}
	if o.Module == "" {
		path, err := importPath(o.Dir)
		if err != nil {
			return nil, err
		}
		values["Import"] = path
	} else if err := checkModule(o.Module); err != nil {
		return nil, err
	}
	all, err := template.ParseFS(templates, "templates/*.tmpl")
	if err != nil {
		return nil, err
	}
	files := map[string][]byte{}
	for _, t := range all.Templates() {
		name := fileOf(strings.TrimSuffix(t.Name(), ".tmpl"), o)
		if name == "" {
			continue
		}
		if _, twice := files[name]; twice {
			return nil, fmt.Errorf("an adapter can't be called %s: it has another file of that name", o.Name)
		}
		var b bytes.Buffer
		if err := t.Execute(&b, values); err != nil {
			return nil, err
		}
		files[name] = b.Bytes()
	}
	return files, nil
}

// fileOf is where a template's file goes, or "".
func fileOf(template string, o Options) string {
	switch template {
	case "adapter.go":
		return o.Name + ".go"
	case "bank.go", "sign.go":
		return o.Name + "test/" + template
	case "go.mod":
		if o.Module == "" {
			return ""
		}
	}
	return template
}

// version is that of the library which this program was built with. A program that was
// built in a checkout does not know one.
func version() string {
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, m := range append(info.Deps, &info.Main) {
			if m.Path == library && strings.HasPrefix(m.Version, "v") {
				return m.Version
			}
		}
	}
	return "v0.0.0"
}
