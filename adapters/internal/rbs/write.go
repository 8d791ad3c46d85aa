package rbs

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/payoutkit/payout"
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
	texts, err := flatten(raw)
	if err != nil {
		return nil, provider.Invalid(payout.Violation{Field: "request", Rule: "can't be written as JSON"})
	}
	var bad []payout.Violation
	for _, p := range params {
		text, given := texts[p.name]
		delete(texts, p.name)
		rule := found[p.name]
		if rule == "" {
			rule = m.dialect.broken(method, p, text, given)
		}
		if rule != "" {
			lines, ok := method.Params[p.name]
			if !ok {
				lines = method.Lines
			}
			bad = append(bad, payout.Violation{Field: m.dialect.field(p), Rule: rule + " (" + p.name + ")", Doc: m.dialect.doc(lines)})
		}
	}
	if len(texts) > 0 {
		bad = append(bad, payout.Violation{Field: "request", Rule: "has a parameter that no document was held against"})
	}
	return raw, provider.Invalid(bad...)
}

// flatten takes a JSON object apart into texts by name: "client.name". jsonParams
// stays whole: the names in it are the platform's.
func flatten(raw []byte) (map[string]string, error) {
	var object map[string]json.RawMessage
	if err := json.Unmarshal(raw, &object); err != nil {
		return nil, err
	}
	out := map[string]string{}
	for name, value := range object {
		var text provider.Text
		switch {
		case name == "jsonParams":
			out[name] = "{}"
		case value[0] == '{':
			inner, err := flatten(value)
			if err != nil {
				return nil, err
			}
			for n, text := range inner {
				out[name+"."+n] = text
			}
		case text.UnmarshalJSON(value) != nil:
			return nil, fmt.Errorf("%s is neither a text nor a number", name)
		default:
			out[name] = text.Value
		}
	}
	return out, nil
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
