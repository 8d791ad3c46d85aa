package bank_test

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/sandbox/bank"
)

// This is a whole bank: one currency, cards only, a password in a header.

var payment = bank.Schema{
	{Name: "reference", Required: true, Max: 20},
	{Name: "amount", Kind: bank.Integer, Required: true, Max: 9},
	{Name: "card", Required: true, Min: 16, Max: 16},
}

func startPlainBank(cfg bank.Config) (*bank.Server, error) {
	return bank.Start(cfg,
		bank.Route{Method: http.MethodPost, Path: "/payments", Operation: bank.Create, Serve: pay},
		bank.Route{Method: http.MethodGet, Path: "/payments/{reference}", Operation: bank.Status, Serve: ask})
}

func pay(c *bank.Call) bank.Answer {
	v, broken := payment.JSON(c.Body)
	reference := v.Text("reference")
	switch {
	case c.Header.Get("X-Key") != "k":
		return c.Refuse(reference, "X-Key: is wrong", bank.Answer{Status: http.StatusUnauthorized})
	case len(broken) > 0:
		return c.Refuse(reference, broken[0].String(), bank.JSON(http.StatusBadRequest, bank.Object{{Name: "error", Value: broken[0].String()}}))
	case !bank.Luhn(v.Text("card")):
		return c.Refuse(reference, "card: has a wrong check digit", bank.Answer{Status: http.StatusBadRequest})
	}
	return c.Create(bank.Order{
		Reference:   reference,
		ID:          fmt.Sprint(c.Serial()),
		Money:       payout.FromMinor(v.Int("amount"), payout.EUR),
		Destination: bank.MaskCard(v.Text("card")),
	}, say, say) // a second request of that reference gets the first one's answer
}

func ask(c *bank.Call) bank.Answer {
	return c.Find(bank.Query{Reference: c.Param("reference")}, say, bank.Answer{Status: http.StatusNotFound})
}

func say(s bank.Statement) bank.Answer {
	word := map[bank.State]string{bank.Pending: "wait", bank.Paid: "paid", bank.Declined: "no", bank.Returned: "back"}[s.State]
	if s.Word != "" {
		word = s.Word
	}
	var o bank.Object
	o.Add(s.Says(bank.OrderID), "id", s.ID)
	o.Add(s.Says(bank.Reference), "reference", s.Order.Reference)
	o.Add(s.Says(bank.Amount), "amount", s.Money.Minor())
	o.Add(s.Says(bank.Currency), "currency", s.Money.Currency().Code())
	o.Add(s.Says(bank.StatusWord), "status", word)
	o.Add(s.Code != "", "code", s.Code)
	return bank.JSON(http.StatusOK, o)
}

// A bank that pays and loses its answer.
func Example() {
	b, err := startPlainBank(bank.Config{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer b.Close()
	b.Script(bank.Script{Operation: bank.Create, Reference: "p-1", Reply: bank.Lost()})

	client := trusting(b)
	defer client.CloseIdleConnections()
	req, err := http.NewRequest(http.MethodPost, b.URL()+"/payments", strings.NewReader(`{"reference":"p-1","amount":1050,"card":"4111111111111111"}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	req.Header.Set("X-Key", "k")
	_, err = client.Do(req)
	fmt.Println("an answer came:", err == nil)
	for _, e := range b.Ledger().Moved("p-1") {
		fmt.Println("the bank moved:", e.Money, "to", e.Destination)
	}
	// Output:
	// an answer came: false
	// the bank moved: 10.50 EUR to 411111XXXXXX1111
}
