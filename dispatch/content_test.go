package dispatch_test

import (
	"encoding/hex"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/dispatch"
)

// Fingerprints are compared with those of years ago. These were computed by Python's
// hmac module over the texts, each behind its length as eight bytes.
func TestFingerprintStays(t *testing.T) {
	secret := payout.NewSecret
	person := payout.Recipient{
		ID: "u-1", Name: secret("A BC"), Phone: secret("+15550100"), Address: payout.Address{Country: "DE", Street: secret("A-Weg 1")},
	}
	card := payout.Card{Number: secret("4111111111111111"), Holder: secret("A BC")}
	for sum, req := range map[string]payout.Request{
		"08c14d1a63b5bec604ebfb33e00e2a1de89564b00182f359612de67f75fd5d5e": {Reference: "card", Destination: card},
		"497a4cb7bc82e195db4e1e89a1c34b3b66643d578e6cd35dbe0c7cbee64161d3": {Reference: "page", Destination: payout.HostedPage{}},
		"f2acae857b86b01789f82dc37f6faef5c1bcd4c8ada0b1fe860c2ca8a70db8e0": {Reference: "page-and-person", Destination: payout.HostedPage{}, Recipient: person},
	} {
		d := opened(t, dispatch.Config{Keys: testKeys}, bank("a"))
		req.Amount = payout.MustMoney("10.50 EUR")
		e := d.take(req).Entry
		assert.Equal(t, sum, hex.EncodeToString(e.Fingerprint.Sum[:]), req.Reference)
		if req.Reference == "card" {
			req.Recipient = person
			assert.Equal(t, e, d.take(req).Entry, "a card says who gets the money")
		}
	}
}

// Who opens a hosted page gets the money: for somebody else it is another payout.
func TestSubmitAgainForAnotherRecipient(t *testing.T) {
	free := []string{"country", "state", "city", "zip", "street"} // where the person lives
	base := map[string]string{
		"id": "u-1", "name": "A B C", "first_name": "A", "middle_name": "B", "last_name": "C", "birth_date": "1990-12-31",
		"phone": "+15550100", "email": "a@example.com", "country": "DE", "state": "BE", "city": "Berlin", "zip": "10115", "street": "A-Weg 1",
	}
	others := map[string]string{"birth_date": "1990-12-30", "email": "b@example.com", "country": "FR"}
	kind := payout.Recipient{}.Kind()
	for _, f := range kind.Fields() {
		require.NotEmpty(t, base[f.Name], f.Name)
		for how, other := range map[string]string{"another": others[f.Name], "none": ""} {
			if how == "another" && other == "" {
				other = base[f.Name] + "1"
			}
			t.Run(how+" "+f.Name, func(t *testing.T) {
				d := opened(t, dispatch.Config{}, bank("a"))
				req := order("p-1")
				req.Destination = payout.HostedPage{}
				req.Recipient = kind.Build(func(field string) string { return base[field] }).(payout.Recipient)
				first := d.take(req)
				assert.Equal(t, first, d.take(req))

				req.Recipient = kind.Build(func(field string) string {
					if field == f.Name {
						return other
					}
					return base[field]
				}).(payout.Recipient)
				_, err := d.Submit(t.Context(), req)
				if slices.Contains(free, f.Name) {
					require.NoError(t, err)
				} else {
					require.ErrorIs(t, err, payout.ErrConflict)
				}
				assert.Equal(t, first.Entry, d.load("p-1"))
			})
		}
	}
}
