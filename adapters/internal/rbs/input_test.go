package rbs_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
)

func secret(text string) payout.Secret { return payout.NewSecret(text) }

// rules are the rules that an error names, as text.
func rules(t *testing.T, err error) (out []string) {
	t.Helper()
	var e *payout.Error
	require.ErrorAs(t, err, &e)
	require.Equal(t, payout.ErrInvalid, e.Kind)
	for _, v := range e.Violations {
		out = append(out, v.String())
	}
	return out
}

// What both banks ask for. Nothing is sent for what breaks it, and the error names
// our field, the rule and the line of the document.
func TestRules(t *testing.T) {
	lines := map[string]map[string]string{
		"all2pay": {"NAME": "all2pay:327-328, 904", "EMAIL": "all2pay:322-323", "PHONE": "all2pay:324-325", "CLIENT": "all2pay:320-321", "ORDER": "all2pay:306-307", "AMOUNT": "all2pay:308-309", "PAN": "all2pay:338-339", "LANGUAGE": "all2pay:314-315", "TEXT": "all2pay:312-313"},
		"bereke":  {"NAME": "bereke:295", "EMAIL": "bereke:293", "PHONE": "bereke:294", "CLIENT": "bereke:292", "ORDER": "bereke:282, 317", "AMOUNT": "bereke:285", "PAN": "bereke:300", "LANGUAGE": "bereke:290", "TEXT": "bereke:289"},
	}
	const phone = "recipient.phone: must be a telephone number with country code 7, such as +79261214249 (client.phone) (PHONE)"
	tests := []struct {
		name   string
		change func(*payout.Request)
		want   string
	}{
		{"#24 no name", func(r *payout.Request) { r.Recipient.Name = payout.Secret{} }, "recipient.name: is required (client.name) (NAME)"},
		{
			"#24 a name of 25 letters",
			func(r *payout.Request) { r.Recipient.Name = secret("ABCDEFGHIJKLMNOPQRSTUVWXY") },
			"recipient.name: must be at most 24 characters (client.name) (NAME)",
		},
		{
			"#23 an address of 31 letters",
			func(r *payout.Request) { r.Recipient.Email = secret("a-name-that-is-long@example.com") },
			"recipient.email: must be at most 30 characters (client.email) (EMAIL)",
		},
		{"no address", func(r *payout.Request) { r.Recipient.Email = secret("a.example.com") }, "recipient.email: must be one e-mail address (client.email) (EMAIL)"},
		{"#25 phone too short", func(r *payout.Request) { r.Recipient.Phone = secret("926121424") }, phone},
		{"#25 phone of Belarus", func(r *payout.Request) { r.Recipient.Phone = secret("+375291234567") }, phone},
		{"#25 ten digits of no mobile", func(r *payout.Request) { r.Recipient.Phone = secret("4951234567") }, phone},
		{"#25 letters in a phone", func(r *payout.Request) { r.Recipient.Phone = secret("+7926CALLNOW") }, phone},
		{
			"saved card of nobody",
			func(r *payout.Request) { r.Destination = payout.SavedCard{ID: "83309cde-a56d-7409-88dd-c02e00ab3428"} },
			"recipient.id: is required for a saved card (client.clientId) (CLIENT)",
		},
		{
			"#22 an id of 256 letters",
			func(r *payout.Request) { r.Recipient.ID = strings.Repeat("a", 256) },
			"recipient.id: must be at most 255 characters (client.clientId) (CLIENT)",
		},
		{"#26 a reference of 33 letters", func(r *payout.Request) { r.Reference = strings.Repeat("a", 33) }, "reference: must be at most 32 characters (orderNumber) (ORDER)"},
		{
			"#26 a slash in a reference",
			func(r *payout.Request) { r.Reference = "a/b" },
			"reference: has a character at position 2 that is not allowed; allowed are ASCII letters, digits - _ (orderNumber) (ORDER)",
		},
		{"no reference", func(r *payout.Request) { r.Reference = "" }, "reference: is required (orderNumber) (ORDER)"},
		{"#53 nothing", func(r *payout.Request) { r.Amount = payout.FromMinor(0, r.Amount.Currency()) }, "amount: must be positive (amount) (AMOUNT)"},
		{"#53 less than nothing", func(r *payout.Request) { r.Amount = payout.FromMinor(-1, r.Amount.Currency()) }, "amount: must be positive (amount) (AMOUNT)"},
		{
			"#53 thirteen digits",
			func(r *payout.Request) { r.Amount = payout.FromMinor(1_000_000_000_000, r.Amount.Currency()) },
			"amount: must be at most 9999999999.99 CUR (amount) (AMOUNT)",
		},
		{
			"#3 another currency",
			func(r *payout.Request) { r.Amount = payout.FromMinor(1234, payout.USD) },
			"amount: currency must be one of CUR (amount) (AMOUNT)",
		},
		{"wrong digit", func(r *payout.Request) { r.Destination = payout.Card{Number: secret("4111111111111112")} }, "destination.number: must have a valid check digit: one or more digits are wrong (target.pan) (PAN)"},
		{"no card", func(r *payout.Request) { r.Destination = payout.Card{} }, "destination.number: is required (target.pan) (PAN)"},
		{"no destination", func(r *payout.Request) { r.Destination = nil }, "destination: is required"},
		{"an account", func(r *payout.Request) { r.Destination = payout.BankAccount{Number: secret("1234")} }, "destination: must be one of "},
		{"#37 language in capitals", func(r *payout.Request) { r.Language = "EN" }, "language: must be a language's two letters (ISO 639-1), in lower case (language) (LANGUAGE)"},
		{"description of 599 letters", func(r *payout.Request) { r.Description = strings.Repeat("ж", 599) }, "description: must be at most 598 characters (description) (TEXT)"},
	}
	both(t, func(t *testing.T, e edition) {
		bank, client, _ := e.scripted(t)
		in := strings.NewReplacer("CUR", e.currency.Code())
		for _, tt := range tests {
			req := e.request("p-1")
			tt.change(&req)
			_, err := client.Create(t.Context(), req)
			want := in.Replace(tt.want)
			for word, line := range lines[e.name] {
				want = strings.Replace(want, "("+word+")", "("+line+")", 1)
			}
			var violated *payout.Error
			require.ErrorAs(t, err, &violated, tt.name)
			require.Len(t, violated.Violations, 1, "%s: %s", tt.name, err)
			if strings.HasPrefix(want, "destination: must be one of ") { // and then all that it pays to
				require.Contains(t, violated.Violations[0].String(), want, tt.name)
			} else {
				require.Equal(t, want, violated.Violations[0].String(), tt.name)
			}
			require.Contains(t, []payout.ErrorKind{payout.ErrInvalid, payout.ErrUnsupported}, payout.KindOf(err), tt.name)
		}
		require.Empty(t, bank.Sent())
	})
}

