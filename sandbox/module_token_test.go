package sandbox_test

import (
	"bytes"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout/sandbox"
	"github.com/payoutkit/payout/sandbox/bank"
)

// keyAnswer is one key of keys.do as it is on the wire.
type keyAnswer struct {
	value      string
	expiration float64
	version    string
}

func getKeys(t *testing.T, c *http.Client, m *sandbox.Module) (keys []keyAnswer) {
	t.Helper()
	a, err := send(t, c, http.MethodGet, m.URL()+"/payouts/api/v2/keys.do", "", nil)
	require.NoError(t, err)
	require.Equal(t, 200, a.status, a.body)
	for _, k := range a.json(t)["keys"].([]any) {
		k := k.(map[string]any)
		keys = append(keys, keyAnswer{k["keyValue"].(string), k["keyExpiration"].(float64), k["protocolVersion"].(string)})
	}
	return keys
}

// public reads a key without markers.
func (k keyAnswer) public(t *testing.T) *rsa.PublicKey {
	t.Helper()
	der, err := base64.StdEncoding.DecodeString(k.value)
	require.NoError(t, err)
	key, err := x509.ParsePKIXPublicKey(der)
	require.NoError(t, err)
	return key.(*rsa.PublicKey)
}

func seal(t *testing.T, key *rsa.PublicKey, text string) string {
	t.Helper()
	sealed, err := rsa.EncryptPKCS1v15(rand.Reader, key, []byte(text)) //nolint:staticcheck // all2pay:774
	require.NoError(t, err)
	return base64.StdEncoding.EncodeToString(sealed)
}

// noon is a bank's clock that stands.
var noon = time.Date(2026, 7, 6, 12, 0, 0, 0, time.UTC)

func atNoon() bank.Config { return bank.Config{Now: func() time.Time { return noon }} }

const tokenUUID = "fd4b1011-727a-41e8-95b4-d7092d729022"

func tokenRequest(t *testing.T, reference, token string) string {
	t.Helper()
	return edit(t, all2payRequest, "payout_1", reference, panTarget, `"seToken": "`+token+`"`)
}

func TestKeys(t *testing.T) {
	m, c := startAll2Pay(t, sandbox.ModuleConfig{Bank: atNoon(), Keys: []sandbox.ModuleKey{{Private: testKey(), Expires: noon.Add(time.Hour)}}})
	keys := getKeys(t, c, m)
	require.Len(t, keys, 1)
	// The form of all2pay:791-798.
	assert.True(t, strings.HasPrefix(keys[0].value, "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA"), "as the sample begins")
	assert.Equal(t, 1783342800000.0, keys[0].expiration, "2026-07-06 13:00 UTC in milliseconds")
	assert.Equal(t, "RSA-2048", keys[0].version)
	assert.Equal(t, &testKey().PublicKey, keys[0].public(t))
	assert.Equal(t, 1, m.Count(bank.Keys, ""))

	m, c = startAll2Pay(t, sandbox.ModuleConfig{
		Bank: atNoon(), KeyMarkers: true, KeySeconds: true,
		Keys: []sandbox.ModuleKey{{Private: testKey(), Expires: noon.Add(-time.Second), Version: "RSA"}, {Private: testKey()}},
	})
	keys = getKeys(t, c, m)
	require.Len(t, keys, 2)
	assert.Equal(t, []any{1783339199.0, "RSA"}, []any{keys[0].expiration, keys[0].version}, "in seconds, and expired")
	assert.Equal(t, 1814875200.0, keys[1].expiration, "a year")
	assert.True(t, strings.HasPrefix(keys[0].value, "-----BEGIN PUBLIC KEY-----\n"))
	assert.True(t, strings.HasSuffix(keys[0].value, "\n-----END PUBLIC KEY-----"))

	bereke, client := startBereke(t, sandbox.ModuleConfig{})
	a, err := send(t, client, http.MethodGet, bereke.URL()+"/payouts/api/v2/keys.do", "", nil)
	require.NoError(t, err)
	assert.Equal(t, 404, a.status)
	assert.Equal(t, 404, post(t, c, m, "keys.do", "{}").status, "GET only")
}

