// Package iso4217 holds the list of currencies that currency_table.go in the
// repository's root is generated from. Nothing that ships imports it: it serves
// the generator in its folder gen and the tests.
//
// The data is list-one.tsv; where it comes from is written in its first lines
// and in the README beside it.
package iso4217

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"
)

//go:embed list-one.tsv
var listOne string

// NoExponent is the Exponent of an entry that the standard gives no minor unit
// ("N.A."): metals, funds, test codes.
const NoExponent = -1

// An Entry is one currency of the list.
type Entry struct {
	Code     string // three letters
	Numeric  int    // 1 to 999
	Exponent int    // digits of the minor unit, or NoExponent
	Name     string
}

// List returns the entries of list-one.tsv in alphabetical order of their codes.
func List() ([]Entry, error) { return Parse(listOne) }

// Parse reads lines of four columns that tabs separate: code, numeric code,
// exponent or "-", name. Lines that start with "#" are comments. It refuses
// what a list of ISO 4217 can't contain: malformed columns, a code or a number
// that occurs twice, entries out of alphabetical order.
func Parse(tsv string) ([]Entry, error) {
	var list []Entry
	numbers := make(map[int]string)
	for i, line := range strings.Split(strings.TrimSuffix(tsv, "\n"), "\n") {
		if strings.HasPrefix(line, "#") {
			continue
		}
		e, err := parseLine(line)
		if err != nil {
			return nil, fmt.Errorf("iso4217: line %d: %w", i+1, err)
		}
		if n := len(list); n > 0 && list[n-1].Code >= e.Code {
			return nil, fmt.Errorf("iso4217: line %d: %s does not come after %s", i+1, e.Code, list[n-1].Code)
		}
		if other, twice := numbers[e.Numeric]; twice {
			return nil, fmt.Errorf("iso4217: line %d: %s has the numeric code of %s", i+1, e.Code, other)
		}
		numbers[e.Numeric] = e.Code
		list = append(list, e)
	}
	return list, nil
}

func parseLine(line string) (Entry, error) {
	columns := strings.Split(line, "\t")
	if len(columns) != 4 {
		return Entry{}, fmt.Errorf("%d columns, want 4", len(columns))
	}
	code, numeric, exponent, name := columns[0], columns[1], columns[2], columns[3]
	if len(code) != 3 || strings.Trim(code, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "" {
		return Entry{}, fmt.Errorf("code %q is not three letters", code)
	}
	if len(numeric) != 3 || strings.Trim(numeric, "0123456789") != "" || numeric == "000" {
		return Entry{}, fmt.Errorf("numeric code %q is not three digits above 000", numeric)
	}
	if name == "" {
		return Entry{}, fmt.Errorf("%s has no name", code)
	}
	e := Entry{Code: code, Exponent: NoExponent, Name: name}
	for _, digit := range numeric {
		e.Numeric = e.Numeric*10 + int(digit-'0')
	}
	if exponent != "-" {
		if e.Exponent = slices.Index([]string{"0", "1", "2", "3", "4"}, exponent); e.Exponent < 0 {
			return Entry{}, fmt.Errorf("exponent %q is none of 0 to 4 and not \"-\"", exponent)
		}
	}
	return e, nil
}
