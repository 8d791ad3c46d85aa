package rbs

import (
	"bytes"
	"encoding/json"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/internal/jsonscan"
	"github.com/payoutkit/payout/provider"
)

// findings are rules that a request breaks, by parameter: those that show before
// there is a text to send.
type findings map[string]string

func (f findings) broken(param, rule string) {
	if rule != "" {
		f[param] = rule
	}
}

func (f findings) needed(param string, given bool, why string) {
	if !given {
		f[param] = why
	}
}

// write encodes a body and holds it against the document's table: nothing that
// breaks it is sent, and every broken rule is named.
func (m *Module) write(method Method, body any, found findings) ([]byte, error) {
	raw, err := encode(body)
	if err != nil {
		return nil, provider.Invalid(payout.Violation{Field: "request", Rule: "can't be written as JSON"})
	}
	given, ok := flatten(raw)
	var bad []payout.Violation
	for i, p := range params {
		rule := found[p.name]
		if rule == "" {
			rule = m.dialect.broken(method, p, given[i].text, given[i].there)
		}
		if rule != "" {
			lines, ok := method.Params[p.name]
			if !ok {
				lines = method.Lines
			}
			bad = append(bad, payout.Violation{Field: m.dialect.field(p), Rule: rule + " (" + p.name + ")", Doc: m.dialect.doc(lines)})
		}
	}
	if !ok {
		bad = append(bad, payout.Violation{Field: "request", Rule: "has a parameter that no document was held against"})
	}
	return raw, provider.Invalid(bad...)
}

// given is what a body says for one of params.
type given struct {
	text  string
	there bool
}

// flatten takes a body apart, into what it says for each of params. jsonParams stays whole:
// the names in it are the platform's. False: something in it is none of params, or is
// neither a text nor a number.
func flatten(raw []byte) (out []given, all bool) {
	out, all = make([]given, len(params)), true
	name := make([]byte, 0, 64)
	var walk func(object string)
	walk = func(object string) {
		outer := len(name)
		for c := jsonscan.Of(object); c.Next(); name = name[:outer] {
			name = append(name, c.Name()...)
			i, known := paramAt[string(name)]
			text, scalar := c.Value(), true
			switch text[0] {
			case '"':
				text = jsonscan.Unquote(text)
			case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9':
			case '{':
				if !known {
					name = append(name, '.')
					walk(text)
					continue
				}
			default:
				scalar = false
			}
			if known && scalar {
				out[i] = given{text, true}
			}
			all = all && known && scalar
		}
	}
	walk(string(raw))
	return out, all
}

// encode writes compact JSON once: the very bytes that are hashed are sent
// (all2pay:806). HTML is not escaped, so that they read as in the document.
func encode(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}
