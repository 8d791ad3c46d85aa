package sandbox

import (
	"crypto/hmac"
	"crypto/sha1" // #nosec G505 -- get-balance is signed with HMAC-SHA1
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/sandbox/bank"
)

const connPayBalance = "/paynet/api/v2/get-balance/"

// The parameters of get-balance. The oauth_* stand in the body as well as in the header,
// but for the signature. That a balance can be named is of the platform's pages.
var (
	connPayBalanceOAuth = bank.Schema{
		{Name: "oauth_consumer_key", Required: true},
		{Name: "oauth_nonce", Required: true},
		{Name: "oauth_signature_method", Required: true},
		{Name: "oauth_timestamp", Required: true},
		{Name: "oauth_version", Required: true},
	}
	connPayBalanceOfMerchant = append(bank.Schema{{Name: "balance-name", Max: 128}}, connPayBalanceOAuth...)
	connPayBalanceOfEndpoint = append(bank.Schema{{Name: "balance-provider", Max: 128}}, connPayBalanceOAuth...)
)

func (g *ConnPay) balanceOfMerchant(c *bank.Call) bank.Answer {
	var all []Endpoint
	if login, err := url.PathUnescape(c.Param("login")); err == nil && login == g.cfg.Login {
		all = g.cfg.Endpoints
	}
	return g.balance(c, "merchant/"+c.Param("login"), connPayBalanceOfMerchant, all)
}

func (g *ConnPay) balanceOfEndpoint(c *bank.Call) bank.Answer {
	return g.balance(c, c.Param("endpoint"), connPayBalanceOfEndpoint, g.named(c))
}

// balance answers what endpoints have, one row for each currency.
func (g *ConnPay) balance(c *bank.Call, path string, schema bank.Schema, endpoints []Endpoint) bank.Answer {
	if rule := g.authoriseBalance(c, connPayBalance+path); rule != "" {
		return g.denied(c, rule)
	}
	v, refusal := g.read(c, schema)
	if refusal != nil {
		return *refusal
	}
	if !g.cfg.Balance { // invented: how it is answered
		return g.refuse(c, "", "get-balance: is not turned on", "Get balance is not enabled")
	}
	if len(endpoints) == 0 {
		return g.invalid(c, "", "login", "or endpoint is not known")
	}
	name := v.Text("balance-name") + v.Text("balance-provider")
	return c.Answer("", func() bank.Answer {
		rows := []bank.Object{}
		for _, row := range g.balances(endpoints) {
			if code := row.paid.Currency().Code(); name == "" || name == code {
				rows = append(rows, row.object(code))
			}
		}
		text, err := json.Marshal(rows)
		if err != nil {
			panic(err) // of numbers and texts there is none
		}
		return bank.Text(http.StatusOK, formAnswer, string(text))
	})
}

// connPayFunds is what there is in one currency.
type connPayFunds struct{ funded, paid, underWay payout.Money }

// object has the platform's names of get-balance/merchant; that a balance is named for
// its currency is invented, and so is that amount leaves out nothing but what was paid.
func (f connPayFunds) object(name string) (o bank.Object) {
	amount := json.Number(payout.FromMinor(f.funded.Minor()-f.paid.Minor(), f.paid.Currency()).Major())
	none := json.Number(payout.FromMinor(0, f.paid.Currency()).Major())
	o.Add(true, "name", name)
	o.Add(true, "amount", amount)
	o.Add(true, "online-balance-live-amount", amount)
	o.Add(true, "total-short-term-hold-amount", none)
	o.Add(true, "total-rolling-reserve-amount", none)
	o.Add(true, "currency", name)
	o.Add(true, "amount-buffer-hold", json.Number(f.underWay.Major()))
	return o
}

// balances returns what endpoints have, in the order of their currencies.
func (g *ConnPay) balances(endpoints []Endpoint) (all []connPayFunds) {
	add := func(m *payout.Money, minor int64) { *m = payout.FromMinor(m.Minor()+minor, m.Currency()) }
	row := func(c payout.Currency) *connPayFunds {
		i := slices.IndexFunc(all, func(f connPayFunds) bool { return f.paid.Currency() == c })
		if i < 0 {
			none := payout.FromMinor(0, c)
			all, i = append(all, connPayFunds{none, none, none}), len(all)
		}
		return &all[i]
	}
	accounts := make(map[string]bool)
	for _, e := range endpoints {
		for _, c := range e.Currencies {
			account := e.ID + "/" + c.Code()
			accounts[account] = true
			funds := g.Ledger().Funds(account)
			if !funds.Limited {
				million, _ := payout.ParseMajor("1000000", c) // which every currency can hold
				funds = bank.Funds{Balance: million.Minor()}
			}
			add(&row(c).funded, funds.Balance+funds.Spent)
		}
	}
	for _, s := range g.Orders() {
		switch {
		case !accounts[s.Account]:
		case s.State == bank.Paid:
			add(&row(s.Money.Currency()).paid, s.Money.Minor())
		case !connPayFinal(s.Turn) && s.State != bank.Returned:
			add(&row(s.Money.Currency()).underWay, s.Money.Minor())
		}
	}
	return all
}

// authoriseBalance checks the OAuth 1.0a signature, HMAC-SHA1 keyed by the control key
// and an ampersand, and returns the rule that it breaks, or "". What stands in header
// and body counts once (invented). The platform's pages print the header in an order of
// their own, and with an empty realm: both are taken.
func (g *ConnPay) authoriseBalance(c *bank.Call, path string) string {
	header, rule := parseOAuth(c.Header, true)
	if rule != "" {
		return rule
	}
	body, ok := bank.ParseForm(string(c.Body))
	if !ok {
		return "body: is not well formed"
	}
	rest := slices.DeleteFunc(slices.Clone(body), func(p bank.Pair) bool { return strings.HasPrefix(p.Name, "oauth_") })
	if len(body)-len(rest) != len(connPayBalanceOAuth) {
		return "oauth_*: belong into the body too, all but the signature"
	}
	for _, f := range connPayBalanceOAuth {
		if !slices.Contains(body, bank.Pair{Name: f.Name, Value: header.values[f.Name]}) {
			return f.Name + ": is not the same in header and body"
		}
	}
	return g.verify(c, path, "HMAC-SHA1", rest, header.values, func(base, signature []byte) bool {
		mac := hmac.New(sha1.New, []byte(percentEncode(g.cfg.Control)+"&"))
		_, _ = mac.Write(base) // a hash never fails
		return hmac.Equal(mac.Sum(nil), signature)
	})
}
