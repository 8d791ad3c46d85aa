package conformance_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"net/url"
	"sync"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/conformance"
	"github.com/payoutkit/payout/provider"
)

// toy is a correct provider for the toy bank, and, with a fault, an incorrect one.
// The zero fault is the model that adapters should follow.
type toy struct {
	fault fault
	send  sender
	key   payout.Secret

	// For faults only: a correct provider has no state.
	mu     sync.Mutex
	last   string
	cached map[string]payout.Payout
	sent   map[string]bool
	asked  int
	shown  string
}

// sender sends one call once: provider.Link, or something worse.
type sender interface {
	Do(ctx context.Context, c provider.Call) (provider.Answer, error)
}

func newToy(f fault, key, base string, roots *x509.CertPool) (payout.Provider, error) {
	link, err := provider.HTTP{Roots: roots}.Open(base)
	if err != nil {
		return nil, err
	}
	p := &toy{fault: f, send: link, key: payout.NewSecret(key), cached: map[string]payout.Payout{}, sent: map[string]bool{}}
	if worse := worseSender(f, base, roots); worse != nil {
		p.send = worse
	}
	if f == storesKeyAsString {
		p.shown = key
	}
	return p, nil
}

// toyAccount is a rail of this bank's own.
type toyAccount struct {
	IBAN payout.Secret
	Name payout.Secret
}

var (
	toyAccountKind = payout.NewKind("toy_account", "an account at the toy bank",
		payout.Hidden(payout.Field{Name: "iban", Required: true, Max: 34}, func(a *toyAccount) *payout.Secret { return &a.IBAN }),
		payout.Hidden(payout.Field{Name: "name"}, func(a *toyAccount) *payout.Secret { return &a.Name }),
	)
	toyPhoneKind = payout.NewKind("toy_phone", "a phone number, which the toy bank does not pay to",
		payout.Hidden(payout.Field{Name: "number", Required: true}, func(a *toyPhone) *payout.Secret { return &a.Number }),
	)
)

func (toyAccount) Kind() payout.Kind { return toyAccountKind }

type toyPhone struct{ Number payout.Secret }

func (toyPhone) Kind() payout.Kind { return toyPhoneKind }

func (p *toy) Info() payout.Info {
	info := payout.Info{
		Adapter: "toy", Name: "toy", Account: "toy/main",
		Amounts: []payout.AmountRange{
			{Min: payout.MustMoney("0.01 USD"), Max: payout.MustMoney("1000000.00 USD")},
			{Min: payout.MustMoney("1 JPY"), Max: payout.MustMoney("1000000 JPY")},
			{Min: payout.MustMoney("0.001 KWD"), Max: payout.MustMoney("1000000.000 KWD")},
		},
		Destinations: []payout.Kind{toyAccountKind, toyPageKind},
		Reference:    payout.ReferenceRule{Max: 24},
		Description:  64,
	}
	switch p.fault {
	case changesInfo:
		p.mu.Lock()
		defer p.mu.Unlock()
		p.asked++
		info.Account += string(rune('a' + p.asked%26))
	case overpromises:
		info.Destinations = append(info.Destinations, toyPhoneKind)
	case laxInfo:
		info.Reference.Max = 5000
	}
	return info
}

type toyAnswer struct {
	Reference provider.Text `json:"reference"`
	ID        provider.Text `json:"id"`
	Amount    provider.Int  `json:"amount"`
	Currency  provider.Text `json:"currency"`
	Status    provider.Text `json:"status"`
	Code      provider.Text `json:"code"`
	Error     provider.Text `json:"error"`
	Page      provider.Text `json:"page"`
	Card      provider.Text `json:"card"`
}

var toyStatuses = map[string]payout.Status{
	"paid": payout.StatusPaid, "pending": payout.StatusPending, "declined": payout.StatusFailed,
	"returned": payout.StatusReturned,
}

var toyReasons = map[string]payout.Reason{"": payout.ReasonDeclined, "F1": payout.ReasonInsufficientFunds, "F2": payout.ReasonFraudControl}

func (p *toy) post(ctx context.Context, path string, body map[string]any) (provider.Answer, toyAnswer, error) {
	var w toyAnswer
	body["key"] = p.key.Reveal()
	raw, err := json.Marshal(body)
	if err != nil {
		return provider.Answer{}, w, provider.Invalid(payout.Violation{Field: "request", Rule: "can't be written"})
	}
	a, err := p.send.Do(ctx, provider.Call{Method: http.MethodPost, Path: path, Body: raw})
	if err != nil {
		return a, w, err
	}
	if provider.DecodeJSON(a.Body, &w) != nil {
		return a, w, a.Unknown("the answer can't be read")
	}
	return a, w, nil
}

func (p *toy) Create(ctx context.Context, req payout.Request) (payout.Payout, error) {
	ctx = p.wrongContext(ctx)
	p.before(ctx, req)
	if _, ok := req.Destination.(toyPage); ok {
		return p.register(ctx, req)
	}
	to, _ := req.Destination.(toyAccount)
	body := map[string]any{
		"reference": p.wrongReference(req.Reference), "amount": p.minor(req.Amount), "currency": req.Amount.Currency().Code(),
		"account": to.IBAN.Reveal(), "name": to.Name.Reveal(),
	}
	a, w, err := p.post(ctx, "/pay", body)
	if out, bad, done := p.wrongCreate(ctx, req, a, w, err, body); done {
		return out, bad
	}
	switch {
	case err != nil:
		return payout.Payout{}, err
	case a.Status == http.StatusOK:
		return p.payout(w, req.Ref()), nil
	case a.Status == http.StatusBadRequest && w.Error.Value == "E1":
		return payout.Payout{}, a.Error(payout.ErrRefused, "E1", "")
	case a.Status == http.StatusUnauthorized && w.Error.Value == "E2":
		return payout.Payout{}, a.Error(payout.ErrUnauthorized, "E2", "")
	default:
		return payout.Payout{}, a.Unknown("not in the bank's table")
	}
}

