package sandbox

import (
	"crypto/rsa"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/sandbox/bank"
)

// ConnPay is the simulated gateway. Its methods are safe for concurrent use.
//
// It accepts a client_orderid a second time and makes another order, as the real one
// may: no document says otherwise.
type ConnPay struct {
	*bank.Server
	cfg     ConnPayConfig
	public  *rsa.PublicKey
	private *rsa.PrivateKey
	schema  bank.Schema

	mu     sync.Mutex
	nonces map[string]bool // used ones
	orders int64
}

// StartConnPay starts the gateway.
func StartConnPay(cfg ConnPayConfig) (*ConnPay, error) {
	cfg = cfg.withDefaults()
	public, private, err := cfg.key()
	if err != nil {
		return nil, err
	}
	g := &ConnPay{
		cfg: cfg, public: public, private: private,
		schema: withAliases(connPayPayout), nonces: make(map[string]bool),
	}
	cfg.Bank.NotFound = notFoundPage
	routes := []bank.Route{
		{Path: "/paynet/api/v4/payout/{endpoint}", Operation: bank.Create, Serve: g.payout},
		{Path: "/paynet/api/v4/payout/group/{group}", Operation: bank.Create, Serve: g.payout},
		{Path: "/paynet/api/v4/status/{endpoint}", Operation: bank.Status, Serve: g.statusV4},
		{Path: "/paynet/api/v2/status/{endpoint}", Operation: bank.Status, Serve: g.statusV2},
		{Path: "/paynet/api/v2/status/group/{group}", Operation: bank.Status, Serve: g.statusV2},
	}
	for i := range routes {
		routes[i].Method = http.MethodPost
	}
	g.Server, err = bank.Start(cfg.Bank, routes...)
	if err != nil {
		return nil, err
	}
	return g, nil
}

// Login is the connecting party's login, oauth_consumer_key.
func (g *ConnPay) Login() string { return g.cfg.Login }

// Control is the merchant control key of v2.
func (g *ConnPay) Control() string { return g.cfg.Control }

// MerchantKey is the connecting party's private key, if the gateway made the pair; nil
// if ConnPayConfig.Key was given.
func (g *ConnPay) MerchantKey() *rsa.PrivateKey { return g.private }

// connPayOrder is what the gateway keeps of an order for its answers.
type connPayOrder struct {
	endpoint     Endpoint
	serial       string // of the request that made it
	merchantData string
	bin, last4   string // of a card
}

// payout makes an order (connpay:1-235).
func (g *ConnPay) payout(c *bank.Call) bank.Answer {
	if rule := g.authorise(c); rule != "" {
		return c.Refuse("", rule, accessDenied())
	}
	v, broken := g.schema.Form(c.Body)
	reference := v.Text("client_orderid")
	invalid := func(parameter, rule string) bank.Answer {
		return c.Refuse(reference, parameter+": "+rule, g.validationError(c, reference, "Parameter "+parameter+" "+rule))
	}
	if rule := formType(c.Header); rule != "" {
		return c.Refuse(reference, rule, g.validationError(c, reference, "Wrong content type")) // invented
	}
	if len(broken) > 0 {
		return g.broken(c, reference, broken[0])
	}
	var currency payout.Currency
	endpoint, ok := g.endpoint(c, func(e Endpoint) bool {
		i := slices.IndexFunc(e.Currencies, func(cur payout.Currency) bool { return cur.Code() == v.Text("currency") })
		if i >= 0 {
			currency = e.Currencies[i]
		}
		return i >= 0
	})
	if !ok {
		return invalid("currency", "is not supported by this endpoint")
	}
	if parameter, rule := connPayRule(v, endpoint.Required); rule != "" {
		return invalid(parameter, rule)
	}
	money, err := payout.ParseMajor(v.Text("amount"), currency)
	// No more decimals than the currency has, zeros neither.
	if err != nil || money.Minor() <= 0 || len(v.Text("amount")) > len(money.Major()) {
		return invalid("amount", "is not an amount of this currency (connpay:22)")
	}
	d := connPayOrder{endpoint: endpoint, serial: serialNumber(c.Serial()), merchantData: v.Text("merchant_data")}
	if pan := v.Text("credit_card_number"); pan != "" {
		d.bin, d.last4 = pan[:6], pan[len(pan)-4:]
	}
	account := v.Text("account_number")
	return c.Create(bank.Order{
		Reference:   reference,
		ID:          g.orderID(),
		Money:       money,
		Destination: connPayMasked(v),
		Account:     endpoint.ID,
		Details:     d,
		Decide:      func(bank.Funds) bank.Act { return g.fate(account) },
	}, asyncResponse, nil)
}

// fate is what becomes of an order by itself (connpay:274-279).
func (g *ConnPay) fate(account string) bank.Act {
	switch account {
	case AccountDeclined:
		return bank.Pend(g.cfg.Processing).Then(bank.Decline("")) // invented: no code of a decline is published
	case AccountError:
		return bank.Pend(g.cfg.Processing).Then(bank.Act{Turns: []bank.Turn{
			{State: bank.Declined, Word: "error", Code: processorInternalError},
		}})
	}
	if g.cfg.LateMoney {
		return bank.Pend(g.cfg.Processing).Then(bank.Pay())
	}
	return bank.PendPaid(g.cfg.Processing).Then(bank.Pay())
}

// endpoint returns the endpoint that a path names, or the first of the group that it
// names, which fits.
func (g *ConnPay) endpoint(c *bank.Call, fits func(Endpoint) bool) (Endpoint, bool) {
	for _, e := range g.cfg.Endpoints {
		named := e.ID == c.Param("endpoint") || e.Group != "" && e.Group == c.Param("group")
		if named && fits(e) {
			return e, true
		}
	}
	return Endpoint{}, false
}

// orderID returns the next paynet-order-id; the first one is that of connpay:234.
func (g *ConnPay) orderID() string {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.orders++
	return strconv.FormatInt(6982863+g.orders, 10)
}

// spent notes a nonce and reports whether it was used before.
func (g *ConnPay) spent(nonce string) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.nonces[nonce] {
		return true
	}
	g.nonces[nonce] = true
	return false
}

func formType(h http.Header) string {
	kind, _, err := mime.ParseMediaType(h.Get("Content-Type"))
	if err != nil || kind != "application/x-www-form-urlencoded" {
		return "Content-Type: must be application/x-www-form-urlencoded (connpay:209)"
	}
	return ""
}

// connPayMasked is the destination as the ledger keeps it.
func connPayMasked(v bank.Values) string {
	for _, name := range connPayDestinations {
		switch value := v.Text(name); {
		case value == "":
		case name == "credit_card_number":
			return bank.MaskCard(value)
		case strings.HasSuffix(strings.ReplaceAll(name, "_", "-"), "recurring-payment-id"):
			return "RPI " + bank.MaskEnd(value)
		default:
			return bank.MaskEnd(value)
		}
	}
	return ""
}

// near reports whether an OAuth timestamp is within the window.
func (g *ConnPay) near(timestamp int64) bool {
	apart := g.cfg.Bank.Now().Sub(time.Unix(timestamp, 0))
	return apart.Abs() <= g.cfg.ClockWindow
}
