package payout_test

import (
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/payoutkit/payout"
)

func quoted(s string) string { return strconv.Quote(s) }

// rules returns what Check says, one "field: rule" each.
func rules(r payout.Record) []string {
	out := []string{}
	for _, v := range r.Kind().Check(r, "d") {
		out = append(out, v.String())
	}
	return out
}

func TestCheckRequired(t *testing.T) {
	for want, r := range map[string]payout.Record{
		"d.number: is required":  payout.Card{},
		"d.id: is required":      payout.SavedCard{},
		"d.token: is required":   payout.EncryptedCard{},
		"d.address: is required": payout.CryptoWallet{},
		"d.phone: is required|d.bank_id: is required|d.last_name: is required|d.first_name: is required": payout.SBP{},
		"d.number: is required|d.clerk_2: is required":                                                   passbook{},
		"d.system: is required|d.id: is required":                                                        &payout.Wallet{},
		"": payout.HostedPage{},
	} {
		require.Equal(t, want, strings.Join(rules(r), "|"))
	}
	require.Equal(t, []string{"d.number: is required"}, rules(payout.BankAccount{Name: payout.NewSecret("n")}))
	require.Empty(t, rules(payout.Recipient{}))
}

func TestCheckTexts(t *testing.T) {
	for name, row := range map[string]struct{ text, rule string }{
		"one letter":               {"x", ""},
		"Cyrillic":                 {"Щёлково", ""},
		"a space inside":           {"a b", ""},
		"255 characters":           {strings.Repeat("я", 255), ""},
		"256 characters":           {strings.Repeat("я", 256), "must be at most 255 characters"},
		"not UTF-8":                {"a\xffb", "must be valid UTF-8"},
		"NUL":                      {"a\x00b", "must not contain control characters"},
		"line feed inside":         {"a\nb", "must not contain control characters"},
		"line feed at the end":     {"a\n", "must not contain control characters"},
		"DEL":                      {"a\x7fb", "must not contain control characters"},
		"C1":                       {"a\u0085b", "must not contain control characters"},
		"line separator":           {"a\u2028b", "must not contain control characters"},
		"paragraph separator":      {"a\u2029b", "must not contain control characters"},
		"leading space":            {" a", "must not begin or end with a space"},
		"trailing space":           {"a ", "must not begin or end with a space"},
		"leading no-break space":   {"\u00a0a", "must not begin or end with a space"},
		"trailing thin space":      {"a\u2009", "must not begin or end with a space"},
		"nothing but a space":      {" ", "must not begin or end with a space"},
		"too long and not UTF-8":   {strings.Repeat("\xff", 300), "must be valid UTF-8"},
		"too long, with a control": {strings.Repeat("\x00", 300), "must be at most 255 characters"},
	} {
		want := []string{}
		if row.rule != "" {
			want = []string{"d.id: " + row.rule}
		}
		require.Equal(t, want, rules(payout.SavedCard{ID: row.text}), name)
	}
}

func TestCheckMaxOfAField(t *testing.T) {
	require.Empty(t, rules(payout.EncryptedCard{Token: payout.NewSecret(strings.Repeat("x", 4096))}))
	require.Equal(t, []string{"d.token: must be at most 4096 characters"}, rules(payout.EncryptedCard{Token: payout.NewSecret(strings.Repeat("x", 4097))}))
}

// A field's own rule is asked last, and only about a text that keeps the general
// ones.
func TestCheckOfAField(t *testing.T) {
	book := func(number string) passbook {
		return passbook{Number: payout.NewSecret(number), Office: office{Clerk: "c"}}
	}
	require.Empty(t, rules(book("A1234567")))
	require.Equal(t, []string{"d.number: must begin with A"}, rules(book("B")))
	require.Equal(t, []string{"d.number: must be at most 8 characters"}, rules(book("B12345678")))
	require.Equal(t, []string{"d.number: must not begin or end with a space"}, rules(book(" A")))
	both := book("")
	require.Len(t, rules(both), 1, "an empty text is not given to Check")
}

func TestCheckNamesEveryBrokenRule(t *testing.T) {
	require.Equal(t, []string{
		"d.number: must be digits only", "d.holder: must not contain control characters", "d.expiry: must be a month as YYYY-MM",
	}, rules(payout.Card{Number: payout.NewSecret("x"), Holder: payout.NewSecret("\t"), Expiry: payout.NewSecret("12/34")}))
}

// Whatever stands in a field, no rule repeats it.
func TestPropertyViolationsNeverHoldTheValue(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		k := rapid.SampledFrom(everyKind()).Draw(t, "kind")
		broken := rapid.SampledFrom([]string{"", "\n", " ", "\xff", "@", "-", strings.Repeat("z", 5000)}).Draw(t, "broken by")
		// What no rule could say by itself.
		canary := rapid.StringMatching(`[0-9]{14,19}|[Ж-Я]{8,20}|[A-Z]{3}[0-9]{6}`).Draw(t, "canary")
		record := k.Build(func(string) string { return broken + canary + broken })
		for _, v := range k.Check(record, "d") {
			require.NotContains(t, v.String(), canary)
		}
	})
}
