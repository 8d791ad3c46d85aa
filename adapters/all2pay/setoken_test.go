package all2pay_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/pem"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/adapters/all2pay"
	"github.com/payoutkit/payout/provider"
	"github.com/payoutkit/payout/sandbox"
	"github.com/payoutkit/payout/sandbox/bank"
)

// The notes' example of a plaintext.
const (
	plaintext   = "2020-07-06T07:26:20+03:00/fd4b1011-727a-41e8-95b4-d7092d729022/4532896701439077///////1645458818047"
	tokenOrder  = "1645458818047"
	tokenNumber = "4532896701439077"
	tokenUUID   = "fd4b1011727a41e895b4d7092d729022"
)

var moscow = time.FixedZone("", 3*60*60)

// bankKey is the private half of a key of the bank's: made once, as it takes a while.
var bankKey = sync.OnceValue(func() *rsa.PrivateKey { return makeKey(2048) })

func makeKey(bits int) *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, bits)
	if err != nil {
		panic(err)
	}
	return key
}

func keyValue(t *testing.T, public any) string {
	t.Helper()
	der, err := x509.MarshalPKIXPublicKey(public)
	require.NoError(t, err)
	return base64.StdEncoding.EncodeToString(der)
}

// encrypter is a provider whose clock and randomness are those of the example, at a
// bank with these keys.
func encrypter(t *testing.T, now func() time.Time, random io.Reader, keys string) (*all2pay.Provider, func() int) {
	t.Helper()
	capture, client := captured(t, all2pay.Config{Now: now, Rand: random})
	capture.Say(200, keys)
	return client.Provider().(*all2pay.Provider), func() int { return len(capture.Sent()) }
}

func thatMorning() time.Time { return time.Date(2020, 7, 6, 7, 26, 20, 0, moscow) }

func exampleUUID(t *testing.T) io.Reader {
	t.Helper()
	raw, err := hex.DecodeString(tokenUUID)
	require.NoError(t, err)
	return bytes.NewReader(raw)
}

func decrypted(t *testing.T, key *rsa.PrivateKey, card payout.EncryptedCard) string {
	t.Helper()
	sealed, err := base64.StdEncoding.Strict().DecodeString(card.Token.Reveal())
	require.NoError(t, err)
	text, err := rsa.DecryptPKCS1v15(nil, key, sealed) //nolint:staticcheck // deprecated, and what all2pay:774 asks for
	require.NoError(t, err)
	return string(text)
}

// The example's plaintext, byte for byte, decrypted by Go and by OpenSSL. #21: the
// document's own answer of keys.do is read (all2pay:791-798), whose private half we
// do not have.
func TestSEToken(t *testing.T) {
	keys := `{"keys":[{"keyValue":"` + keyValue(t, &bankKey().PublicKey) + `","keyExpiration":1758189688460,"protocolVersion":"RSA-2048"}]}`
	p, _ := encrypter(t, thatMorning, exampleUUID(t), keys)
	card, err := p.EncryptCard(t.Context(), tokenOrder, payout.Card{Number: payout.NewSecret(tokenNumber)})
	require.NoError(t, err)
	require.Equal(t, plaintext, decrypted(t, bankKey(), card))

	private := filepath.Join(t.TempDir(), "key.pem")
	block := pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(bankKey())})
	require.NoError(t, os.WriteFile(private, block, 0o600))
	cmd := exec.CommandContext(t.Context(), "openssl", "pkeyutl", "-decrypt", "-inkey", private, "-pkeyopt", "rsa_padding_mode:pkcs1")
	sealed, err := base64.StdEncoding.DecodeString(card.Token.Reveal())
	require.NoError(t, err)
	cmd.Stdin = bytes.NewReader(sealed)
	out, err := cmd.Output()
	require.NoError(t, err, "openssl, which .ci/run installs, has to decrypt it")
	require.Equal(t, plaintext, string(out))

	const documented = `{
"keys": [
{
"keyValue":"MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAvnLlDQH6gu+6d7DT9EGa65QX7MgokW74S1gYIYTg3C6bf6z69Sg4EtXewCsp7txrCLBAkvns3Xf6tutYfVoFAIiZ45THXt7NNXTZw522AqfOVwDYUENwZgDqwh5LlAQv5H7Xb1gSF2H1vLPo4maZiuKiY64WzkHnDQJ6IzsHAArvXIA6f6QbRTqaI0GHUI7WHDRxNKh0p6z1HFLQxjj0yswR8eYTU2M0Zov7/4bMqB1Bgs4ByCi3AUeG2jtia04ycod2EROkddJcdPF23+G1JH0k2f3Y1XwKDuQI38oVY8HIaS1uriBrLWtCfw7sbtiowE4+cB7GOZsxtB9edKLygQIDAQAB",
"keyExpiration":1758189688460,
"protocolVersion":"RSA-2048"
}]
}`
	p, _ = encrypter(t, thatMorning, nil, documented)
	card, err = p.EncryptCard(t.Context(), tokenOrder, payout.Card{Number: payout.NewSecret(tokenNumber)})
	require.NoError(t, err)
	require.Len(t, card.Token.Reveal(), 344) // 256 bytes, on one line
	require.Regexp(t, regexp.MustCompile(`^[A-Za-z0-9+/]+=*$`), card.Token.Reveal())
}

