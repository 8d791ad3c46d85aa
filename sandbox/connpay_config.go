package sandbox

import (
	"cmp"
	"crypto/rand"
	"crypto/rsa"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/sandbox/bank"
)

// ConnPayConfig is how the simulated gateway is set up. The zero ConnPayConfig has the
// login and the endpoint of the document's sample, some endpoints more, and a key of
// its own, which [ConnPay.MerchantKey] returns.
type ConnPayConfig struct {
	// Bank is the listener, the clock and so on. Its NotFound and Turned are not used.
	Bank bank.Config

	// Login is the connecting party's; by default TestMerchant (connpay:207).
	Login string
	// Key is the connecting party's public key, 2048 to 4096 bits; nil makes a pair.
	Key *rsa.PublicKey
	// Control is the merchant control key; by default test-merchant-control.
	Control string

	// Endpoints are by default 39915 (USD), 39916 (EUR), 39917 (JPY) and 39918 (KWD),
	// all in group 1001, none of which requires a conditional parameter.
	Endpoints []Endpoint

	// ClockWindow is how far oauth_timestamp may be from the gateway's clock; by
	// default five minutes (invented: none is published).
	ClockWindow time.Duration
	// Unauthorized: a bad signature is answered by 401, which is reported too, instead
	// of the documented 403 (connpay:237).
	Unauthorized bool

	// FormOnly: the gateway is too old for JSON and answers in forms whatever is asked for.
	FormOnly bool
	// JSONNumbers: in JSON, paynet-order-id and error-code are numbers, as the platform
	// has been seen to write them too. By default they are texts, as on its pages.
	JSONNumbers bool

	// Aliases: the other names of receiver_* (connpay:125-158) are parameters too.
	Aliases bool
	// RefuseDuplicates: a client_orderid that the gateway has seen is answered by a
	// validation-error, and the first order stands. By default it makes another order,
	// which moves money again. No document says which it is: an adapter has to be safe
	// with both.
	RefuseDuplicates bool
	// AskFirst: a status question without orderid, of several orders under one
	// client_orderid, is about the first; by default about the newest. Both are
	// invented: no document says.
	AskFirst bool

	// Processing is for how many status calls an order is "processing" before its end
	// shows: by default 1; below zero is none.
	Processing int
	// LateMoney: money moves when the status turns to approved. By default it moves at
	// once, and the gateway is only slow to say so.
	LateMoney bool
	// ProcessingTime is after how much time, by the gateway's clock, an order comes to its
	// end though nobody asks; 0 is never. See [ConnPay.Finish] too.
	ProcessingTime time.Duration

	// Balance turns get-balance on, as support does. An account that was never funded
	// says that a million was there (invented).
	Balance bool

	// Callbacks is how the gateway calls server_callback_url; by default not at all.
	Callbacks ConnPayCallbacks
}

func (cfg ConnPayConfig) withDefaults() ConnPayConfig {
	cfg.Login = cmp.Or(cfg.Login, "TestMerchant")
	cfg.Control = cmp.Or(cfg.Control, "test-merchant-control")
	cfg.ClockWindow = cmp.Or(cfg.ClockWindow, 5*time.Minute)
	cfg.Processing = max(cmp.Or(cfg.Processing, 1), 0)
	cfg.Endpoints = slices.Clone(cfg.Endpoints)
	if cfg.Endpoints == nil {
		for i, currency := range []payout.Currency{payout.USD, payout.EUR, payout.JPY, payout.KWD} {
			cfg.Endpoints = append(cfg.Endpoints, Endpoint{
				ID: strconv.Itoa(39915 + i), Group: "1001", Currencies: []payout.Currency{currency},
			})
		}
	}
	cfg.Callbacks = cfg.Callbacks.withDefaults()
	if cfg.Bank.Now == nil {
		cfg.Bank.Now = time.Now
	}
	return cfg
}

// check returns what is wrong with a configuration.
func (cfg ConnPayConfig) check() error {
	seen := make(map[string]bool)
	for _, e := range cfg.Endpoints {
		if rule := e.broken(); rule != "" {
			return fmt.Errorf("sandbox: ConnPay's endpoint %q %s", e.ID, rule)
		}
		if seen[e.ID] {
			return fmt.Errorf("sandbox: ConnPay's endpoint %q is there twice", e.ID)
		}
		seen[e.ID] = true
	}
	return cfg.Callbacks.check()
}

// key returns the key to verify with and, if it was made here, its private half.
func (cfg ConnPayConfig) key() (*rsa.PublicKey, *rsa.PrivateKey, error) {
	if cfg.Key == nil {
		pair, err := rsa.GenerateKey(rand.Reader, 2048)
		if err != nil {
			return nil, nil, fmt.Errorf("sandbox: make a key for ConnPay: %w", err)
		}
		return &pair.PublicKey, pair, nil
	}
	if bits := cfg.Key.N.BitLen(); bits < 2048 || bits > 4096 { // connpay:283
		return nil, nil, errors.New("sandbox: ConnPay takes keys of 2048 to 4096 bits")
	}
	return cfg.Key, nil, nil
}
