package payout_test

import (
	"bytes"
	"encoding/gob"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
)

// holders are the ways in which a value can hold a Secret.
func holders(s payout.Secret) map[string]any {
	type exported struct{ S payout.Secret }
	type unexported struct{ s payout.Secret }
	type embedded struct{ payout.Secret }
	type pointer struct{ p *payout.Secret }
	type deep struct{ in []map[string]any }
	return map[string]any{
		"itself":              s,
		"pointer":             &s,
		"exported field":      exported{s},
		"unexported field":    unexported{s},
		"pointer to a struct": &unexported{s},
		"embedded":            embedded{s},
		"pointer field":       pointer{&s},
		"slice":               []payout.Secret{s},
		"array":               [1]payout.Secret{s},
		"map value":           map[string]payout.Secret{"s": s},
		"map key":             map[payout.Secret]string{s: "s"},
		"interface":           any(&[]any{s}[0]),
		"deep":                deep{[]map[string]any{{"s": unexported{s}}}},
		"closure and channel": struct {
			f func() string
			c chan payout.Secret
		}{s.Reveal, make(chan payout.Secret, 1)},
		"card":             payout.Card{Number: s, Holder: s, Expiry: s},
		"recipient":        payout.Recipient{Name: s, Address: payout.Address{City: s}},
		"action":           payout.Payout{Action: payout.Action{URL: s}},
		"value of a field": payout.Card{}.Kind().Values(payout.Card{Number: s}),
		"request": payout.Request{
			Reference: "r", Destination: payout.BankAccount{Number: s, BankName: "b"}, Recipient: payout.Recipient{Email: s},
		},
		"save card": payout.SaveCardRequest{Card: payout.Card{Number: s}, CVV: s},
	}
}

// requireHidden looks for the text, and for each half of it: a dump may cut or
// wrap. Bytes printed as numbers count too.
func requireHidden(t *testing.T, output string) {
	t.Helper()
	for _, part := range []string{
		"canary", "4111111111111111", "канарейка", "11111111111",
		fmt.Sprintf("%x", "canary"), fmt.Sprintf("%X", "канар"), "99 97 110 97", fmt.Sprintf("%q", "канар")[1:6],
	} {
		if strings.Contains(output, part) {
			t.Fatalf("the secret shows, as %q, in %.300q", part, output)
		}
	}
}

func TestSecretInFmt(t *testing.T) {
	verbs := []string{
		"%v", "%+v", "%#v", "%s", "%+s", "%q", "%+q", "%#q", "%x", "% x", "%X", "%#x", "%d", "%p", "%T", "%t", "%c", "%U", "%b", "%o", "%e",
		"%20v", "%-3s", "%.2s", "%!", "%[2]v", "%w", "%z", "no verb",
	}
	for name, value := range holders(payout.NewSecret(made())) {
		t.Run(name, func(t *testing.T) {
			for _, verb := range verbs {
				requireHidden(t, fmt.Sprintf(verb, value))
			}
			requireHidden(t, fmt.Sprint(value)+fmt.Sprintln(value))
		})
	}
}

func TestSecretPrintsAsRedacted(t *testing.T) {
	s := payout.NewSecret(made())
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		require.Equal(t, payout.Redacted, fmt.Sprintf(verb, s), verb)
		require.Equal(t, payout.Redacted, fmt.Sprintf(verb, &s), verb)
		require.Empty(t, fmt.Sprintf(verb, payout.Secret{}), verb)
	}
}

func TestSecretInSlog(t *testing.T) {
	for name, value := range holders(payout.NewSecret(made())) {
		t.Run(name, func(t *testing.T) {
			var b bytes.Buffer
			options := &slog.HandlerOptions{Level: slog.LevelDebug}
			for _, h := range []slog.Handler{slog.NewTextHandler(&b, options), slog.NewJSONHandler(&b, options)} {
				log := slog.New(h)
				log.Info("any", "v", value)
				log.Info("group", slog.Group("g", slog.Any("v", value)))
				log.With("v", value).WithGroup("g").Info("with", slog.Any("v", slog.AnyValue(value)))
			}
			require.NotEmpty(t, b)
			requireHidden(t, b.String())
		})
	}
}

func TestSecretInEncoders(t *testing.T) {
	for name, value := range holders(payout.NewSecret(made())) {
		t.Run(name, func(t *testing.T) {
			var b bytes.Buffer
			_ = json.NewEncoder(&b).Encode(value) // some can't be encoded at all
			_ = xml.NewEncoder(&b).Encode(value)
			_ = gob.NewEncoder(&b).Encode(value)
			requireHidden(t, b.String())
		})
	}
}

func TestSecretEncodesAsRedacted(t *testing.T) {
	type account struct {
		Password payout.Secret `json:"password" xml:"password,attr"`
		Key      payout.Secret `json:"key,omitzero" xml:"key"`
	}
	v := account{Password: payout.NewSecret(made())}
	text, err := json.Marshal(v)
	require.NoError(t, err)
	require.JSONEq(t, `{"password":"[redacted]"}`, string(text))
	text, err = xml.Marshal(v)
	require.NoError(t, err)
	require.Equal(t, `<account password="[redacted]"><key></key></account>`, string(text))
}

func TestSecretRefusesGob(t *testing.T) {
	require.ErrorContains(t, gob.NewEncoder(&bytes.Buffer{}).Encode(payout.NewSecret(made())), "can't be encoded")
	require.ErrorContains(t, gob.NewEncoder(&bytes.Buffer{}).Encode(payout.Card{Number: payout.NewSecret(made())}), "can't be encoded")
	var s payout.Secret
	require.Error(t, s.GobDecode([]byte(made())))
	require.True(t, s.IsZero())
}

func TestSecretUnmarshalText(t *testing.T) {
	var v struct{ S payout.Secret }
	require.NoError(t, json.Unmarshal([]byte(`{"S":"`+hidden+`"}`), &v))
	require.Equal(t, hidden, v.S.Reveal())

	err := json.Unmarshal([]byte(`{"S":"[redacted]"}`), &v)
	require.ErrorContains(t, err, "lost when it was encoded")
	require.Equal(t, hidden, v.S.Reveal(), "a refused text changes nothing")

	require.NoError(t, json.Unmarshal([]byte(`{"S":""}`), &v))
	require.True(t, v.S.IsZero())
}
