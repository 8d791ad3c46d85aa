package sandbox_test

import (
	"crypto/rand"
	"crypto/rsa"
	"sync"

	"github.com/payoutkit/payout"
)

// testKey is made once: it takes a while.
var testKey = sync.OnceValue(func() *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return key
})

func currencies(codes ...string) (all []payout.Currency) {
	for _, code := range codes {
		c, err := payout.ParseCurrency(code)
		if err != nil {
			panic(err)
		}
		all = append(all, c)
	}
	return all
}
