package connpay_test

import (
	"crypto/sha1"
	"encoding/hex"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/adapters/connpay"
)

// A configuration that can't work is refused, with everything that is wrong with it.
func TestConfig(t *testing.T) {
	const birthdays = "birthdays: must be a layout of a whole date that gives digits only (connpay:132)"
	good := connpay.Config{BaseURL: connpay.Sandbox, Login: "m", PrivateKey: pkcs1(merchantKey()), Endpoint: endpoint}
	for name, tt := range map[string]struct {
		change func(*connpay.Config)
		want   []string // how each violation begins
	}{
		"no login":          {func(c *connpay.Config) { c.Login = "" }, []string{"login: is required"}},
		"no endpoint":       {func(c *connpay.Config) { c.Endpoint.ID = "" }, []string{"endpoint.id: must be digits (connpay:8-11)"}},
		"endpoint in words": {func(c *connpay.Config) { c.Endpoint.ID = "39915/../1" }, []string{"endpoint.id: must be digits (connpay:8-11)"}},
		"no currency":       {func(c *connpay.Config) { c.Endpoint.Currencies = nil }, []string{"endpoint.currencies: must name at least one (connpay:24)"}},
		"gold": {
			func(c *connpay.Config) { c.Endpoint.Currencies = []payout.Currency{payout.XAU} },
			[]string{"endpoint.currencies: must be currencies that can hold money (connpay:24)"},
		},
		"group, no control": {func(c *connpay.Config) { c.Endpoint = group }, []string{"control: is required for a group"}},
		"v2, no control":    {func(c *connpay.Config) { c.StatusV2 = true }, []string{"control: is required for status_v2"}},
		"balance, no control": {
			func(c *connpay.Config) { c.Balance.Of = connpay.BalanceOfEndpoint },
			[]string{"control: is required for balance"},
		},
		"balance of a group": {
			func(c *connpay.Config) {
				c.Endpoint, c.Control, c.Balance.Of = group, s("k"), connpay.BalanceOfEndpoint
			},
			[]string{"balance.of: must be that of the merchant"},
		},
		"balance of nobody": {
			func(c *connpay.Config) { c.Control, c.Balance.Of = s("k"), 9 },
			[]string{"balance.of: must be one of the package's constants"},
		},
		"two names in one": {
			func(c *connpay.Config) { c.Callback.OrderID = "status" },
			[]string{"callback: must not give two parameters one name"},
		},
		"birthdays in words":       {func(c *connpay.Config) { c.Birthdays = "2 Jan 2006" }, []string{birthdays}},
		"birthdays with dots":      {func(c *connpay.Config) { c.Birthdays = "02.01.2006" }, []string{birthdays}},
		"birthdays without days":   {func(c *connpay.Config) { c.Birthdays = "200601" }, []string{birthdays}},
		"birthdays of two numbers": {func(c *connpay.Config) { c.Birthdays = "060102" }, []string{birthdays}},
		"birthdays of one number":  {func(c *connpay.Config) { c.Birthdays = "200612" }, []string{birthdays}},
		"a parameter of nobody's": {
			func(c *connpay.Config) {
				c.Endpoint.Required = []string{"bank_name", "bank_nome", "recipient.city", "first_name"}
			},
			[]string{
				"endpoint.required.1: must be the name of a parameter of the document (connpay:18-183)",
				"endpoint.required.2: ", "endpoint.required.3: ",
			},
		},
		"one address and two": {
			func(c *connpay.Config) { c.Endpoint.Required = []string{"redirect_url", "redirect_fail_url"} },
			[]string{"endpoint.required: must not hold redirect_url and the pair that stands in its place (connpay:44)"},
		},
		"an account and a card": {
			func(c *connpay.Config) { c.Endpoint.Required = []string{"bank_name", "expire_year"} },
			[]string{"endpoint.required: must not hold parameters of different kinds of destination (connpay:184)"},
		},
		"a token in two ways": {
			func(c *connpay.Config) {
				c.Endpoint.Required = []string{"card_recurring_payment_id", "recurring-payment-id"}
			},
			[]string{"endpoint.required: must not hold parameters of different kinds of destination (connpay:184)"},
		},
		"a card without its place": {
			func(c *connpay.Config) {
				c.Endpoint.Required = []string{"account_number"}
				c.Endpoint.Destinations = []payout.Kind{payout.BankAccount{}.Kind(), payout.Card{}.Kind()}
			},
			[]string{"endpoint.destinations: card has no place for account_number, which is required (connpay:184)"},
		},
		"a rail that it has not": {
			func(c *connpay.Config) { c.Endpoint.Destinations = []payout.Kind{payout.SBP{}.Kind()} },
			[]string{"endpoint.destinations: must be among bank_account, card, saved_card, wallet and crypto_wallet (connpay:61-117)"},
		},
		"a key of 4104 bits": {
			func(c *connpay.Config) { c.PrivateKey = key(t, "rsa4104_pkcs8.pem") },
			[]string{"private_key: the RSA key has more than 4096 bits (connpay:283)"},
		},
		"no key":            {func(c *connpay.Config) { c.PrivateKey = payout.Secret{} }, []string{"private_key: "}},
		"no key to decrypt": {func(c *connpay.Config) { c.PrivateKeyPassword = payout.NewSecret("x") }, []string{"private_key: "}},
		"no address":        {func(c *connpay.Config) { c.BaseURL = "" }, []string{"base_url: "}},
		"nothing":           {func(c *connpay.Config) { *c = connpay.Config{} }, []string{"login: ", "endpoint.id: ", "endpoint.currencies: ", "private_key: "}},
	} {
		c := good
		tt.change(&c)
		p, err := connpay.New(c)
		require.Nil(t, p, name)
		require.ErrorIs(t, err, payout.ErrInvalid, name)
		var e *payout.Error
		require.ErrorAs(t, err, &e, name)
		require.Len(t, e.Violations, len(tt.want), name)
		for i, want := range tt.want {
			require.True(t, strings.HasPrefix(e.Violations[i].String(), want), "%s: %s", name, e.Violations[i])
		}
	}
	for _, address := range []string{connpay.Sandbox, connpay.Production} {
		good.BaseURL = address
		p, err := connpay.New(good)
		require.NoError(t, err)
		require.Equal(t, strings.Split(address, "/")[2]+"/m/endpoint/39915", p.Info().Account)
	}
}