func TestTokenIsDecrypted(t *testing.T) {
	m, c := startAll2Pay(t, sandbox.ModuleConfig{Bank: atNoon()})
	key := getKeys(t, c, m)[0].public(t)
	text := "2026-07-06T15:00:00+03:00/" + tokenUUID + "/5555555555554444///////tokened"
	v := post(t, c, m, "performPayout.do", tokenRequest(t, "tokened", seal(t, key, text))).json(t)
	assert.Equal(t, []any{"0", "2"}, []any{v["errorCode"], v["orderStatus"]})
	require.Len(t, m.Ledger().Moved("tokened"), 1)
	assert.Equal(t, "555555XXXXXX4444", m.Ledger().Moved("tokened")[0].Destination)
	assert.Equal(t, "555555XXXXXX4444", v["target"].(map[string]any)["maskedPan"])

	restricted := strings.NewReplacer(tokenUUID, "fd4b1011-727a-41e8-95b4-d7092d729023", "5555555555554444", "4000000000000002").Replace(text)
	v = post(t, c, m, "performPayout.do", tokenRequest(t, "tokened_2", seal(t, key, restricted+"_2"))).json(t)
	assert.Equal(t, "902", v["errorCode"])
	assert.Empty(t, m.Refusals())
}

// What openssl makes of the key on the wire is understood.
func TestTokenByOpenSSL(t *testing.T) {
	openssl, err := exec.LookPath("openssl")
	if err != nil {
		t.Skip("openssl is not installed")
	}
	m, c := startAll2Pay(t, sandbox.ModuleConfig{Bank: atNoon(), KeyMarkers: true})
	file := filepath.Join(t.TempDir(), "key.pem")
	require.NoError(t, os.WriteFile(file, []byte(getKeys(t, c, m)[0].value), 0o600))
	cmd := exec.CommandContext(t.Context(), openssl, "pkeyutl", "-encrypt", "-pubin", "-inkey", file, "-pkeyopt", "rsa_padding_mode:pkcs1")
	cmd.Stdin = strings.NewReader("2026-07-06T12:00:00+00:00/" + tokenUUID + "/4532896701439077///////1645458818047")
	var sealed, problem bytes.Buffer
	cmd.Stdout, cmd.Stderr = &sealed, &problem
	require.NoError(t, cmd.Run(), problem.String())
	token := base64.StdEncoding.EncodeToString(sealed.Bytes())
	assert.Equal(t, 200, post(t, c, m, "performPayout.do", tokenRequest(t, "1645458818047", token)).status)
	assert.Equal(t, "453289XXXXXX9077", m.Ledger().Moved("1645458818047")[0].Destination)
}

