package rbs_test

import (
	"context"
	"crypto/x509"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/adapters/internal/adaptertest"
	"github.com/payoutkit/payout/adapters/internal/rbs"
	"github.com/payoutkit/payout/conformance"
	"github.com/payoutkit/payout/conformance/simulated"
	"github.com/payoutkit/payout/provider"
	"github.com/payoutkit/payout/sandbox"
)

// ararat is an adapter for a bank that does not exist: a third one on the module takes
// a table of lines and the methods that it has. It pays drams to cards, and to what
// recipients enter on its page, and tells its balance.
type ararat struct{ module *rbs.Module }

func newArarat(baseURL string, password payout.Secret, h provider.HTTP) (*ararat, error) {
	login := map[string]string{"userName": "10", "password": "11"}
	with := func(params map[string]string) map[string]string {
		for name, line := range login {
			params[name] = line
		}
		return params
	}
	module, err := rbs.New(rbs.Dialect{
		Adapter: "ararat", Currency: payout.AMD, Exponent: 2, Errors: rbs.CommonErrors(),
		Checks: map[string]func(string) string{"client.name": rbs.Latin},
		Perform: rbs.Method{Name: "performPayout.do", Lines: "10-20", Params: with(map[string]string{
			"orderNumber": "12", "amount": "13", "currency": "14", "client.name": "15", "target.pan": "16", "jsonParams": "17",
		})},
		Register: rbs.Method{Name: "registerPayout.do", Lines: "21-30", Params: with(map[string]string{
			"orderNumber": "22", "amount": "23", "currency": "24", "client.name": "25", "urls.returnUrl": "26", "sessionTimeoutSecs": "27",
		})},
		Status:  rbs.Method{Name: "getPayoutStatus.do", Lines: "31-35", Params: with(map[string]string{"orderNumber": "32", "orderId": "33"})},
		Balance: rbs.Method{Name: "getAmount.do", Lines: "36-40", Params: with(map[string]string{})},
	}, rbs.Config{BaseURL: baseURL, UserName: "ararat-user", Password: password, HTTP: h})
	return &ararat{module}, err
}

func (a *ararat) Info() payout.Info     { return a.module.Info() }
func (a *ararat) CloseIdleConnections() { a.module.CloseIdleConnections() }

func (a *ararat) Create(ctx context.Context, req payout.Request) (payout.Payout, error) {
	return a.module.Create(ctx, req, rbs.Order{})
}

func (a *ararat) Find(ctx context.Context, ref payout.Ref) (payout.Payout, error) {
	return a.module.Find(ctx, ref)
}

func (a *ararat) Balances(ctx context.Context, source payout.Source) ([]payout.Balance, error) {
	return a.module.Balances(ctx, source)
}

// The third bank keeps every rule that the two keep.
func TestAThirdBank(t *testing.T) {
	const password = "ararat-password"
	drams := payout.MustMoney("50000.00 AMD")
	person := payout.Recipient{Name: payout.NewSecret("ARMEN PETROSYAN")}
	with := func(password string) func(string, *x509.CertPool) (payout.Provider, error) {
		return func(url string, roots *x509.CertPool) (payout.Provider, error) {
			return newArarat(url, payout.NewSecret(password), provider.HTTP{Roots: roots})
		}
	}
	conformance.Run(t, conformance.Harness{
		New:      with(password),
		Stranger: with("the password of yesterday"),
		NewBank: func() (conformance.Bank, error) {
			b, err := sandbox.StartModule(sandbox.ModuleDialect{
				Name: "Ararat", Currency: payout.AMD, Methods: []sandbox.ModuleMethod{sandbox.RegisterPayout, sandbox.GetAmount},
				Targets: []sandbox.ModuleTarget{sandbox.ToCard},
			}, sandbox.ModuleConfig{UserName: "ararat-user", Password: password, Balance: payout.FromMinor(100_000_000_000_00, payout.AMD)})
			if err != nil {
				return nil, err
			}
			return simulated.Bank(b.Server), nil
		},
		Requests: []payout.Request{
			{Amount: drams, Recipient: person, Destination: payout.Card{Number: payout.NewSecret("4111111111111111")}},
			{Amount: drams, Recipient: person, Destination: payout.HostedPage{}, ReturnURL: "https://platform.example/done"},
		},
		Act:     adaptertest.Enter("4111111111111111"),
		Secrets: []string{password},
	})
	p, err := newArarat("https://127.0.0.1:1", payout.NewSecret(password), provider.HTTP{})
	require.NoError(t, err)
	_, err = p.Create(t.Context(), payout.Request{Reference: "p-1", Amount: drams, Recipient: person, Destination: payout.SavedCard{ID: "b-1"}})
	require.ErrorIs(t, err, payout.ErrUnsupported)
}
