package batch_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/batch"
)

// postal is a rail that this library has never heard of.
type postal struct {
	Office string
	PIN    payout.Secret
}

var postalKind = payout.NewKind("postal_order", "money at a post office",
	payout.Text(payout.Field{Name: "office", Required: true, Check: func(text string) string {
		if strings.Trim(text, "0123456789") != "" {
			return "must be digits"
		}
		return ""
	}}, func(p *postal) *string { return &p.Office }),
	payout.Hidden(payout.Field{Name: "pin"}, func(p *postal) *payout.Secret { return &p.PIN }))

func (postal) Kind() payout.Kind { return postalKind }

// values are right texts for fields that take only some; for all others any text is
// right.
var values = map[string]string{
	"card.number": "4111111111111111", "card.expiry": "2034-12",
	"sbp.bank_id":          "100000000111",
	"postal_order.office":  "101000",
	"recipient.birth_date": "1990-12-31", "recipient.email": "a@b.example", "recipient.country": "KZ",
}

func value(kind payout.Kind, field string) string {
	if v := values[kind.Name()+"."+field]; v != "" {
		return v
	}
	return "some " + field + ", with a comma"
}

// fields are all columns of a kind, and right texts for them.
func fields(k payout.Kind) (names, texts []string) {
	for _, f := range k.Fields() {
		names = append(names, k.Name()+"."+f.Name)
		texts = append(texts, `"`+value(k, f.Name)+`"`)
	}
	return names, texts
}

func kinds() []payout.Kind { return append(payout.Kinds(), postalKind) }

func TestEveryFieldOfEveryKind(t *testing.T) {
	t.Parallel()
	var known []string
	for _, k := range kinds() {
		names, _ := fields(k)
		known = append(known, names...)
	}
	person := payout.Recipient{}.Kind()
	personNames, personTexts := fields(person)
	for _, k := range kinds() {
		t.Run(k.Name(), func(t *testing.T) {
			// All columns of all kinds are there; only those of this one are filled.
			head := append([]string{"reference", "amount", "currency", "destination"}, append(personNames, known...)...)
			line := append([]string{"p-1", "10.00", "RUB", k.Name()}, personTexts...)
			names, texts := fields(k)
			for _, name := range known {
				text := ""
				for i := range names {
					if names[i] == name {
						text = texts[i]
					}
				}
				line = append(line, text)
			}
			r, err := batch.NewReader(strings.NewReader(strings.Join(head, ",")+"\n"+strings.Join(line, ",")+"\n"), kinds()...)
			require.NoError(t, err)
			row, err := r.Next()
			require.NoError(t, err)
			require.NoError(t, row.Err)
			require.Equal(t, k.Build(func(f string) string { return value(k, f) }), row.Request.Destination)
			require.Equal(t, person.Build(func(f string) string { return value(person, f) }), row.Request.Recipient)
		})
	}
}

func TestOnlyTheKindsThatWereGiven(t *testing.T) {
	t.Parallel()
	file := "reference,amount,currency,destination,postal_order.office\n" + "p-1,1.00,RUB,postal_order,101000\n"
	_, err := batch.NewReader(strings.NewReader(file), payout.Kinds()...)
	require.EqualError(t, err, `line 1: column 5 ("postal_order.office"): is not a column of a registry`)

	r, err := batch.NewReader(strings.NewReader("reference,amount,currency,destination,card.number\np-1,1.00,RUB,card,4111111111111111\n"), postalKind, payout.SBP{}.Kind())
	require.Nil(t, r)
	require.EqualError(t, err, `line 1: column 5 ("card.number"): is not a column of a registry`)

	r, err = batch.NewReader(strings.NewReader("reference,amount,currency,destination\np-1,1.00,RUB,card\n"), postalKind, payout.SBP{}.Kind())
	require.NoError(t, err)
	row, err := r.Next()
	require.NoError(t, err)
	require.EqualError(t, row.Err, "line 2: column 4 (destination): must be one of postal_order, sbp")
}

func TestFieldsOfAnotherKind(t *testing.T) {
	t.Parallel()
	head := "reference,amount,currency,destination,card.number,sbp.phone,wallet.id\n"
	row := one(t, head+"p-1,1.00,RUB,card,4111111111111111,+79261214249,w\n")
	require.EqualError(t, row.Err, "line 2: column 6 (sbp.phone): must be empty: the destination is card; "+
		"column 7 (wallet.id): must be empty: the destination is card")
	row = one(t, head+"p-1,1.00,RUB,hosted_page,4111111111111111,,\n")
	require.EqualError(t, row.Err, "line 2: column 5 (card.number): must be empty: the destination is hosted_page")
	require.NoError(t, one(t, head+"p-1,1.00,RUB,hosted_page,,,\n").Err)
}

func TestRulesOfAKind(t *testing.T) {
	t.Parallel()
	row := one(t, "reference,amount,currency,destination,sbp.bank_id,sbp.phone,recipient.email\np-1,1.00,RUB,sbp,999,+79261214249,nobody\n")
	require.EqualError(t, row.Err, "line 2: column sbp.last_name: is required; column sbp.first_name: is required; "+
		"column 5 (sbp.bank_id): must be 12 digits that begin with 1; column 7 (recipient.email): must be one e-mail address")
}
