package conformance_test

import (
	"context"
	"errors"
	"math"
	"net"
	"net/http"
	"strconv"
	"strings"

	"crypto/tls"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/provider"
)

// The places at which the toy provider goes wrong. Without a fault each returns what
// it was given.

func isDial(err error) bool {
	var op *net.OpError
	var verify *tls.CertificateVerificationError
	var alert tls.AlertError
	return errors.As(err, &op) && op.Op == "dial" || errors.As(err, &verify) || errors.As(err, &alert)
}

func (p *toy) wrongContext(ctx context.Context) context.Context {
	switch p.fault {
	case ignoresContext:
		return context.WithoutCancel(ctx)
	case dropsValues:
		return valueless{ctx}
	}
	return ctx
}

type valueless struct{ context.Context }

func (valueless) Value(any) any { return nil }

func (p *toy) before(ctx context.Context, req payout.Request) {
	switch p.fault {
	case sendsTwice:
		_, _, _ = p.post(ctx, "/status", map[string]any{"reference": req.Reference})
	case mixesAnswers:
		p.mu.Lock()
		p.last = req.Reference
		p.mu.Unlock()
	case remembersRequests:
		p.mu.Lock()
		p.sent[req.Reference] = true
		p.mu.Unlock()
	}
}

// asksByPaying tries whether the bank still takes the payout, under a reference that
// it thinks the bank will not mind.
func (p *toy) beforeFind(ctx context.Context, ref payout.Ref) {
	if p.fault == asksByPaying {
		_, _, _ = p.post(ctx, "/pay", map[string]any{
			"reference": ref.Reference + "-probe", "amount": 1, "currency": ref.Amount.Currency().Code(), "account": "probe",
		})
	}
}

// afterFind sends what the bank does not know once more, under the same reference.
func (p *toy) afterFind(ctx context.Context, ref payout.Ref, w toyAnswer) {
	p.mu.Lock()
	again := p.fault == sendsAgain || p.sent[ref.Reference]
	p.mu.Unlock()
	if again && w.Error.Value == "E4" {
		_, _, _ = p.post(ctx, "/pay", map[string]any{
			"reference": ref.Reference, "amount": ref.Amount.Minor(), "currency": ref.Amount.Currency().Code(), "account": "again",
		})
	}
}

func (p *toy) wrongReference(reference string) string {
	switch p.fault {
	case cutsReferences:
		return reference[:min(8, len(reference))]
	case endsReferences:
		return reference[max(0, len(reference)-12):]
	case lowersReferences:
		return strings.ToLower(reference)
	}
	return reference
}

func (p *toy) wrongMinor(m payout.Money) int64 {
	unit := int64(math.Pow10(m.Currency().Exponent()))
	switch p.fault {
	case swapsMinor:
		return m.Minor() * 100
	case floatsAmounts:
		major, _ := strconv.ParseFloat(m.Major(), 64)
		return int64(major * float64(unit))
	case wholeUnits:
		return m.Minor() - m.Minor()%unit
	}
	return m.Minor()
}

func (p *toy) rightMinor(minor int64) int64 {
	if p.fault == swapsMinor {
		return minor / 100
	}
	return minor
}

func (p *toy) wrongCreate(ctx context.Context, req payout.Request, a provider.Answer, w toyAnswer, err error, body map[string]any) (payout.Payout, error, bool) { //nolint:revive // an error in the middle reads as the results do
	failed := payout.Payout{Reference: req.Reference, Amount: req.Amount, Status: payout.StatusFailed}
	kind := func(k payout.ErrorKind) (payout.Payout, error, bool) {
		return payout.Payout{}, &payout.Error{Kind: k, HTTPStatus: a.Status}, true
	}
	unreadable := err != nil && a.Status != 0
	switch p.fault {
	case any4xxRefused:
		if a.Status >= 400 && a.Status < 500 {
			return kind(payout.ErrRefused)
		}
	case any5xxFailed:
		if a.Status >= 500 {
			return failed, nil, true
		}
	case pageUnauthorized:
		if a.Status == http.StatusForbidden || a.Status == http.StatusUnauthorized {
			return kind(payout.ErrUnauthorized)
		}
	case neverHolds:
		if a.Status == http.StatusForbidden || a.Status == http.StatusUnauthorized {
			return kind(payout.ErrOutcomeUnknown)
		}
	case pageNotFound:
		if a.Status == http.StatusNotFound {
			return kind(payout.ErrNotFound)
		}
	case any429Limited:
		if a.Status == http.StatusTooManyRequests {
			return kind(payout.ErrRateLimited)
		}
	case anyCodeRefused:
		if a.Status == http.StatusBadRequest && w.Error.Present {
			return kind(payout.ErrRefused)
		}
	case codeAlone:
		if w.Error.Value == "E1" {
			return kind(payout.ErrRefused)
		}
	case jsonFailed, jsonUnauthorized, jsonNotFound, jsonLimited:
		if err == nil {
			return p.wrongStatus(a, failed)
		}
	case unreadableFailed:
		if unreadable {
			return failed, nil, true
		}
	case mislistsRefusal:
		if w.Error.Value == "E2" {
			return kind(payout.ErrRefused)
		}
	case duplicateFailed:
		if w.Error.Value == "E3" {
			return failed, nil, true
		}
	case quotesBank:
		if a.Status != http.StatusOK && a.Status != 0 {
			return payout.Payout{}, &payout.Error{Kind: payout.ErrOutcomeUnknown, Detail: string(a.Body)}, true
		}
	}
	return payout.Payout{}, nil, false
}

