package batch

import "strings"

// What can be wrong with the quotes of a line.
const (
	bareQuote  = "has a quote inside, and does not begin with one: quote the whole field and double the quotes in it"
	afterQuote = "goes on after its closing quote: double the quotes inside a quoted field"
	openQuote  = "begins with a quote and has no closing one on its line, and a field can't hold a line break"
)

// split takes one line of CSV apart by RFC 4180. fault is what is wrong with its
// quotes, "" if nothing is, and column the field that has it, from 1. After
// openQuote nobody knows where the field ends. After another fault the rest is read
// on, a stray quote taken for text, only to find out whether a field is still open
// at the end: then that is the fault.
//
// encoding/csv would not do: its reader goes over line ends in search of a closing
// quote, without a bound, and does not tell whether it did.
func split(line string) (fields []string, column int, fault string) {
	broken := func(rule string) {
		if fault == "" || rule == openQuote {
			column, fault = len(fields)+1, rule
		}
	}
	for {
		var field, tail string
		rest, quoted := strings.CutPrefix(line, `"`)
		if quoted {
			var closed bool
			if field, rest, closed = unquote(rest); !closed {
				broken(openQuote)
				return fields, column, fault
			}
			if tail, line, _ = strings.Cut(rest, ","); tail != "" {
				broken(afterQuote)
			}
		} else {
			if field, line, _ = strings.Cut(line, ","); strings.Contains(field, `"`) {
				broken(bareQuote)
			}
			tail = field
		}
		fields = append(fields, field)
		if len(tail) == len(rest) { // there was no comma
			return fields, column, fault
		}
	}
}

// unquote reads a quoted field behind its first quote, and returns what comes after
// the last one.
func unquote(text string) (field, rest string, closed bool) {
	var b strings.Builder
	for {
		before, after, found := strings.Cut(text, `"`)
		if !found {
			return "", "", false
		}
		b.WriteString(before)
		if text, found = strings.CutPrefix(after, `"`); !found {
			return b.String(), after, true
		}
		b.WriteByte('"')
	}
}