func TestTokenRefusals(t *testing.T) {
	const good = "2026-07-06T15:00:00+03:00/" + tokenUUID + "/5555555555554444///////tokened"
	key := testKey()
	for name, test := range map[string]struct {
		old, new string // in the text
		rule     string // "" is accepted
	}{
		"right":               {"", "", ""},
		"30 minutes old":      {"15:00:00", "14:30:00", ""},
		"30 minutes ahead":    {"15:00:00", "15:30:00", ""},
		"UTC":                 {"15:00:00+03:00", "12:00:00+00:00", ""},
		"west":                {"15:00:00+03:00", "07:30:00-04:30", ""},
		"older":               {"15:00:00", "14:29:59", "timestamp is more than 30 minutes from the bank's clock"},
		"further ahead":       {"15:00:00", "15:30:01", "timestamp is more than 30 minutes from the bank's clock"},
		"Z":                   {"15:00:00+03:00", "12:00:00Z", "timestamp must be like"},
		"no offset":           {"+03:00", "", "timestamp must be like"},
		"no colon":            {"+03:00", "+0300", "timestamp must be like"},
		"a fraction":          {"15:00:00", "15:00:00.5", "timestamp must be like"},
		"a space":             {"06T15", "06 15", "timestamp must be like"},
		"no such day":         {"07-06", "02-30", "timestamp must be like"},
		"upper case":          {tokenUUID, strings.ToUpper(tokenUUID), "uuid must be 36 characters, in lower case"},
		"no hyphens":          {tokenUUID, strings.ReplaceAll(tokenUUID, "-", ""), "uuid must be 36 characters"},
		"no uuid":             {tokenUUID, "", "uuid must be 36 characters"},
		"letters in the card": {"5555555555554444", "555555555555444x", "pan must be 12 to 19 digits"},
		"spaces in the card":  {"5555555555554444", "5555 5555 5555 4444", "pan must be 12 to 19 digits"},
		"no card":             {"5555555555554444", "", "pan must be 12 to 19 digits"},
		"long card":           {"5555555555554444", "55555555555544441111", "pan must be 12 to 19 digits"},
		"check digit":         {"5555555555554444", "5555555555554445", "pan has a wrong check digit"},
		"a cvv":               {"4444//", "4444/123/", "the parts between pan and orderNumber must be empty"},
		"registeredFrom":      {"//tokened", "/API/tokened", "the parts between pan and orderNumber must be empty"},
		"another order":       {"tokened", "tokened2", "orderNumber is not that of the request"},
		"no order":            {"tokened", "", "orderNumber is not that of the request"},
		"nine parts":          {"///////", "//////", "must have ten parts"},
		"eleven parts":        {"///////", "////////", "must have ten parts"},
		"a line feed":         {"tokened", "tokened\n", "can't be decrypted by a key of keys.do"},
	} {
		t.Run(name, func(t *testing.T) {
			m, c := startAll2Pay(t, sandbox.ModuleConfig{Bank: atNoon(), Keys: []sandbox.ModuleKey{{Private: key}}})
			text := strings.Replace(good, test.old, test.new, 1)
			a := post(t, c, m, "performPayout.do", tokenRequest(t, "tokened", seal(t, &key.PublicKey, text)))
			requireToken(t, m, a, test.rule)
		})
	}
	token := seal(t, &key.PublicKey, good)
	other, err := rsa.GenerateKey(rand.Reader, 2048)
	require.NoError(t, err)
	for name, test := range map[string]struct{ token, rule string }{
		"empty":           {"", "target.seToken: must be base64 on one line"},
		"not base64":      {"AAA*", "target.seToken: must be base64 on one line"},
		"two lines":       {token[:64] + `\n` + token[64:], "target.seToken: must be base64 on one line"},
		"a space":         {token[:64] + " " + token[64:], "target.seToken: must be base64 on one line"},
		"URL alphabet":    {base64.URLEncoding.EncodeToString([]byte{0xfb, 0xff, 0xfe}), "target.seToken: must be base64 on one line"},
		"no padding":      {strings.TrimRight(token, "="), "target.seToken: must be base64 on one line"},
		"nothing in it":   {"AAAA", "target.seToken: can't be decrypted"},
		"another key's":   {seal(t, &other.PublicKey, good), "target.seToken: can't be decrypted"},
		"not encrypted":   {base64.StdEncoding.EncodeToString([]byte(good)), "target.seToken: can't be decrypted"},
		"another padding": {sealOAEP(t, &key.PublicKey, good), "target.seToken: can't be decrypted"},
	} {
		t.Run(name, func(t *testing.T) {
			m, c := startAll2Pay(t, sandbox.ModuleConfig{Bank: atNoon(), Keys: []sandbox.ModuleKey{{Private: key}}})
			requireToken(t, m, post(t, c, m, "performPayout.do", tokenRequest(t, "tokened", test.token)), test.rule)
		})
	}
}

func sealOAEP(t *testing.T, key *rsa.PublicKey, text string) string {
	t.Helper()
	sealed, err := rsa.EncryptOAEP(sha256.New(), rand.Reader, key, []byte(text), nil)
	require.NoError(t, err)
	return base64.StdEncoding.EncodeToString(sealed)
}

// requireToken wants a payout, or the refusal by a rule: one of the document's rows.
func requireToken(t *testing.T, m *sandbox.Module, a answer, rule string) {
	t.Helper()
	if rule == "" {
		assert.Equal(t, 200, a.status, a.body)
		assert.Len(t, m.Ledger().Entries(), 1)
		return
	}
	want := map[string]any{"errorCode": "98", "errorMessage": "Invalid request"}
	status := 400
	if strings.Contains(rule, "check digit") {
		want["errorMessage"], status = "Mrbin␣can't␣find␣this␣card", 502
	}
	assert.Equal(t, status, a.status)
	assert.Equal(t, want, a.json(t))
	require.Len(t, m.Refusals(), 1)
	assert.Contains(t, m.Refusals()[0].Refused, rule)
	assert.Empty(t, m.Ledger().Entries())
}

