package bereke_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/adapters/bereke"
	"github.com/payoutkit/payout/adapters/internal/adaptertest"
	"github.com/payoutkit/payout/sandbox"
)

const (
	corporate = "4908a3c3-6c7c-75d3-9707-66ab06c12040" // bereke:174
	other     = "5908a3c3-6c7c-75d3-9707-66ab06c12041"
	savedCard = "83309cde-a56d-7409-88dd-c02e00ab3428" // bereke:403
	owner     = "12345abc-d67e-8901-23fg-h45i67jk8901" // bereke:361, longer than the 30 of its table (#22)
)

func request() payout.Request {
	return payout.Request{
		Reference: "p-1", Amount: payout.FromMinor(150_000, payout.KZT),
		Destination: payout.Card{Number: payout.NewSecret("4111111111111111")},
		Recipient:   payout.Recipient{Name: payout.NewSecret("IVAN PETROV")},
	}
}

// Each source and destination: what arrives byte for byte (#1 userName, #2
// target.pan), from where the simulated bank pays, and what we say about it.
func TestPay(t *testing.T) {
	const (
		head  = `{"amount":150000,"currency":"398",`
		tail  = `,"client":{"name":"IVAN PETROV"},"orderNumber":"p-1","userName":"payout_api_username","password":"payout_api_password"}`
		pan   = `"target":{"pan":"4111111111111111"}`
		saved = `"target":{"bindingId":"` + savedCard + `"},"client":{"name":"IVAN PETROV","clientId":"` + owner + `"},"orderNumber":"p-1",` +
			`"userName":"payout_api_username","password":"payout_api_password"}`
		full = `,"client":{"name":"IVAN PETROV","clientId":"` + owner + `","email":"payee@mail.com","phone":"7011234567"},"orderNumber":"p-1",` +
			`"description":"Выплата","language":"kk","jsonParams":{"paramname1":"paramvalue1","paramname2":"paramvalue2"},` +
			`"userName":"payout_api_username","password":"payout_api_password"}`
		from = `"source":{"bindingId":"`
	)
	for name, tt := range map[string]struct {
		config  bereke.Config
		change  func(*payout.Request)
		body    string
		account string // in the bank's ledger
	}{
		"#35 from the transit account": {body: head + pan + tail},
		"from the configured corporate card": {
			config: bereke.Config{SourceBindingID: corporate}, body: head + from + corporate + `"},` + pan + tail, account: corporate,
		},
		"from the request's corporate card": {
			change: func(r *payout.Request) { r.Source.SavedCard = other }, body: head + from + other + `"},` + pan + tail, account: other,
		},
		"from the request's instead of the configured one": {
			config: bereke.Config{SourceBindingID: corporate}, change: func(r *payout.Request) { r.Source.SavedCard = other },
			body: head + from + other + `"},` + pan + tail, account: other,
		},
		"to a saved card": {
			change: func(r *payout.Request) { r.Destination, r.Recipient.ID = payout.SavedCard{ID: savedCard}, owner },
			body:   head + saved,
		},
		"everything": {
			change: func(r *payout.Request) {
				r.Recipient.ID, r.Recipient.Email = owner, payout.NewSecret("payee@mail.com")
				r.Recipient.Phone, r.Description, r.Language = payout.NewSecret("+7 701 123 45 67"), "Выплата", "kk"
				r.Metadata = map[string]string{"paramname2": "paramvalue2", "paramname1": "paramvalue1"}
			},
			body: head + pan + full,
		},
	} {
		t.Run(name, func(t *testing.T) {
			req := request()
			if tt.change != nil {
				tt.change(&req)
			}
			capture, client := captured(t, tt.config)
			sent := capture.By(t, func() { _, _ = client.Create(t.Context(), req) })
			require.Equal(t, "POST /payouts/api/v2/performPayout.do", sent.Method+" "+sent.Target)
			require.Equal(t, tt.body, sent.Body)
			sent.RequireHeader(t, adaptertest.ModuleHeader)

			much := payout.FromMinor(1_000_000, payout.KZT)
			server, client := inSandbox(t, sandbox.ModuleConfig{Sources: map[string]payout.Money{corporate: much, other: much}}, tt.config)
			p, err := client.Create(t.Context(), req)
			require.NoError(t, err)
			requirePaid(t, server, p, req)
			require.Equal(t, tt.account, server.Ledger().Entries()[0].Account)
			p, err = client.Find(t.Context(), p.Ref())
			require.NoError(t, err)
			requirePaid(t, server, p, req)
			require.Empty(t, server.Refusals())
		})
	}
}

