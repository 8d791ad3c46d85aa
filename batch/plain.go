package batch

import "github.com/payoutkit/payout"

// plain are the columns that are no field of a destination or a recipient. It is a
// record like those, so that one declaration says what all columns hold.
type plain struct {
	Reference, Amount, Currency, Destination string
	Source, Description, Language            string
	ReturnURL, FailURL, CallbackURL          string
}

var plainKind = payout.NewKind("registry", "what every row may have",
	payout.Text(payout.Field{Name: "reference", Doc: "the platform's own unique id of the payout", Required: true},
		func(p *plain) *string { return &p.Reference }),
	payout.Text(payout.Field{Name: "amount", Doc: "major units with a dot", Required: true},
		func(p *plain) *string { return &p.Amount }),
	payout.Text(payout.Field{Name: "currency", Doc: "three letters (ISO 4217)", Required: true},
		func(p *plain) *string { return &p.Currency }),
	payout.Text(payout.Field{Name: "destination", Doc: "kind of the destination", Required: true},
		func(p *plain) *string { return &p.Destination }),
	payout.Text(payout.Field{Name: "source", Doc: "the bank's id of a card to pay from"},
		func(p *plain) *string { return &p.Source }),
	payout.Text(payout.Field{Name: "description", Doc: "shown to the recipient by some banks", Max: 1024},
		func(p *plain) *string { return &p.Description }),
	payout.Text(payout.Field{Name: "language", Doc: "two letters (ISO 639-1)"},
		func(p *plain) *string { return &p.Language }),
	payout.Text(payout.Field{Name: "return_url", Doc: "where the recipient's browser goes", Max: 2048},
		func(p *plain) *string { return &p.ReturnURL }),
	payout.Text(payout.Field{Name: "fail_url", Doc: "where it goes if the payout failed", Max: 2048},
		func(p *plain) *string { return &p.FailURL }),
	payout.Text(payout.Field{Name: "callback_url", Doc: "what the bank may call", Max: 2048},
		func(p *plain) *string { return &p.CallbackURL }),
)

// Kind implements [payout.Record].
func (plain) Kind() payout.Kind { return plainKind }
