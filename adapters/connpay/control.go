package connpay

import (
	"crypto/sha1" // #nosec G505 -- the platform's control is SHA-1
	"encoding/hex"
	"strings"

	"github.com/payoutkit/payout"
)

// controlOf is the platform's control: the SHA-1, in lower-case hex, of some texts and
// the merchant's control key, one after another. The platform leaves no choice of the
// hash.
func (p *Provider) controlOf(texts ...string) string {
	sum := sha1.Sum([]byte(strings.Join(texts, "") + p.control.Reveal())) // #nosec G401 -- the platform's
	return hex.EncodeToString(sum[:])
}

// statusControl signs a question to the older status call.
func (p *Provider) statusControl(ref payout.Ref) string {
	return p.controlOf(p.oauth.login, ref.Reference, ref.ProviderID)
}