// What differs from token to token, and what of a card does not enter one.
func TestSETokenParts(t *testing.T) {
	keys := `{"keys":[{"keyValue":"` + keyValue(t, &bankKey().PublicKey) + `","keyExpiration":4102444800000}]}`
	p, sent := encrypter(t, func() time.Time { return time.Date(2026, 1, 2, 3, 4, 5, 6e8, time.UTC) }, nil, keys)
	whole := payout.Card{Number: payout.NewSecret(tokenNumber), Holder: payout.NewSecret("IVAN PETROV"), Expiry: payout.NewSecret("2034-12")}
	shape := regexp.MustCompile(`^2026-01-02T03:04:05\+00:00/([0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12})/4532896701439077///////p-1$`)
	uuids := map[string]bool{}
	for range 3 {
		card, err := p.EncryptCard(t.Context(), "p-1", whole)
		require.NoError(t, err)
		text := decrypted(t, bankKey(), card)
		parts := shape.FindStringSubmatch(text)
		require.NotNil(t, parts, text)
		require.Len(t, strings.Split(text, "/"), 10)
		uuids[parts[1]] = true
	}
	require.Len(t, uuids, 3)
	require.Equal(t, 1, sent(), "the key is kept")

	for name, tt := range map[string]struct {
		reference string
		card      payout.Card
		want      string
	}{
		"#26 a slash":  {"a/b", whole, "reference: has a character at position 2 that is not allowed; allowed are ASCII letters, digits - _ (all2pay:306-307)"},
		"no reference": {"", whole, "reference: is required (all2pay:306-307)"},
		"no card":      {"p-1", payout.Card{}, "card.number: is required"},
		"wrong digit":  {"p-1", payout.Card{Number: payout.NewSecret("4532896701439078")}, "card.number: must have a valid check digit: one or more digits are wrong"},
	} {
		_, err := p.EncryptCard(t.Context(), tt.reference, tt.card)
		require.Equal(t, []string{tt.want}, broken(err), name)
		require.ErrorContains(t, err, "payout: all2pay: encrypt card: invalid", name)
	}
	require.Equal(t, 1, sent())
}

