package newbanktest

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"net/http/httptest"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/sandbox/bank"
)

// signed checks what every request has to have (newbank:6-8).
func signed(c *bank.Call, merchant, key string) bool {
	signature := c.Header.Get("X-Newbank-Signature")
	return c.Header.Get("X-Newbank-Merchant") == merchant && hmac.Equal([]byte(signature), []byte(sign(key, c.Method, c.Path, c.Body)))
}

func sign(key, method, path string, body []byte) string {
	mac := hmac.New(sha256.New, []byte(key))
	mac.Write(append([]byte(method+"\n"+path+"\n"), body...))
	return hex.EncodeToString(mac.Sum(nil))
}

// Notice is what a merchant gets when a transfer was completed (newbank:52-55), signed
// with a key.
func Notice(key string, p payout.Payout) *http.Request {
	raw, err := json.Marshal(map[string]string{"id": p.ProviderID, "reference": p.Reference, "state": "completed"})
	if err != nil {
		panic(err) // texts can always be written
	}
	r := httptest.NewRequestWithContext(context.Background(), http.MethodPost, "https://merchant.example/notices", bytes.NewReader(raw))
	r.Header.Set("X-Newbank-Signature", sign(key, "NOTICE", "", raw))
	return r
}
