package batch

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/payoutkit/payout"
)

// columns are a file's columns. Numbers count from 1.
type columns struct {
	numbers map[string]int // by our names
	titles  []string       // as the file calls them
}

func (c *columns) add(title string, l layout) {
	c.titles = append(c.titles, title)
	c.numbers[l.of(title)] = len(c.titles)
}

// rule is the rule that the next column's title breaks.
func (c *columns) rule(title string, l layout) string {
	metadata, isMetadata := strings.CutPrefix(title, metadataPrefix)
	isMetadata = isMetadata && l.metadata
	switch {
	case title == "":
		return "has no name"
	case c.numbers[l.of(title)] != 0 && (isMetadata || slices.Contains(l.titles, title)):
		return fmt.Sprintf("stands twice: column %d has this name too", c.numbers[l.of(title)])
	case isMetadata && (metadata == "" || utf8.RuneCountInString(metadata) > 64 || !plainText(metadata)):
		return "must have 1 to 64 characters after the dot, without control characters and without spaces around"
	case isMetadata || slices.Contains(l.titles, title):
		return ""
	}
	rule := "is not a column of a registry"
	if t := l.meant(title); t != "" {
		return rule + "; it is written " + t
	}
	prefix, _, dotted := strings.Cut(title, ".")
	var siblings []string
	for _, t := range l.titles {
		if field, ok := strings.CutPrefix(t, prefix+"."); ok && dotted {
			siblings = append(siblings, field)
		}
	}
	if len(siblings) > 0 {
		rule += "; " + prefix + " has " + strings.Join(siblings, ", ")
	}
	return rule
}

// title returns what the file calls a column, as far as it may be shown; "" if it
// has no such column.
func (c *columns) title(column int) string {
	if column < 1 || column > len(c.titles) {
		return ""
	}
	title := c.titles[column-1]
	// What somebody called a piece of metadata may be private.
	if metadata, ok := strings.CutPrefix(title, metadataPrefix); ok && payout.CleanCode(metadata) == "" {
		return "metadata"
	}
	return title
}

func plainText(text string) bool {
	return utf8.ValidString(text) && strings.TrimSpace(text) == text &&
		!strings.ContainsFunc(text, func(r rune) bool { return unicode.In(r, unicode.Cc, unicode.Zl, unicode.Zp) })
}
