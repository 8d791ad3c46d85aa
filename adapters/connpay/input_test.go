package connpay_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/adapters/connpay"
)

// The document's lengths and types (connpay:18-183): at the limit a request goes out,
// one character beyond it nothing is sent, and the error names our field, the
// document's, the rule and the line.
func TestLengths(t *testing.T) {
	s := payout.NewSecret
	type set = func(*payout.Request, *payout.BankAccount, string)
	tests := []struct {
		field, parameter, line string
		max                    int
		set                    set
	}{
		{"description", "order_desc", "30", 64, func(r *payout.Request, _ *payout.BankAccount, v string) { r.Description = v }},
		{"destination.number", "account_number", "78", 32, func(_ *payout.Request, a *payout.BankAccount, v string) { a.Number = s(v) }},
		{"destination.name", "account_name", "81", 128, func(_ *payout.Request, a *payout.BankAccount, v string) { a.Name = s(v) }},
		{"destination.bank_name", "bank_name", "93", 255, func(_ *payout.Request, a *payout.BankAccount, v string) { a.BankName = v }},
		{"destination.bank_branch", "bank_branch", "96", 255, func(_ *payout.Request, a *payout.BankAccount, v string) { a.BankBranch = v }},
		{"destination.bank_code", "bank_code", "99", 32, func(_ *payout.Request, a *payout.BankAccount, v string) { a.BankCode = v }},
		{"destination.bank_city", "bank_city", "102", 128, func(_ *payout.Request, a *payout.BankAccount, v string) { a.BankCity = v }},
		{"destination.bank_address", "bank_address1", "105", 255, func(_ *payout.Request, a *payout.BankAccount, v string) { a.BankAddress = v }},
		{"destination.bank_zip", "bank_zip_code", "108", 255, func(_ *payout.Request, a *payout.BankAccount, v string) { a.BankZIP = v }},
		{"destination.bank_province", "bank_province", "111", 255, func(_ *payout.Request, a *payout.BankAccount, v string) { a.BankProvince = v }},
		{"destination.bank_area", "bank_area", "114", 255, func(_ *payout.Request, a *payout.BankAccount, v string) { a.BankArea = v }},
		{"destination.routing_number", "routing_number", "117", 16, func(_ *payout.Request, a *payout.BankAccount, v string) { a.RoutingNumber = v }},
		{"destination.bic", "bank_bic", "165", 128, func(_ *payout.Request, a *payout.BankAccount, v string) { a.BIC = v }},
		{"recipient.first_name", "receiver_first_name", "126", 128, func(r *payout.Request, _ *payout.BankAccount, v string) { r.Recipient.FirstName = s(v) }},
		{"recipient.last_name", "receiver_last_name", "129", 128, func(r *payout.Request, _ *payout.BankAccount, v string) { r.Recipient.LastName = s(v) }},
		{"recipient.state", "receiver_state", "138", 4, func(r *payout.Request, _ *payout.BankAccount, v string) { r.Recipient.Address.State = v }},
		{"recipient.city", "receiver_city", "141", 128, func(r *payout.Request, _ *payout.BankAccount, v string) { r.Recipient.Address.City = s(v) }},
		{"recipient.zip", "receiver_zip_code", "144", 32, func(r *payout.Request, _ *payout.BankAccount, v string) { r.Recipient.Address.ZIP = s(v) }},
		{"recipient.street", "receiver_address1", "147", 256, func(r *payout.Request, _ *payout.BankAccount, v string) { r.Recipient.Address.Street = s(v) }},
	}
	capture, client := captured(t, connpay.Config{})
	create := func(set set, text string) error {
		req := sample()
		to := req.Destination.(payout.BankAccount)
		set(&req, &to, text)
		req.Destination = to
		_, err := client.Create(t.Context(), req)
		return err
	}
	for _, tt := range tests {
		at := strings.Repeat("1", tt.max)
		sent := capture.By(t, func() { _ = create(tt.set, at) })
		require.Contains(t, "&"+sent.Body+"&", "&"+tt.parameter+"="+at+"&")
		before := len(capture.Sent())
		err := create(tt.set, at+"1")
		require.ErrorIs(t, err, payout.ErrInvalid, tt.field)
		require.ErrorContains(t, err, tt.field+": must be at most ", tt.field)
		if tt.max < 255 && tt.field != "description" { // there the Client's own check comes first
			require.ErrorContains(t, err, "("+tt.parameter+") (connpay:"+tt.line+")")
		}
		require.Len(t, capture.Sent(), before, tt.field)
	}
	// A length is in characters, not in bytes.
	capture.By(t, func() { _ = create(tests[0].set, strings.Repeat("ж", 64)) })
}

