package batch

import (
	"errors"
	"strings"

	"github.com/payoutkit/payout"
)

// Row is one payout of a registry.
type Row struct {
	// Line is where the row is, from 1: the line of a CSV file, the row of a worksheet;
	// the header has the first. LastLine is the same, unless Err says that no line after
	// it could be read: then it is the file's last.
	Line     int
	LastLine int
	// Reference is the row's, from its column or derived. If there is an Err it is only
	// for showing: where a reference should be may stand something else, if columns
	// shifted, so a long number is masked and what looks like no reference is left out.
	Reference string
	// Request is what the row asks for. Only if Err is nil.
	Request payout.Request
	// Overlap is the key by which later batches find the same amount to the same
	// destination. Only if Err is nil and [Options] have a key.
	Overlap OverlapKey
	// Payee is the key by which a later file of the same batch finds what the batch has
	// taken for the same destination, whatever the amount. Only if there is an Overlap, and
	// the batch has an id; zero, too, where nothing tells one destination from another.
	Payee OverlapKey
	// Batch is the key by which it is known that something of the batch was taken: the same
	// in all its rows. Only if the batch has an id, and [Options] have a key.
	Batch OverlapKey
	// Err is a *RowError if the row breaks a rule. Nothing may be sent for it.
	Err error

	plan *plan
}

// Locate puts the rules that a provider found broken in the row's request onto the
// row's columns.
func (r Row) Locate(violations []payout.Violation) *RowError {
	p := problems{plan: r.plan}
	kind := ""
	if r.Request.Destination != nil {
		kind = r.Request.Destination.Kind().Name()
	}
	p.locate(kind, violations)
	e := &RowError{Line: r.Line, LastLine: r.LastLine}
	errors.As(p.err(r.Line, r.LastLine), &e)
	return e
}

// locate adds the rules that are broken in a request to a kind of destination.
func (p *problems) locate(kind string, violations []payout.Violation) {
	for _, v := range violations {
		name := v.Field
		if field, ok := strings.CutPrefix(name, "destination."); ok && kind != "" {
			name = kind + "." + field
		}
		if name == "source.saved_card" {
			name = "source"
		}
		rule := ruleOf(v)
		if !p.plan.layout.has(name) { // it is about something else than a column
			name, rule = "", name+": "+rule
		}
		p.add(name, rule)
	}
}

// build makes the request that a right row asks for.
func (x *verifier) build(v *verdict) payout.Request {
	text := func(name string) string {
		if n := x.plan.numbers[name]; n > 0 {
			return v.fields[n-1]
		}
		return ""
	}
	kind := &x.plan.kinds[v.kind]
	recipient, _ := payout.Recipient{}.Kind().Build(func(field string) string {
		return text("recipient." + field)
	}).(payout.Recipient)
	return payout.Request{
		Reference: v.reference,
		Amount:    v.amount,
		Destination: kind.Build(func(field string) string {
			if n, ok := kind.fields[field]; ok {
				return v.fields[n]
			}
			return ""
		}),
		Source:      payout.Source{SavedCard: text("source")},
		Recipient:   recipient,
		Description: text("description"),
		Language:    text("language"),
		ReturnURL:   text("return_url"),
		FailURL:     text("fail_url"),
		CallbackURL: text("callback_url"),
		Metadata:    v.metadata(),
	}
}

func (v *verdict) metadata() map[string]string {
	var out map[string]string
	for i := range v.plan.cells {
		key, ok := strings.CutPrefix(v.plan.cells[i].name, metadataPrefix)
		if !ok || v.fields[i] == "" {
			continue
		}
		if out == nil {
			out = map[string]string{}
		}
		out[key] = v.fields[i]
	}
	return out
}
