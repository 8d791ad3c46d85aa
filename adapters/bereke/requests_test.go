package bereke_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/adapters/bereke"
	"github.com/payoutkit/payout/adapters/internal/adaptertest"
)

// The document's requests, as printed.
const (
	amountExample = `{
    "userName": "payout_api_username",
    "password": "payout_api_password",
    "source": {
      "bindingId": "4908a3c3-6c7c-75d3-9707-66ab06c12040"
    }
}`
	registerExample = `{
        "userName": "payout_api_username",
        "password": "payout_api_password",
        "orderNumber": "1645458818047",
        "amount": 1234,
        "currency": "398",
        "description": "Decent payout",
        "language": "EN",
        "client": {
            "clientId": "12345abc-d67e-8901-23fg-h45i67jk8901",
            "email": "payee@mail.com",
            "phone": "9991234567"
        },
        "urls": {
            "returnUrl": "https://partnerdomain.com/&result=ok",
            "failUrl": "https://partnerdomain.com/&result=ok",
        },
        "sessionTimeoutSecs": 300,
        "jsonParams": {
            "paramname1": "paramvalue1",
            "paramname2": "paramvalue2"
        }
    }`
	performExample = `{
          "username": "payout_api_username",
          "password": "payout_api_password",
          "orderNumber": "payout_1",
          "amount": 1234,
          "currency": "398",
          "client": {
              "clientId": "12345abc-d67e-8901-23fg-h45i67jk8901",
              "email": "payee@mail.com",
              "phone": "9991234567"
          },
          "target": {
              "pan": "4111111111111111"
          },
          "jsonParams": {
              "paramname1": "paramvalue1",
              "paramname2": "paramvalue2"
          }
      }`
	statusExample = `{
            "username": "payout_api_username",
            "password": "payout_api_password",
            "orderNumber": "payout_1"
        }`
)

// Every request that the document prints (bereke:166-176, 230-255, 350-372, 480-488),
// as far as the document does not contradict itself: each repair names its trap.
func TestDocumentedRequests(t *testing.T) {
	person := payout.Recipient{
		Name: payout.NewSecret("John Doe"), ID: owner, Email: payout.NewSecret("payee@mail.com"), Phone: payout.NewSecret("9991234567"),
	}
	params := map[string]string{"paramname1": "paramvalue1", "paramname2": "paramvalue2"}
	tenge := payout.FromMinor(1234, payout.KZT)
	const address = "https://partnerdomain.com/&result=ok"             // #36
	named := []string{`"client": {`, `"client": {"name": "John Doe",`} // #24: mandatory in the tables, and in no example
	for method, tt := range map[string]struct {
		call    func(*payout.Client)
		example string
		repairs []string
	}{
		"getAmount.do": {
			call:    func(c *payout.Client) { _, _ = c.Balances(t.Context(), payout.Source{SavedCard: corporate}) },
			example: amountExample,
		},
		"registerPayout.do": {
			call: func(c *payout.Client) {
				_, _ = c.Create(t.Context(), payout.Request{
					Reference: "1645458818047", Amount: tenge, Destination: payout.HostedPage{}, Recipient: person,
					Description: "Decent payout", Language: "en", ReturnURL: address, FailURL: address, Metadata: params,
					Options: []payout.Option{bereke.Order{SessionTimeoutSecs: "300"}},
				})
			},
			example: registerExample,
			repairs: append([]string{
				`"EN"`, `"en"`, // #37
				"result=ok\",\n        }", "result=ok\"\n        }", // #15
			}, named...),
		},
		"performPayout.do": {
			call: func(c *payout.Client) {
				req := payout.Request{Reference: "payout_1", Amount: tenge, Recipient: person, Metadata: params}
				req.Destination = payout.Card{Number: payout.NewSecret("4111111111111111")}
				_, _ = c.Create(t.Context(), req)
			},
			example: performExample,
			repairs: append([]string{`"username"`, `"userName"`}, named...), // #1
		},
		"getPayoutStatus.do": {
			call:    func(c *payout.Client) { _, _ = c.Find(t.Context(), payout.Ref{Reference: "payout_1", Amount: tenge}) },
			example: statusExample,
			repairs: []string{`"username"`, `"userName"`}, // #1
		},
	} {
		capture, client := captured(t, bereke.Config{})
		sent := capture.By(t, func() { tt.call(client) })
		require.Equal(t, "/payouts/api/v2/"+method, sent.Target)
		require.JSONEq(t, adaptertest.Repaired(t, tt.example, tt.repairs...), sent.Body, method)
		sent.RequireHeader(t, adaptertest.ModuleHeader)
	}
}

// The answers to a registration and to a question for the balance, as printed
// (bereke:261-266, 180-187).
func TestDocumentedPageAndBalance(t *testing.T) {
	const page = "https://payoutdomain.com/payment/merchants/svip_payout_ab/payment_ru.html?mdOrder=da42b8d9-328b-45e6-aa35-235e348268bf"
	capture, client := captured(t, bereke.Config{})
	capture.Say(200, `{
        "errorCode": "0",
        "orderNumber": "1645458818047",
        "orderId": "da42b8d9-328b-45e6-aa35-235e348268bf",
        "formUrl": "`+page+`"
    }`)
	req := request()
	req.Reference, req.Destination, req.ReturnURL = "1645458818047", payout.HostedPage{}, "https://partnerdomain.com/"
	p, err := client.Create(t.Context(), req)
	require.NoError(t, err)
	require.Equal(t, payout.StatusActionRequired, p.Status)
	require.Equal(t, "da42b8d9-328b-45e6-aa35-235e348268bf", p.ProviderID)
	require.Equal(t, payout.NewSecret(page), p.Action.URL)

	capture.Say(200, `{
    "errorCode": "0",
    "balanceDescriptionList": {
        "balanceAmount": 49925200,
        "balanceCurrency": "398",
        "balanceSign": "C"
    }
}`)
	balances, err := client.Balances(t.Context(), payout.Source{})
	require.NoError(t, err)
	require.Len(t, balances, 1)
	require.Equal(t, payout.MustMoney("499252.00 KZT"), balances[0].Available)
}
