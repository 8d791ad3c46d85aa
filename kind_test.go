package payout_test

import (
	"fmt"
	"reflect"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/payoutkit/payout"
)

// passbook is a destination that this library has never heard of, with a part in a
// struct of its own and a field that only this package sees.
type passbook struct {
	Number payout.Secret
	Office office
	series string
}

type office struct{ City, Clerk string }

func (passbook) Kind() payout.Kind { return passbookKind }

var passbookKind = payout.NewKind("passbook", "a savings book",
	payout.Hidden(payout.Field{
		Name: "number", Doc: "number on the cover", Required: true, Max: 8,
		Check: func(text string) string {
			if text[0] != 'A' {
				return "must begin with A"
			}
			return ""
		},
		Mask: func(text string) string { return text[:1] },
	}, func(p *passbook) *payout.Secret { return &p.Number }),
	payout.Text(payout.Field{Name: "city", Doc: "city of the office"},
		func(p *passbook) *string { return &p.Office.City }),
	payout.Text(payout.Field{Name: "clerk_2", Doc: "who signed", Required: true, Mask: func(string) string { return "" }},
		func(p *passbook) *string { return &p.Office.Clerk }),
	payout.Text(payout.Field{Name: "series", Doc: "letters", Mask: func(s string) string { return s }},
		func(p *passbook) *string { return &p.series }),
)

// everyKind is each kind that the library declares, and the stranger's.
func everyKind() []payout.Kind {
	return append(payout.Kinds(), payout.Recipient{}.Kind(), passbookKind)
}

// pointerTo returns a pointer to a copy of a record, as a Record.
func pointerTo(r payout.Record) payout.Record {
	p := reflect.New(reflect.TypeOf(r))
	p.Elem().Set(reflect.ValueOf(r))
	return p.Interface().(payout.Record)
}

func TestPropertyRecordsComeApartAndBackTogether(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		k := rapid.SampledFrom(everyKind()).Draw(t, "kind")
		texts := map[string]string{}
		for _, f := range k.Fields() {
			texts[f.Name] = rapid.OneOf(rapid.Just(""), rapid.String()).Draw(t, f.Name)
		}
		record := k.Build(func(field string) string { return texts[field] })
		require.True(t, record.Kind().Is(k))

		for _, r := range []payout.Record{record, pointerTo(record)} {
			values := k.Values(r)
			require.Len(t, values, len(texts))
			again := map[string]string{}
			for i, v := range values {
				require.Equal(t, k.Fields()[i].Name, v.Name)
				again[v.Name] = v.Text.Reveal()
			}
			require.Equal(t, texts, again)
			require.True(t, record == k.Build(func(field string) string { return again[field] }), "not the same by ==")
		}
	})
}

// Two fields that change places, or one that is left out, would pay somebody else.
func TestEveryFieldHasAPlaceOfItsOwn(t *testing.T) {
	for _, k := range everyKind() {
		for _, f := range k.Fields() {
			record := k.Build(func(field string) string {
				if field == f.Name {
					return "x"
				}
				return ""
			})
			require.NotEqual(t, k.Build(func(string) string { return "" }), record, "%s.%s is lost", k, f.Name)
			for _, v := range k.Values(record) {
				require.Equal(t, v.Name == f.Name, !v.Text.IsZero(), "%s.%s shows in %s", k, f.Name, v.Name)
			}
		}
	}
}

func TestKinds(t *testing.T) {
	var names []string
	for _, k := range payout.Kinds() {
		names = append(names, k.Name())
		require.NotEmpty(t, k.Doc())
		require.Equal(t, k.Name(), fmt.Sprint(k))
		for _, f := range k.Fields() {
			require.NotEmpty(t, f.Doc, "%s.%s", k, f.Name)
		}
	}
	// These are stored: none may ever change.
	require.Equal(t, []string{
		"card", "saved_card", "encrypted_card", "sbp", "bank_account", "wallet", "crypto_wallet", "hosted_page",
	}, names)
}

func TestKindFieldsAreTheCallersOwn(t *testing.T) {
	k := payout.Card{}.Kind()
	k.Fields()[0].Name = "changed"
	require.Equal(t, "number", k.Fields()[0].Name)
}