// The platform's advice on when to ask: every 3 to 5 s for 5 minutes, every 5 to 10
// minutes up to an hour.
func TestPolling(t *testing.T) {
	polling := open(t, connpay.Config{BaseURL: connpay.Sandbox}).Info().Polling
	for elapsed, want := range map[time.Duration][2]time.Duration{
		0:                {3 * time.Second, 5 * time.Second},
		4 * time.Minute:  {3 * time.Second, 5 * time.Second},
		6 * time.Minute:  {5 * time.Minute, 10 * time.Minute},
		59 * time.Minute: {5 * time.Minute, 10 * time.Minute},
		61 * time.Minute: {10 * time.Minute, 24 * time.Hour}, // "then wait for the callback": seldom, and not never
	} {
		next := polling.Next(elapsed)
		require.GreaterOrEqual(t, next, want[0], elapsed)
		require.LessOrEqual(t, next, want[1], elapsed)
	}
}

// What an instance can do follows from what it is given.
func TestAbilities(t *testing.T) {
	control := s("k")
	both := []payout.Ability{payout.AbilityBalances, payout.AbilityCallback}
	for name, tt := range map[string]struct {
		c   connpay.Config
		off []payout.Ability
	}{
		"nothing more":        {connpay.Config{}, both},
		"a control":           {connpay.Config{Control: control}, both[:1]},
		"a control, balances": {connpay.Config{Control: control, Balance: connpay.Balance{Of: connpay.BalanceOfMerchant}}, nil},
	} {
		tt.c.BaseURL, tt.c.Login, tt.c.PrivateKey, tt.c.Endpoint = connpay.Sandbox, "m", pkcs1(merchantKey()), endpoint
		p, err := connpay.New(tt.c)
		require.NoError(t, err, name)
		require.Equal(t, tt.off, p.Info().Off, name)
		client := payout.NewClient(p)
		for _, a := range both {
			require.Equal(t, !slices.Contains(tt.off, a), client.Supports(a), name)
		}
		if len(tt.off) < 2 {
			continue
		}
		// Nor does the adapter by itself do what is off: a control without a key is one
		// that anybody can make.
		sum := sha1.Sum([]byte("approved" + "6982864" + "p-1"))
		_, err = p.ReadCallback(httptest.NewRequest(http.MethodGet,
			"/?status=approved&orderid=6982864&client_orderid=p-1&control="+hex.EncodeToString(sum[:]), http.NoBody))
		require.ErrorIs(t, err, payout.ErrUnsupported)
		_, err = p.Balances(t.Context(), payout.Source{})
		require.ErrorIs(t, err, payout.ErrUnsupported)
	}
}

// A configuration is read once: what is done with its slices afterwards changes
// nothing.
func TestConfigIsKept(t *testing.T) {
	c := connpay.Config{BaseURL: connpay.Sandbox, Login: "m", PrivateKey: pkcs1(merchantKey()), Endpoint: connpay.Endpoint{
		ID: "1", Currencies: []payout.Currency{payout.USD}, Required: []string{"bank_name"}, Destinations: []payout.Kind{payout.BankAccount{}.Kind()},
	}}
	p, err := connpay.New(c)
	require.NoError(t, err)
	c.Endpoint.Currencies[0], c.Endpoint.Required[0], c.Endpoint.Destinations[0] = payout.EUR, "purpose", payout.Card{}.Kind()
	require.True(t, p.Info().Destinations[0].Is(payout.BankAccount{}.Kind()))
	_, err = p.Form(request("p-1", "1234567890"))
	require.ErrorContains(t, err, "destination.bank_name: is required by this endpoint (bank_name)")
}
