package all2pay_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/adapters/all2pay"
	"github.com/payoutkit/payout/adapters/internal/adaptertest"
	"github.com/payoutkit/payout/sandbox"
)

const (
	savedCard = "83309cde-a56d-7409-88dd-c02e00ab3428" // all2pay:486
	owner     = "12345abc-d67e-8901-23fg-h45i67jk8901" // all2pay:451, longer than the 30 of its table (#22)
	source    = "6e8eb975-e1ba-7072-9f7a-5b7848ca5a88" // all2pay:807
)

var (
	toCard = payout.Card{Number: payout.NewSecret("4111111111111111")}
	bySBP  = payout.SBP{
		Phone: payout.NewSecret("+7 (926) 121-42-49"), BankID: "100000000111",
		LastName: payout.NewSecret("Ёлкин-О’Нил"), FirstName: payout.NewSecret("Пётр"), MiddleName: payout.NewSecret("Ильич"),
	}
	toSavedCard = payout.SavedCard{ID: savedCard}
)

func request(to payout.Destination) payout.Request {
	return payout.Request{
		Reference: "p-1", Amount: payout.FromMinor(150_000, payout.RUB), Destination: to,
		Recipient: payout.Recipient{Name: payout.NewSecret("Пётр Ёлкин"), ID: owner},
	}
}

// Each destination: what arrives byte for byte (#1 userName, #2 target.pan), what the
// simulated bank does, and what we say about it.
func TestPay(t *testing.T) {
	const (
		head   = `{"amount":150000,"currency":"643",`
		person = `,"client":{"name":"Пётр Ёлкин","clientId":"` + owner + `"},"orderNumber":"p-1",`
		login  = `"userName":"payout_api_username","password":"payout_api_password"}`
		pan    = `"target":{"pan":"4111111111111111"}`
	)
	for name, tt := range map[string]struct {
		to     payout.Destination
		change func(*payout.Request)
		body   string
		shown  string
		from   string
		ledger string
	}{
		"card": {to: toCard, body: head + pan + person + login, shown: "card ******1111", ledger: "411111XXXXXX1111"},
		"saved card": {
			to: toSavedCard, body: head + `"target":{"bindingId":"` + savedCard + `"}` + person + login,
			shown: "card ******1111", ledger: "411111XXXXXX1111",
		},
		"SBP": {
			to: bySBP, body: head + `"target":{"phone":"79261214249","bankId":"100000000111","lastName":"Ёлкин-О’Нил","firstName":"Пётр",` +
				`"middleName":"Ильич"}` + person + login,
			shown: "sbp ******49", ledger: "XXXXXXX4249",
		},
		"SBP without a middle name": {
			to: payout.SBP{Phone: bySBP.Phone, BankID: bySBP.BankID, LastName: bySBP.LastName, FirstName: bySBP.FirstName},
			body: head + `"target":{"phone":"79261214249","bankId":"100000000111","lastName":"Ёлкин-О’Нил","firstName":"Пётр"}` +
				person + login,
			shown: "sbp ******49", ledger: "XXXXXXX4249",
		},
		"#35 from a source card": {
			to: toCard, change: func(r *payout.Request) { r.Source.SavedCard = source },
			body:  head + `"source":{"bindingId":"` + source + `"},` + pan + person + login,
			shown: "card ******1111", ledger: "411111XXXXXX1111", from: source,
		},
		"everything": {
			to: toCard,
			change: func(r *payout.Request) {
				r.Recipient.Email, r.Recipient.Phone = payout.NewSecret("payee@mail.com"), payout.NewSecret("8 999 123 45 67")
				r.Description, r.Language = `Bonus <"№ 1"> & more`, "en"
				r.Metadata = map[string]string{"paramname2": "paramvalue2", "paramname1": "paramvalue1"}
				r.ReturnURL, r.FailURL, r.CallbackURL = "https://a.example/", "https://b.example/", "https://c.example/"
			},
			body: head + pan + `,"client":{"name":"Пётр Ёлкин","clientId":"` + owner + `","email":"payee@mail.com","phone":"9991234567"},` +
				`"orderNumber":"p-1","description":"Bonus <\"№ 1\"> & more","language":"en",` +
				`"jsonParams":{"paramname1":"paramvalue1","paramname2":"paramvalue2"},` + login,
			shown: "card ******1111", ledger: "411111XXXXXX1111",
		},
	} {
		t.Run(name, func(t *testing.T) {
			req := request(tt.to)
			if tt.change != nil {
				tt.change(&req)
			}
			capture, client := captured(t, all2pay.Config{})
			sent := capture.By(t, func() { _, _ = client.Create(t.Context(), req) })
			require.Equal(t, "POST /payouts/api/v2/performPayout.do", sent.Method+" "+sent.Target)
			require.Equal(t, tt.body, sent.Body)
			sent.RequireHeader(t, adaptertest.ModuleHeader)

			server, client := inSandbox(t, sandbox.ModuleConfig{Fee: payout.FromMinor(200, payout.RUB)})
			p, err := client.Create(t.Context(), req)
			require.NoError(t, err)
			requirePaid(t, server, p, req, tt.shown)
			entry := server.Ledger().Entries()[0]
			require.Equal(t, tt.ledger, entry.Destination)
			require.Equal(t, tt.from, entry.Account)

			p, err = client.Find(t.Context(), p.Ref())
			require.NoError(t, err)
			requirePaid(t, server, p, req, tt.shown)
			require.NotEmpty(t, p.ProviderID)
			require.NotZero(t, p.CreatedAt)
			require.Equal(t, []string{"P2P_VERIFY", "P2P_CREDIT"}, []string{p.Operations[0].Type, p.Operations[1].Type})
			require.Empty(t, server.Refusals())
		})
	}
}