// A token works once; one that the bank never saw was not used up.
func TestTokenIsUsedOnce(t *testing.T) {
	m, c := startAll2Pay(t, sandbox.ModuleConfig{Bank: atNoon(), Duplicates: sandbox.PayAgain, Keys: []sandbox.ModuleKey{{Private: testKey()}}})
	body := tokenRequest(t, "tokened", seal(t, &testKey().PublicKey, "2026-07-06T12:00:00+00:00/"+tokenUUID+"/5555555555554444///////tokened"))
	m.Script(bank.Script{Operation: bank.Create, Times: 1, Act: bank.Nothing()}, bank.Script{Operation: bank.Create, Times: 1, Reply: bank.Lost()})
	for range 2 {
		_, err := send(t, c, http.MethodPost, m.URL()+"/payouts/api/v2/performPayout.do", body, moduleHeader())
		require.Error(t, err)
	}
	require.Equal(t, 1, m.Ledger().Times("tokened"))
	a := post(t, c, m, "performPayout.do", body)
	assert.Equal(t, 400, a.status)
	require.Len(t, m.Refusals(), 1)
	assert.Contains(t, m.Refusals()[0].Refused, "target.seToken: uuid was used before")
	sameUUID := seal(t, &testKey().PublicKey, "2026-07-06T12:00:01+00:00/"+tokenUUID+"/4111111111111111///////another")
	post(t, c, m, "performPayout.do", tokenRequest(t, "another", sameUUID))
	assert.Len(t, m.Refusals(), 2)
	assert.Len(t, m.Ledger().Entries(), 1)
}

func TestKeyRotation(t *testing.T) {
	now := newClock()
	now.start = noon
	m, c := startAll2Pay(t, sandbox.ModuleConfig{Bank: now.config(), Keys: []sandbox.ModuleKey{{Private: testKey(), Expires: noon.Add(10 * time.Minute)}}})
	n := 0
	pay := func(key *rsa.PublicKey) answer {
		n++
		reference := fmt.Sprint("token-", n)
		text := fmt.Sprintf("%s/fd4b1011-727a-41e8-95b4-%012d/4111111111111111///////%s", now.Now().UTC().Format("2006-01-02T15:04:05+00:00"), n, reference)
		return post(t, c, m, "performPayout.do", tokenRequest(t, reference, seal(t, key, text)))
	}
	assert.Equal(t, 200, pay(&testKey().PublicKey).status)

	m.RotateKeys(append(m.Keys(), sandbox.ModuleKey{})...)
	keys := getKeys(t, c, m)
	require.Len(t, keys, 2)
	assert.Equal(t, &testKey().PublicKey, keys[0].public(t))
	assert.Less(t, keys[0].expiration, keys[1].expiration)
	assert.Equal(t, keys, getKeys(t, c, m), "a key is made once")
	assert.Equal(t, 200, pay(&testKey().PublicKey).status, "the old one goes on until it expires")
	assert.Equal(t, 200, pay(keys[1].public(t)).status)

	now.set(10 * time.Minute)
	assert.Equal(t, 400, pay(&testKey().PublicKey).status)
	assert.Contains(t, m.Refusals()[0].Refused, "target.seToken: is encrypted for a key that has expired (all2pay:785)")
	assert.Equal(t, 200, pay(keys[1].public(t)).status)

	m.RotateKeys()
	assert.Equal(t, 400, pay(keys[1].public(t)).status)
	assert.Contains(t, m.Refusals()[1].Refused, "target.seToken: can't be decrypted by a key of keys.do")
	keys = getKeys(t, c, m)
	require.Len(t, keys, 1)
	assert.Equal(t, 200, pay(keys[0].public(t)).status)

	// The private half is really that of what is published.
	assert.Equal(t, &m.Keys()[0].Private.PublicKey, keys[0].public(t))
}
