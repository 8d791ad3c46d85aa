package connpay

import (
	"encoding/base64"
	"encoding/hex"
	"io"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/dghubble/oauth1"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/provider"
)

// oauth makes the Authorization header of connpay:207, with a signer of package
// oauth1. That package's own transport can't be used: it always adds an
// oauth_token, which the document does not have.
type oauth struct {
	login string
	base  *url.URL
	rand  io.Reader
	now   func() time.Time
}

// rsaSHA256 is the signer that the document asks for (connpay:3).
type rsaSHA256 struct{ key provider.PrivateKey }

var _ oauth1.Signer = rsaSHA256{}

// Name implements [oauth1.Signer].
func (rsaSHA256) Name() string { return "RSA-SHA256" }

// Sign implements [oauth1.Signer]. There is no token, so it has no secret.
func (s rsaSHA256) Sign(_, message string) (string, error) {
	signature, err := s.key.SignSHA256([]byte(message))
	return base64.StdEncoding.EncodeToString(signature), err
}

// signed returns the header for a body that goes to a path below the base address. It
// is made once for each request: its nonce is.
func (p *Provider) signed(path string, body params) (string, error) {
	by := rsaSHA256{p.key}
	protocol, err := p.oauth.protocol(by)
	if err != nil {
		return "", err
	}
	return p.oauth.header(by, path, body, protocol)
}

// protocol returns the parameters of one request, without the signature: the
// documented ones and no others (connpay:207).
func (o oauth) protocol(by oauth1.Signer) (url.Values, error) {
	var nonce [16]byte
	if _, err := io.ReadFull(o.rand, nonce[:]); err != nil {
		return nil, unsigned()
	}
	return url.Values{
		"oauth_consumer_key":     {o.login},
		"oauth_nonce":            {hex.EncodeToString(nonce[:])},
		"oauth_signature_method": {by.Name()},
		"oauth_timestamp":        {strconv.FormatInt(o.now().Unix(), 10)},
		"oauth_version":          {"1.0"},
	}, nil
}

// header signs a body with its protocol parameters, and writes these in the documented
// order: the alphabet's.
func (o oauth) header(by oauth1.Signer, path string, body params, protocol url.Values) (string, error) {
	signature, err := by.Sign("", baseString(o.base.JoinPath(path), body.and(protocol)))
	if err != nil {
		return "", unsigned()
	}
	protocol.Set("oauth_signature", signature)
	all := encoded(protocol)
	quoted := make([]string, len(all))
	for i, p := range all {
		quoted[i] = p.name + `="` + p.value + `"`
	}
	return "OAuth " + strings.Join(quoted, ", "), nil
}

func unsigned() error {
	return &payout.Error{Kind: payout.ErrNotSent, Detail: "the request can't be signed"}
}

// baseString is what is signed: RFC 5849, 3.4.1, for a POST.
func baseString(u *url.URL, all params) string {
	scheme, host := strings.ToLower(u.Scheme), strings.ToLower(u.Host)
	if scheme == "https" {
		host = strings.TrimSuffix(host, ":443")
	}
	path := "/" + strings.TrimPrefix(u.EscapedPath(), "/") // JoinPath leaves it out after a bare host
	return "POST&" + percentEncode(scheme+"://"+host+path) + "&" + percentEncode(all.String())
}
