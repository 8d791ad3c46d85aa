package connpay_test

import (
	"fmt"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/adapters/connpay"
)

// An endpoint can require each parameter of the document: a request without it is
// refused before anything is sent, one that has it goes out.
func TestRequired(t *testing.T) {
	refused := 0
	for _, r := range rows {
		c := r.config()
		c.Endpoint.Required = []string{r.name}
		capture, client := captured(t, c)
		capture.By(t, func() { _, _ = client.Create(t.Context(), r.request(r.good)) })

		without := r
		without.set = func(*payout.Request, string) {}
		_, err := client.Create(t.Context(), without.request(""))
		if len(capture.Sent()) == 2 {
			continue // what every payout there has
		}
		refused++
		var e *payout.Error
		require.ErrorAs(t, err, &e, r.name)
		require.Equal(t, payout.ErrInvalid, e.Kind, r.name)
		require.Equal(t, []string{fmt.Sprintf("%s: is required by this endpoint (%s) (connpay:%d)", r.field, r.name, r.line)}, texts(e.Violations))
	}
	require.Equal(t, 51-3-7, refused) // reference, amount and currency, and the parameters that name a destination
}

// All that is missing is said at once, in one order.
func TestAllThatIsMissing(t *testing.T) {
	e := endpoint
	e.Required = []string{"receiver_inn", "bank_name", "receiver_birthday", "redirect_fail_url"}
	capture, client := captured(t, connpay.Config{Endpoint: e})
	_, err := client.Create(t.Context(), request("p-1", "1234567890"))
	var refusal *payout.Error
	require.ErrorAs(t, err, &refusal)
	require.Equal(t, []string{
		"destination.bank_name: is required by this endpoint (bank_name) (connpay:93)",
		"fail_url: is required by this endpoint (redirect_fail_url) (connpay:60)",
		"options.connpay_order.receiver_inn: is required by this endpoint (receiver_inn) (connpay:168)",
		"recipient.birth_date: is required by this endpoint (receiver_birthday) (connpay:132)",
	}, texts(refusal.Violations))
	require.Empty(t, capture.Sent())
}

// What an endpoint pays to: all kinds, those that have a place for what it requires,
// or those that it is said to.
func TestDestinations(t *testing.T) {
	kinds := func(d ...payout.Destination) (out []payout.Kind) {
		for _, to := range d {
			out = append(out, to.Kind())
		}
		return out
	}
	for name, tt := range map[string]struct {
		required []string
		said     []payout.Kind
		rpi      bool
		want     []string
	}{
		"nothing said":           {want: []string{"bank_account", "card", "saved_card", "wallet", "crypto_wallet"}},
		"a person's data":        {required: []string{"receiver_inn", "purpose"}, want: []string{"bank_account", "card", "saved_card", "wallet", "crypto_wallet"}},
		"an account's":           {required: []string{"receiver_inn", "routing_number"}, want: []string{"bank_account"}},
		"a card's":               {required: []string{"card_printed_name"}, want: []string{"card"}},
		"a CVV2":                 {required: []string{"cvv2"}, want: []string{"card", "saved_card"}},
		"a token's":              {required: []string{"card_recurring_payment_id"}, want: []string{"saved_card"}},
		"a token's other":        {required: []string{"recurring-payment-id"}, rpi: true, want: []string{"saved_card"}},
		"a wallet's":             {required: []string{"ewallet_type"}, want: []string{"wallet"}},
		"a crypto wallet's":      {required: []string{"crypto_wallet_address"}, want: []string{"crypto_wallet"}},
		"two, as said":           {said: kinds(toCard, toAccount), want: []string{"card", "bank_account"}},
		"none, as said":          {said: []payout.Kind{}, want: []string{"bank_account", "card", "saved_card", "wallet", "crypto_wallet"}},
		"said and required both": {said: kinds(toAccount), required: []string{"bank_bic"}, want: []string{"bank_account"}},
	} {
		e := endpoint
		e.Required, e.Destinations, e.RecurringPaymentID = tt.required, tt.said, tt.rpi
		capture, client := captured(t, connpay.Config{Endpoint: e})
		var got []string
		for _, k := range client.Info().Destinations {
			got = append(got, k.Name())
		}
		require.Equal(t, tt.want, got, name)
		if len(got) == 5 {
			continue
		}
		req := request("p-1", "1234567890")
		req.Destination = payout.HostedPage{}
		_, err := client.Create(t.Context(), req)
		require.ErrorIs(t, err, payout.ErrUnsupported, name)
		_, err = client.Provider().Create(t.Context(), req) // and by itself
		require.ErrorIs(t, err, payout.ErrUnsupported, name)
		require.Empty(t, capture.Sent(), name)
	}
}

// The other names (connpay:125-158), only where they are asked for.
func TestAliases(t *testing.T) {
	others := map[string]string{
		"receiver_first_name": "first_name", "receiver_last_name": "last_name", "receiver_birthday": "birthday",
		"receiver_country_code": "country", "receiver_state": "state", "receiver_city": "city", "receiver_zip_code": "zip_code",
		"receiver_address1": "address1", "receiver_phone": "phone", "receiver_email": "email",
		"receiver_identity_document_id": "identity_document_id", "receiver_identity_document_number": "identity_document_number",
	}
	for _, aliases := range []bool{false, true} {
		for _, r := range rows {
			c := r.config()
			c.Aliases = aliases
			c.Endpoint.Required = []string{r.name} // by the document's name, whichever is sent
			capture, client := captured(t, c)
			sent := capture.By(t, func() { _, _ = client.Create(t.Context(), r.request(r.good)) })
			form, err := url.ParseQuery(sent.Body)
			require.NoError(t, err)
			name := r.name
			if other, has := others[name]; has && aliases {
				require.NotContains(t, form, name)
				name = other
			}
			require.Contains(t, "&"+sent.Body+"&", "&"+name+"="+r.wire+"&")
			for name, other := range others {
				require.False(t, form.Has(name) && form.Has(other), name)
			}
		}
	}
	// A refusal keeps to the document's first name.
	capture, client := captured(t, connpay.Config{Aliases: true})
	req := request("p-1", "1234567890")
	req.Recipient.Address.State = "Texas"
	_, err := client.Create(t.Context(), req)
	require.ErrorContains(t, err, "recipient.state: must be at most 4 characters (receiver_state) (connpay:138)")
	require.Empty(t, capture.Sent())
}

// A birthday is written as the endpoint wants it.
func TestBirthdays(t *testing.T) {
	for layout, want := range map[string]string{"": "19900201", "20060102": "19900201", "02012006": "01021990", "20060102150405": "19900201000000"} {
		capture, client := captured(t, connpay.Config{Birthdays: layout})
		req := request("p-1", "1234567890")
		req.Recipient.BirthDate = s("1990-02-01")
		sent := capture.By(t, func() { _, _ = client.Create(t.Context(), req) })
		require.Contains(t, "&"+sent.Body+"&", "&receiver_birthday="+want+"&", layout)
	}
}
