package main

import (
	"errors"

	"github.com/spf13/cobra"

	"github.com/payoutkit/payout"
)

const saveCardHelp = `Has a bank keep a card, so that payouts name it by an id. Without --source it is a
recipient's card, to pay to; with it, one of yours, to pay from. No money moves to
anybody. The card is read from standard input, a line "name=value" each, or asked for
if that is a terminal.`

func saveCardCommand(g *global) *cobra.Command {
	var f struct {
		provider, reference, owner string
		source                     bool
	}
	c := &cobra.Command{
		Use:     "save-card",
		Short:   "Have a bank keep a card, to be named by an id",
		Long:    saveCardHelp,
		Example: "  echo card.number=4111111111111111 | payout save-card --config bench/payout.yaml --provider all2pay --reference card-1 --owner client-7",
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			a, err := g.load(c)
			if err != nil {
				return err
			}
			defer a.Close()
			p, err := a.Client(f.provider)
			if err != nil {
				return err
			}
			texts := map[string]string{}
			kind := payout.Card{}.Kind()
			read := requestFlags{destination: kind.Name()}
			err = read.secrets(c, []payout.Kind{kind}, []string{"recipient.name"}, func(pair, where string) error {
				return given(texts, pair, where)
			})
			if err != nil {
				return err
			}
			cvv := texts["cvv"]
			card, ok := kind.Build(func(field string) string { return texts[kind.Name()+"."+field] }).(payout.Card)
			if !ok {
				return errors.New("a card can't be made of that")
			}
			save := p.SaveCard
			if f.source {
				save = p.SaveSourceCard
			}
			saved, err := save(c.Context(), payout.SaveCardRequest{
				Reference: f.reference, OwnerID: f.owner, Card: card, CVV: payout.NewSecret(cvv),
			})
			if err != nil {
				return err
			}
			t := g.table(c, "REFERENCE", "CARD", "ID", "NEXT")
			next := ""
			if !saved.Action.IsZero() {
				next = "its owner must act: " + saved.Action.URL.Reveal()
			}
			t.row(map[string]any{"reference": saved.Reference, "card": saved.Masked, "id": saved.ID, "next": next},
				saved.Reference, saved.Masked, saved.ID, next)
			return t.end()
		},
	}
	c.Flags().StringVar(&f.provider, "provider", "", "which provider")
	c.Flags().StringVar(&f.reference, "reference", "", "your own unique name of the card; no payout may have it")
	c.Flags().StringVar(&f.owner, "owner", "", "your own id of the person or company")
	c.Flags().BoolVar(&f.source, "source", false, "it is a card of yours, to pay from")
	_ = c.MarkFlagRequired("reference") // it is there: see above
	return c
}
