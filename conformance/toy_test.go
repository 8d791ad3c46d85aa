package conformance_test

import (
	"net/http"
	"regexp"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/conformance"
	"github.com/payoutkit/payout/conformance/simulated"
	"github.com/payoutkit/payout/sandbox/bank"
)

// The toy bank has the smallest protocol in which every rule can be broken:
//
//	POST /pay    {"key","reference","amount","currency","account","name"}
//	POST /status {"key","reference","id"}
//
// Amounts are in minor units. Both answer with
//
//	{"reference","id","amount","currency","status","code"}
//
// where status is paid, pending, declined or returned, and code, F1 or F2, says why it
// was declined. A payout that is refused as malformed
// is 400 with {"error":"E1"}, an unknown one 404 with {"error":"E4"}, wrong
// credentials 401 with {"error":"E2"}.
const toyKey = "toy-bank-secret-key"

var toySchema = bank.Schema{
	{Name: "key", Required: true},
	{Name: "reference", Required: true, Max: 24},
	{Name: "amount", Kind: bank.Integer, Required: true},
	{Name: "currency", Required: true, Pattern: regexp.MustCompile(`^[A-Z]{3}$`)},
	{Name: "account", Required: true},
	{Name: "name"},
}

func startToyBank() (conformance.Bank, error) {
	pay := func(c *bank.Call) bank.Answer {
		v, broken := toySchema.JSON(c.Body)
		if len(broken) > 0 {
			return c.Refuse(v.Text("reference"), broken[0].String(), toyError(http.StatusBadRequest, "E1"))
		}
		if v.Text("key") != toyKey {
			return c.Refuse(v.Text("reference"), "key", toyError(http.StatusUnauthorized, "E2"))
		}
		currency, err := payout.ParseCurrency(v.Text("currency"))
		if err != nil {
			return c.Refuse(v.Text("reference"), "currency", toyError(http.StatusBadRequest, "E1"))
		}
		order := bank.Order{
			Reference: v.Text("reference"), ID: c.UUID(),
			Money: payout.FromMinor(v.Int("amount"), currency), Destination: bank.MaskEnd(v.Text("account")),
		}
		return c.Create(order, toyStatement, func(bank.Statement) bank.Answer { return toyError(http.StatusConflict, "E3") })
	}
	status := func(c *bank.Call) bank.Answer {
		v, broken := bank.Schema{{Name: "key"}, {Name: "reference"}, {Name: "id"}}.JSON(c.Body)
		if len(broken) > 0 {
			return c.Refuse(v.Text("reference"), broken[0].String(), toyError(http.StatusBadRequest, "E1"))
		}
		if v.Text("key") != toyKey {
			return c.Refuse(v.Text("reference"), "key", toyError(http.StatusUnauthorized, "E2"))
		}
		return c.Find(bank.Query{Reference: v.Text("reference"), ID: v.Text("id")}, toyStatement, toyError(http.StatusNotFound, "E4"))
	}
	ping := func(c *bank.Call) bank.Answer {
		return c.Answer("", func() bank.Answer { return bank.Text(http.StatusOK, "text/plain", "here") })
	}
	s, err := bank.Start(bank.Config{}, append(toyPages(),
		bank.Route{Method: http.MethodPost, Path: "/pay", Operation: bank.Create, Serve: pay},
		bank.Route{Method: http.MethodPost, Path: "/status", Operation: bank.Status, Serve: status},
		bank.Route{Method: http.MethodGet, Path: "/ping", Operation: bank.Echo, Serve: ping},
	)...)
	if err != nil {
		return nil, err
	}
	return simulated.Bank(s), nil
}

func toyError(status int, code string) bank.Answer {
	return bank.JSON(status, bank.Object{{Name: "error", Value: code}})
}

func toyStatement(s bank.Statement) bank.Answer {
	word := map[bank.State]string{bank.Registered: "pending", bank.Pending: "pending", bank.Paid: "paid", bank.Declined: "declined", bank.Returned: "returned"}[s.State]
	if s.Word != "" {
		word = s.Word
	}
	var o bank.Object
	o.Add(s.Says(bank.Reference), "reference", s.Reference)
	o.Add(s.Says(bank.OrderID), "id", s.ID)
	o.Add(s.Says(bank.Amount), "amount", s.Money.Minor())
	o.Add(s.Says(bank.Currency), "currency", s.Money.Currency().Code())
	o.Add(s.Says(bank.StatusWord), "status", word)
	o.Add(s.Code != "", "code", s.Code)
	return bank.JSON(http.StatusOK, o)
}
