package batch

import (
	"errors"
	"fmt"
	"strings"

	"github.com/payoutkit/payout"
)

// Row is one payout of a registry.
type Row struct {
	// Line is the line of the file that the row is, from 1; the header has the first.
	// LastLine is the same, unless Err says that no line after it could be read: then
	// it is the file's last.
	Line     int
	LastLine int
	// Reference is the row's. If there is an Err it is only for showing: where a
	// reference should be may stand something else, if columns shifted, so a long
	// number is masked and what looks like no reference is left out.
	Reference string
	// Request is what the row asks for. Only if Err is nil.
	Request payout.Request
	// Err is a *RowError if the row breaks a rule. Nothing may be sent for it.
	Err error

	columns columns
}

// Locate puts the rules that a provider found broken in the row's request onto the
// row's columns.
func (r Row) Locate(violations []payout.Violation) *RowError {
	p := problems{columns: r.columns}
	for _, v := range violations {
		name := v.Field
		if field, ok := strings.CutPrefix(name, "destination."); ok && r.Request.Destination != nil {
			name = r.Request.Destination.Kind().Name() + "." + field
		}
		if name == "source.saved_card" {
			name = "source"
		}
		p.add(name, ruleOf(v))
	}
	e := &RowError{Line: r.Line, LastLine: r.LastLine}
	errors.As(p.err(r.Line, r.LastLine), &e)
	return e
}

// fill makes a row's request from its texts.
func (b *Reader) fill(row *Row, p *problems, fields []string) {
	text := func(name string) string {
		if n := b.columns[name]; n > 0 {
			return fields[n-1]
		}
		return ""
	}
	build := func(k payout.Kind, prefix string) payout.Record {
		return k.Build(func(field string) string { return text(prefix + field) })
	}
	t := build(plainKind, "").(plain)
	p.check(t, "")
	recipient := build(payout.Recipient{}.Kind(), "recipient.").(payout.Recipient)
	p.check(recipient, "recipient.")
	row.Request = payout.Request{
		Reference:   t.Reference,
		Amount:      p.amount(t.Amount, t.Currency),
		Destination: b.destination(p, t.Destination, text, build),
		Source:      payout.Source{SavedCard: t.Source},
		Recipient:   recipient,
		Description: t.Description,
		Language:    t.Language,
		ReturnURL:   t.ReturnURL,
		FailURL:     t.FailURL,
		CallbackURL: t.CallbackURL,
		Metadata:    b.metadata(fields),
	}
	if t.Reference == "" {
		return
	}
	// A row counts even if it is wrong: which of two rows of one reference is meant is
	// not for us to say.
	if first, twice := b.references[strings.ToLower(t.Reference)]; twice {
		p.add("reference", fmt.Sprintf("stands twice: one reference is one payout, and line %d has it already", first))
	} else {
		b.references[strings.ToLower(t.Reference)] = row.Line
	}
}

// destination builds the row's destination, and has the fields of all other kinds
// empty.
func (b *Reader) destination(
	p *problems, name string, text func(string) string, build func(payout.Kind, string) payout.Record,
) payout.Destination {
	kind, ok := b.kinds[name]
	if !ok {
		if name != "" {
			p.add("destination", "must be one of "+strings.Join(b.kindNames, ", "))
		}
		return nil
	}
	for column := range b.columns {
		prefix, _, dotted := strings.Cut(column, ".")
		if _, isKind := b.kinds[prefix]; dotted && isKind && prefix != name && text(column) != "" {
			p.add(column, "must be empty: the destination is "+name)
		}
	}
	d := build(kind, name+".")
	p.check(d, name+".")
	return d
}

func (b *Reader) metadata(fields []string) map[string]string {
	var out map[string]string
	for name, n := range b.columns {
		if key, ok := strings.CutPrefix(name, metadataPrefix); ok && fields[n-1] != "" {
			if out == nil {
				out = map[string]string{}
			}
			out[key] = fields[n-1]
		}
	}
	return out
}

// amount reads major units. Where one of the two texts is missing, that was said
// already.
func (p *problems) amount(text, code string) payout.Money {
	currency, err := payout.ParseCurrency(code)
	switch {
	case code == "":
		return payout.Money{}
	case err != nil:
		p.add("currency", "must be three letters of ISO 4217, such as RUB")
		return payout.Money{}
	case currency.Exponent() < 0:
		p.add("currency", "is one that can't hold money: it has no minor unit")
		return payout.Money{}
	case text == "":
		return payout.Money{}
	}
	m, err := payout.ParseMajor(text, currency)
	switch {
	case errors.Is(err, payout.ErrMoneyPrecision):
		p.add("amount", "has more decimals than "+currency.Code()+" has")
	case errors.Is(err, payout.ErrMoneyOverflow):
		p.add("amount", "is too large")
	case err != nil:
		p.add("amount", "must be digits with at most one dot, such as 1500.00")
	case m.Sign() <= 0:
		p.add("amount", "must be more than zero")
	}
	return m
}