// Everything that is wrong is named at once.
func TestAllRulesAtOnce(t *testing.T) {
	both(t, func(t *testing.T, e edition) {
		bank, client, _ := e.scripted(t)
		req := e.request("p-1")
		req.Recipient = payout.Recipient{Email: secret("a-name-that-is-long@example.com"), Phone: secret("112")}
		_, err := client.Create(t.Context(), req)
		var violated *payout.Error
		require.ErrorAs(t, err, &violated)
		var names []string
		for _, v := range violated.Violations {
			names = append(names, v.Field)
		}
		require.Equal(t, []string{"recipient.name", "recipient.email", "recipient.phone"}, names)
		require.Empty(t, bank.Sent())
	})
}

// A name at Bereke is in Latin letters (#24); all2pay does not say.
func TestNameLetters(t *testing.T) {
	tests := map[string]string{
		"John Doe":                 "",
		"O'Neill-Smith Jr.":        "",
		"ABCDEFGHIJKLMNOPQRSTUVWX": "",
		"Иван Петров":              "recipient.name: must be in Latin letters: the character at position 1 is a Cyrillic letter (client.name) (bereke:295)",
		"IVAN PETRОV":              "recipient.name: must be in Latin letters: the character at position 10 is a Cyrillic letter (client.name) (bereke:295)", // the О
		"José":                     "recipient.name: must be in Latin letters: the character at position 4 is not one (client.name) (bereke:295)",
		"John 2":                   "recipient.name: must be in Latin letters: the character at position 6 is not one (client.name) (bereke:295)",
		"...":                      "recipient.name: must be in Latin letters: it has none (client.name) (bereke:295)",
	}
	both(t, func(t *testing.T, e edition) {
		bank, client, _ := e.scripted(t)
		for name, want := range tests {
			before := len(bank.Sent())
			req := e.request("p-1")
			req.Recipient.Name = secret(name)
			_, err := client.Create(t.Context(), req)
			var violated *payout.Error
			if e.name == "all2pay" || want == "" {
				require.Len(t, bank.Sent(), before+1, name)
				continue
			}
			require.True(t, errors.As(err, &violated) && violated.Kind == payout.ErrInvalid, name)
			require.Equal(t, want, violated.Violations[0].String(), name)
			require.Len(t, bank.Sent(), before, name)
		}
	})
}

// #25: client.phone is ten digits, whatever the way of writing, of Russia or
// Kazakhstan.
func TestRecipientPhones(t *testing.T) {
	both(t, func(t *testing.T, e edition) {
		bank, client, _ := e.scripted(t)
		for phone, want := range map[string]string{
			"9991234567": "9991234567", "+7 (999) 123-45-67": "9991234567", "89991234567": "9991234567", "79991234567": "9991234567",
			"0079991234567": "9991234567", "+7 701 123 45 67": "7011234567", "8 701 123 45 67": "7011234567", "+7 495 123-45-67": "4951234567",
		} {
			req := e.request("p-1")
			req.Recipient.Phone = secret(phone)
			_, _ = client.Create(t.Context(), req)
			sent := bank.Sent()
			var body struct{ Client struct{ Phone string } }
			require.NoError(t, json.Unmarshal([]byte(sent[len(sent)-1].Body), &body))
			require.Equal(t, want, body.Client.Phone, phone)
		}
	})
}

// The adapter alone, without a Client, does not pay dollars as if they were its own
// currency, nor to a destination that its bank does not have.
func TestWithoutClient(t *testing.T) {
	both(t, func(t *testing.T, e edition) {
		bank, client, _ := e.scripted(t)
		req := e.request("p-1")
		req.Amount = payout.FromMinor(1234, payout.USD)
		_, err := client.Provider().Create(t.Context(), req)
		require.ErrorIs(t, err, payout.ErrInvalid)
		elsewhere := []payout.Destination{nil, payout.BankAccount{}}
		if e.name == "bereke" {
			elsewhere = append(elsewhere, payout.SBP{Phone: secret("+79261214249")})
		}
		for _, to := range elsewhere {
			req = e.request("p-1")
			req.Destination = to
			_, err = client.Provider().Create(t.Context(), req)
			require.ErrorIs(t, err, payout.ErrUnsupported)
		}
		require.Empty(t, bank.Sent())
	})
}
