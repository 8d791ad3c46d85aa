package conformance

import (
	"context"
	"net/http"

	"github.com/payoutkit/payout"
)

func abilityCases() []Case {
	return []Case{{
		Name: "abilities", Rule: "What Supports says works, and what it does not say is ErrUnsupported before anything is sent.",
		Cost: "A platform builds on what is not there.", run: abilities,
	}}
}

func abilities(t *T) {
	w := t.world()
	req := w.request()
	calls := map[payout.Ability]func(context.Context) error{
		payout.AbilityPing: w.client.Ping,
		payout.AbilityBalances: func(ctx context.Context) error {
			balances, err := w.client.Balances(ctx, req.Source)
			if err == nil && len(balances) == 0 {
				t.Errorf("Balances returned none")
			}
			for _, b := range balances {
				if _, ok := w.client.Info().Range(b.Available.Currency()); !ok {
					t.Errorf("a balance in %s, in which Info does not pay", b.Available.Currency())
				}
			}
			return err
		},
		payout.AbilitySaveCard: func(ctx context.Context) error {
			save := t.h.SaveCard
			save.Reference = w.reference()
			saved, err := w.client.SaveCard(ctx, save)
			if err == nil && saved.ID == "" && saved.Action.IsZero() {
				t.Errorf("a card was saved without an id")
			}
			return err
		},
		payout.AbilitySaveSourceCard: func(ctx context.Context) error {
			save := t.h.SaveCard
			save.Reference = w.reference()
			saved, err := w.client.SaveSourceCard(ctx, save)
			if err == nil && saved.ID == "" && saved.Action.IsZero() {
				t.Errorf("a source card was saved without an id or an action")
			}
			return err
		},
		payout.AbilityCallback: func(ctx context.Context) error {
			if t.h.Callback == nil {
				r, err := http.NewRequestWithContext(ctx, http.MethodPost, "https://platform.invalid/", http.NoBody)
				if err != nil {
					return err
				}
				_, err = w.client.ReadCallback(r)
				return err
			}
			return nil // the callback cases make some
		},
	}
	for ability, call := range calls {
		before := w.net.all()
		err := call(t.ctx)
		switch {
		case w.client.Supports(ability) && ability == payout.AbilityCallback && t.h.Callback == nil:
			t.Errorf("the provider reads callbacks, and Harness.Callback is not given")
		case w.client.Supports(ability) && err != nil:
			t.Errorf("%s is supported, and failed: %v", ability, err)
		case !w.client.Supports(ability) && payout.KindOf(err) != payout.ErrUnsupported && (ability != payout.AbilityCallback || t.h.Callback == nil):
			t.Errorf("%s is not supported, and its error is %v", ability, err)
		case !w.client.Supports(ability) && w.net.all() > before:
			t.Errorf("%s is not supported, and a request was sent", ability)
		}
	}
}
