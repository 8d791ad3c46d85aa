package payout

import (
	"context"
	"net/http"
)

// Supports reports whether the provider has an ability and its configuration left
// it on.
func (c *Client) Supports(a Ability) bool { return supports(c.provider, c.info.Off, a) }

// Ping makes the bank's cheapest call. See [Pinger].
func (c *Client) Ping(ctx context.Context) error {
	_, err := observed(ctx, c, c.callOf(OpPing, Ref{}, ""), func(ctx context.Context) (struct{}, error) {
		p, err := ability[Pinger](c, AbilityPing)
		if err != nil {
			return struct{}{}, err
		}
		return struct{}{}, p.Ping(ctx)
	})
	return err
}

// Balances returns what is left to pay from. See [Balancer].
func (c *Client) Balances(ctx context.Context, source Source) ([]Balance, error) {
	return observed(ctx, c, c.callOf(OpBalances, Ref{}, ""), func(ctx context.Context) ([]Balance, error) {
		b, err := ability[Balancer](c, AbilityBalances)
		if err != nil {
			return nil, err
		}
		v := checker{info: c.info}
		v.source(source)
		if err := v.err(c.info.Name, OpBalances); err != nil {
			return nil, err
		}
		return b.Balances(ctx, source)
	})
}

// SaveCard has the bank keep a recipient's card. See [CardSaver]. The answer is
// compared with the request: if it is about another reference or another card, it
// is ErrOutcomeUnknown, and the observer gets an alarm.
func (c *Client) SaveCard(ctx context.Context, req SaveCardRequest) (CardSaved, error) {
	return saveCard(ctx, c, OpSaveCard, AbilitySaveCard, req, CardSaver.SaveCard)
}

// SaveSourceCard has the bank keep a card of the platform's own. See
// [SourceCardSaver]. The answer is compared as that of [Client.SaveCard] is.
func (c *Client) SaveSourceCard(ctx context.Context, req SaveCardRequest) (CardSaved, error) {
	return saveCard(ctx, c, OpSaveSourceCard, AbilitySaveSourceCard, req, SourceCardSaver.SaveSourceCard)
}

func saveCard[T any](ctx context.Context, c *Client, op Op, a Ability, req SaveCardRequest,
	save func(T, context.Context, SaveCardRequest) (CardSaved, error),
) (CardSaved, error) {
	call := c.callOf(op, Ref{Reference: req.Reference}, Masked(req.Card))
	return observed(ctx, c, call, func(ctx context.Context) (CardSaved, error) {
		p, err := ability[T](c, a)
		if err != nil {
			return CardSaved{}, err
		}
		v := checker{info: c.info}
		v.saveCard(req)
		if err := v.err(c.info.Name, op); err != nil {
			return CardSaved{}, err
		}
		saved, err := save(p, ctx, req)
		if err != nil {
			return CardSaved{}, err
		}
		return c.verifyCard(ctx, op, req, saved)
	})
}

// ReadCallback verifies a call that the bank made, and returns which payout it is
// about, to be looked up and asked about with the [Ref] that you stored: an amount
// or an endpoint is not taken from a callback. See [CallbackReader].
func (c *Client) ReadCallback(r *http.Request) (Ref, error) {
	return observed(r.Context(), c, c.callOf(OpCallback, Ref{}, ""), func(context.Context) (Ref, error) {
		cb, err := ability[CallbackReader](c, AbilityCallback)
		if err != nil {
			return Ref{}, err
		}
		ref, err := cb.ReadCallback(r)
		if err != nil {
			return Ref{}, err
		}
		if rule := c.info.Reference.Check(ref.Reference); rule != "" {
			return Ref{}, &Error{Kind: ErrInvalid, Violations: []Violation{{Field: "reference", Rule: rule, Doc: c.info.Reference.Doc}}}
		}
		return Ref{Reference: ref.Reference, ProviderID: cleanID(ref.ProviderID)}, nil
	})
}

// ability returns the provider as the interface of an ability, or ErrUnsupported.
func ability[T any](c *Client, a Ability) (T, error) {
	p, ok := c.provider.(T)
	if !ok || !c.Supports(a) {
		var none T
		return none, &Error{Kind: ErrUnsupported, Violations: []Violation{{Field: string(a), Rule: "is not among this provider's abilities"}}}
	}
	return p, nil
}
