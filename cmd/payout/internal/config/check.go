package config

import (
	"errors"
	"fmt"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/payoutkit/payout"
)

// Check is an error for each thing that can be seen to fail later, when it is needed: the
// journal, and the statements. Accounts and Dispatch check the rest.
func (f *File) Check() error {
	var errs []error
	if err := f.Journal.Check(); err != nil {
		errs = append(errs, f.wrong("journal", "", err))
	}
	names := map[string]bool{}
	for i, p := range f.Providers {
		names[p.called(i)] = true
	}
	for _, name := range sortedKeys(f.Statements) {
		setting := "statements." + name
		if !names[name] {
			errs = append(errs, f.wrong(setting, setting+": ", errors.New("is not among the providers")))
		}
		l, err := f.Layout(name)
		if err != nil {
			errs = append(errs, f.wrong(setting, "", err))
			continue
		}
		var e *payout.Error
		if errors.As(l.Check(), &e) {
			for _, v := range e.Violations {
				field := strings.TrimPrefix(v.Field, "layout.")
				errs = append(errs, f.wrong(setting, setting+"."+field+": ", errors.New(v.Rule)))
			}
		}
	}
	return errors.Join(errs...)
}

// wrong puts the file, and the line where a setting begins, before what is wrong.
func (f *File) wrong(setting, field string, err error) error {
	at := f.path
	if line, ok := f.lines[setting]; ok {
		at = fmt.Sprintf("%s:%d", f.path, line)
	}
	return fmt.Errorf("%s: %s%w", at, field, err)
}

// lines returns where the settings begin that Check looks at. What comes by an anchor has
// no line of its own.
func lines(text []byte) map[string]int {
	out := map[string]int{}
	var document yaml.Node
	if yaml.Unmarshal(text, &document) != nil || len(document.Content) == 0 {
		return out
	}
	for name, group := range pairs(document.Content[0]) {
		out[name.Value] = name.Line
		if name.Value == "statements" {
			for one := range pairs(group) {
				out["statements."+one.Value] = one.Line
			}
		}
	}
	return out
}

// pairs are the settings of a group.
func pairs(n *yaml.Node) func(yield func(name, value *yaml.Node) bool) {
	return func(yield func(name, value *yaml.Node) bool) {
		for i := 0; n.Kind == yaml.MappingNode && i+1 < len(n.Content); i += 2 {
			if !yield(n.Content[i], n.Content[i+1]) {
				return
			}
		}
	}
}
