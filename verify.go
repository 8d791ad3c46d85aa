package payout

import (
	"context"
	"maps"
	"strings"
)

// verify compares an answer with what was asked, and completes it. A reference or
// amount that the answer does not have is not different; but paid and returned
// require both, since an answer that does not say what was paid is no evidence, and so
// does failed require the reference where it was asked for: something else may have failed.
//
// What is about something else is somebody else's: nothing of it, such as a page to
// act on or a place to ask at, may stick to this payout.
func (c *Client) verify(ctx context.Context, op Op, asked Ref, p Payout) Payout {
	p = scrub(p)
	switch {
	case p.Reference != "" && p.Reference != asked.Reference:
		c.alarm(ctx, AlarmReferenceDiffers, op, asked.Reference, asked.Reference, cleanID(p.Reference))
		p = Payout{}
	case p.Amount != Money{} && p.Amount != asked.Amount:
		c.alarm(ctx, AlarmAmountDiffers, op, asked.Reference, asked.Amount.String(), p.Amount.String())
		p = Payout{}
	case asked.ProviderID != "" && p.ProviderID != "" && p.ProviderID != asked.ProviderID:
		c.alarm(ctx, AlarmProviderIDDiffers, op, asked.Reference, asked.ProviderID, p.ProviderID)
		p = Payout{Status: StatusReview}
	case (p.Status == StatusPaid || p.Status == StatusReturned) && (p.Reference == "" || p.Amount == Money{}):
		c.alarm(ctx, AlarmPaidWithoutEvidence, op, asked.Reference, "reference and amount", "")
		p.Status = StatusUnknown
	case op == OpFind && p.Status == StatusFailed && p.Reference == "":
		c.alarm(ctx, AlarmFailedWithoutEvidence, op, asked.Reference, "reference", "")
		p.Status = StatusUnknown
	}
	if p.Status != StatusFailed {
		p.Failure = Failure{}
	}
	if p.Status != StatusActionRequired {
		p.Action = Action{}
	}
	p.Reference, p.Amount = asked.Reference, asked.Amount
	p.Provider, p.Account = c.info.Name, c.info.Account
	if p.ProviderID == "" {
		p.ProviderID = asked.ProviderID
	}
	if p.Endpoint == "" {
		p.Endpoint = asked.Endpoint
	}
	return p
}

// verifyCard does the same for a card that a bank was asked to keep: paying to the
// identifier of another card would pay a stranger.
func (c *Client) verifyCard(ctx context.Context, op Op, req SaveCardRequest, s CardSaved) (CardSaved, error) {
	unknown := &Error{Kind: ErrOutcomeUnknown, Detail: "the answer is about another reference or card"}
	if s.Reference != "" && s.Reference != req.Reference {
		c.alarm(ctx, AlarmReferenceDiffers, op, req.Reference, req.Reference, cleanID(s.Reference))
		return CardSaved{}, unknown
	}
	want, got := cardKind.Values(req.Card)[0].mask(), MaskCardNumber(s.Masked)
	if lastFourAreDigits(got) && lastFour(want) != lastFour(got) {
		c.alarm(ctx, AlarmCardDiffers, op, req.Reference, want, got)
		return CardSaved{}, unknown
	}
	s.Reference, s.Masked = req.Reference, want
	s.ID, s.ProviderID = cleanID(s.ID), cleanID(s.ProviderID)
	return s, nil
}

// lastFour is all that the masks of banks have in common: 411111XXXXXX1111
// (all2pay:481), 4111XXXXXXXX1111 (all2pay:684).
func lastFour(masked string) string { return masked[max(0, len(masked)-4):] }

func (c *Client) alarm(ctx context.Context, kind AlarmKind, op Op, reference, want, got string) {
	c.observer.Alarm(ctx, Alarm{Kind: kind, Provider: c.info.Name, Op: op, Reference: reference, Want: want, Got: got})
}

// scrub keeps a bank's free text out of what the library prints and stores.
func scrub(p Payout) Payout {
	p.Status, p.Failure.Reason = p.Status.known(), p.Failure.Reason.known()
	p.ProviderID, p.Endpoint = cleanID(p.ProviderID), cleanID(p.Endpoint)
	p.Failure.Code = CleanCode(p.Failure.Code)
	p.Destination = cleanMasked(p.Destination)
	p.Metadata = maps.Clone(p.Metadata)
	maps.DeleteFunc(p.Metadata, func(name, text string) bool { return metadataRule(name, text) != "" })
	p.Support = maps.Clone(p.Support)
	for name, text := range p.Support {
		p.Support[name] = cleanID(text)
	}
	var operations []Operation
	for _, o := range p.Operations {
		o.Type, o.Code, o.RRN = cleanID(o.Type), CleanCode(o.Code), cleanID(o.RRN)
		operations = append(operations, o)
	}
	p.Operations = operations
	return p
}

// cleanID returns an identifier that a bank gave, or "" if it is none: more than
// 128 characters, or one that is not printable ASCII, or is a space.
func cleanID(id string) string {
	if len(id) > 128 || strings.ContainsFunc(id, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return ""
	}
	return id
}

// cleanMasked returns a destination as an adapter shows it, or "" if it shows more
// than a card may: ten digits.
func cleanMasked(text string) string {
	digits := 0
	for _, r := range text {
		if '0' <= r && r <= '9' {
			digits++
		}
	}
	if digits > 10 || checkText(text, 255) != "" {
		return ""
	}
	return text
}