// The other rules. Nothing is sent for what breaks one.
func TestRules(t *testing.T) {
	s := payout.NewSecret
	long := "https://a.example/" + strings.Repeat("a", 1100)
	for name, tt := range map[string]struct {
		change func(*payout.Request)
		want   string
	}{
		"phone with a plus": {
			func(r *payout.Request) { r.Recipient.Phone = s("+421901123456") },
			"recipient.phone: must be digits only (receiver_phone) (connpay:150)",
		},
		"postcode with letters": {
			func(r *payout.Request) { r.Recipient.Address.ZIP = s("SW1A 1AA") },
			"recipient.zip: must be digits only (receiver_zip_code) (connpay:144)",
		},
		"other digits": {
			func(r *payout.Request) { r.Recipient.Phone = s("٤٢١") },
			"recipient.phone: must be digits only (receiver_phone) (connpay:150)",
		},
		"address of 129 letters": {
			func(r *payout.Request) { r.Recipient.Email = s("a@" + strings.Repeat("b", 127)) },
			"recipient.email: must be at most 128 characters (receiver_email) (connpay:153)",
		},
		"fail address alone": {
			func(r *payout.Request) { r.FailURL = "https://b.example/" },
			"fail_url: needs return_url beside it (connpay:44)",
		},
		"callback of 129 letters": {
			func(r *payout.Request) { r.CallbackURL = long[:129] },
			"callback_url: must be at most 128 characters (server_callback_url) (connpay:38)",
		},
		"return of 129 letters": {
			func(r *payout.Request) { r.ReturnURL = long[:129] },
			"return_url: must be at most 128 characters (redirect_url) (connpay:46)",
		},
		"success of 1025 letters": {
			func(r *payout.Request) { r.ReturnURL, r.FailURL = long[:1025], "https://b.example/" },
			"return_url: must be at most 1024 characters (redirect_success_url) (connpay:53)",
		},
		"fail of 1025 letters": {
			func(r *payout.Request) { r.ReturnURL, r.FailURL = "https://b.example/", long[:1025] },
			"fail_url: must be at most 1024 characters (redirect_fail_url) (connpay:60)",
		},
		"address without TLS": {
			func(r *payout.Request) { r.ReturnURL = "http://a.example/" },
			"return_url: must be an absolute https address",
		},
		"reference of 129 letters": {
			func(r *payout.Request) { r.Reference = strings.Repeat("a", 129) },
			"reference: must be at most 128 characters (connpay:18-20)",
		},
		"reference with a slash": {
			func(r *payout.Request) { r.Reference = "a/b" },
			"reference: has a character at position 2 that is not allowed; allowed are ASCII letters, digits - _ . (connpay:18-20)",
		},
		"another currency": {
			func(r *payout.Request) { r.Amount = payout.FromMinor(100, payout.RUB) },
			"amount: currency must be one of USD",
		},
		"a card": {
			func(r *payout.Request) { r.Destination = payout.Card{Number: s("4111111111111111")} },
			"destination: must be one of bank_account",
		},
		"a source card": {
			func(r *payout.Request) { r.Source.SavedCard = "1" },
			"source.saved_card: must be empty: this provider pays from its own account only",
		},
		"country of three letters": {
			func(r *payout.Request) { r.Recipient.Address.Country = "USA" },
			"recipient.country: must be a country's two letters (ISO 3166-1), in capitals",
		},
	} {
		capture, client := captured(t, connpay.Config{})
		req := sample()
		tt.change(&req)
		_, err := client.Create(t.Context(), req)
		var e *payout.Error
		require.ErrorAs(t, err, &e, name)
		require.Contains(t, []payout.ErrorKind{payout.ErrInvalid, payout.ErrUnsupported}, e.Kind, name)
		require.Len(t, e.Violations, 1, name)
		require.Equal(t, tt.want, e.Violations[0].String(), name)
		require.Empty(t, capture.Sent(), name)
	}
	// The adapter alone knows what it pays to.
	capture, client := captured(t, connpay.Config{})
	req := sample()
	req.Destination = payout.HostedPage{}
	_, err := client.Provider().Create(t.Context(), req)
	require.ErrorIs(t, err, payout.ErrUnsupported)
	require.Empty(t, capture.Sent())
}

// A configuration that can't work is refused, with everything that is wrong with it.
func TestConfig(t *testing.T) {
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
