package newbank

import (
	"crypto/hmac"
	"io"
	"net/http"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/provider"
)

// maxNotice is more than any notice is long.
const maxNotice = 16 << 10

// ReadCallback implements [payout.CallbackReader] by a notice (newbank:52-55). What it
// says of the state is not used: a notice is a hint to ask.
func (p *Provider) ReadCallback(r *http.Request) (payout.Ref, error) {
	var raw []byte
	if r.Body != nil {
		raw, _ = io.ReadAll(io.LimitReader(r.Body, maxNotice)) // half of one has no signature
	}
	if !hmac.Equal([]byte(p.sign("NOTICE", "", raw)), []byte(r.Header.Get("X-Newbank-Signature"))) {
		return payout.Ref{}, &payout.Error{Kind: payout.ErrUnauthorized, Detail: "the notice's signature is wrong"}
	}
	var w answer
	if err := provider.DecodeJSON(raw, &w); err != nil {
		return payout.Ref{}, &payout.Error{Kind: payout.ErrInvalid, Detail: "the notice can't be read"}
	}
	return payout.Ref{Reference: w.Reference.Value, ProviderID: w.ID.Value}, nil
}
