package connpay_test

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/adapters/connpay"
)

// full is a request with all that a payout to an account can have.
func full() payout.Request {
	req := sample()
	for _, r := range rows {
		switch r.name {
		case "redirect_url", "cvv2", "redirect_success_url": // the pair is set by the other one
		default:
			if r.to == nil {
				r.set(&req, r.good)
			}
		}
	}
	return req
}

// signing returns what makes a signed request, from payout.Request to the bytes of
// body and header, and the bare RSA operation under the same key.
func signing(tb testing.TB, file string, req payout.Request) (request, bare func()) {
	tb.Helper()
	text := key(tb, file)
	client := open(tb, connpay.Config{BaseURL: connpay.Sandbox, PrivateKey: text})
	p := client.Provider().(*connpay.Provider)
	block, _ := pem.Decode([]byte(text.Reveal()))
	var private *rsa.PrivateKey
	if pkcs1, err := x509.ParsePKCS1PrivateKey(block.Bytes); err == nil {
		private = pkcs1
	} else {
		pkcs8, err := x509.ParsePKCS8PrivateKey(block.Bytes)
		require.NoError(tb, err)
		private = pkcs8.(*rsa.PrivateKey)
	}
	sum := sha256.Sum256([]byte("x"))
	request = func() {
		form, err := p.Form(req)
		require.NoError(tb, err)
		_, _, err = p.Signed("/api/v4/payout/39915", form)
		require.NoError(tb, err)
	}
	bare = func() {
		_, err := rsa.SignPKCS1v15(nil, private, crypto.SHA256, sum[:])
		require.NoError(tb, err)
	}
	return request, bare
}

var keyFiles = map[int]string{2048: "rsa2048_pkcs1.pem", 4096: "rsa4096_pkcs8.pem"}

// A signed request against the bare RSA operation, one after the other in each round,
// so that a slow phase of the machine meets both, and the shortest of each counts: what
// other programs take away is not part of it. rsa-share is the part of the request's
// time that the operation takes.
func BenchmarkSignedRequest(b *testing.B) {
	requests := map[string]payout.Request{"sample": sample(), "full": full()}
	for _, bits := range []int{2048, 4096} {
		for _, name := range []string{"sample", "full"} {
			b.Run(fmt.Sprintf("%d/%s", bits, name), func(b *testing.B) {
				request, bare := signing(b, keyFiles[bits], requests[name])
				var whole, alone []float64
				for b.Loop() {
					begin := time.Now()
					request()
					middle := time.Now()
					bare()
					whole, alone = append(whole, float64(middle.Sub(begin))), append(alone, float64(time.Since(middle)))
				}
				b.ReportMetric(slices.Min(whole), "ns/op") // without the bare one
				b.ReportMetric(slices.Min(alone)/slices.Min(whole), "rsa-share")
				b.ReportMetric(testing.AllocsPerRun(10, request)-testing.AllocsPerRun(10, bare), "other-allocs/op")
			})
		}
	}
}

// The same for profiles: the request alone.
func BenchmarkSignedRequestAlone(b *testing.B) {
	for _, bits := range []int{2048, 4096} {
		b.Run(fmt.Sprint(bits), func(b *testing.B) {
			request, _ := signing(b, keyFiles[bits], sample())
			b.ReportAllocs()
			for b.Loop() {
				request()
			}
		})
	}
}

// What is not RSA is held to a count of allocations: times would fail on a busy
// machine.
func TestAllocationsBesideRSA(t *testing.T) {
	for bits, file := range keyFiles {
		for name, tt := range map[string]struct {
			req   payout.Request
			limit float64
		}{"sample": {sample(), 160}, "full": {full(), 320}} {
			request, bare := signing(t, file, tt.req)
			beside := testing.AllocsPerRun(10, request) - testing.AllocsPerRun(10, bare)
			require.LessOrEqual(t, beside, tt.limit, "%d %s", bits, name)
		}
	}
}

// counter counts what is read of it.
type counter struct{ bytes int }

func (c *counter) Read(b []byte) (int, error) {
	c.bytes += len(b)
	return copy(b, strings.Repeat("x", len(b))), nil
}

// One request has one nonce and one time, so one signature.
func TestSignedOnce(t *testing.T) {
	nonces, times := &counter{}, 0
	capture, client := captured(t, connpay.Config{Rand: nonces, Now: func() time.Time {
		times++
		return time.Unix(1677831012, 0)
	}})
	for _, call := range []func(){
		func() { _, _ = client.Create(t.Context(), sample()) },
		func() { _, _ = client.Find(t.Context(), sample().Ref()) },
	} {
		nonces.bytes, times = 0, 0
		capture.By(t, call)
		require.Equal(t, []int{16, 1}, []int{nonces.bytes, times}) // 128 bits
	}
}
