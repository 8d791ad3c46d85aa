package batch

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/payoutkit/payout"
)

// columns are a file's columns: name to number, from 1.
type columns map[string]int

const metadataPrefix = "metadata."

// known returns all columns that a registry may have, in the order in which they are
// documented.
func known(kinds []payout.Kind) []string {
	var names []string
	for _, f := range plainKind.Fields() {
		names = append(names, f.Name)
	}
	for _, k := range append([]payout.Kind{payout.Recipient{}.Kind()}, kinds...) {
		for _, f := range k.Fields() {
			names = append(names, k.Name()+"."+f.Name)
		}
	}
	return names
}

// rule is the rule that the next column's name breaks.
func (c columns) rule(name string, known []string) string {
	metadata, isMetadata := strings.CutPrefix(name, metadataPrefix)
	switch {
	case name == "":
		return "has no name"
	case c[name] != 0:
		return fmt.Sprintf("stands twice: column %d has this name too", c[name])
	case isMetadata && (metadata == "" || utf8.RuneCountInString(metadata) > 64 || !plainText(metadata)):
		return "must have 1 to 64 characters after the dot, without control characters and without spaces around"
	case isMetadata || slices.Contains(known, name):
		return ""
	}
	rule := "is not a column of a registry"
	prefix, _, dotted := strings.Cut(name, ".")
	var siblings []string
	for _, k := range known {
		if field, ok := strings.CutPrefix(k, prefix+"."); ok && dotted {
			siblings = append(siblings, field)
		}
	}
	if k := meant(name, known); k != "" {
		rule += "; it is written " + k
	} else if len(siblings) > 0 {
		rule += "; " + prefix + " has " + strings.Join(siblings, ", ")
	}
	return rule
}

// name returns the name of a column by its number, "" if there is none.
func (c columns) name(column int) string {
	for name, n := range c {
		if n != column {
			continue
		}
		// What somebody called a piece of metadata may be private.
		if metadata, ok := strings.CutPrefix(name, metadataPrefix); ok && payout.CleanCode(metadata) == "" {
			return "metadata"
		}
		return name
	}
	return ""
}

// meant returns the column that a name stands for, if case and spaces around it do
// not count, or "".
func meant(name string, known []string) string {
	name = strings.TrimSpace(name)
	if i := slices.IndexFunc(known, func(k string) bool { return strings.EqualFold(k, name) }); i >= 0 {
		return known[i]
	}
	return ""
}

func plainText(text string) bool {
	return utf8.ValidString(text) && strings.TrimSpace(text) == text &&
		!strings.ContainsFunc(text, func(r rune) bool { return unicode.In(r, unicode.Cc, unicode.Zl, unicode.Zp) })
}