func requirePaid(t *testing.T, server *sandbox.Module, p payout.Payout, req payout.Request, shown string) {
	t.Helper()
	require.Equal(t, payout.StatusPaid, p.Status)
	require.Equal(t, 1, server.Ledger().Times("p-1"))
	require.Len(t, server.Ledger().Entries(), 1)
	require.Equal(t, req.Amount, server.Ledger().Entries()[0].Money)
	require.Equal(t, "p-1", p.Reference)
	require.Equal(t, req.Amount, p.Amount)
	require.Equal(t, payout.FromMinor(200, payout.RUB), p.Fee)
	require.Equal(t, shown, p.Destination)
	require.Equal(t, "all2pay", p.Provider)
	require.Equal(t, server.URL()[len("https://"):]+"/payout_api_username", p.Account)
	require.Len(t, p.Metadata, len(req.Metadata))
	last := p.Operations[len(p.Operations)-1]
	require.Equal(t, "P2P_CREDIT", last.Type)
	require.True(t, last.OK)
	require.Equal(t, req.Amount, last.Amount)
	require.NotEmpty(t, last.RRN)
	require.NotZero(t, last.At)
}

// A source card from the configuration is the account's; one of the request is that
// request's.
func TestSourceCard(t *testing.T) {
	capture, client := captured(t, all2pay.Config{SourceBindingID: "mine"})
	body := func(req payout.Request) string {
		return capture.By(t, func() { _, _ = client.Create(t.Context(), req) }).Body
	}
	req := request(toCard)
	require.Contains(t, body(req), `"source":{"bindingId":"mine"},`)
	req.Source.SavedCard = source
	require.Contains(t, body(req), `"source":{"bindingId":"`+source+`"},`)
	require.Equal(t, capture.URL()[len("https://"):]+"/payout_api_username/mine", client.Info().Account)
}

// The child merchant of the configuration is the account's; one of the request is that
// request's. A question names none.
func TestChildMerchant(t *testing.T) {
	capture, client := captured(t, all2pay.Config{MerchantLogin: "child"})
	hosted := request(payout.HostedPage{})
	hosted.ReturnURL = "https://platform.example/done"
	for _, req := range []payout.Request{request(toCard), hosted} {
		create := func() { _, _ = client.Create(t.Context(), req) }
		require.Contains(t, capture.By(t, create).Body, `"merchantLogin":"child",`)
		req.Options = []payout.Option{all2pay.Order{MerchantLogin: "another"}}
		require.Contains(t, capture.By(t, create).Body, `"merchantLogin":"another",`)
	}
	asked := capture.By(t, func() { _, _ = client.Find(t.Context(), hosted.Ref()) })
	require.NotContains(t, asked.Body, "merchantLogin")

	capture, client = captured(t, all2pay.Config{})
	require.NotContains(t, capture.By(t, func() { _, _ = client.Create(t.Context(), hosted) }).Body, "merchantLogin")
}

// Find asks by the reference alone, whatever else is known (#30); Ping needs no
// credentials and reads text (#47).
func TestFindAndPing(t *testing.T) {
	capture, client := captured(t, all2pay.Config{})
	ref := request(toCard).Ref()
	ref.ProviderID = "0c3a16da-2835-7c75-b867-191207508f12"
	sent := capture.By(t, func() { _, _ = client.Find(t.Context(), ref) })
	require.Equal(t, "POST /payouts/api/v2/getPayoutStatus.do", sent.Method+" "+sent.Target)
	require.Equal(t, `{"orderNumber":"p-1","userName":"payout_api_username","password":"payout_api_password"}`, sent.Body)
	sent.RequireHeader(t, adaptertest.ModuleHeader)

	sent = capture.By(t, func() { require.ErrorIs(t, client.Ping(t.Context()), payout.ErrOutcomeUnknown) })
	require.Equal(t, "GET /payouts/api/v2/echo", sent.Method+" "+sent.Target)
	require.Empty(t, sent.Body)
	for body, up := range map[string]bool{
		"Payout v2.3 is online in channel Payout_APIserver - svip01[instance:svipUAT]\n": true,
		"\r\nPayout v3 is online":          true,
		"<html>Payout v2.3 is down</html>": false,
		"":                                 false,
	} {
		capture.Say(200, body)
		require.Equal(t, up, client.Ping(t.Context()) == nil, body)
	}
	capture.Say(502, "Payout v2.3 is online")
	require.Error(t, client.Ping(t.Context()))
	_, client = inSandbox(t, sandbox.ModuleConfig{})
	require.NoError(t, client.Ping(t.Context()))
}
