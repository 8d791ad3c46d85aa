package batch

import "strings"

// What can be wrong with the quotes of a line.
const (
	bareQuote  = "has a quote inside, and does not begin with one: quote the whole field and double the quotes in it"
	afterQuote = "goes on after its closing quote: double the quotes inside a quoted field"
	openQuote  = "begins with a quote and has no closing one on its line, and a field can't hold a line break"
)

// split takes one line of CSV apart by RFC 4180, and appends its fields. fault is
// what is wrong with its quotes, "" if nothing is, and column the field that has it,
// from 1. After openQuote nobody knows where the field ends. After another fault the
// rest is read on, a stray quote taken for text, only to find out whether a field is
// still open at the end: then that is the fault.
//
// encoding/csv would not do: its reader goes over line ends in search of a closing
// quote, without a bound, and does not tell whether it did.
func split(fields []string, line string, separator byte) (_ []string, column int, fault string) {
	if strings.IndexByte(line, '"') < 0 { // as most lines are
		for {
			i := strings.IndexByte(line, separator)
			if i < 0 {
				return append(fields, line), 0, ""
			}
			fields = append(fields, line[:i])
			line = line[i+1:]
		}
	}
	begin := len(fields)
	broken := func(rule string) {
		if fault == "" || rule == openQuote {
			column, fault = len(fields)-begin+1, rule
		}
	}
	for more := true; more; {
		var field, tail string
		if rest, quoted := strings.CutPrefix(line, `"`); quoted {
			var closed bool
			if field, rest, closed = unquote(rest); !closed {
				broken(openQuote)
				return fields, column, fault
			}
			if tail, line, more = cut(rest, separator); tail != "" {
				broken(afterQuote)
			}
		} else if field, line, more = cut(line, separator); strings.Contains(field, `"`) {
			broken(bareQuote)
		}
		fields = append(fields, field)
	}
	return fields, column, fault
}

func cut(text string, separator byte) (before, after string, found bool) {
	if i := strings.IndexByte(text, separator); i >= 0 {
		return text[:i], text[i+1:], true
	}
	return text, "", false
}

// unquote reads a quoted field behind its first quote, and returns what comes after
// the last one.
func unquote(text string) (field, rest string, closed bool) {
	for at := 0; ; at += 2 {
		i := strings.IndexByte(text[at:], '"')
		if i < 0 {
			return "", "", false
		}
		if at += i; at+1 == len(text) || text[at+1] != '"' {
			return strings.ReplaceAll(text[:at], `""`, `"`), text[at+1:], true
		}
	}
}
