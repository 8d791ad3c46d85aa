package batch

import (
	"slices"
	"strings"

	"github.com/payoutkit/payout"
)

// layout is what columns a file may have, and what they mean.
type layout struct {
	// titles are all columns but metadata, in the order in which they are documented;
	// means says what a title stands for, where that is another name than its own.
	titles []string
	means  map[string]string
	// required are the titles without which there is no row.
	required []string
	metadata bool
	// kind is that of every row, where no column says it.
	kind string
	// minor: amounts count minor units.
	minor bool
}

const metadataPrefix = "metadata."

// own are the library's own columns.
func own(kinds []payout.Kind) layout {
	l := layout{metadata: true}
	for _, f := range plainKind.Fields() {
		l.titles = append(l.titles, f.Name)
		if f.Required {
			l.required = append(l.required, f.Name)
		}
	}
	for _, k := range append([]payout.Kind{payout.Recipient{}.Kind()}, kinds...) {
		for _, f := range k.Fields() {
			l.titles = append(l.titles, k.Name()+"."+f.Name)
		}
	}
	return l
}

// portal is the template of the banks' portal (all2pay:93-94). A payout's name is
// what its list of payouts shows (all2pay:51).
func portal() layout {
	titles := []string{"creditPan", "currency", "amount", "name"}
	return layout{
		titles:   titles,
		means:    map[string]string{"creditPan": "card.number", "name": "description"},
		required: titles,
		kind:     payout.Card{}.Kind().Name(),
		minor:    true,
	}
}

// layouts are those that a file may have, the likeliest first.
func (o Options) layouts() []layout {
	var out []layout
	if o.Layout != LayoutPortal {
		out = append(out, own(o.Kinds))
	}
	hasCards := slices.ContainsFunc(o.Kinds, payout.Card{}.Kind().Is)
	if o.Layout == LayoutPortal || (o.Layout == LayoutByHeader && hasCards) {
		out = append(out, portal())
	}
	return out
}

// of returns what a column is called by us.
func (l layout) of(title string) string {
	if name, ok := l.means[title]; ok {
		return name
	}
	return title
}

// meant returns the title that a text stands for, if case and spaces around it do
// not count, or "".
func (l layout) meant(text string) string {
	text = strings.TrimSpace(text)
	if i := slices.IndexFunc(l.titles, func(t string) bool { return strings.EqualFold(t, text) }); i >= 0 {
		return l.titles[i]
	}
	return ""
}

// familiar is how many of a line's fields are titles of this layout.
func (l layout) familiar(fields []string) (n int) {
	for _, f := range fields {
		if l.meant(f) != "" {
			n++
		}
	}
	return n
}

// has reports whether a file of this layout may have a column, by our name for it.
func (l layout) has(name string) bool {
	return l.metadata && strings.HasPrefix(name, metadataPrefix) ||
		slices.ContainsFunc(l.titles, func(t string) bool { return l.of(t) == name })
}
