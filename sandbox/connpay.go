package sandbox

import (
	"context"
	"crypto/rsa"
	"net/http"
	"strconv"
	"sync"

	"github.com/payoutkit/payout/sandbox/bank"
)

// ConnPay is the simulated gateway. Its methods are safe for concurrent use.
//
// Unless it is told otherwise it accepts a client_orderid a second time and makes
// another order, as the real one may: no document says that it does not.
type ConnPay struct {
	*bank.Server
	cfg     ConnPayConfig
	public  *rsa.PublicKey
	private *rsa.PrivateKey
	schema  bank.Schema
	agenda  *agenda
	caller  *caller

	mu     sync.Mutex
	nonces map[string]bool // used ones
	orders int64
	turns  map[string]int  // payouts that came to each group
	timed  map[string]bool // orders that will come to their end by themselves
}

// StartConnPay starts the gateway. The error says what is wrong with the configuration.
func StartConnPay(cfg ConnPayConfig) (*ConnPay, error) {
	cfg = cfg.withDefaults()
	if err := cfg.check(); err != nil {
		return nil, err
	}
	public, private, err := cfg.key()
	if err != nil {
		return nil, err
	}
	g := &ConnPay{
		cfg: cfg, public: public, private: private, schema: connPayPayout,
		nonces: make(map[string]bool), turns: make(map[string]int), timed: make(map[string]bool),
		agenda: newAgenda(cfg.Bank.Now),
	}
	g.caller = newCaller(cfg.Callbacks, g.agenda, g.control)
	if cfg.Aliases {
		g.schema = withAliases(connPayPayout)
	}
	cfg.Bank.NotFound, cfg.Bank.Turned = notFoundPage, g.turned
	g.Server, err = bank.Start(cfg.Bank, g.routes()...)
	if err != nil {
		return nil, err
	}
	g.Go(func(ctx context.Context) {
		defer g.caller.close()
		g.agenda.run(ctx)
	})
	return g, nil
}

func (g *ConnPay) routes() []bank.Route {
	post := func(path string, op bank.Operation, serve func(*bank.Call) bank.Answer) bank.Route {
		return bank.Route{Method: http.MethodPost, Path: "/paynet" + path, Operation: op, Serve: serve}
	}
	return []bank.Route{
		post("/api/v4/payout/{endpoint}", bank.Create, g.payout),
		post("/api/v4/payout/group/{group}", bank.Create, g.payout),
		post("/api/v4/status/{endpoint}", bank.Status, g.statusV4),
		post("/api/v2/status/{endpoint}", bank.Status, g.statusV2),
		post("/api/v2/status/group/{group}", bank.Status, g.statusV2),
		post("/api/v2/get-balance/{endpoint}", bank.Balance, g.balanceOfEndpoint),
		post("/api/v2/get-balance/merchant/{login}", bank.Balance, g.balanceOfMerchant),
		post(connPayForm, ReceiverForm, g.fill),
		{Method: http.MethodGet, Path: "/paynet" + connPayForm, Operation: ReceiverForm, Serve: g.show},
	}
}

// Login is the connecting party's login, oauth_consumer_key.
func (g *ConnPay) Login() string { return g.cfg.Login }

// Control is the merchant control key, with which v2 calls and callbacks are signed.
func (g *ConnPay) Control() string { return g.cfg.Control }

// MerchantKey is the connecting party's private key, if the gateway made the pair; nil
// if ConnPayConfig.Key was given.
func (g *ConnPay) MerchantKey() *rsa.PrivateKey { return g.private }

// orderID returns the next paynet-order-id; the first one is that of connpay:234.
func (g *ConnPay) orderID() string {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.orders++
	return strconv.FormatInt(6982863+g.orders, 10)
}

// turn returns 0, 1, 2, ... for the payouts that come to a group.
func (g *ConnPay) turn(group string) int {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.turns[group]++
	return g.turns[group] - 1
}

// spent notes a nonce and reports whether it was used before. Nothing is forgotten, so
// that a nonce is good once and not only once in a window.
func (g *ConnPay) spent(nonce string) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.nonces[nonce] {
		return true
	}
	g.nonces[nonce] = true
	return false
}
