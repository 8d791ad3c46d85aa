package all2pay_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/adapters/all2pay"
	"github.com/payoutkit/payout/adapters/internal/adaptertest"
)

// The document's requests, as printed.
const (
	registerExample = `{
"userName": "payout_api_username",
"password": "payout_api_password",
"orderNumber": "1645458818047",
"amount": 1234,
"currency": "398",
"description": "Decent payout",
"language": "EN",
"sessionTimeoutSecs": 300,
"client": {
"name": "John Doe",
"clientId": "12345abc-d67e-8901-23fg-h45i67jk8901",
"email": "payee@mail.com",
"phone": "9991234567"
},
"urls": {
"returnUrl": "https://partnerdomain.com/&result=ok",
"failUrl": "https://partnerdomain.com/&result=ok",
},
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
"name": "John Doe",
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
	targetExample = `{
"pan": "4111111111111111",
"orderNumber": "1728285261_2111",
"clientId": "TestClientID",
"userName": "payout-api",
"password": "payout-api"
}`
	sourceExample = `{
"pan": "4111111111111111",
"clientId": "ClientId",
"orderNumber": "1234567890",
"cvc": "123",
"year": "2034",
"month": "12",
"cardholderName": "Test Name",
"userName": "test_user",
"password": "test_user_password"
}`
)

// Every request that the document prints (all2pay:263-289, 440-462, 580-587, 669-678,
// 736-749; the signed one is TestPublishedSignature's), as far as the document does not
// contradict itself: each repair names its trap.
func TestDocumentedRequests(t *testing.T) {
	person := payout.Recipient{
		Name: payout.NewSecret("John Doe"), ID: owner, Email: payout.NewSecret("payee@mail.com"), Phone: payout.NewSecret("9991234567"),
	}
	params := map[string]string{"paramname1": "paramvalue1", "paramname2": "paramvalue2"}
	roubles := payout.FromMinor(1234, payout.RUB)
	const address = "https://partnerdomain.com/&result=ok" // #36
	login := func(user, password string) all2pay.Config {
		return all2pay.Config{UserName: user, Password: payout.NewSecret(password)}
	}
	for method, tt := range map[string]struct {
		config  all2pay.Config
		call    func(*payout.Client)
		example string
		repairs []string
	}{
		"registerPayout.do": {
			call: func(c *payout.Client) {
				_, _ = c.Create(t.Context(), payout.Request{
					Reference: "1645458818047", Amount: roubles, Destination: payout.HostedPage{}, Recipient: person,
					Description: "Decent payout", Language: "en", ReturnURL: address, FailURL: address, Metadata: params,
					Options: []payout.Option{all2pay.Order{SessionTimeoutSecs: "300"}},
				})
			},
			example: registerExample,
			repairs: []string{
				`"398"`, `"643"`, // #3
				`"EN"`, `"en"`, // #37
				"result=ok\",\n}", "result=ok\"\n}", // #15
			},
		},
		"performPayout.do": {
			call: func(c *payout.Client) {
				_, _ = c.Create(t.Context(), payout.Request{
					Reference: "payout_1", Amount: roubles, Destination: toCard, Recipient: person, Metadata: params,
				})
			},
			example: performExample,
			repairs: []string{`"username"`, `"userName"` /* #1 */, `"398"`, `"643"` /* #3 */},
		},
		"getPayoutStatus.do": {
			call:    func(c *payout.Client) { _, _ = c.Find(t.Context(), payout.Ref{Reference: "payout_1", Amount: roubles}) },
			example: statusExample,
			repairs: []string{`"username"`, `"userName"`}, // #1
		},
		"createTargetBindingId.do": {
			config: login("payout-api", "payout-api"),
			call: func(c *payout.Client) {
				_, _ = c.SaveCard(t.Context(), payout.SaveCardRequest{Reference: "1728285261_2111", OwnerID: "TestClientID", Card: toCard})
			},
			example: targetExample,
		},
		"createSourceBindingId.do": {
			config: func() all2pay.Config {
				c := login("test_user", "test_user_password")
				c.CVC = true // #13: as here, and not as in the table
				return c
			}(),
			call: func(c *payout.Client) {
				_, _ = c.SaveSourceCard(t.Context(), payout.SaveCardRequest{
					Reference: "1234567890", OwnerID: "ClientId", CVV: payout.NewSecret("123"),
					Card: payout.Card{Number: toCard.Number, Holder: payout.NewSecret("Test Name"), Expiry: payout.NewSecret("2034-12")},
				})
			},
			example: sourceExample,
		},
	} {
		capture, client := captured(t, tt.config)
		sent := capture.By(t, func() { tt.call(client) })
		require.Equal(t, "/payouts/api/v2/"+method, sent.Target)
		require.JSONEq(t, adaptertest.Repaired(t, tt.example, tt.repairs...), sent.Body, method)
		sent.RequireHeader(t, adaptertest.ModuleHeader)
	}
}

// The answer to a registration, as printed (all2pay:290-295).
func TestDocumentedRegistration(t *testing.T) {
	const answer = `{
"errorCode": "0",
"orderNumber": "1645458818047",
"orderId": "da42b8d9-328b-45e6-aa35-235e348268bf",
"formUrl": "https://payoutdomain.com/payment/merchants/svip_payout_ab/payment_ru.html?mdOrder=da42b8d9-328b-45e6-aa35-235e348268bf"
}`
	capture, client := captured(t, all2pay.Config{})
	capture.Say(200, answer)
	req := request(payout.HostedPage{})
	req.Reference, req.ReturnURL = "1645458818047", "https://partnerdomain.com/"
	p, err := client.Create(t.Context(), req)
	require.NoError(t, err)
	require.Equal(t, payout.StatusActionRequired, p.Status)
	require.Equal(t, "da42b8d9-328b-45e6-aa35-235e348268bf", p.ProviderID)
	require.Equal(t, payout.NewSecret("https://payoutdomain.com/payment/merchants/svip_payout_ab/payment_ru.html?mdOrder=da42b8d9-328b-45e6-aa35-235e348268bf"), p.Action.URL)
}
