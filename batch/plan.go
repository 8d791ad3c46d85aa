package batch

import (
	"slices"
	"strings"

	"github.com/payoutkit/payout"
)

// plan is what a file's columns hold, found out once, so that a row costs no more
// than its own texts.
type plan struct {
	columns
	layout layout
	cells  []cell // by column, from 0
	kinds  []kindPlan
	fixed  int // the kind of every row, where no column says it; or noKind

	// Columns from 0; -1: there is none.
	reference, amount, currency, destination int

	minor bool // amounts count minor units

	// content are the columns that a row's canonical content is of, in the order of our
	// names: not that of the file.
	content []int
	// open are the columns whose texts may be printed or stored in clear.
	open []int
}

// cell is one column.
type cell struct {
	name  string // ours
	field payout.Field
	kind  int // the kind that has the field; -1: it is one of every row
}

// kindPlan is one kind of destination.
type kindPlan struct {
	payout.Kind
	name   string
	absent []string       // required fields that the file has no column for
	fields map[string]int // columns of its fields, from 0
	named  bool           // it has fields that tell one destination from another
	// identity are the columns of what tells one destination from another: the fields of
	// which a part may be shown.
	identity []int
}

// What stands where no kind does.
const (
	everyRow = -1 // a field of no kind
	noKind   = -2
)

func newPlan(c columns, l layout, kinds []payout.Kind) *plan {
	p := &plan{columns: c, layout: l, fixed: noKind, minor: l.minor}
	for i, k := range kinds {
		if k.Name() == l.kind {
			p.fixed = i
		}
		p.kinds = append(p.kinds, kindPlan{Kind: k, name: k.Name(), fields: map[string]int{}})
	}
	at := func(name string) int { return c.numbers[name] - 1 }
	p.reference, p.amount, p.currency, p.destination = at("reference"), at("amount"), at("currency"), at("destination")
	p.cells = make([]cell, len(c.titles))
	p.plain(plainKind, "")
	p.plain(payout.Recipient{}.Kind(), "recipient.")
	for i := range p.kinds {
		p.kinds[i].place(p, i)
	}
	for name, n := range c.numbers {
		if strings.HasPrefix(name, metadataPrefix) {
			p.cells[n-1] = cell{name, payout.Field{Max: 1024}, everyRow}
		}
	}
	for i, c := range p.cells {
		if i != p.reference && i != p.amount && i != p.currency && i != p.destination {
			p.content = append(p.content, i)
		}
		if c.kind == everyRow && !c.field.Secret {
			p.open = append(p.open, i)
		}
	}
	slices.SortFunc(p.content, func(a, b int) int { return strings.Compare(p.cells[a].name, p.cells[b].name) })
	return p
}

// plain places the fields that every row may have.
func (p *plan) plain(k payout.Kind, prefix string) {
	for _, f := range k.Fields() {
		if n := p.numbers[prefix+f.Name]; n > 0 {
			p.cells[n-1] = cell{prefix + f.Name, f, everyRow}
		}
	}
}

// place places a kind's fields.
func (k *kindPlan) place(p *plan, number int) {
	for _, f := range k.Fields() {
		name := k.Name() + "." + f.Name
		n := p.numbers[name]
		k.named = k.named || f.Mask != nil
		switch {
		case n == 0 && f.Required:
			k.absent = append(k.absent, name)
		case n > 0:
			k.fields[f.Name] = n - 1
			p.cells[n-1] = cell{name, f, number}
			if f.Mask != nil {
				k.identity = append(k.identity, n-1)
			}
		}
	}
}

func (p *plan) kindNames() string {
	names := make([]string, len(p.kinds))
	for i := range p.kinds {
		names[i] = p.kinds[i].name
	}
	return strings.Join(names, ", ")
}
