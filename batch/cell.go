package batch

import (
	"encoding/xml"
	"regexp"
	"strconv"
	"strings"
)

// sheetCell is a cell as the file has it: not as it is shown.
type sheetCell struct {
	kind    string // the attribute t; "" is a number
	text    []byte
	formula bool
}

// cell reads a cell that has begun, to its end.
func (p *part) cell(kind string) (sheetCell, error) {
	c := sheetCell{kind: kind}
	for inValue := false; ; {
		token, err := p.Token()
		if err != nil {
			return c, err
		}
		switch t := token.(type) {
		case xml.StartElement:
			switch t.Name.Local {
			case "v":
				inValue = true
			case "is":
				if c.text, err = p.text(); err != nil {
					return c, err
				}
			default:
				c.formula = c.formula || t.Name.Local == "f"
				if err := p.Skip(); err != nil {
					return c, err
				}
			}
		case xml.CharData:
			if inValue {
				c.text = append(c.text, t...)
			}
		case xml.EndElement:
			if t.Name.Local == "c" {
				return c, nil
			}
			inValue = false
		}
	}
}

const (
	isFormula = "is a formula: put its value there instead"
	isNumber  = "is a number in the spreadsheet, which drops zeros at the begin of a number and digits after the 15th: " +
		"make the column text, and put the values in again"
	isRounded = "is a number that the spreadsheet has calculated or rounded: it has more than 15 digits"
	isOther   = "is no text in the spreadsheet, but a date, a logical value or an error: make the column text"
	isEscaped = "has a character that a spreadsheet can't hold (_xHHHH_)"
)

var escaped = regexp.MustCompile(`_x[0-9A-Fa-f]{4}_`)

// value is the cell's text, or the rule that it breaks.
func (c sheetCell) value(shared *sharedStrings, numbers bool) (text, rule string) {
	text = string(c.text)
	switch {
	case c.formula:
		return "", isFormula
	case text == "":
		return "", ""
	}
	switch c.kind {
	case "s":
		i, err := strconv.Atoi(strings.TrimSpace(text))
		found, ok := shared.get(i)
		if err != nil || !ok {
			return "", "is a text that the file does not have: it is damaged"
		}
		text = found
	case "inlineStr", "str":
	case "", "n":
		if !numbers {
			return "", isNumber
		}
		return plainNumber(strings.TrimSpace(text))
	default:
		return "", isOther
	}
	if strings.Contains(text, "_x") && escaped.MatchString(text) {
		return "", isEscaped
	}
	return text, ""
}

// plainNumber writes a spreadsheet's number out. Spreadsheets calculate in binary,
// and some write 4.35 down as 4.3499999999999996, which is the same binary number. At
// most 15 digits come back from it as they were entered; what needs more was not
// entered so.
func plainNumber(text string) (plain, rule string) {
	f, err := strconv.ParseFloat(text, 64)
	if err != nil || strings.Trim(text, "0123456789+-.eE") != "" {
		return "", isOther
	}
	mantissa, _, _ := strings.Cut(strconv.FormatFloat(f, 'e', -1, 64), "e")
	if countDigits(mantissa) > 15 {
		return "", isRounded
	}
	return strconv.FormatFloat(f, 'f', -1, 64), ""
}