// wrongStatus goes by the HTTP status of an answer that could be read.
func (p *toy) wrongStatus(a provider.Answer, failed payout.Payout) (payout.Payout, error, bool) { //nolint:revive // as above
	kinds := map[fault]map[int]payout.ErrorKind{
		jsonUnauthorized: {http.StatusForbidden: payout.ErrUnauthorized},
		jsonNotFound:     {http.StatusNotFound: payout.ErrNotFound},
		jsonLimited:      {http.StatusTooManyRequests: payout.ErrRateLimited},
	}
	if k, ok := kinds[p.fault][a.Status]; ok {
		return payout.Payout{}, a.Error(k, "", ""), true
	}
	return failed, nil, p.fault == jsonFailed && a.Status >= 500
}

func (p *toy) wrongFind(ref payout.Ref, a provider.Answer, w toyAnswer, err error) (payout.Payout, error, bool) { //nolint:revive // as above
	switch p.fault {
	case notFoundFailed:
		if w.Error.Value == "E4" {
			return payout.Payout{Reference: ref.Reference, Amount: ref.Amount, Status: payout.StatusFailed}, nil, true
		}
	case deniedNotFound:
		if w.Error.Value == "E2" {
			return payout.Payout{}, &payout.Error{Kind: payout.ErrNotFound}, true
		}
	case any404NotFound:
		if a.Status == http.StatusNotFound {
			return payout.Payout{}, &payout.Error{Kind: payout.ErrNotFound}, true
		}
	case emptyNotFound:
		if err == nil && a.Status == http.StatusOK && !w.ID.Present {
			return payout.Payout{}, &payout.Error{Kind: payout.ErrNotFound}, true
		}
	case lostNotFound:
		if err != nil && a.Status == 0 {
			return payout.Payout{}, &payout.Error{Kind: payout.ErrNotFound}, true
		}
	case unreadableNotFound:
		if err != nil && a.Status != 0 {
			return payout.Payout{}, &payout.Error{Kind: payout.ErrNotFound}, true
		}
	case callSucceeded:
		if a.Status == http.StatusOK {
			return payout.Payout{Reference: ref.Reference, ProviderID: w.ID.Value, Amount: ref.Amount, Status: payout.StatusPaid}, nil, true
		}
	}
	return payout.Payout{}, nil, false
}

func (p *toy) remembered(ref payout.Ref) (payout.Payout, bool) {
	if p.fault != caches && p.fault != forgetsFailure {
		return payout.Payout{}, false
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	out, ok := p.cached[ref.Reference]
	return out, ok
}

func (p *toy) wrongPayout(out payout.Payout, w toyAnswer, asked payout.Ref) payout.Payout {
	_, listed := toyStatuses[w.Status.Value]
	switch p.fault {
	case acceptedPaid:
		if out.Status == payout.StatusPending {
			out.Status = payout.StatusPaid
		}
	case callSucceeded:
		out.Status = payout.StatusPaid
	case oneReason:
		if out.Status == payout.StatusFailed {
			out.Failure.Reason = payout.ReasonInsufficientFunds
		}
	case returnedFailed:
		if out.Status == payout.StatusReturned {
			out.Status = payout.StatusFailed
		}
	case defaultsToPaid:
		if w.Status.Present && !listed {
			out.Status = payout.StatusPaid
		}
	case unknownWordFailed:
		if w.Status.Present && !listed {
			out.Status = payout.StatusFailed
		}
	case missingAsFailed:
		if !w.Status.Present {
			out.Status = payout.StatusFailed
		}
	case ignoresAmount:
		out.Amount = payout.FromMinor(asked.Amount.Minor(), out.Amount.Currency())
	case ignoresCurrency:
		out.Amount = payout.FromMinor(out.Amount.Minor(), asked.Amount.Currency())
	case ignoresReference:
		out.Reference = asked.Reference
	case endsReferences, lowersReferences:
		if out.Reference != "" && out.Reference == p.wrongReference(asked.Reference) {
			out.Reference = asked.Reference
		}
	case fillsAmount:
		if out.Amount == (payout.Money{}) {
			out.Amount = asked.Amount
		}
	case failsUnnamed:
		if out.Status == payout.StatusFailed && out.Reference == "" {
			out.Reference = asked.Reference
		}
	case fillsReference:
		if out.Reference == "" {
			out.Reference = asked.Reference
		}
	case echoesID:
		if asked.ProviderID != "" {
			out.ProviderID = asked.ProviderID
		}
	case mixesAnswers:
		p.mu.Lock()
		out.Reference = p.last
		p.mu.Unlock()
	case caches, forgetsFailure:
		if out.Status == payout.StatusPaid && p.fault == caches || out.Status == payout.StatusFailed && p.fault == forgetsFailure {
			p.mu.Lock()
			p.cached[asked.Reference] = out
			p.mu.Unlock()
		}
	}
	return out
}
