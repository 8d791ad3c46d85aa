package sandbox

import (
	"crypto/rsa"
	"encoding/base64"
	"regexp"
	"strings"
	"time"

	"github.com/payoutkit/payout/sandbox/bank"
)

// A token's text is timestamp/uuid/pan///////orderNumber (all2pay:774): ten parts, of
// which the fourth to the ninth are empty here. The forms of the timestamp and the uuid
// are the vendor's.
const (
	tokenParts  = 10
	tokenTime   = "2006-01-02T15:04:05-07:00"
	tokenWindow = 30 * time.Minute
)

var (
	tokenTimeForm = regexp.MustCompile(`^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}[+-][0-9]{2}:[0-9]{2}$`)
	tokenUUIDForm = regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)
)

// token reads target.seToken (all2pay:340-341, 772-774). A broken rule is named
// together with the answer to it.
func (m *Module) token(c *bank.Call, v bank.Values) (to target, rule string, answer bank.Answer) {
	text, rule := m.decrypt(c, v.Text("target.seToken"))
	if rule != "" {
		return to, rule, m.refusal(rowInvalid)
	}
	parts := strings.Split(text, "/")
	if len(parts) != tokenParts {
		return to, "target.seToken: must have ten parts, timestamp/uuid/pan///////orderNumber (all2pay:774)", m.refusal(rowInvalid)
	}
	uuid, pan := parts[1], parts[2]
	made, err := time.Parse(tokenTime, parts[0])
	away := c.Now().Sub(made).Abs()
	switch {
	case !tokenTimeForm.MatchString(parts[0]) || err != nil:
		rule = "timestamp must be like 2020-07-06T07:26:20+03:00"
	case away > tokenWindow:
		rule = "timestamp is more than 30 minutes from the bank's clock"
	case !tokenUUIDForm.MatchString(uuid):
		rule = "uuid must be 36 characters, in lower case"
	case !digits.MatchString(pan) || len(pan) < 12 || len(pan) > 19:
		rule = "pan must be 12 to 19 digits"
	case strings.Join(parts[3:tokenParts-1], "") != "":
		rule = "the parts between pan and orderNumber must be empty"
	case parts[tokenParts-1] != v.Text("orderNumber"):
		rule = "orderNumber is not that of the request"
	case m.ring.isUsed(uuid):
		rule = "uuid was used before"
	case !bank.Luhn(pan):
		return to, "target.seToken: pan has a wrong check digit", m.refusal(rowMrBin)
	default:
		to = m.card(pan)
		to.token = uuid
		return to, "", answer
	}
	return to, "target.seToken: " + rule + " (all2pay:774)", m.refusal(rowInvalid)
}

// decrypt returns a token's text, or the broken rule.
func (m *Module) decrypt(c *bank.Call, token string) (text, rule string) {
	sealed, err := base64.StdEncoding.Strict().DecodeString(token)
	if err != nil || token == "" || strings.ContainsAny(token, "\r\n") {
		return "", "target.seToken: must be base64 on one line (all2pay:774)"
	}
	for _, key := range m.Keys() {
		open, err := rsa.DecryptPKCS1v15(nil, key.Private, sealed) //nolint:staticcheck // deprecated, and what all2pay:774 asks for
		if err != nil || !isASCII(open) {
			continue // by chance the padding of another key's token may look right, but not what follows
		}
		if !c.Now().Before(key.Expires) {
			return "", "target.seToken: is encrypted for a key that has expired (all2pay:785)"
		}
		return string(open), ""
	}
	return "", "target.seToken: can't be decrypted by a key of keys.do (all2pay:774)"
}

func isASCII(text []byte) bool {
	for _, b := range text {
		if b < ' ' || b > '~' {
			return false
		}
	}
	return true
}

func (r *keyring) isUsed(uuid string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.used[uuid]
}

// use remembers the token of an order, if it had one.
func (r *keyring) use(uuid string) {
	if uuid == "" {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.used[uuid] = true
}
