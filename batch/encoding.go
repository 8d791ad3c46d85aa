package batch

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// decode returns a line as UTF-8, or the rule that it breaks. Of UTF-8 each field is
// checked later, by itself.
func (e Encoding) decode(line []byte) (text, rule string) {
	if e == UTF8 || ascii(line) {
		return string(line), ""
	}
	// A line of letters is valid UTF-8 by chance only if it is very short. Taking UTF-8
	// for Windows-1251 would make other names and other texts of it.
	if utf8.Valid(line) {
		return "", "is in UTF-8, and the file was said to be in Windows-1251"
	}
	var b strings.Builder
	b.Grow(2 * len(line))
	for _, c := range line {
		r := charmap.Windows1251.DecodeByte(c)
		if r == utf8.RuneError {
			return "", "has a byte that is no character of Windows-1251"
		}
		b.WriteRune(r)
	}
	return b.String(), ""
}

func ascii(line []byte) bool {
	for _, c := range line {
		if c >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
