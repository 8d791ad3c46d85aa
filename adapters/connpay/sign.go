package connpay

import (
	"crypto/sha1" // #nosec G505 -- the platform's control is SHA-1
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/dghubble/oauth1"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/provider"
)

// signer makes the Authorization header of connpay:207. The library oauth1 does the
// encoding; its own transport can't be used, for it always adds an oauth_token,
// which the document does not have, and knows RSA with SHA-1 only.
type signer struct {
	login string
	key   provider.PrivateKey
	base  *url.URL
	rand  io.Reader
	now   func() time.Time
}

// header signs a form that goes to a path below the base address.
func (s signer) header(path string, form url.Values) (string, error) {
	var nonce [16]byte
	if _, err := io.ReadFull(s.rand, nonce[:]); err != nil {
		return "", err
	}
	// The documented parameters and no others, in the documented order, which is the
	// alphabet's with the signature among them.
	params := [][2]string{
		{"oauth_consumer_key", s.login},
		{"oauth_nonce", hex.EncodeToString(nonce[:])},
		{"oauth_signature", ""},
		{"oauth_signature_method", "RSA-SHA256"},
		{"oauth_timestamp", strconv.FormatInt(s.now().Unix(), 10)},
		{"oauth_version", "1.0"},
	}
	all := url.Values{}
	for name, values := range form {
		all[name] = values
	}
	for _, p := range params {
		if p[0] != "oauth_signature" {
			all.Set(p[0], p[1])
		}
	}
	signature, err := s.key.SignSHA256([]byte(baseString(s.base.JoinPath(path), all)))
	if err != nil {
		return "", err
	}
	params[2][1] = base64.StdEncoding.EncodeToString(signature)
	pairs := make([]string, len(params))
	for i, p := range params {
		pairs[i] = fmt.Sprintf(`%s="%s"`, p[0], oauth1.PercentEncode(p[1]))
	}
	return "OAuth " + strings.Join(pairs, ", "), nil
}

// baseString is what is signed: RFC 5849, section 3.4.1, for a POST.
func baseString(u *url.URL, params url.Values) string {
	scheme, host := strings.ToLower(u.Scheme), strings.ToLower(u.Host)
	if scheme == "https" {
		host = strings.TrimSuffix(host, ":443")
	}
	var pairs []string
	for name, values := range params {
		for _, value := range values {
			pairs = append(pairs, oauth1.PercentEncode(name)+"="+oauth1.PercentEncode(value))
		}
	}
	slices.SortFunc(pairs, func(a, b string) int {
		an, av, _ := strings.Cut(a, "=")
		bn, bv, _ := strings.Cut(b, "=")
		if c := strings.Compare(an, bn); c != 0 {
			return c
		}
		return strings.Compare(av, bv)
	})
	path := "/" + strings.TrimPrefix(u.EscapedPath(), "/") // JoinPath leaves it out after a bare host
	return "POST&" + oauth1.PercentEncode(scheme+"://"+host+path) +
		"&" + oauth1.PercentEncode(strings.Join(pairs, "&"))
}

// controlOf signs a question to the older status call: the hex SHA-1 of login,
// client_orderid, orderid and the control key, one after another. The platform
// leaves no choice of the hash.
func (p *Provider) controlOf(q statusQuery) payout.Secret {
	sum := sha1.Sum([]byte(q.Login + q.ClientOrderID + q.OrderID + p.control.Reveal())) // #nosec G401 -- the platform's
	return payout.NewSecret(hex.EncodeToString(sum[:]))
}
