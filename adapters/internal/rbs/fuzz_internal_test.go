package rbs

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/provider"
)

// word is a member of an answer as encoding/json alone reads it, if it is there as a text
// or a number.
func word(body []byte, name string) (value string, present bool) {
	var all map[string]any
	dec := json.NewDecoder(strings.NewReader(string(body)))
	dec.UseNumber()
	if dec.Decode(&all) != nil {
		return "", false
	}
	for have, value := range all {
		if strings.EqualFold(have, name) {
			switch value := value.(type) {
			case string:
				return value, true
			case json.Number:
				return value.String(), true
			}
		}
	}
	return "", false
}

func text(body []byte, name string) string {
	value, _ := word(body, name)
	return value
}

var answerSeeds = []string{
	`{"errorCode":"0","orderNumber":"p-1","orderId":"x","orderStatus":2,"amount":1234,"currency":"643","actionCode":0}`,
	`{"ErrorCode":0,"OrderNumber":"p-1","OrderStatus":"2","Amount":"1234","Currency":643,"operationList":[{"operationType":"P2P_CREDIT","resultCode":0,"amount":1234}]}`,
	`{"errorCode":"0","orderNumber":"p-1","orderStatus":"6","actionCode":"116","amount":1234,"currency":"643"}`,
	`{"errorCode":"0","orderNumber":"p-1","orderStatus":3,"amount":1234,"currency":"643","actionCode":"0"}`,
	`{"errorCode":"0","orderNumber":"p-1","orderStatus":6,"amount":1234,"currency":"643","operationList":{"operationType":"P2P_CREDIT","resultCode":"0"}}`,
	`{"errorCode":"0","orderStatus":6}`, `{"errorCode":"0","orderNumber":"p-1","orderStatus":9}`, `{"errorCode":"0","orderNumber":"p-1","orderStatus":"02"}`,
	`{"errorCode":"0","orderNumber":"p-1","orderStatus":2,"acsUrl":"https://acs.example"}`, `{"errorCode":"0","orderNumber":"p-1","orderStatus":2,"bindingId":"b","orderType":"BINDINGID"}`,
	`{"errorCode":"0","orderNumber":"p-1","orderStatus":4,"target":{"maskedPan":"4111111111111111"}}`,
	`{"errorCode":"98","errorMessage":"4111111111111111"}`, `{"errorCode":98,"orderNumber":"p-2"}`, `{"errorCode":"400","orderNumber":"p-1","formUrl":"https://x"}`,
	`{"errorCode":"116","orderNumber":"p-1","orderStatus":2}`, `{}`, `{"orderParams":{"a":[1],"b":"c","d":7}}`, `{"creationDate":1665416062047}`,
}

var digitsInARow = regexp.MustCompile(`[0-9]{7}`)

// What is final was listed as final, and says of itself that it is: whatever else an answer
// says, in whatever order and spelling.
func FuzzAnswer(f *testing.F) {
	for _, seed := range answerSeeds {
		f.Add([]byte(seed))
	}
	m := &Module{dialect: Dialect{Exponent: 2}}
	f.Fuzz(func(t *testing.T, body []byte) {
		var w answer
		if provider.DecodeJSON(body, &w) != nil {
			return
		}
		p := m.payout(w)
		status, _ := word(body, "orderStatus")
		switch p.Status {
		case payout.StatusPaid:
			require.Equal(t, "2", status)
		case payout.StatusFailed:
			require.Contains(t, []string{"3", "6"}, status)
			_, named := word(body, "orderNumber")
			require.True(t, named, "whoever takes a payout for failed may pay again")
		case payout.StatusReturned:
			t.Error("no status of the document proves that money came back")
		}
		if p.Status.Final() {
			require.Empty(t, text(body, "acsUrl")+text(body, "shortUrl"), "somebody has to act first")
		}
		if p.Status != payout.StatusFailed {
			require.Zero(t, p.Failure)
		}
		require.Equal(t, text(body, "orderNumber"), p.Reference)
		if p.Amount.Currency().Exponent() == 2 && !p.Amount.IsZero() {
			require.Equal(t, text(body, "currency"), p.Amount.Currency().Numeric())
			require.Regexp(t, `\A-?0*`+strings.TrimPrefix(fmt.Sprint(p.Amount.Minor()), "-")+`\z`, text(body, "amount"))
		}
		require.NotRegexp(t, digitsInARow, p.Destination, "a card number or a phone that is not masked")
	})
}

