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
	"unicode/utf8"

	"github.com/payoutkit/payout/sandbox/bank"
)

// oauthParameters are those of the sample's header (connpay:207), and no others.
var oauthParameters = []string{
	"oauth_consumer_key", "oauth_nonce", "oauth_signature", "oauth_signature_method", "oauth_timestamp", "oauth_version",
}

// authorise checks the OAuth 1.0a signature, RSA-SHA256, of a request and returns the
// rule that it breaks, or "".
func (g *ConnPay) authorise(c *bank.Call) string {
	oauth, rule := oauthHeader(c.Header)
	if rule != "" {
		return rule
	}
	body, ok := bank.ParseForm(string(c.Body))
	if !ok {
		return "body: is not well formed"
	}
	if slices.ContainsFunc(body, func(p bank.Pair) bool { return strings.HasPrefix(p.Name, "oauth_") }) {
		return "oauth_*: belong into the header only"
	}
	timestamp, err := strconv.ParseInt(oauth["oauth_timestamp"], 10, 64)
	switch {
	case oauth["oauth_consumer_key"] != g.cfg.Login:
		return "oauth_consumer_key: is not known"
	case oauth["oauth_signature_method"] != "RSA-SHA256":
		return "oauth_signature_method: must be RSA-SHA256 (connpay:4)"
	case oauth["oauth_version"] != "1.0":
		return "oauth_version: must be 1.0"
	case err != nil || strconv.FormatInt(timestamp, 10) != oauth["oauth_timestamp"]:
		return "oauth_timestamp: must be whole seconds"
	case !g.near(timestamp):
		return "oauth_timestamp: is too far from the gateway's clock"
	}
	signature, err := base64.StdEncoding.Strict().DecodeString(oauth["oauth_signature"])
	if err != nil {
		return "oauth_signature: is not base64"
	}
	sum := sha256.Sum256([]byte(baseString(c.Method, "https://"+c.Host+c.Path, body, oauth)))
	if rsa.VerifyPKCS1v15(g.public, crypto.SHA256, sum[:], signature) != nil {
		return "oauth_signature: does not verify"
	}
	if g.spent(oauth["oauth_nonce"]) { // only a signed one counts
		return "oauth_nonce: was used before"
	}
	return ""
}

// oauthHeader reads the Authorization header: the scheme, then the six parameters, each
// once, percent-encoded between quotes, in any order.
func oauthHeader(h http.Header) (map[string]string, string) {
	const name = "Authorization"
	if len(h[name]) != 1 {
		return nil, "Authorization: is required, once (connpay:207)"
	}
	list, ok := strings.CutPrefix(h[name][0], "OAuth ")
	if !ok {
		return nil, "Authorization: must be OAuth"
	}
	oauth := make(map[string]string)
	for part := range strings.SplitSeq(list, ",") {
		key, quoted, ok := strings.Cut(strings.Trim(part, " "), "=")
		if !ok || len(quoted) < 2 || quoted[0] != '"' || quoted[len(quoted)-1] != '"' {
			return nil, "Authorization: is not well formed"
		}
		if !slices.Contains(oauthParameters, key) {
			return nil, "Authorization: holds a parameter that is not documented"
		}
		if _, twice := oauth[key]; twice {
			return nil, key + ": is given twice"
		}
		value, ok := percentDecode(quoted[1 : len(quoted)-1])
		if !ok || value == "" {
			return nil, key + ": is not well formed"
		}
		oauth[key] = value
	}
	if len(oauth) != len(oauthParameters) {
		return nil, "Authorization: lacks a parameter (connpay:207)"
	}
	return oauth, ""
}

// baseString is what a signature is made over (RFC 5849, 3.4.1).
func baseString(method, address string, body []bank.Pair, oauth map[string]string) string {
	var pairs []string
	add := func(name, value string) { pairs = append(pairs, percentEncode(name)+"="+percentEncode(value)) }
	for _, p := range body {
		add(p.Name, p.Value)
	}
	for name, value := range oauth {
		if name != "oauth_signature" {
			add(name, value)
		}
	}
	slices.SortFunc(pairs, func(a, b string) int {
		an, av, _ := strings.Cut(a, "=")
		bn, bv, _ := strings.Cut(b, "=")
		if an != bn {
			return strings.Compare(an, bn)
		}
		return strings.Compare(av, bv)
	})
	return strings.ToUpper(method) + "&" + percentEncode(normalAddress(address)) + "&" + percentEncode(strings.Join(pairs, "&"))
}

// normalAddress lowers the host and drops the port that https has anyway.
func normalAddress(address string) string {
	host, path, _ := strings.Cut(strings.TrimPrefix(address, "https://"), "/")
	return "https://" + strings.TrimSuffix(strings.ToLower(host), ":443") + "/" + path
}

const unreserved = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"

// percentEncode encodes all but RFC 3986's unreserved characters, in upper-case hex.
func percentEncode(text string) string {
	var b strings.Builder
	for i := range len(text) {
		if strings.IndexByte(unreserved, text[i]) >= 0 {
			b.WriteByte(text[i])
			continue
		}
		const hex = "0123456789ABCDEF"
		b.Write([]byte{'%', hex[text[i]>>4], hex[text[i]&15]})
	}
	return b.String()
}

// percentDecode reads what percentEncode writes, and nothing else.
func percentDecode(text string) (string, bool) {
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		if text[i] != '%' {
			b.WriteByte(text[i])
			continue
		}
		if i+2 >= len(text) {
			return "", false
		}
		n, err := strconv.ParseUint(text[i+1:i+3], 16, 8)
		if err != nil {
			return "", false
		}
		b.WriteByte(byte(n))
		i += 2
	}
	decoded := b.String()
	return decoded, utf8.ValidString(decoded) && percentEncode(decoded) == text
}
