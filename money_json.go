package payout

import "encoding/json"

// AppendJSON appends m as an object of two strings,
// {"amount":"10.42","currency":"USD"}, to b. The zero Money is
// {"amount":"0","currency":""}.
func (m Money) AppendJSON(b []byte) []byte {
	b = append(b, `{"amount":"`...)
	b = m.AppendMajor(b)
	b = append(b, `","currency":"`...)
	b = append(b, m.cur.Code()...)
	return append(b, `"}`...)
}

// MarshalJSON returns what [Money.AppendJSON] appends. It implements
// [encoding/json.Marshaler].
func (m Money) MarshalJSON() ([]byte, error) {
	const frame = len(`{"amount":"","currency":""}`)
	return m.AppendJSON(make([]byte, 0, frame+maxText)), nil
}

// UnmarshalJSON reads an object with the members "amount" and "currency" and no
// others, each once, in any order. The currency is an alphabetic code. The
// amount is a string in the form of [ParseMajor], or a number in that form: its
// digits are read as they stand, so 0.1 is exact, and 1e2 is refused as it is
// in a string.
//
// A string is read as [Money.UnmarshalText] does: encoding/json writes and
// reads the keys of a map so. What [Money.AppendJSON] writes for the zero Money
// is read as the zero Money. null changes nothing, as is the convention of
// encoding/json. If UnmarshalJSON returns an error, it has not changed m. It
// implements [encoding/json.Unmarshaler].
func (m *Money) UnmarshalJSON(data []byte) error {
	if string(data) == "null" {
		return nil
	}
	r := jsonReader{data: data}
	if r.space(); r.at < len(data) && data[r.at] == '"' {
		text, err := r.text("want a string")
		if err != nil {
			return err
		}
		if err := r.end(); err != nil {
			return err
		}
		return unmarshalText(m, text)
	}
	amount, code, err := r.members()
	if err != nil {
		return err
	}
	if len(code) == 0 && string(amount) == "0" {
		*m = Money{}
		return nil
	}
	cur := findCurrency(code)
	if cur == 0 {
		return inputError(ErrMoneyCurrency, noSuchCode, code, -1)
	}
	parsed, err := parseMajor(amount, cur)
	if err != nil {
		return err
	}
	*m = parsed
	return nil
}

// A jsonReader reads one flat object. encoding/json would take "Amount" for
// "amount" and the last of two equal members, and would make this several times
// slower.
type jsonReader struct {
	data []byte
	at   int
}

// members returns the unquoted values of the two members.
func (r *jsonReader) members() (amount, code []byte, err error) {
	if err := r.expect('{', "want a JSON object"); err != nil {
		return nil, nil, err
	}
	for {
		r.space()
		start := r.at
		name, err := r.text("want a member's name")
		if err != nil {
			return nil, nil, err
		}
		if err := r.expect(':', "want a colon"); err != nil {
			return nil, nil, err
		}
		r.space()
		switch string(name) {
		case "amount":
			if amount != nil {
				return nil, nil, r.fail("a second member amount", start)
			}
			amount, err = r.amount()
		case "currency":
			if code != nil {
				return nil, nil, r.fail("a second member currency", start)
			}
			code, err = r.text("member currency: want a string")
		default:
			return nil, nil, r.fail("a member that is neither amount nor currency", start)
		}
		if err != nil {
			return nil, nil, err
		}
		r.space()
		if r.at < len(r.data) && r.data[r.at] == ',' {
			r.at++
			continue
		}
		break
	}
	if err := r.expect('}', "want the end of the object"); err != nil {
		return nil, nil, err
	}
	if err := r.end(); err != nil {
		return nil, nil, err
	}
	if amount == nil {
		return nil, nil, r.fail("no member amount", 0)
	}
	if code == nil {
		return nil, nil, r.fail("no member currency", 0)
	}
	return amount, code, nil
}

// amount returns a string's content or a number's digits.
func (r *jsonReader) amount() ([]byte, error) {
	const rule = "member amount: want a string or a number"
	start := r.at
	if start < len(r.data) && r.data[start] == '"' {
		return r.text(rule)
	}
	for r.at < len(r.data) && isNumberByte(r.data[r.at]) {
		r.at++
	}
	number := r.data[start:r.at]
	digits := number
	if len(digits) > 0 && digits[0] == '-' {
		digits = digits[1:]
	}
	if len(digits) == 0 || len(digits) > 1 && digits[0] == '0' && isDigit(digits[1]) {
		return nil, r.fail(rule, start)
	}
	return number, nil
}

func isNumberByte(c byte) bool {
	return isDigit(c) || c == '-' || c == '+' || c == '.' || c == 'e' || c == 'E'
}

// text returns the content of the string that starts here.
func (r *jsonReader) text(rule string) ([]byte, error) {
	start := r.at
	if start >= len(r.data) || r.data[start] != '"' {
		return nil, r.fail(rule, start)
	}
	escaped := false
	for i := start + 1; i < len(r.data); i++ {
		switch c := r.data[i]; {
		case c == '\\':
			escaped = true
			i++
		case c < ' ':
			return nil, r.fail(rule, i)
		case c == '"':
			r.at = i + 1
			if escaped {
				return r.unescape(rule, start)
			}
			return r.data[start+1 : i : i], nil
		}
	}
	return nil, r.fail(rule, start)
}

func (r *jsonReader) unescape(rule string, start int) ([]byte, error) {
	var text string
	if err := json.Unmarshal(r.data[start:r.at], &text); err != nil {
		return nil, r.fail(rule, start)
	}
	return append([]byte{}, text...), nil
}

func (r *jsonReader) expect(c byte, rule string) error {
	if r.space(); r.at >= len(r.data) || r.data[r.at] != c {
		return r.fail(rule, r.at)
	}
	r.at++
	return nil
}

func (r *jsonReader) end() error {
	if r.space(); r.at < len(r.data) {
		return r.fail("want nothing after the value", r.at)
	}
	return nil
}

func (r *jsonReader) space() {
	for r.at < len(r.data) {
		switch r.data[r.at] {
		case ' ', '\t', '\n', '\r':
			r.at++
		default:
			return
		}
	}
}

func (r *jsonReader) fail(rule string, at int) error {
	return inputError(ErrMoneySyntax, "in JSON, "+rule, r.data, at)
}
