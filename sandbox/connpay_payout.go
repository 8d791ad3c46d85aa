package sandbox

import (
	"strings"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/sandbox/bank"
)

// Account numbers with a documented outcome (connpay:276-280). An e-wallet, a crypto
// wallet and a recurring payment ID of the same digits end in the same way (invented).
const (
	AccountApproved = "1234567890"
	AccountDeclined = "0987654321"
	AccountError    = "1987654321" // PROCESSOR_INTERNAL_ERROR
)

// Cards that end as the accounts of these names do (invented). Any other is approved.
const (
	CardDeclined = "4000000000000002"
	CardError    = "4000000000000119"
)

// connPayOrder is what the gateway keeps of an order for its answers.
type connPayOrder struct {
	endpoint, group string
	serial          string // of the request that made it
	bin, last4      string // of a card
	// private is a function, so that no dump of an order shows what it returns.
	private func() connPayPrivate
}

// connPayPrivate is what the connecting party gets back and nobody else should see.
type connPayPrivate struct {
	merchantData           string
	callback               string
	redirect, success, bad string // where the receiver goes in the end
	fate                   func(bank.Funds) bank.Act
}

// payout makes an order (connpay:1-235).
func (g *ConnPay) payout(c *bank.Call) bank.Answer {
	if rule := g.authorise(c); rule != "" {
		return g.denied(c, rule)
	}
	v, refusal := g.read(c, g.schema)
	if refusal != nil {
		return *refusal
	}
	reference := v.Text("client_orderid")
	if parameter, rule := connPayRule(v); rule != "" {
		return g.invalid(c, reference, parameter, rule)
	}
	endpoint, parameter, rule := g.route(c, v)
	if rule != "" {
		return g.invalid(c, reference, parameter, rule)
	}
	currency, _ := endpoint.takes(v.Text("currency"))
	money, rule := connPayAmount(v.Text("amount"), currency)
	if rule != "" {
		return g.invalid(c, reference, "amount", rule)
	}
	name, to := destination(v)
	d := connPayOrder{endpoint: endpoint.ID, group: endpoint.Group, serial: serialNumber(c.Serial())}
	private := connPayPrivate{
		merchantData: v.Text("merchant_data"), callback: v.Text("server_callback_url"),
		redirect: v.Text("redirect_url"), success: v.Text("redirect_success_url"), bad: v.Text("redirect_fail_url"),
		fate: func(f bank.Funds) bank.Act { return g.fate(to, money, f) },
	}
	d.private = func() connPayPrivate { return private }
	if pan := v.Text("credit_card_number"); pan != "" {
		d.bin, d.last4 = pan[:6], pan[len(pan)-4:]
	}
	var again func(bank.Statement) bank.Answer
	if g.cfg.RefuseDuplicates {
		again = func(bank.Statement) bank.Answer { // invented, as the switch
			return g.reject(c, rejection("validation-error", d.serial, reference, "Order with this client_orderid already exists", "1"))
		}
	}
	return c.Create(bank.Order{
		Reference:   reference,
		ID:          g.orderID(),
		Money:       money,
		Destination: masked(name, to),
		Account:     endpoint.ID + "/" + currency.Code(),
		Details:     d,
		Decide:      private.fate,
	}, func(s bank.Statement) bank.Answer { return g.asyncResponse(c, s) }, again)
}

// connPayAmount reads an amount in major units (connpay:22): no more decimals than the
// currency has, zeros neither.
func connPayAmount(text string, currency payout.Currency) (payout.Money, string) {
	_, decimals, _ := strings.Cut(text, ".")
	money, err := payout.ParseMajor(text, currency)
	if err != nil || money.Minor() <= 0 || len(decimals) > currency.Exponent() {
		return payout.Money{}, "is not an amount of this currency (connpay:22)"
	}
	return money, ""
}

// fate is what becomes of an order by itself.
func (g *ConnPay) fate(to string, m payout.Money, f bank.Funds) bank.Act {
	processing := bank.Pend(g.cfg.Processing)
	switch {
	case to == AccountDeclined || to == CardDeclined:
		return processing.Then(bank.Decline(""))
	case to == AccountError || to == CardError:
		return processing.Then(bank.Act{Turns: []bank.Turn{
			{State: bank.Declined, Word: "error", Code: processorInternalError},
		}})
	case f.Limited && f.Balance < m.Minor():
		return processing.Then(bank.Decline(insufficientFunds))
	case g.cfg.LateMoney:
		return processing.Then(bank.Pay())
	default:
		return bank.PendPaid(g.cfg.Processing).Then(bank.Pay())
	}
}

// masked is a destination as the ledger keeps it.
func masked(name, to string) string {
	switch name {
	case "credit_card_number":
		return bank.MaskCard(to)
	case "card_recurring_payment_id", "recurring-payment-id":
		return "RPI " + bank.MaskEnd(to)
	default:
		return bank.MaskEnd(to)
	}
}