func (p *toy) Find(ctx context.Context, ref payout.Ref) (payout.Payout, error) {
	body := map[string]any{"reference": p.wrongReference(ref.Reference)}
	if p.fault == needsID {
		body = map[string]any{"id": ref.ProviderID, "reference": "-"}
	}
	if out, ok := p.remembered(ref); ok {
		return out, nil
	}
	p.beforeFind(ctx, ref)
	a, w, err := p.post(ctx, "/status", body)
	p.afterFind(ctx, ref, w)
	if out, bad, done := p.wrongFind(ref, a, w, err); done {
		return out, bad
	}
	switch {
	case err != nil:
		return payout.Payout{}, err
	case a.Status == http.StatusOK:
		return p.payout(w, ref), nil
	case a.Status == http.StatusNotFound && w.Error.Value == "E4":
		return payout.Payout{}, a.Error(payout.ErrNotFound, "E4", "")
	default:
		return payout.Payout{}, a.Unknown("not in the bank's table")
	}
}

func (p *toy) minor(m payout.Money) int64 { return p.wrongMinor(m) }

func (p *toy) payout(w toyAnswer, asked payout.Ref) payout.Payout {
	out := payout.Payout{Reference: w.Reference.Value, ProviderID: w.ID.Value, Status: toyStatuses[w.Status.Value]}
	if currency, err := payout.ParseCurrency(w.Currency.Value); err == nil && w.Amount.Present {
		out.Amount = payout.FromMinor(p.rightMinor(w.Amount.Value), currency)
	}
	if out.Status == payout.StatusFailed {
		out.Failure = payout.Failure{Reason: toyReasons[w.Code.Value], Code: w.Code.Value}
	}
	return p.wrongPayout(out, w, asked)
}

func (p *toy) Ping(ctx context.Context) error {
	path := "/ping"
	if p.fault == promisesPing {
		path = "/no-ping"
	}
	a, err := p.send.Do(ctx, provider.Call{Method: http.MethodGet, Path: path})
	if err == nil && a.Status != http.StatusOK {
		err = a.Unknown("not the bank's ping")
	}
	return err
}

// Callbacks are GET with reference and mac, HMAC-SHA-256 of the reference.
func toyMAC(reference string) string {
	mac := hmac.New(sha256.New, []byte(toyKey))
	mac.Write([]byte(reference))
	return hex.EncodeToString(mac.Sum(nil))
}

func toyCallback(out payout.Payout) *http.Request {
	q := url.Values{"reference": {out.Reference}, "mac": {toyMAC(out.Reference)}}
	r, _ := http.NewRequest(http.MethodGet, "https://platform.invalid/callback?"+q.Encode(), http.NoBody)
	return r
}

func (p *toy) ReadCallback(r *http.Request) (payout.Ref, error) {
	q := r.URL.Query()
	ok := hmac.Equal([]byte(q.Get("mac")), []byte(toyMAC(q.Get("reference"))))
	if q.Get("reference") == "" || !ok {
		if p.fault != trustsCallbacks {
			return payout.Ref{}, &payout.Error{Kind: payout.ErrUnauthorized, Detail: "the callback's mac is wrong"}
		}
	}
	return payout.Ref{Reference: q.Get("reference")}, nil
}

func (p *toy) CloseIdleConnections() {
	if c, ok := p.send.(interface{ CloseIdle() }); ok {
		c.CloseIdle()
	}
}

// toyHarness is the whole of what an adapter's test needs.
func toyHarness(f fault) conformance.Harness {
	account := toyAccount{IBAN: payout.NewSecret("DE89370400440532013000"), Name: payout.NewSecret("Erika Mustermann")}
	requests := []payout.Request{
		{Amount: payout.MustMoney("10.42 USD"), Destination: account},
		{Amount: payout.MustMoney("1000 JPY"), Destination: account},
		{Amount: payout.MustMoney("1.234 KWD"), Destination: account},
		{Amount: payout.MustMoney("5.00 USD"), Destination: toyPage{}},
	}
	if f == overpromises {
		requests = append(requests, payout.Request{Amount: payout.MustMoney("1.00 USD"), Destination: toyPhone{payout.NewSecret("+15550100")}})
	}
	return conformance.Harness{
		New: func(url string, roots *x509.CertPool) (payout.Provider, error) {
			return newToy(f, toyKey, url, roots)
		},
		Stranger: func(url string, roots *x509.CertPool) (payout.Provider, error) {
			return newToy(f, "the key of another bank", url, roots)
		},
		NewBank:  startToyBank,
		Requests: requests,
		Secrets:  []string{toyKey},
		Answers: []conformance.Answer{
			{Name: "400 E1 malformed", Status: 400, Body: body(`{"error":"E1"}`), Kind: payout.ErrRefused},
			{Name: "401 E2 credentials", Status: 401, Body: body(`{"error":"E2"}`), Kind: payout.ErrUnauthorized},
		},
		Declines: map[string]payout.Reason{"F1": payout.ReasonInsufficientFunds, "F2": payout.ReasonFraudControl},
		Callback: toyCallback,
		Act:      enterAccount,
		SaveCard: payout.SaveCardRequest{OwnerID: "o-1", Card: payout.Card{Number: payout.NewSecret("4111111111111111")}},
	}
}

func body(text string) func(string) []byte { return func(string) []byte { return []byte(text) } }
