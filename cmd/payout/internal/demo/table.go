package demo

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// width is the greatest length of a line in characters.
const width = 100

// table lays cells out in columns. No line is longer than width, whatever the cells
// hold, and nothing of a cell is left out: after one that is too long for its column
// the row goes on on the next line.
type table []column

type column struct {
	title string
	width int
	right bool
}

// results is the table of payouts.
var results = table{
	{"REFERENCE", 9, false}, {"PROVIDER", 8, false}, {"AMOUNT", 15, true}, {"DESTINATION", 23, false},
	{"TRIES", 5, true}, {"STATUS", 8, false}, {"REASON", 19, false}, {"TIME", 6, true},
}

func (t table) print(out io.Writer, cells ...string) {
	var line strings.Builder
	used, end := 0, -1 // characters of the line, and where the column before ends
	flush := func() {
		if used > 0 {
			fmt.Fprintln(out, line.String())
			line.Reset()
			used = 0
		}
	}
	for i, c := range t {
		begin, n := end+1, utf8.RuneCountInString(cells[i])
		end = begin + c.width
		at := begin
		if c.right {
			at = max(begin, end-n)
		}
		switch {
		case n == 0:
			continue
		case n > width-len(t.indent()):
			flush()
			wrap(out, "", cells[i])
			continue
		case used > 0 && at <= used:
			flush()
		}
		if at+n > width {
			flush()
			at = width - n
		}
		line.WriteString(strings.Repeat(" ", at-used) + cells[i])
		used = at + n
	}
	flush()
}

// indent is where a text about a row begins.
func (t table) indent() string { return strings.Repeat(" ", t[0].width+1) }

// wrap prints a text within the width, each line behind indent.
func wrap(out io.Writer, indent, text string) {
	room := width - len(indent)
	line := ""
	for word := range strings.FieldsSeq(text) {
		if line != "" && utf8.RuneCountInString(line+" "+word) > room {
			fmt.Fprintln(out, indent+line)
			line = ""
		}
		if line != "" {
			line += " "
		}
		line += word
		for r := []rune(line); len(r) > room; r = []rune(line) {
			fmt.Fprintln(out, indent+string(r[:room]))
			line = string(r[room:])
		}
	}
	fmt.Fprintln(out, indent+line)
}
