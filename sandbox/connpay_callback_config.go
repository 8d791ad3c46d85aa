package sandbox

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"time"
)

// ConnPayCallbacks is how the gateway calls back: at a final status, until it is
// answered by 200. It calls this machine only; what it refuses to call is in
// [ConnPay.Callbacks].
type ConnPayCallbacks struct {
	// Transport carries the calls; nil: none is made. The gateway follows no redirect,
	// and closes its idle connections when it is closed.
	Transport http.RoundTripper
	// Timeout is for how long one call may last; by default 30 seconds (invented).
	Timeout time.Duration
	// Pauses are those between one call and the next, as long as they are not answered by
	// 200; nil: 29 of them, so that there are 30 calls in 14 days, close together at
	// first. Empty: it calls once.
	Pauses []time.Duration
	// Post sends a form by POST instead of parameters by GET.
	Post bool
	// Names are other names for parameters, by those that they have: custom names can be
	// agreed with the platform.
	Names map[string]string
	// AnyPort: other ports than 80, 8080, 443 and 8443 are called too.
	AnyPort bool
	// Hosts are called beside this machine's own, for a Transport that has them in memory.
	Hosts []string
}

// connPayPauses make 30 calls in 14 days; how they lie in these is invented.
var connPayPauses = slices.Concat(
	[]time.Duration{
		time.Minute, time.Minute, 2 * time.Minute, 3 * time.Minute, 5 * time.Minute, 10 * time.Minute, 15 * time.Minute, 30 * time.Minute,
		time.Hour, time.Hour, 2 * time.Hour, 3 * time.Hour, 4 * time.Hour, 6 * time.Hour, 6 * time.Hour, 12 * time.Hour, 12 * time.Hour, 23 * time.Hour,
	},
	slices.Repeat([]time.Duration{24 * time.Hour}, 11),
)

// connPayCallbackNames are the parameters of a callback. Those of the notes are status,
// orderid, client_orderid, amount, currency, control, error_code and error_message;
// the others are those of the platform's own libraries, and merchant_data that of
// connpay:161.
var connPayCallbackNames = []string{
	"status", "orderid", "client_orderid", "merchant_order", "type", "amount", "currency", "merchant_data", "error_code", "error_message", "control",
}

func (cfg ConnPayCallbacks) withDefaults() ConnPayCallbacks {
	cfg.Timeout = cmp.Or(cfg.Timeout, 30*time.Second)
	if cfg.Pauses == nil {
		cfg.Pauses = connPayPauses
	}
	cfg.Pauses, cfg.Names, cfg.Hosts = slices.Clone(cfg.Pauses), maps.Clone(cfg.Names), slices.Clone(cfg.Hosts)
	return cfg
}

// check returns what is wrong with a configuration.
func (cfg ConnPayCallbacks) check() error {
	if slices.ContainsFunc(append([]time.Duration{cfg.Timeout}, cfg.Pauses...), func(d time.Duration) bool { return d < 0 }) {
		return errors.New("sandbox: a time of ConnPay's callbacks is below zero")
	}
	for name, other := range cfg.Names {
		if !slices.Contains(connPayCallbackNames, name) || other == "" {
			return fmt.Errorf("sandbox: ConnPay's callbacks have no parameter %q to rename", name)
		}
	}
	return nil
}