// An error answer proves something only by a pair that is listed, about this order, and
// with nothing in it that says the opposite. Nothing that was answered was not sent.
func FuzzJudge(f *testing.F) {
	for _, seed := range answerSeeds {
		for _, status := range []int{200, 400, 401, 502, 503} {
			f.Add(status, []byte(seed))
		}
	}
	// bereke:577-601 and all2pay:890-921, once more.
	listed := map[string]bool{"400 98": true, "401 90": true, "502 204": true, "502 400": true, "502 98": true, "200 116": true, "200 121": true, "200 902": true}
	m := &Module{dialect: Dialect{Errors: CommonErrors()}}
	for pair, verdict := range DeclinesInOK() {
		m.dialect.Errors[pair] = verdict
	}
	f.Fuzz(func(t *testing.T, status int, body []byte) {
		var w answer
		if provider.DecodeJSON(body, &w) != nil {
			return
		}
		p, err := m.judge(provider.Answer{Status: status, Body: body}, w, "p-1")
		known := listed[fmt.Sprintf("%d %s", status, text(body, "errorCode"))]
		require.False(t, payout.SafeToRetry(err), "an answer came, so the request had left")
		if err == nil {
			require.True(t, known)
			require.Equal(t, payout.StatusFailed, p.Status)
			require.NotEqual(t, payout.ReasonUnknown, p.Failure.Reason)
		} else {
			require.Zero(t, p)
			require.Contains(t, []payout.ErrorKind{payout.ErrOutcomeUnknown, payout.ErrRefused, payout.ErrUnauthorized}, payout.KindOf(err))
			require.NotRegexp(t, `[0-9]{11}`, err.Error()) // a code has ten at most
		}
		if payout.KindOf(err) != payout.ErrOutcomeUnknown || err == nil {
			require.True(t, known)
			require.Contains(t, []string{"", "p-1"}, text(body, "orderNumber"))
			require.NotContains(t, []string{"-1", "0", "1", "2", "4", "5", "7", "8"}, text(body, "orderStatus"))
		}
	})
}

// A number is taken as it was written: its ten last digits, and none of ours.
func FuzzPhone(f *testing.F) {
	for _, number := range []string{
		"+79261214249", "8 (926) 121-42-49", "007 926 121 42 49", "9261214249", "+7 701 000-00-00", "7926121424", "+7(926)(121)4249", "٧٩٢٦", "8-926", "", "+",
	} {
		f.Add(number)
	}
	f.Fuzz(func(t *testing.T, number string) {
		all := strings.Map(func(r rune) rune {
			if r < '0' || r > '9' {
				return -1
			}
			return r
		}, number)
		for name, read := range map[string]func(string) (string, string){"ten digits": tenDigits, "national": national, "mobile": russianMobile} {
			digits, rule := read(number)
			if rule != "" {
				require.Empty(t, digits, name)
				require.NotRegexp(t, `[0-9]{3}`, strings.ReplaceAll(rule, "+79261214249", ""), name)
				continue
			}
			want := all[len(all)-10:]
			if name == "mobile" {
				want = "7" + want
			}
			require.Equal(t, want, digits, name)
		}
	})
}

// A key is one of RSA, long enough, and is what stands there.
func FuzzParsePublicKey(f *testing.F) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	require.NoError(f, err)
	der, err := x509.MarshalPKIXPublicKey(&key.PublicKey)
	require.NoError(f, err)
	text := base64.StdEncoding.EncodeToString(der)
	f.Add(text)
	f.Add("-----BEGIN PUBLIC KEY-----\n" + text + "\n-----END PUBLIC KEY-----")
	f.Add("-----BEGIN PUBLIC KEY-----")
	f.Add("MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE")
	f.Add("")
	f.Fuzz(func(t *testing.T, text string) {
		got, err := parsePublicKey(text)
		if err != nil {
			require.Nil(t, got)
			require.Less(t, len(err.Error()), 50, "it quotes nothing")
			return
		}
		require.GreaterOrEqual(t, got.N.BitLen(), 2048)
		require.Greater(t, got.E, 1)
		der, err := x509.MarshalPKIXPublicKey(got)
		require.NoError(t, err)
		again, err := parsePublicKey(base64.StdEncoding.EncodeToString(der))
		require.NoError(t, err)
		require.True(t, got.Equal(again))
	})
}