// #21: which of the keys of keys.do is taken, and which can't be. Markers or none,
// milliseconds or seconds (all2pay:783-785, 794-796).
func TestKeys(t *testing.T) {
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC) // 1767225600
	good, other := bankKey(), makeKey(2048)
	value := keyValue(t, &good.PublicKey)
	spare := keyValue(t, &other.PublicKey)
	short := keyValue(t, &makeKey(1024).PublicKey)
	marked := `-----BEGIN PUBLIC KEY-----\n` + value[:64] + `\n` + value[64:] + `\n-----END PUBLIC KEY-----\n`
	entry := func(value, expiration, version string) string {
		return `{"keyValue":"` + value + `","keyExpiration":` + expiration + `,"protocolVersion":` + version + `}`
	}
	const later, latest, past = "1767225601000", "1767229200000", "1767225600000"
	for name, tt := range map[string]struct {
		keys string
		ok   bool
	}{
		"one":                      {entry(value, later, `"RSA-2048"`), true},
		"#21 markers":              {entry(marked, later, `"RSA-2048"`), true},
		"#21 markers on one line":  {entry("-----BEGIN PUBLIC KEY-----"+value+"-----END PUBLIC KEY-----", later, `"RSA-2048"`), true},
		"#21 seconds":              {entry(value, "1767225601", `"RSA-2048"`), true},
		"a string of seconds":      {entry(value, `"1767225601"`, `"RSA-2048"`), true},
		"expires now":              {entry(value, past, `"RSA-2048"`), false},
		"expired, in seconds":      {entry(value, "1767225600", `"RSA-2048"`), false},
		"no version":               {entry(value, later, "null"), true},
		"a longer one":             {entry(value, later, `"RSA-4096"`), true},
		"another algorithm":        {entry(value, later, `"EC"`), false},
		"no expiration":            {entry(value, "null", `"RSA-2048"`), false},
		"too short":                {entry(short, later, `"RSA-2048"`), false},
		"not base64":               {entry("***", later, `"RSA-2048"`), false},
		"not a key":                {entry("AAAA", later, `"RSA-2048"`), false},
		"no value":                 {entry("", later, `"RSA-2048"`), false},
		"the last to expire":       {entry(spare, later, `"RSA"`) + "," + entry(value, latest, `"RSA"`), true},
		"the last of any order":    {entry(value, latest, `"RSA"`) + "," + entry(spare, later, `"RSA"`), true},
		"a good one among bad":     {entry("AAAA", latest, `"RSA"`) + "," + entry(short, latest, `"RSA"`) + "," + entry(value, later, `"RSA"`), true},
		"the last is of no use":    {entry(value, later, `"RSA"`) + "," + entry(spare, latest, `"EC"`), true},
		"expired beside the valid": {entry(spare, past, `"RSA"`) + "," + entry(value, later, `"RSA"`), true},
		"none":                     {"", false},
	} {
		p, sent := encrypter(t, func() time.Time { return now }, nil, `{"keys":[`+tt.keys+`]}`)
		card, err := p.EncryptCard(t.Context(), "p-1", payout.Card{Number: payout.NewSecret(tokenNumber)})
		require.Equal(t, 1, sent(), name)
		if !tt.ok {
			require.ErrorIs(t, err, payout.ErrNotSent, name)
			require.ErrorContains(t, err, "keys.do has no RSA key of 2048 bits or more that has not expired", name)
			require.Zero(t, card, name)
			continue
		}
		require.NoError(t, err, name)
		require.Contains(t, decrypted(t, good, card), tokenNumber, name)
	}
	p, _ := encrypter(t, func() time.Time { return now }, nil, `{"keys":`+entry(value, later, `"RSA"`)+`}`)
	_, err := p.EncryptCard(t.Context(), "p-1", payout.Card{Number: payout.NewSecret(tokenNumber)})
	require.NoError(t, err, "one key in place of the list")
}

// A key that can't be had is an error that proves that nothing of a payout was sent.
func TestNoKeys(t *testing.T) {
	capture, client := captured(t, all2pay.Config{})
	p := client.Provider().(*all2pay.Provider)
	encrypt := func() error {
		_, err := p.EncryptCard(t.Context(), "p-1", payout.Card{Number: payout.NewSecret(tokenNumber)})
		return err
	}
	for answer, status := range map[string]int{"<html>": 200, "": 502, "{}": 200, `{"keys":[]}`: 200, `{"keys":{}}`: 404, "null": 200} {
		capture.Say(status, answer)
		err := encrypt()
		require.ErrorIs(t, err, payout.ErrNotSent, answer)
		require.True(t, payout.ProvedUnpaid(err) && payout.SafeToRetry(err), answer)
		require.ErrorContains(t, err, "payout: all2pay: encrypt card: not sent: there is no public key to encrypt with")
	}
	sent := capture.Sent()
	for _, s := range sent {
		require.Equal(t, "GET /payouts/api/v2/keys.do", s.Method+" "+s.Target)
		require.Empty(t, s.Body)
		require.Empty(t, s.Header.Get("X-Signature"))
	}
	capture.Close()
	require.ErrorIs(t, encrypt(), payout.ErrNotSent)
}