func TestFieldsSayWhetherTheyAreSecret(t *testing.T) {
	secret := map[string]bool{}
	for _, f := range passbookKind.Fields() {
		secret[f.Name] = f.Secret
	}
	require.Equal(t, map[string]bool{"number": true, "city": false, "clerk_2": false, "series": false}, secret)
	f := payout.Text(payout.Field{Name: "plain", Secret: true}, func(d *odd) *string { return &d.Plain })
	require.False(t, payout.NewKind("odd", "", f).Fields()[0].Secret)
}

func TestKindIs(t *testing.T) {
	card, sbp := payout.Card{}.Kind(), payout.SBP{}.Kind()
	require.True(t, card.Is(payout.Card{Number: payout.NewSecret("x")}.Kind()))
	require.False(t, card.Is(sbp))
	require.False(t, card.Is(payout.Kind{}))
	require.False(t, payout.Kind{}.Is(card))
	require.False(t, payout.Kind{}.Is(payout.Kind{}), "no kind is not a kind")
	namesake := payout.NewKind("card", "", payout.Text(payout.Field{Name: "plain"}, func(d *odd) *string { return &d.Plain }))
	require.False(t, card.Is(namesake), "another type under the same name")
	require.False(t, namesake.Is(card))
	alias := payout.NewKind("alias", "", payout.Text(payout.Field{Name: "plain"}, func(d *odd) *string { return &d.Plain }))
	require.False(t, namesake.Is(alias), "the same type under another name")
}

func TestZeroKind(t *testing.T) {
	var k payout.Kind
	require.Empty(t, k.Name()+k.Doc()+k.String())
	require.Empty(t, k.Fields())
	require.Nil(t, k.Values(payout.Card{}))
	require.Nil(t, k.Build(func(string) string { return "x" }))
	require.Equal(t, []payout.Violation{{Field: "d", Rule: "has no kind"}}, k.Check(payout.Card{}, "d"))
}

func TestKindOfAnotherRecord(t *testing.T) {
	k := payout.Card{}.Kind()
	for name, r := range map[string]payout.Record{
		"nil": nil, "nil pointer": (*payout.Card)(nil), "another": payout.SBP{}, "one that wraps": struct{ payout.Card }{},
	} {
		require.Nil(t, k.Values(r), name)
		violations := k.Check(r, "d")
		require.Len(t, violations, 1, name)
		require.Equal(t, "d: is not of the type that kind card declares", violations[0].String(), name)
	}
}

func TestMasked(t *testing.T) {
	s := payout.NewSecret
	for want, r := range map[string]payout.Record{
		"card 411111******1111":    payout.Card{Number: s("4111111111111111"), Holder: s("IVAN IVANOV"), Expiry: s("2034-12")},
		"card":                     payout.Card{},
		"card ******":              &payout.Card{Number: s("411")},
		"saved_card ******6cd9":    payout.SavedCard{ID: "bff03edd-66ee-6cd9"},
		"encrypted_card":           payout.EncryptedCard{Token: s(hidden)},
		"sbp ******49":             payout.SBP{Phone: s("+79261234549"), BankID: "100000000111", LastName: s("Иванов")},
		"bank_account ******9012":  payout.BankAccount{Number: s("DE123456789012"), BankName: "Bank", Name: s("Ivanov")},
		"wallet qiwi ******1234":   payout.Wallet{System: "qiwi", ID: s("user1234")},
		"wallet ******":            payout.Wallet{System: "4111 1111 1111 1111", ID: s("1234567")},
		"crypto_wallet ******f44e": payout.CryptoWallet{Address: s("0x742d35Cc6634C0532925a3b844Bc454e4438f44e")},
		"hosted_page":              payout.HostedPage{},
		"recipient":                payout.Recipient{ID: "id", Name: s("Иван"), Phone: s("+79261234549")},
		"passbook A мм":            passbook{Number: s("A1234"), Office: office{"Омск", "Петров"}, series: "мм"},
	} {
		require.Equal(t, want, payout.Masked(r))
	}
	require.Empty(t, payout.Masked(nil))
	require.Empty(t, payout.Masked((*payout.SBP)(nil)))
}
