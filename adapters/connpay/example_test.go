package connpay_test

import (
	"context"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"net/http"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/adapters/connpay"
	"github.com/payoutkit/payout/provider"
	"github.com/payoutkit/payout/sandbox"
)

// gateway starts the simulated gateway, and returns the configuration of a client of
// it. Against the real one only the address, the login and the keys are others.
func gateway(cfg sandbox.ConnPayConfig) (*sandbox.ConnPay, connpay.Config) {
	cfg.Processing = -1 // an order is done when it is first asked about
	gate, err := sandbox.StartConnPay(cfg)
	if err != nil {
		panic(err)
	}
	key := pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(gate.MerchantKey())})
	return gate, connpay.Config{
		BaseURL:    gate.URL() + "/paynet", // connpay.Sandbox, connpay.Production
		Login:      gate.Login(),
		PrivateKey: payout.NewSecret(string(key)),
		Control:    payout.NewSecret(gate.Control()),
		Endpoint:   connpay.Endpoint{ID: "39915", Currencies: []payout.Currency{payout.USD}},
		HTTP:       provider.HTTP{Roots: gate.Roots()},
	}
}

// A payout to an account, at an endpoint that requires two conditional parameters. A
// row that lacks one never leaves.
func Example() {
	gate, config := gateway(sandbox.ConnPayConfig{})
	defer gate.Close()
	config.Endpoint.Required = []string{"bank_name", "receiver_inn"}
	p, err := connpay.New(config)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer p.CloseIdleConnections()
	client := payout.NewClient(p)
	ctx := context.Background()

	req := payout.Request{
		Reference:   "invoice-1001",
		Amount:      payout.MustMoney("10.42 USD"),
		Destination: payout.BankAccount{Number: payout.NewSecret("DE89370400440532013000"), Name: payout.NewSecret("Jane Doe"), BankName: "Commerzbank"},
	}
	_, err = client.Create(ctx, req)
	fmt.Println(err)

	req.Options = []payout.Option{connpay.Order{INN: payout.NewSecret("500100732259"), Purpose: "Affiliate, October"}}
	received, err := client.Create(ctx, req)
	fmt.Println(received.Status, received.ProviderID, err)

	paid, err := client.Find(ctx, received.Ref())
	fmt.Println(paid.Status, paid.Amount, err)
	// Output:
	// payout: connpay: create: invalid, nothing was sent: options.connpay_order.receiver_inn: is required by this endpoint (receiver_inn) (connpay:168)
	// pending 6982864 <nil>
	// paid 10.42 USD <nil>
}

// The documented test accounts (connpay:278-280). The last one ends in an error, which
// a person has to look at: the gateway may have paid it.
func Example_testAccounts() {
	gate, config := gateway(sandbox.ConnPayConfig{})
	defer gate.Close()
	p, err := connpay.New(config)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer p.CloseIdleConnections()
	client := payout.NewClient(p)
	ctx := context.Background()

	for _, account := range []string{"1234567890", "0987654321", "1987654321"} {
		req := payout.Request{
			Reference: "to-" + account, Amount: payout.MustMoney("10.42 USD"),
			Destination: payout.BankAccount{Number: payout.NewSecret(account)},
		}
		if _, err := client.Create(ctx, req); err != nil {
			fmt.Println(err)
			return
		}
		found, err := client.Find(ctx, req.Ref())
		fmt.Println(account, found.Status, found.Failure.Reason, found.Status.Moved(), err)
	}
	// Output:
	// 1234567890 paid unknown yes <nil>
	// 0987654321 failed declined no <nil>
	// 1987654321 review unknown maybe <nil>
}

// The address where the gateway calls when a payout has come to its end. A callback is
// a hint: the platform looks its own record up, and asks.
func Example_callbacks() {
	mux := http.NewServeMux()
	gate, config := gateway(sandbox.ConnPayConfig{Callbacks: sandbox.ConnPayCallbacks{
		Transport: platform{mux}, Hosts: []string{"platform.example"},
	}})
	defer gate.Close()
	p, err := connpay.New(config)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer p.CloseIdleConnections()
	client := payout.NewClient(p)

	req := payout.Request{
		Reference: "invoice-1002", Amount: payout.MustMoney("10.42 USD"), CallbackURL: "https://platform.example/connpay",
		Destination: payout.BankAccount{Number: payout.NewSecret("1234567890")},
	}
	stored := map[string]payout.Ref{req.Reference: req.Ref()} // the platform's own record
	settled := make(chan payout.Payout, 1)
	mux.Handle("/connpay", payout.CallbackHandler(client, func(ctx context.Context, hint payout.Ref) error {
		ref, ours := stored[hint.Reference]
		if !ours {
			return nil // answered with 200: it need not come again
		}
		found, err := client.Find(ctx, ref)
		if err == nil {
			settled <- found
		}
		return err // answered with 503: it comes again
	}))

	received, err := client.Create(context.Background(), req)
	fmt.Println(received.Status, err)
	gate.Finish(req.Reference) // and the gateway calls
	found := <-settled
	fmt.Println(found.Reference, found.Status)
	// Output:
	// pending <nil>
	// invoice-1002 paid
}

// What an endpoint can carry follows from what it requires: one that wants an account's number
// pays to bank accounts only.
func ExampleEndpoint() {
	gate, config := gateway(sandbox.ConnPayConfig{})
	defer gate.Close()
	config.Endpoint.Required = []string{"account_number"}
	p, err := connpay.New(config)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(p.Info().Destinations)
	config.Endpoint.Required = []string{"accountnumber"}
	_, err = connpay.New(config)
	fmt.Println(err)
	// Output:
	// [bank_account]
	// payout: invalid, nothing was sent: endpoint.required.0: must be the name of a parameter of the document (connpay:18-183)
}