func requirePaid(t *testing.T, server *sandbox.Module, p payout.Payout, req payout.Request) {
	t.Helper()
	require.Equal(t, payout.StatusPaid, p.Status)
	require.Equal(t, 1, server.Ledger().Times("p-1"))
	require.Len(t, server.Ledger().Entries(), 1)
	require.Equal(t, req.Amount, server.Ledger().Entries()[0].Money)
	require.Equal(t, "411111XXXXXX1111", server.Ledger().Entries()[0].Destination)
	require.Equal(t, "p-1", p.Reference)
	require.Equal(t, req.Amount, p.Amount)
	require.Equal(t, "card ******1111", p.Destination)
	require.Equal(t, "bereke", p.Provider)
	require.Len(t, p.Metadata, len(req.Metadata))
	require.Len(t, p.Operations, 1)
	require.True(t, p.Operations[0].OK)
	require.NotZero(t, p.Operations[0].At) // #9: in the two answers under two names
}

// The transit account and a corporate card are two accounts.
func TestAccount(t *testing.T) {
	capture, client := captured(t, bereke.Config{})
	host := capture.URL()[len("https://"):]
	require.Equal(t, host+"/payout_api_username", client.Info().Account)
	_, client = captured(t, bereke.Config{SourceBindingID: corporate, Name: "bereke-corporate"})
	require.Contains(t, client.Info().Account, "/payout_api_username/"+corporate)
	require.Equal(t, "bereke-corporate", client.Name())
}

// Bereke's table has no codes under HTTP 200 (#44 is all2pay's): a payout without
// funds is asked about, and shows in its status.
func TestInsufficientFunds(t *testing.T) {
	server, client := inSandbox(t, sandbox.ModuleConfig{Balance: payout.FromMinor(100, payout.KZT)}, bereke.Config{})
	_, err := client.Create(t.Context(), request())
	require.ErrorIs(t, err, payout.ErrOutcomeUnknown)
	p, err := client.Find(t.Context(), request().Ref())
	require.NoError(t, err)
	require.Equal(t, payout.StatusFailed, p.Status)
	require.Equal(t, payout.ReasonDeclined, p.Failure.Reason)
	require.Empty(t, server.Ledger().Entries())
}

// Find asks by the reference alone, whatever else is known (#30); Ping reads text
// (#47).
func TestFindAndPing(t *testing.T) {
	capture, client := captured(t, bereke.Config{SourceBindingID: corporate})
	ref := request().Ref()
	ref.ProviderID = "0c3a16da-2835-7c75-b867-191207508f12"
	sent := capture.By(t, func() { _, _ = client.Find(t.Context(), ref) })
	require.Equal(t, "POST /payouts/api/v2/getPayoutStatus.do", sent.Method+" "+sent.Target)
	require.Equal(t, `{"orderNumber":"p-1","userName":"payout_api_username","password":"payout_api_password"}`, sent.Body)
	sent.RequireHeader(t, adaptertest.ModuleHeader)
	_, client = inSandbox(t, sandbox.ModuleConfig{}, bereke.Config{})
	require.NoError(t, client.Ping(t.Context()))
}

// A configuration that can't work is refused.
func TestConfig(t *testing.T) {
	_, err := bereke.New(bereke.Config{BaseURL: bereke.Test})
	require.ErrorIs(t, err, payout.ErrInvalid)
	require.ErrorContains(t, err, "user_name: is required (userName) (bereke:278); password: is required (password) (bereke:279)")
	for _, address := range []string{bereke.Test, bereke.Production} {
		_, err = bereke.New(bereke.Config{BaseURL: address, UserName: "u", Password: payout.NewSecret("p")})
		require.NoError(t, err)
	}
}
