package conformance_test

import (
	"context"
	"fmt"
	"net/http"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/sandbox/bank"
)

// What the toy bank does beside paying to accounts:
//
//	POST /register {"key","reference","amount","currency"}: a payout that waits for its page
//	POST /page?id=                                        : somebody enters the account
//	POST /card     {"key","reference","account"}          : an account is kept, and nobody paid
//
// The answer to /register has "page", that to /card has "card".
func toyPages() []bank.Route {
	authorized := func(c *bank.Call, schema bank.Schema, serve func(bank.Values) bank.Answer) bank.Answer {
		v, broken := schema.JSON(c.Body)
		if len(broken) > 0 {
			return c.Refuse(v.Text("reference"), broken[0].String(), toyError(http.StatusBadRequest, "E1"))
		}
		if v.Text("key") != toyKey {
			return c.Refuse(v.Text("reference"), "key", toyError(http.StatusUnauthorized, "E2"))
		}
		return serve(v)
	}
	known := func(bank.Statement) bank.Answer { return toyError(http.StatusConflict, "E3") }
	return []bank.Route{
		{Method: http.MethodPost, Path: "/register", Operation: bank.Create, Serve: func(c *bank.Call) bank.Answer {
			return authorized(c, bank.Schema{toySchema[0], toySchema[1], toySchema[2], toySchema[3]}, func(v bank.Values) bank.Answer {
				currency, err := payout.ParseCurrency(v.Text("currency"))
				if err != nil {
					return c.Refuse(v.Text("reference"), "currency", toyError(http.StatusBadRequest, "E1"))
				}
				return c.Create(bank.Order{
					Reference: v.Text("reference"), ID: c.UUID(), Money: payout.FromMinor(v.Int("amount"), currency), Untold: true,
					Decide: func(bank.Funds) bank.Act { return bank.Act{Turns: []bank.Turn{{State: bank.Registered}}} },
				}, func(s bank.Statement) bank.Answer {
					var o bank.Object
					o.Add(s.Says(bank.Reference), "reference", s.Reference)
					o.Add(true, "id", s.ID)
					o.Add(true, "page", "https://"+c.Host+"/page?id="+s.ID)
					return bank.JSON(http.StatusOK, o)
				}, known)
			})
		}},
		{Method: http.MethodPost, Path: "/page", Query: true, Operation: "page", Serve: func(c *bank.Call) bank.Answer {
			return c.Change(bank.Query{ID: c.Query.Get("id")}, func(_ *bank.Order, at bank.Turn, _ bank.Funds) bank.Act {
				if at.State != bank.Registered {
					return bank.Act{}
				}
				return bank.Pay()
			}, toyStatement, toyError(http.StatusNotFound, "E4"))
		}},
		{Method: http.MethodPost, Path: "/card", Operation: bank.SaveCard, Serve: func(c *bank.Call) bank.Answer {
			return authorized(c, bank.Schema{toySchema[0], toySchema[1], toySchema[4]}, func(v bank.Values) bank.Answer {
				order := bank.Order{Reference: v.Text("reference"), ID: c.UUID(), Destination: bank.MaskEnd(v.Text("account"))}
				return c.Create(order, func(s bank.Statement) bank.Answer {
					return bank.JSON(http.StatusOK, bank.Object{{Name: "reference", Value: s.Reference}, {Name: "card", Value: s.ID}})
				}, known)
			})
		}},
	}
}

// toyPage is a payout whose account somebody enters on the bank's page.
type toyPage struct{}

var toyPageKind = payout.NewKind[toyPage]("toy_page", "the account is entered on the toy bank's page")

func (toyPage) Kind() payout.Kind { return toyPageKind }

func (p *toy) register(ctx context.Context, req payout.Request) (payout.Payout, error) {
	a, w, err := p.post(ctx, "/register", map[string]any{
		"reference": req.Reference, "amount": p.minor(req.Amount), "currency": req.Amount.Currency().Code(),
	})
	if err != nil {
		return payout.Payout{}, err
	}
	if a.Status != http.StatusOK || !w.Page.Present {
		return payout.Payout{}, a.Unknown("not in the bank's table")
	}
	out := payout.Payout{Reference: w.Reference.Value, ProviderID: w.ID.Value, Status: payout.StatusActionRequired}
	switch p.fault {
	case losesPage:
	default:
		out.Action.URL = payout.NewSecret(w.Page.Value)
	}
	return out, nil
}

// SaveCard has the bank keep an account, which the suite calls a card.
func (p *toy) SaveCard(ctx context.Context, req payout.SaveCardRequest) (payout.CardSaved, error) {
	a, w, err := p.post(ctx, "/card", map[string]any{"reference": req.Reference, "account": req.Card.Number.Reveal()})
	if err != nil {
		return payout.CardSaved{}, err
	}
	if a.Status != http.StatusOK {
		return payout.CardSaved{}, a.Unknown("not in the bank's table")
	}
	return payout.CardSaved{Reference: w.Reference.Value, ID: w.Card.Value}, nil
}

// enterAccount is somebody at the bank's page.
func enterAccount(ctx context.Context, browser *http.Client, action payout.Action) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, action.URL.Reveal(), http.NoBody)
	if err != nil {
		return err
	}
	resp, err := browser.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("the page says %s", resp.Status)
	}
	return nil
}
