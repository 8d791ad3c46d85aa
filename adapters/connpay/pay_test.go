package connpay_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/adapters/connpay"
	"github.com/payoutkit/payout/sandbox"
	"github.com/payoutkit/payout/sandbox/bank"
)

// formHeader is that of the sample (connpay:207-209).
var formHeader = map[string]string{"Content-Type": "application/x-www-form-urlencoded", "Authorization": "*"}

// The document's request, byte for byte: its body is 150 bytes in one line
// (connpay:208-217).
func TestSampleRequest(t *testing.T) {
	const body = "account_name=1234&account_number=1234&amount=10.42&client_orderid=1&currency=USD" +
		"&routing_number=15&server_callback_url=https%3A%2F%2Fhttpstat.us%2F200"
	require.Len(t, body, 150)
	for target, e := range map[string]connpay.Endpoint{
		"/paynet/api/v4/payout/39915":      endpoint,
		"/paynet/api/v4/payout/group/1001": group,
	} {
		capture, client := captured(t, connpay.Config{Endpoint: e})
		sent := capture.By(t, func() { _, _ = client.Create(t.Context(), sample()) })
		require.Equal(t, "POST "+target, sent.Method+" "+sent.Target)
		require.Equal(t, body, sent.Body)
		sent.RequireHeader(t, formHeader)
	}
}

// The document's answer, byte for byte: 137 of them, a line feed before each parameter
// but the first and none at the end (connpay:230-235).
func TestSampleAnswer(t *testing.T) {
	const body = "type=async-response\n&serial-number=00000000-0000-0000-0000-000002e2c322\n&merchant-order-id=1\n&paynet-order-id=6982864\n&end-point-id=39915"
	require.Len(t, body, 137)
	capture, client := captured(t, connpay.Config{})
	capture.Say(200, body)
	p, err := client.Create(t.Context(), sample())
	require.NoError(t, err)
	require.Equal(t, payout.Payout{
		Reference: "1", Provider: "connpay", Account: client.Info().Account, ProviderID: "6982864", Endpoint: "39915",
		Amount: payout.FromMinor(1042, payout.USD), Status: payout.StatusPending, Destination: "bank_account ******",
		Support: map[string]string{"serial-number": "00000000-0000-0000-0000-000002e2c322"},
	}, p)
}

// Amounts are in major units with a dot and as many decimals as the currency has
// (connpay:22), in at most ten characters (connpay:23).
func TestAmounts(t *testing.T) {
	capture, client := captured(t, connpay.Config{Endpoint: group})
	create := func(text string) error {
		req := sample()
		req.Amount = payout.MustMoney(text)
		_, err := client.Create(t.Context(), req)
		return err
	}
	for text, want := range map[string]string{
		"10.50 USD": "&amount=10.50&", "0.01 USD": "&amount=0.01&", "1000 JPY": "&amount=1000&", "1.500 KWD": "&amount=1.500&",
		"9999999.99 USD": "&amount=9999999.99&", "9999999999 JPY": "&amount=9999999999&", "999999.999 KWD": "&amount=999999.999&",
	} {
		sent := capture.By(t, func() { _ = create(text) })
		require.Contains(t, sent.Body, want)
		require.Contains(t, sent.Body, "&currency="+text[len(text)-3:]+"&")
	}
	sent := len(capture.Sent())
	for _, text := range []string{"10000000.00 USD", "10000000000 JPY", "1000000.000 KWD", "0.00 USD", "-1.00 USD"} {
		require.ErrorIs(t, create(text), payout.ErrInvalid, text)
	}
	require.ErrorIs(t, create("1.00 CHF"), payout.ErrUnsupported)
	req := sample()
	req.Amount = payout.MustMoney("-1.00 USD")
	_, err := client.Provider().Create(t.Context(), req) // without the Client's own check
	require.ErrorContains(t, err, "amount: must be a number with a dot, not below zero (amount) (connpay:23)")
	require.Len(t, capture.Sent(), sent)
}

// To an account, by endpoint and by group: the money moves once, and what we say
// before and after.
func TestPay(t *testing.T) {
	for name, e := range map[string]connpay.Endpoint{"endpoint": endpoint, "group": group} {
		t.Run(name, func(t *testing.T) {
			gate, client := inSandbox(t, e)
			gate.Script(bank.Script{Reference: "p-1", Operation: bank.Create, Act: bank.PendPaid(1).Then(bank.Pay())})
			p, err := client.Create(t.Context(), request("p-1", "DE89370400440532013000"))
			require.NoError(t, err)
			want := payout.Payout{
				Reference: "p-1", Provider: "connpay", Account: client.Info().Account, ProviderID: "6982864", Endpoint: "39915",
				Amount: payout.FromMinor(1042, payout.USD), Status: payout.StatusPending, Destination: "bank_account ******3000",
				Support: map[string]string{"serial-number": "00000000-0000-0000-0000-000002e2c322"}, // connpay:232
			}
			require.Equal(t, want, p)
			require.Equal(t, 1, gate.Ledger().Times("p-1"))
			require.Equal(t, want.Amount, gate.Ledger().Entries()[0].Money)

			for _, status := range []payout.Status{payout.StatusPending, payout.StatusPaid} {
				p, err = client.Find(t.Context(), p.Ref())
				require.NoError(t, err)
				require.Equal(t, status, p.Status)
				require.Equal(t, "6982864", p.ProviderID)
			}
			require.Len(t, gate.Ledger().Entries(), 1)
			require.Equal(t, 1, gate.Count(bank.Create, "p-1"))
			require.Empty(t, gate.Refusals())
		})
	}
}

// The documented test accounts (connpay:278-280).
func TestDocumentedAccounts(t *testing.T) {
	gate, client := inSandbox(t, endpoint)
	for account, want := range map[string]string{
		sandbox.AccountApproved: "paid",
		sandbox.AccountDeclined: "failed declined",
		sandbox.AccountError:    "review", // PROCESSOR_INTERNAL_ERROR: a person looks
	} {
		req := request("to-"+account, account)
		p, err := client.Create(t.Context(), req)
		require.Equal(t, "pending", told(t, p, err), account)
		p, err = client.Find(t.Context(), req.Ref())
		require.Equal(t, want, told(t, p, err), account)
		require.Equal(t, want == "paid", gate.Ledger().Times(req.Reference) == 1, account)
	}
}
