package sandbox

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/payoutkit/payout/sandbox/bank"
)

// oauthParameters are those of the sample's header (connpay:207), in its order, and no
// others.
var oauthParameters = []string{
	"oauth_consumer_key", "oauth_nonce", "oauth_signature", "oauth_signature_method", "oauth_timestamp", "oauth_version",
}

// nonceLength is how long 128 random bits are at least, in base64. The sample's nonce
// has 32 characters; that a shorter one is refused is invented.
const nonceLength = 22

// authorise checks the OAuth 1.0a signature, RSA-SHA256, of a v4 request and returns
// the rule that it breaks, or "".
func (g *ConnPay) authorise(c *bank.Call) string {
	header, rule := parseOAuth(c.Header, false)
	if rule != "" {
		return rule
	}
	switch {
	case !slices.Equal(header.names, oauthParameters):
		return "Authorization: is not in the documented order (connpay:207)"
	case !header.spaced:
		return "Authorization: wants a comma and a space between parameters (connpay:207)"
	}
	body, ok := bank.ParseForm(string(c.Body))
	if !ok {
		return "body: is not well formed"
	}
	if slices.ContainsFunc(body, func(p bank.Pair) bool { return strings.HasPrefix(p.Name, "oauth_") }) {
		return "oauth_*: belong into the header only"
	}
	return g.verify(c, c.Path, "RSA-SHA256", body, header.values, func(base, signature []byte) bool {
		sum := sha256.Sum256(base)
		return rsa.VerifyPKCS1v15(g.public, crypto.SHA256, sum[:], signature) == nil
	})
}

// verify checks what the header says, and whether it is signed together with the path,
// as it was sent, and the body.
func (g *ConnPay) verify(c *bank.Call, path, method string, body []bank.Pair, oauth map[string]string, signed func(base, signature []byte) bool) string {
	timestamp, err := strconv.ParseInt(oauth["oauth_timestamp"], 10, 64)
	switch {
	case oauth["oauth_consumer_key"] != g.cfg.Login:
		return "oauth_consumer_key: is not known"
	case oauth["oauth_signature_method"] != method:
		return "oauth_signature_method: must be " + method
	case oauth["oauth_version"] != "1.0":
		return "oauth_version: must be 1.0"
	case err != nil || strconv.FormatInt(timestamp, 10) != oauth["oauth_timestamp"]:
		return "oauth_timestamp: must be whole seconds"
	case !g.near(timestamp):
		return "oauth_timestamp: is too far from the gateway's clock"
	case len(oauth["oauth_nonce"]) < nonceLength:
		return "oauth_nonce: is too short for 128 bits"
	}
	signature, err := base64.StdEncoding.Strict().DecodeString(oauth["oauth_signature"])
	if err != nil {
		return "oauth_signature: is not base64"
	}
	if !signed([]byte(baseString(c.Method, "https://"+c.Host+path, body, oauth)), signature) {
		return "oauth_signature: does not verify"
	}
	if g.spent(oauth["oauth_nonce"]) { // only a signed one counts
		return "oauth_nonce: was used before"
	}
	return ""
}

// near reports whether an OAuth timestamp is within the window.
func (g *ConnPay) near(timestamp int64) bool {
	apart := g.cfg.Bank.Now().Sub(time.Unix(timestamp, 0))
	return apart.Abs() <= g.cfg.ClockWindow
}

// oauthHeader is what an Authorization header holds.
type oauthHeader struct {
	values map[string]string
	names  []string // in order
	spaced bool     // ", " stands between all
}

// parseOAuth reads the Authorization header: the scheme, then the six parameters, each
// once, percent-encoded between quotes. An empty realm before them is left out where it
// may be.
func parseOAuth(h http.Header, realm bool) (oauthHeader, string) {
	const name = "Authorization"
	if len(h[name]) != 1 {
		return oauthHeader{}, "Authorization: is required, once (connpay:207)"
	}
	list, ok := strings.CutPrefix(h[name][0], "OAuth ")
	if !ok {
		return oauthHeader{}, "Authorization: must be OAuth"
	}
	if realm {
		list = strings.TrimPrefix(list, `realm="",`)
	}
	header := oauthHeader{values: make(map[string]string), spaced: true}
	for i, part := range strings.Split(list, ",") {
		text, spaced := strings.CutPrefix(part, " ")
		header.spaced = header.spaced && spaced == (i > 0)
		key, quoted, ok := strings.Cut(text, "=")
		if !ok || len(quoted) < 2 || quoted[0] != '"' || quoted[len(quoted)-1] != '"' {
			return oauthHeader{}, "Authorization: is not well formed"
		}
		if !slices.Contains(oauthParameters, key) {
			return oauthHeader{}, "Authorization: holds a parameter that is not documented"
		}
		if slices.Contains(header.names, key) {
			return oauthHeader{}, key + ": is given twice"
		}
		value, ok := percentDecode(quoted[1 : len(quoted)-1])
		if !ok || value == "" {
			return oauthHeader{}, key + ": is not well formed"
		}
		header.values[key] = value
		header.names = append(header.names, key)
	}
	if len(header.names) != len(oauthParameters) {
		return oauthHeader{}, "Authorization: lacks a parameter (connpay:207)"
	}
	return header, ""
}
