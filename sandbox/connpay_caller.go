package sandbox

import (
	"context"
	"io"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/payoutkit/payout/sandbox/bank"
)

// caller makes the gateway's callbacks.
type caller struct {
	cfg    ConnPayCallbacks
	client *http.Client
	agenda *agenda
	sign   func(texts ...string) string

	mu      sync.Mutex
	told    map[string]string // by paynet-order-id: the status that was told last
	scripts []*callbackScripted
	log     []ConnPayCallback
	changed chan struct{} // closed when log grows
}

type callbackScripted struct {
	CallbackScript
	used int
}

func newCaller(cfg ConnPayCallbacks, a *agenda, sign func(...string) string) *caller {
	return &caller{
		cfg: cfg, agenda: a, sign: sign, told: make(map[string]string), changed: make(chan struct{}),
		// A redirect of the connecting party's is an answer like any other but 200.
		client: &http.Client{
			Transport:     cfg.Transport,
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	}
}

// close gives back what the calls held. A client without a Transport would use one that
// is not ours.
func (r *caller) close() {
	if r.cfg.Transport != nil {
		r.client.CloseIdleConnections()
	}
}

// calling is one thing to be told, until it is.
type calling struct {
	ConnPayCallback
	address *url.URL
	values  url.Values
	copies  int
	alter   func(url.Values)
}

// ends puts the callback of an order that has come to its end on the agenda, once for
// each final status.
func (r *caller) ends(s bank.Statement) {
	word := connPayWord(s.Turn)
	r.mu.Lock()
	if r.told[s.ID] == word {
		r.mu.Unlock()
		return
	}
	r.told[s.ID] = word
	script := r.script(s.Order.Reference)
	r.mu.Unlock()
	c, ok := r.calling(s)
	if !ok || script.Lose {
		return
	}
	c.copies, c.alter = script.Copies, script.Alter
	r.agenda.add(r.agenda.now().Add(script.Delay), func(ctx context.Context) { r.call(ctx, c) })
}

// script returns the script for a callback of an order and counts it as used.
func (r *caller) script(reference string) CallbackScript {
	i := slices.IndexFunc(r.scripts, func(s *callbackScripted) bool {
		return (s.Reference == "" || s.Reference == reference) && (s.Times == 0 || s.used < s.Times)
	})
	if i < 0 {
		return CallbackScript{}
	}
	r.scripts[i].used++
	return r.scripts[i].CallbackScript
}

// calling returns what there is to tell of an order; false if nobody wants to know.
func (r *caller) calling(s bank.Statement) (*calling, bool) {
	p := s.Details.(connPayOrder).private()
	if p.callback == "" || r.cfg.Transport == nil {
		return nil, false
	}
	address, err := url.Parse(p.callback)
	if err != nil {
		return nil, false // payout has checked it
	}
	c := &calling{address: address, values: make(url.Values)}
	c.Reference, c.OrderID, c.Status = s.Order.Reference, s.ID, connPayWord(s.Turn)
	c.Method, c.Host, c.Refused = http.MethodGet, bank.MaskDigits(address.Host), r.cfg.refuses(address)
	if r.cfg.Post {
		c.Method = http.MethodPost
	}
	code, message := connPayFailure(s.Turn)
	for name, value := range map[string]string{
		"status": c.Status, "orderid": s.ID, "client_orderid": s.Order.Reference, "merchant_order": s.Order.Reference,
		"type": "payout", "amount": s.Money.Major(), "currency": s.Money.Currency().Code(), "merchant_data": p.merchantData,
		"error_code": code, "error_message": message, "control": r.sign(c.Status, s.ID, s.Order.Reference),
	} {
		if other, ok := r.cfg.Names[name]; ok {
			name = other
		}
		if value != "" {
			c.values.Set(name, value)
		}
	}
	return c, true
}

// call makes a call and, unless it was answered by 200, puts the next one on the agenda.
func (r *caller) call(ctx context.Context, c *calling) {
	if c.Attempt == 0 && c.alter != nil {
		c.alter(c.values)
	}
	c.Attempt++
	c.Answer = 0
	if c.Refused == "" {
		c.Answer = r.send(ctx, c)
	}
	r.note(c.ConnPayCallback)
	again := func(pause time.Duration) {
		r.agenda.add(r.agenda.now().Add(pause), func(ctx context.Context) { r.call(ctx, c) })
	}
	switch {
	case c.Refused != "":
	case c.Answer == http.StatusOK && c.copies > 0:
		c.copies--
		again(0)
	case c.Answer != http.StatusOK && c.Attempt <= len(r.cfg.Pauses):
		again(r.cfg.Pauses[c.Attempt-1])
	}
}

// send sends a call once and returns the status of HTTP of the answer, or 0.
func (r *caller) send(ctx context.Context, c *calling) int {
	ctx, cancel := context.WithTimeout(ctx, r.cfg.Timeout)
	defer cancel()
	address, body := *c.address, io.Reader(nil)
	if c.Method == http.MethodPost {
		body = strings.NewReader(c.values.Encode())
	} else {
		query := []string{address.RawQuery, c.values.Encode()}
		address.RawQuery = strings.Trim(strings.Join(query, "&"), "&")
	}
	req, err := http.NewRequestWithContext(ctx, c.Method, address.String(), body)
	if err != nil {
		return 0
	}
	if body != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	resp, err := r.client.Do(req)
	if err != nil {
		return 0
	}
	_, _ = io.CopyN(io.Discard, resp.Body, 1<<16) // what the connecting party says is not looked at
	_ = resp.Body.Close()
	return resp.StatusCode
}

func (r *caller) note(c ConnPayCallback) {
	c.Time = r.agenda.now()
	r.mu.Lock()
	defer r.mu.Unlock()
	r.log = append(r.log, c)
	close(r.changed)
	r.changed = make(chan struct{})
}

// refuses returns why an address may not be called, or "".
func (cfg ConnPayCallbacks) refuses(u *url.URL) string {
	host, port := u.Hostname(), u.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[u.Scheme]
	}
	ip, err := netip.ParseAddr(host)
	loopback := strings.EqualFold(host, "localhost") || err == nil && ip.IsLoopback()
	switch {
	case !loopback && !slices.Contains(cfg.Hosts, host):
		return "the host is not on this machine"
	case !cfg.AnyPort && !slices.Contains([]string{"80", "8080", "443", "8443"}, port):
		return "the port is not one of 80, 8080, 443 and 8443"
	}
	return ""
}
