package batch

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// readHeader chooses the layout that a line's names are of, and reads them. Where
// there is no header, or a row went astray into it, the line holds values: nothing
// of it is shown then. hint says what else the line may be.
func readHeader(names []string, line int, o Options, hint string) (columns, layout, error) {
	l := likeliest(names, o.layouts())
	c := columns{numbers: map[string]int{}}
	if l.familiar(names) < 2 {
		return c, l, headerError(line, "is no header: a registry begins with the names of its columns, such as "+
			strings.Join(l.titles[:4], ",")+hint)
	}
	show := likeNames(names)
	var p problems
	for i, name := range names {
		rule := c.rule(name, l)
		if rule == "" {
			c.add(name, l)
			continue
		}
		c.titles = append(c.titles, "")
		problem := Problem{Column: i + 1, Rule: rule}
		if show && name != "" {
			problem.Name = strconv.Quote(name)
		}
		p.all = append(p.all, problem)
	}
	for _, title := range l.required {
		if c.numbers[l.of(title)] == 0 && (title != "reference" || o.Batch == "") {
			p.all = append(p.all, Problem{Name: title, Rule: "is missing"})
		}
	}
	if c.numbers["reference"] == 0 && o.Batch == "" && !slices.Contains(l.required, "reference") {
		p.all = append(p.all, Problem{Rule: "has no references: they are derived from a batch id, and none was given"})
	}
	return c, l, p.err(line, line)
}

// likeliest is the layout that most of the names are of; the first, if none is.
func likeliest(names []string, layouts []layout) layout {
	best := layouts[0]
	for _, l := range layouts[1:] {
		if l.familiar(names) > best.familiar(names) {
			best = l
		}
	}
	return best
}

func headerError(line int, rule string) error {
	return &RowError{Line: line, LastLine: line, Problems: []Problem{{Rule: rule}}}
}

// csvHeader finds out what separates a line's fields, and returns them. A header is
// split only in one way: no column's name holds a comma or a semicolon.
func (c *csvTable) csvHeader(o Options) (columns, layout, error) {
	text, whole, err := c.header()
	if err != nil {
		return columns{}, layout{}, err
	}
	line := c.lines.number
	if rule := otherFormat(text); rule != "" {
		return columns{}, layout{}, headerError(line, rule)
	}
	hint := ""
	if strings.Count(text, "\t") > 2 {
		hint = "; they are separated by commas or semicolons, not tabs"
	}
	var names, other []string
	var column int
	var fault string
	c.separator = ','
	names, column, fault = split(nil, text, ',')
	other, otherColumn, otherFault := split(nil, text, ';')
	layouts := o.layouts()
	commas, semicolons := likeliest(names, layouts).familiar(names), likeliest(other, layouts).familiar(other)
	switch {
	case commas >= 2 && semicolons >= 2:
		return columns{}, layout{}, headerError(line, "has both commas and semicolons between its names")
	case semicolons >= 2:
		c.separator, names, column, fault = ';', other, otherColumn, otherFault
	}
	if fault != "" && max(commas, semicolons) >= 2 {
		p := problems{all: []Problem{{Column: column, Rule: fault}}}
		return columns{}, layout{}, p.err(line, line)
	}
	columns, l, err := readHeader(names, line, o, hint)
	if err == nil && !whole {
		err = headerError(line, cutOff)
	}
	return columns, l, err
}

// otherFormat is what is wrong with a first line that is of no CSV that we read.
func otherFormat(text string) (rule string) {
	switch {
	case strings.HasPrefix(text, "PK\x03\x04"):
		return "is no CSV but a ZIP archive, such as XLSX: save it as CSV in UTF-8"
	case strings.HasPrefix(text, "\xff\xfe"), strings.HasPrefix(text, "\xfe\xff"):
		return "is in UTF-16: save the file as CSV in UTF-8"
	case strings.Contains(text, "\r"):
		return "has line ends of CR alone in it: a line ends in LF or CRLF"
	default:
		return ""
	}
}

// likeNames reports whether all of a line's fields look like names of columns, and
// may be shown. Where a row went astray into the header, its amount does not.
func likeNames(fields []string) bool {
	for _, f := range fields {
		metadata := strings.HasPrefix(f, metadataPrefix) && plainText(f)
		if f != "" && (countDigits(f) > 8 || !metadata && !likeName.MatchString(f)) {
			return false
		}
	}
	return true
}

var likeName = regexp.MustCompile(`^ *[A-Za-z][A-Za-z0-9_. -]{0,39}$`)
