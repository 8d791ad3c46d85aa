package sandbox

import (
	"cmp"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/payoutkit/payout/sandbox/bank"
)

// ModuleKey is a key pair of the module: recipients' card numbers are encrypted for it
// (all2pay:772-798).
type ModuleKey struct {
	Private *rsa.PrivateKey // nil: the module makes one of 2048 bits
	Expires time.Time       // the zero time: a year from when it is first needed
	Version string          // protocolVersion; by default RSA- and the number of bits
}

// keyring holds the module's keys. Making one takes a while, so it waits until a key
// is needed.
type keyring struct {
	mu   sync.Mutex
	keys []ModuleKey
	used map[string]bool // the uuids of the tokens that made an order
}

// Keys returns the keys that keys.do lists, with their private halves.
func (m *Module) Keys() []ModuleKey {
	m.ring.mu.Lock()
	defer m.ring.mu.Unlock()
	for i := range m.ring.keys {
		k := &m.ring.keys[i]
		if k.Private == nil {
			made, err := rsa.GenerateKey(rand.Reader, 2048)
			if err != nil {
				panic(err) // 2048 bits are always possible
			}
			k.Private = made
		}
		if k.Expires.IsZero() {
			k.Expires = m.cfg.Bank.Now().AddDate(1, 0, 0)
		}
		k.Version = cmp.Or(k.Version, fmt.Sprintf("RSA-%d", k.Private.N.BitLen())) // all2pay:796
	}
	return slices.Clone(m.ring.keys)
}

// RotateKeys replaces the keys; none is one new key. What was encrypted for a key that
// is gone can't be decrypted any more. To keep the old ones until they expire, name
// them too:
//
//	m.RotateKeys(append(m.Keys(), sandbox.ModuleKey{})...)
func (m *Module) RotateKeys(keys ...ModuleKey) {
	if len(keys) == 0 {
		keys = []ModuleKey{{}}
	}
	m.ring.mu.Lock()
	defer m.ring.mu.Unlock()
	m.ring.keys = slices.Clone(keys)
}

// keys lists the public keys, those that have expired too (all2pay:772-798).
func (m *Module) keys(c *bank.Call) bank.Answer {
	return c.Answer("", func() bank.Answer {
		var list []bank.Object
		for _, k := range m.Keys() {
			expiration := k.Expires.UnixMilli() // all2pay:795; "UNIX time" in all2pay:785
			if m.cfg.KeySeconds {
				expiration = k.Expires.Unix()
			}
			list = append(list, bank.Object{
				{Name: "keyValue", Value: m.keyValue(&k.Private.PublicKey)},
				{Name: "keyExpiration", Value: expiration},
				{Name: "protocolVersion", Value: k.Version},
			})
		}
		return bank.JSON(http.StatusOK, bank.Object{{Name: "keys", Value: list}})
	})
}

// keyValue writes a key as in the sample (all2pay:794) or with the markers that the
// table promises (all2pay:783).
func (m *Module) keyValue(key *rsa.PublicKey) string {
	der, err := x509.MarshalPKIXPublicKey(key)
	if err != nil {
		panic(err) // RSA keys can be written
	}
	if m.cfg.KeyMarkers {
		return strings.TrimSpace(string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})))
	}
	return base64.StdEncoding.EncodeToString(der)
}
