package batch

import (
	"regexp"
	"strconv"
	"strings"
)

// readHeader reads the names of the columns. Where there is no header, or a row went
// astray into it, the line holds values: nothing of it is shown then.
func readHeader(text string, line int, known []string) (columns, error) {
	names, column, fault := split(text)
	p := problems{columns: columns{}}
	if fault != "" {
		p.all = []Problem{{Column: column, Rule: fault}}
		return nil, p.err(line, line)
	}
	strangers := 0
	for _, name := range names {
		if meant(name, known) == "" {
			strangers++
		}
	}
	if len(names)-strangers < 2 || strings.Contains(text, "\r") {
		return nil, noHeader(text, line)
	}
	show := likeNames(names)
	for i, name := range names {
		rule := p.columns.rule(name, known)
		if rule == "" {
			p.columns[name] = i + 1
			continue
		}
		problem := Problem{Column: i + 1, Rule: rule}
		if show && name != "" {
			problem.Name = strconv.Quote(name)
		}
		p.all = append(p.all, problem)
	}
	for _, f := range plainKind.Fields() {
		if f.Required && p.columns[f.Name] == 0 {
			p.add(f.Name, "is missing")
		}
	}
	return p.columns, p.err(line, line)
}

func noHeader(text string, line int) error {
	rule := "is no header: a registry begins with the names of its columns, such as reference,amount,currency,destination"
	switch {
	case strings.HasPrefix(text, "PK\x03\x04"):
		rule = "is no CSV but a ZIP archive, such as XLSX: save it as CSV in UTF-8"
	case strings.HasPrefix(text, "\xff\xfe"), strings.HasPrefix(text, "\xfe\xff"):
		rule = "is in UTF-16: save the file as CSV in UTF-8"
	case strings.Contains(text, "\r"):
		rule = "has line ends of CR alone in it: a line ends in LF or CRLF"
	case strings.Count(text, ";") > 2:
		rule += "; they are separated by commas, not semicolons"
	case strings.Count(text, "\t") > 2:
		rule += "; they are separated by commas, not tabs"
	}
	return &RowError{Line: line, LastLine: line, Problems: []Problem{{Rule: rule}}}
}

// likeNames reports whether all of a line's fields look like names of columns, and
// may be shown. Where a row went astray into the header, its amount does not.
func likeNames(fields []string) bool {
	for _, f := range fields {
		metadata := strings.HasPrefix(f, metadataPrefix) && plainText(f)
		if f != "" && !metadata && !likeName.MatchString(f) {
			return false
		}
	}
	return true
}

var likeName = regexp.MustCompile(`^ *[A-Za-z][A-Za-z0-9_. -]{0,39}$`)
