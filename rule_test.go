package payout_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
)

// requireRule checks what one field's own rule says to many texts: "" is fine.
func requireRule(t *testing.T, k payout.Kind, field string, want map[string]string) {
	t.Helper()
	for text, rule := range want {
		record := k.Build(func(name string) string {
			if name == field {
				return text
			}
			return ""
		})
		got := ""
		for _, v := range k.Check(record, "d") {
			if v.Field == "d."+field {
				got = v.Rule
			}
		}
		require.Equal(t, rule, got, "%s %q", field, text)
	}
}

func TestRuleOfCardNumbers(t *testing.T) {
	const (
		digits = "must be digits only"
		length = "must be 12 to 19 digits"
		luhn   = "must have a valid check digit: one or more digits are wrong"
	)
	requireRule(t, payout.Card{}.Kind(), "number", map[string]string{
		// Numbers that networks publish for tests, of every length.
		"4111111111111111":    "",
		"5555555555554444":    "",
		"378282246310005":     "",
		"30569309025904":      "",
		"6011111111111117":    "",
		"3530111333300000":    "",
		"2200000000000053":    "",
		"4532896701439077":    "",
		"4222222222222":       "",
		"501800000009":        "",
		"6304000000000000018": "",
		"000000000000":        "",

		"4111111111111112":     luhn,
		"4111111111111110":     luhn,
		"1411111111111111":     luhn, // two digits changed places
		"378282246310006":      luhn,
		"41111111111":          length,
		"00000000000":          length,
		"00000000000000000000": length,
		"4111 1111 1111 1111":  digits,
		"4111-1111-1111-1111":  digits,
		"411111XXXXXX1111":     digits,
		"٤١١١١١١١١١١١١١١١":     digits,
		"４１１１１１１１１１１１１１１１": digits,
	})
}

func TestRuleOfMonths(t *testing.T) {
	const rule = "must be a month as YYYY-MM"
	requireRule(t, payout.Card{}.Kind(), "expiry", map[string]string{
		"2034-12": "", "2026-01": "",
		"2034-13": rule, "2034-00": rule, "2034-1": rule, "34-12": rule, "12/34": rule, "2034-12-01": rule, "203412": rule, "2034/12": rule, "x": rule,
	})
}

func TestRuleOfDates(t *testing.T) {
	const rule = "must be a date as YYYY-MM-DD"
	requireRule(t, payout.Recipient{}.Kind(), "birth_date", map[string]string{
		"1990-12-31": "", "2000-02-29": "",
		"1990-02-29": rule, "1990-13-01": rule, "31.12.1990": rule, "1990-1-1": rule, "1990-12": rule, "1990-12-31T00:00:00Z": rule,
	})
}

func TestRuleOfBanksInSBP(t *testing.T) {
	const rule = "must be 12 digits that begin with 1"
	requireRule(t, payout.SBP{}.Kind(), "bank_id", map[string]string{
		"100000000111": "", "100000000004": "", "199999999999": "",
		"200000000111": rule, "10000000011": rule, "1000000001111": rule, "10000000011x": rule, "１００００００００１１１": rule, "1": rule,
	})
}

func TestRuleOfCountries(t *testing.T) {
	const rule = "must be a country's two letters (ISO 3166-1), in capitals"
	requireRule(t, payout.Recipient{}.Kind(), "country", map[string]string{
		"KZ": "", "RU": "", "kz": rule, "K": rule, "KAZ": rule, "K1": rule, "398": rule, "Ж": rule, "Kz": rule,
	})
}

func TestRuleOfEmail(t *testing.T) {
	const rule = "must be one e-mail address"
	requireRule(t, payout.Recipient{}.Kind(), "email", map[string]string{
		"a@b.example": "", "ivan.petrov+payout@почта.рф": "", "o'neil@host": "",
		"a": rule, "@b.example": rule, "a@": rule, "a@b@c": rule, "a b@c": rule, "a@b c": rule, "a@b,c": rule, "a;b@c": rule, "a>b@c": rule, "<a@b": rule,
		"Ivan <a@b.example>": rule, "a\u00a0b@c": rule, "@": rule,
	})
}

func TestRuleOfPhones(t *testing.T) {
	// How a number may be written differs between banks: their adapters decide.
	const long = "must be at most 32 characters"
	for _, k := range []payout.Kind{payout.SBP{}.Kind(), payout.Recipient{}.Kind()} {
		requireRule(t, k, "phone", map[string]string{
			"+7 (926) 123-45-49": "", "79261234549": "", "12345678901234567890123456789012": "", "123456789012345678901234567890123": long,
		})
	}
}
