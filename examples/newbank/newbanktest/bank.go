// Package newbanktest is a simulated Newbank, written from document.txt alone: it
// shares nothing with the adapter that it tests.
package newbanktest

import (
	"cmp"
	"net/http"
	"regexp"
	"strings"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/sandbox/bank"
)

// body lists the fields of a transfer (newbank:12-18).
var body = bank.Schema{
	{Name: "reference", Required: true, Max: 20, Pattern: regexp.MustCompile(`^[A-Za-z0-9-]+$`), Doc: "newbank:12"},
	{Name: "amount", Required: true, Doc: "newbank:13"},
	{Name: "currency", Required: true, Doc: "newbank:14"},
	{Name: "operator", Required: true, Min: 2, Max: 12, Doc: "newbank:15"},
	{Name: "number", Required: true, Pattern: regexp.MustCompile(`^[0-9]{11,12}$`), Doc: "newbank:16"},
	{Name: "note", Max: 35, Doc: "newbank:18"},
}

// ranges of a currency's amounts, in minor units, and prefixes of its numbers
// (newbank:14, 17).
var (
	ranges   = map[string][2]int64{"TND": {1_000, 5_000_000}, "XOF": {100, 2_000_000}}
	prefixes = map[string]string{"TND": "216", "XOF": "221"}
)

// Start starts a bank that knows one merchant. What it does is scripted as package bank
// describes. Close it when done.
func Start(merchant, key string) (*bank.Server, error) {
	route := func(method, path string, op bank.Operation, serve func(*bank.Call) bank.Answer) bank.Route {
		return bank.Route{Method: method, Path: path, Operation: op, Serve: func(c *bank.Call) bank.Answer {
			if !signed(c, merchant, key) {
				return c.Refuse("", "X-Newbank-Signature: is wrong", refusal(http.StatusUnauthorized, "bad_signature"))
			}
			return serve(c)
		}}
	}
	return bank.Start(bank.Config{},
		route(http.MethodPost, "/v1/transfers", bank.Create, transfer),
		route(http.MethodGet, "/v1/transfers/{reference}", bank.Status, func(c *bank.Call) bank.Answer {
			return c.Find(bank.Query{Reference: c.Param("reference")}, stands, refusal(http.StatusNotFound, "unknown_transfer"))
		}),
		route(http.MethodGet, "/v1/balances", bank.Balance, func(c *bank.Call) bank.Answer {
			tunis := payout.FromMinor(c.Ledger().Funds("TND").Balance, payout.TND)
			one := bank.Object{{Name: "currency", Value: "TND"}, {Name: "available", Value: tunis.Major()}, {Name: "on_hold", Value: "0.000"}}
			all := bank.Object{{Name: "balances", Value: []bank.Object{one}}}
			return c.Answer("", func() bank.Answer { return bank.JSON(http.StatusOK, all) })
		}),
		route(http.MethodGet, "/v1/ping", bank.Echo, func(c *bank.Call) bank.Answer {
			return c.Answer("", func() bank.Answer { return bank.JSON(http.StatusOK, bank.Object{{Name: "merchant", Value: merchant}}) })
		}))
}

func transfer(c *bank.Call) bank.Answer {
	v, broken := body.JSON(c.Body)
	reference, number := v.Text("reference"), v.Text("number")
	money, err := payout.ParseMoney(v.Text("amount") + " " + v.Text("currency"))
	limit := ranges[v.Text("currency")] // of another currency no amount is right
	switch {
	case len(broken) > 0:
		return c.Refuse(reference, broken[0].String(), refusal(http.StatusBadRequest, "malformed"))
	case err != nil || money.Major() != v.Text("amount") || money.Minor() < limit[0] || money.Minor() > limit[1]:
		return c.Refuse(reference, "amount: does not fit the currency", refusal(http.StatusBadRequest, "malformed"))
	case !strings.HasPrefix(number, prefixes[v.Text("currency")]):
		return c.Refuse(reference, "number: is of another country", refusal(http.StatusBadRequest, "malformed"))
	case strings.HasSuffix(number, "0000"): // newbank:57
		return c.Refuse(reference, "number: is not known", refusal(http.StatusUnprocessableEntity, "unknown_wallet"))
	}
	wallet := v.Text("operator") + " " + bank.MaskEnd(number)
	order := bank.Order{Reference: reference, ID: c.UUID(), Money: money, Destination: wallet, Account: v.Text("currency")}
	return c.Create(order, accepted, func(first bank.Statement) bank.Answer {
		if first.Money != money || first.Destination != wallet {
			return refusal(http.StatusConflict, "reference_used") // newbank:43
		}
		return stands(first) // newbank:23-24
	})
}

// accepted is all that the bank says to a new transfer (newbank:21).
func accepted(s bank.Statement) bank.Answer {
	return bank.JSON(http.StatusAccepted, tell(s, "accepted"))
}

// stands tells a transfer as it stands (newbank:27-34).
func stands(s bank.Statement) bank.Answer {
	words := map[bank.State]string{bank.Pending: "processing", bank.Paid: "completed", bank.Declined: "rejected", bank.Returned: "reversed"}
	o := tell(s, words[s.State])
	o.Add(s.State == bank.Declined, "code", cmp.Or(s.Code, "expired"))
	return bank.JSON(http.StatusOK, o)
}

func tell(s bank.Statement, word string) (o bank.Object) {
	o.Add(s.Says(bank.OrderID), "id", s.ID)
	o.Add(s.Says(bank.Reference), "reference", s.Order.Reference)
	o.Add(s.Says(bank.Amount), "amount", s.Money.Major())
	o.Add(s.Says(bank.Currency), "currency", s.Money.Currency().Code())
	o.Add(s.Says(bank.StatusWord), "state", cmp.Or(s.Word, word))
	return o
}

func refusal(status int, code string) bank.Answer {
	return bank.JSON(status, bank.Object{{Name: "error", Value: code}})
}
