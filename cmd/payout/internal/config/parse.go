package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// maxFile bounds a configuration, in bytes.
const maxFile = 1 << 20

// Load reads a file. The error names the file and its line.
func Load(path string) (*File, error) {
	r, err := os.Open(path) // #nosec G304 -- the path is the operator's
	if err != nil {
		return nil, fmt.Errorf("configuration: %w", err)
	}
	text, err := io.ReadAll(io.LimitReader(r, maxFile+1))
	if err := errors.Join(err, r.Close()); err != nil {
		return nil, fmt.Errorf("configuration: %w", err)
	}
	f, err := Parse(path, text)
	if err != nil {
		return nil, err
	}
	f.path = path
	return f, nil
}

// Parse reads a configuration that is called name.
func Parse(name string, text []byte) (*File, error) {
	if len(text) > maxFile {
		return nil, fmt.Errorf("%s: is longer than %d bytes", name, maxFile)
	}
	var f File
	d := yaml.NewDecoder(bytes.NewReader(text))
	d.KnownFields(true)
	if err := d.Decode(&f); err != nil && !errors.Is(err, io.EOF) {
		return nil, located(name, err)
	}
	if err := d.Decode(new(yaml.Node)); !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%s: has a second document, which nobody would read", name)
	}
	f.path, f.lines = name, lines(text)
	return &f, nil
}

// Sources returns where the file's secrets are read from.
func (f *File) Sources(lookup func(string) (string, bool)) Sources {
	return Sources{Folder: filepath.Dir(f.path), Lookup: lookup}
}

var (
	unknownKey = regexp.MustCompile(`^line (\d+): field (.+) not found in type .*$`)
	wrongType  = regexp.MustCompile(`(?s)^line (\d+): cannot unmarshal (\S+).* into (\S+)$`)
	quoting    = regexp.MustCompile(`^yaml: (unknown anchor|anchor|cannot decode|invalid map key)`)
	atLine     = regexp.MustCompile(`(?s)^(?:yaml: )?line (\d+): (.*)$`)
)

// located puts the file's name and the line before what is wrong, and leaves out values:
// one of them may be a secret in the wrong place.
func located(name string, err error) error {
	texts := []string{err.Error()}
	if all := new(yaml.TypeError); errors.As(err, &all) {
		texts = all.Errors
	}
	var out []string
	for _, text := range texts {
		switch {
		case unknownKey.MatchString(text):
			m := unknownKey.FindStringSubmatch(text)
			text = fmt.Sprintf("%s:%s: there is no setting %q here", name, m[1], m[2])
		case wrongType.MatchString(text):
			m := wrongType.FindStringSubmatch(text)
			text = fmt.Sprintf("%s:%s: is %s, and must be %s", name, m[1], kind(m[2]), kind(m[3]))
		case quoting.MatchString(text):
			text = name + ": " + unquoted[quoting.FindStringSubmatch(text)[1]]
		case atLine.MatchString(text):
			m := atLine.FindStringSubmatch(text)
			text = fmt.Sprintf("%s:%s: %s", name, m[1], m[2])
		default:
			text = name + ": " + strings.TrimPrefix(text, "yaml: ")
		}
		out = append(out, text)
	}
	return errors.New(strings.Join(out, "\n"))
}

// unquoted say without a value what the errors that quote one say.
var unquoted = map[string]string{
	"unknown anchor":  "has a * before something that is no anchor: a text that begins with * must stand in quotes",
	"anchor":          "has an anchor that holds itself",
	"cannot decode":   "has a value that is not of the type which its tag (!!) says",
	"invalid map key": "has a setting whose name is no text",
}

// kind names a type of YAML or Go in words.
func kind(name string) string {
	switch {
	case name == "!!seq" || strings.HasPrefix(name, "[]") || name == "config.Polling":
		return "a list"
	case name == "!!map" || strings.HasPrefix(name, "map[") || strings.HasPrefix(name, "config."):
		return "a group of settings"
	case name == "!!str" || name == "string":
		return "a text"
	case name == "!!bool" || name == "bool":
		return "true or false"
	case name == "time.Duration":
		return "a duration such as 10s"
	case name == "!!null":
		return "nothing"
	default:
		return "a number"
	}
}

func sortedKeys[K ~string, V any](m map[K]V) []K { return slices.Sorted(maps.Keys(m)) }
