package rbs

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"time"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/provider"
)

const root = "/payouts/api/v2/" // all2pay:175, 185; bereke:110, 117

// Module is one account at one bank that runs the Payout Module. It has the methods
// of [payout.Provider] and more; an adapter exposes those that its bank has.
type Module struct {
	dialect  Dialect
	info     payout.Info
	link     *provider.Link
	userName string
	password payout.Secret
	merchant string
	source   string
	signer   signer
	cvc      bool
	keys     *keyring
	now      func() time.Time
	rand     io.Reader
}

// Info implements [payout.Provider].
func (m *Module) Info() payout.Info { return m.info }

// CloseIdleConnections closes the connections that no call is using.
func (m *Module) CloseIdleConnections() { m.link.CloseIdle() }

// Ping asks whether the module is there (all2pay:190, bereke:123). It needs no
// credentials, and proves nothing about them.
func (m *Module) Ping(ctx context.Context) error {
	a, err := m.link.Do(ctx, provider.Call{Method: http.MethodGet, Path: root + "echo"})
	if err != nil {
		return err
	}
	if a.Status != http.StatusOK || !bytes.HasPrefix(bytes.TrimSpace(a.Body), []byte("Payout v")) {
		return a.Unknown("not the echo of a payout module")
	}
	return nil
}

// post writes a body, signs it where a key is configured, sends it once and reads the
// answer.
func (m *Module) post(ctx context.Context, method Method, body any, found findings, into any) (provider.Answer, error) {
	raw, err := m.write(method, body, found)
	if err != nil {
		return provider.Answer{}, err
	}
	header := http.Header{ // all2pay:183-184
		"Content-Type": {"application/json; charset=UTF-8"},
		"Accept":       {"application/json; version=2.0"},
	}
	if err := m.signer.sign(header, raw); err != nil {
		return provider.Answer{}, &payout.Error{Kind: payout.ErrNotSent, Detail: "the request can't be signed"}
	}
	a, err := m.link.Do(ctx, provider.Call{Method: http.MethodPost, Path: root + method.Name, Header: header, Body: raw})
	if err != nil {
		return a, err
	}
	if provider.DecodeJSON(a.Body, into) != nil {
		return a, a.Unknown("the answer can't be read")
	}
	return a, nil
}

// named gives an error of a method that no Client calls what a Client would: the
// provider's name and the call's.
func (m *Module) named(op payout.Op, err error) error {
	var e *payout.Error
	if errors.As(err, &e) {
		e.Provider, e.Op = m.info.Name, op
	}
	return err
}
