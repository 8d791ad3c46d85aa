package rbs

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"net/http"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/provider"
)

const root = "/payouts/api/v2/" // all2pay:175, 185; bereke:110, 117

// Create implements [payout.Provider] by performPayout.do.
func (m *Module) Create(ctx context.Context, req payout.Request) (payout.Payout, error) {
	body, err := m.perform(req)
	if err != nil {
		return payout.Payout{}, err
	}
	var w answer
	a, err := m.send(ctx, "performPayout.do", body, &w)
	if err != nil {
		return payout.Payout{}, err
	}
	if a.Status != http.StatusOK || w.ErrorCode.Value != "0" {
		return m.judge(a, w, req.Reference)
	}
	return m.payout(w), nil
}

// Find implements [payout.Provider] by getPayoutStatus.do, by orderNumber: answers
// to performPayout often have no orderId (all2pay:462-494).
func (m *Module) Find(ctx context.Context, ref payout.Ref) (payout.Payout, error) {
	var w answer
	a, err := m.send(ctx, "getPayoutStatus.do", struct {
		OrderNumber string `json:"orderNumber"`
		credentials
	}{ref.Reference, m.credentials()}, &w)
	if err != nil {
		return payout.Payout{}, err
	}
	switch (Pair{a.Status, w.ErrorCode.Value}) {
	case Pair{http.StatusOK, "0"}: // the call worked; the order's state is in orderStatus
		return m.payout(w), nil
	case Pair{http.StatusBadRequest, "98"}: // "Order not found", or a dozen other faults (all2pay:893-905)
		if w.OrderStatus.Present || w.OrderNumber.Present && w.OrderNumber.Value != ref.Reference {
			return payout.Payout{}, a.Error(payout.ErrOutcomeUnknown, w.ErrorCode.Value, "an error that knows an order")
		}
		return payout.Payout{}, a.Error(payout.ErrNotFound, w.ErrorCode.Value, "")
	case Pair{http.StatusUnauthorized, "90"}:
		return payout.Payout{}, a.Error(payout.ErrUnauthorized, w.ErrorCode.Value, "")
	default:
		return payout.Payout{}, a.Error(payout.ErrOutcomeUnknown, w.ErrorCode.Value, "no usable answer to the status request")
	}
}

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

// send encodes, signs where a key is configured, and sends once.
func (m *Module) send(ctx context.Context, method string, body, into any) (provider.Answer, error) {
	raw, err := encode(body)
	if err != nil {
		return provider.Answer{}, provider.Invalid(payout.Violation{Field: "request", Rule: "can't be written as JSON"})
	}
	header := http.Header{ // all2pay:183-184
		"Content-Type": {"application/json; charset=UTF-8"},
		"Accept":       {"application/json; version=2.0"},
	}
	if !m.key.IsZero() {
		if err := sign(header, raw, m.key); err != nil {
			return provider.Answer{}, &payout.Error{Kind: payout.ErrNotSent, Detail: "the request can't be signed"}
		}
	}
	a, err := m.link.Do(ctx, provider.Call{Method: http.MethodPost, Path: root + method, Header: header, Body: raw})
	if err != nil {
		return a, err
	}
	if provider.DecodeJSON(a.Body, into) != nil {
		e := a.Unknown("the answer can't be read")
		// Not the module's own refusal, which is JSON: a firewall's, perhaps.
		e.Hold = a.Status == http.StatusUnauthorized || a.Status == http.StatusForbidden
		return a, e
	}
	return a, nil
}

// sign adds the hash of the body and the signature of that hash's 44 characters,
// which hashes it again: all2pay:799-886, reproduced from its published key.
func sign(h http.Header, body []byte, key provider.PrivateKey) error {
	sum := sha256.Sum256(body)
	hash := base64.StdEncoding.EncodeToString(sum[:])
	signature, err := key.SignSHA256([]byte(hash))
	if err != nil {
		return err
	}
	h.Set("X-Hash", hash)
	h.Set("X-Signature", base64.StdEncoding.EncodeToString(signature))
	return nil
}