// Many at once ask for the key once; whoever waits can give up; what expired is asked
// for again, and a key that the bank rotates in is used.
func TestKeyRotation(t *testing.T) {
	var mu sync.Mutex
	now := time.Date(2026, 7, 6, 12, 0, 0, 0, time.UTC)
	clock := func() time.Time {
		mu.Lock()
		defer mu.Unlock()
		return now
	}
	pass := func(d time.Duration) {
		mu.Lock()
		defer mu.Unlock()
		now = now.Add(d)
	}
	first := sandbox.ModuleKey{Private: bankKey(), Expires: now.Add(10 * time.Minute)}
	server, err := sandbox.StartAll2Pay(sandbox.ModuleConfig{Bank: bank.Config{Now: clock}, Keys: []sandbox.ModuleKey{first}})
	require.NoError(t, err)
	t.Cleanup(server.Close)
	client := open(t, all2pay.Config{BaseURL: server.URL(), HTTP: provider.HTTP{Roots: server.Roots()}, Now: clock})
	p := client.Provider().(*all2pay.Provider)
	pay := func(reference string) payout.Status {
		to, err := p.EncryptCard(t.Context(), reference, payout.Card{Number: payout.NewSecret(tokenNumber)})
		require.NoError(t, err)
		req := request(to)
		req.Reference = reference
		paid, err := client.Create(t.Context(), req)
		require.NoError(t, err)
		return paid.Status
	}
	var group sync.WaitGroup
	for range 20 {
		group.Go(func() {
			_, err := p.EncryptCard(t.Context(), "p-0", payout.Card{Number: payout.NewSecret(tokenNumber)})
			require.NoError(t, err)
		})
	}
	group.Wait()
	require.Equal(t, 1, server.Count(bank.Keys, ""))
	require.Equal(t, payout.StatusPaid, pay("p-1"))
	require.Equal(t, 1, server.Count(bank.Keys, ""))

	pass(10 * time.Minute)
	server.RotateKeys(append(server.Keys(), sandbox.ModuleKey{Private: makeKey(2048), Expires: now.Add(time.Hour)})...)
	require.Equal(t, payout.StatusPaid, pay("p-2"))
	require.Equal(t, payout.StatusPaid, pay("p-3"))
	require.Equal(t, 2, server.Count(bank.Keys, ""))
	require.Equal(t, "453289XXXXXX9077", server.Ledger().Moved("p-2")[0].Destination)
	require.Empty(t, server.Refusals())

	// Create itself asks for no key, and sends a token as it was given: the bank refuses
	// one that was made for another payout.
	to, err := p.EncryptCard(t.Context(), "p-4", payout.Card{Number: payout.NewSecret(tokenNumber)})
	require.NoError(t, err)
	req := request(to)
	req.Reference = "p-5"
	_, err = client.Create(t.Context(), req)
	require.ErrorIs(t, err, payout.ErrRefused)
	require.Equal(t, 2, server.Count(bank.Keys, ""))
	require.Equal(t, 1, server.Count(bank.Create, "p-5"))
}

// A key that the bank has withdrawn before it expired is good for one refusal, and not
// for all payouts until then.
func TestWithdrawnKey(t *testing.T) {
	server, client := inSandbox(t, sandbox.ModuleConfig{})
	p := client.Provider().(*all2pay.Provider)
	encrypted := func(reference string) payout.Request {
		to, err := p.EncryptCard(t.Context(), reference, payout.Card{Number: payout.NewSecret(tokenNumber)})
		require.NoError(t, err)
		req := request(to)
		req.Reference = reference
		return req
	}
	req := encrypted("p-1")
	server.RotateKeys()
	_, err := client.Create(t.Context(), req)
	require.ErrorIs(t, err, payout.ErrRefused)
	paid, err := client.Create(t.Context(), encrypted("p-2"))
	require.NoError(t, err)
	require.Equal(t, payout.StatusPaid, paid.Status)
	require.Equal(t, 2, server.Count(bank.Keys, ""))

	// Other refusals say nothing of the key.
	req = request(payout.Card{Number: payout.NewSecret(tokenNumber)})
	req.Reference, req.Source.SavedCard = "p-3", "no-such-card"
	_, err = client.Create(t.Context(), req)
	require.ErrorIs(t, err, payout.ErrRefused)
	encrypted("p-4")
	require.Equal(t, 2, server.Count(bank.Keys, ""))
}

func TestWaitingForAKeyEnds(t *testing.T) {
	server, client := inSandbox(t, sandbox.ModuleConfig{})
	gate := bank.NewGate()
	server.Script(bank.Script{Operation: bank.Keys, Reply: bank.Reply{Hold: gate}})
	p := client.Provider().(*all2pay.Provider)
	card := payout.Card{Number: payout.NewSecret(tokenNumber)}
	var group sync.WaitGroup
	group.Go(func() {
		_, err := p.EncryptCard(t.Context(), "p-1", card)
		require.NoError(t, err)
	})
	require.NoError(t, server.WaitRequests(t.Context(), bank.Keys, "", 1))

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := p.EncryptCard(ctx, "p-2", card)
	require.ErrorIs(t, err, payout.ErrNotSent)
	require.ErrorIs(t, err, ctx.Err())
	gate.Open()
	group.Wait()
	require.Equal(t, 1, server.Count(bank.Keys, ""))
}
