package rbs_test

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"reflect"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/adapters/all2pay"
	"github.com/payoutkit/payout/adapters/bereke"
	"github.com/payoutkit/payout/adapters/internal/adaptertest"
	"github.com/payoutkit/payout/provider"
	"github.com/payoutkit/payout/sandbox"
	"github.com/payoutkit/payout/sandbox/bank"
)

// What an adapter has of its own beside the neutral interface.
type (
	encrypter interface {
		EncryptCard(ctx context.Context, reference string, card payout.Card) (payout.EncryptedCard, error)
	}
	cardFinder interface {
		FindCard(ctx context.Context, reference string) (payout.CardSaved, error)
	}
)

// stage is a simulated bank with an account at it.
type stage struct {
	edition
	*testing.T
	bank   *sandbox.Module
	client *payout.Client
}

const (
	savedCard = "83309cde-a56d-7409-88dd-c02e00ab3428" // all2pay:486, bereke:403
	owner     = "12345abc-d67e-8901-23fg-h45i67jk8901" // all2pay:451, bereke:361
)

// source is the card of the payer's that the document's examples have.
func (s stage) source() string {
	return map[string]string{"all2pay": sandbox.All2PaySource, "bereke": sandbox.BerekeSource}[s.name]
}

// pays makes a payout that is paid once, and returns where it went and from where.
func (s stage) pays(reference string, change func(*payout.Request)) (payout.Payout, bank.Entry) {
	s.Helper()
	req := s.request(reference)
	change(&req)
	p, err := s.client.Create(s.Context(), req)
	require.NoError(s, err)
	require.Equal(s, payout.StatusPaid, p.Status)
	require.Equal(s, 1, s.bank.Ledger().Times(reference))
	return p, s.bank.Ledger().Moved(reference)[0]
}

// lacks wants a payout to be refused before anything is sent.
func (s stage) lacks(change func(*payout.Request)) {
	s.Helper()
	req := s.request("lacking")
	change(&req)
	_, err := s.client.Create(s.Context(), req)
	require.ErrorIs(s, err, payout.ErrUnsupported)
	require.Empty(s, s.bank.Requests())
}

// capability is a row of what the two documents hold.
type capability struct {
	name    string
	works   map[string]func(stage) // by edition; nil: the bank has it not
	lacks   map[string]func(stage) // what then happens
	refused int                    // calls that the row has the bank refuse
}

func inBoth(f func(stage)) map[string]func(stage) {
	return map[string]func(stage){"all2pay": f, "bereke": f}
}

func inAll2Pay(f func(stage)) map[string]func(stage) { return map[string]func(stage){"all2pay": f} }

// notBereke is for abilities: what a type lacks, a Client refuses.
func notBereke(a payout.Ability, call func(stage) error) map[string]func(stage) {
	return map[string]func(stage){"bereke": func(s stage) {
		require.False(s, s.client.Supports(a))
		require.ErrorIs(s, call(s), payout.ErrUnsupported)
		require.Empty(s, s.bank.Requests())
	}}
}

var capabilities = []capability{
	{
		name:  "availability: GET echo",
		works: inBoth(func(s stage) { require.NoError(s, s.client.Ping(s.Context())) }),
	},
	{
		name: "balance: getAmount.do, with the sign",
		works: inBoth(func(s stage) {
			require.True(s, s.client.Supports(payout.AbilityBalances))
			s.bank.Ledger().Fund("", payout.FromMinor(-20_000_000_00, s.currency))
			got, err := s.client.Balances(s.Context(), payout.Source{})
			require.NoError(s, err)
			require.Equal(s, payout.FromMinor(-10_000_000_00, s.currency), got[0].Available)
		}),
	},
	{
		name: "balance of a corporate card",
		works: inBoth(func(s stage) {
			got, err := s.client.Balances(s.Context(), payout.Source{SavedCard: s.source()})
			require.NoError(s, err)
			require.Equal(s, payout.FromMinor(1_000_000_00, s.currency), got[0].Available)
		}),
	},
	{
		name: "recipient enters details on the bank's page: registerPayout.do",
		works: inBoth(func(s stage) {
			req := s.hosted("p-1")
			req.Options = []payout.Option{s.option("600")}
			p, err := s.client.Create(s.Context(), req)
			require.NoError(s, err)
			require.Equal(s, payout.StatusActionRequired, p.Status)
			require.NoError(s, adaptertest.Enter("5555 5555 5555 4444")(s.Context(), adaptertest.Browser(s, s.bank), p.Action))
			p, err = s.client.Find(s.Context(), p.Ref())
			require.NoError(s, err)
			require.Equal(s, payout.StatusPaid, p.Status)
			require.Equal(s, "555555XXXXXX4444", s.bank.Ledger().Moved("p-1")[0].Destination)
		}),
	},
	{
		name: "payout to a card",
		works: inBoth(func(s stage) {
			_, entry := s.pays("p-1", func(*payout.Request) {})
			require.Equal(s, "411111XXXXXX1111", entry.Destination)
		}),
	},
	{
		name: "payout to a saved card",
		works: inBoth(func(s stage) {
			s.pays("p-1", func(r *payout.Request) { r.Destination, r.Recipient.ID = payout.SavedCard{ID: savedCard}, owner })
		}),
	},
	{
		name: "payout to an encrypted card: seToken made by the library",
		works: inAll2Pay(func(s stage) {
			to, err := s.client.Provider().(encrypter).EncryptCard(s.Context(), "p-1", payout.Card{Number: secret("5555555555554444")})
			require.NoError(s, err)
			_, entry := s.pays("p-1", func(r *payout.Request) { r.Destination = to })
			require.Equal(s, "555555XXXXXX4444", entry.Destination)
		}),
		lacks: map[string]func(stage){"bereke": func(s stage) {
			s.lacks(func(r *payout.Request) { r.Destination = payout.EncryptedCard{Token: secret("AAAA")} })
			_, can := s.client.Provider().(encrypter)
			require.False(s, can)
		}},
	},
	{
		name: "payout by SBP",
		works: inAll2Pay(func(s stage) {
			_, entry := s.pays("p-1", func(r *payout.Request) {
				r.Destination = sbpWith(func(to *payout.SBP) { to.MiddleName = secret("Иванович") })
			})
			require.Equal(s, "XXXXXXX4249", entry.Destination)
		}),
		lacks: map[string]func(stage){"bereke": func(s stage) {
			s.lacks(func(r *payout.Request) { r.Destination = sbpWith(func(*payout.SBP) {}) })
		}},
	},
	{
		name: "source: the transit account",
		works: inBoth(func(s stage) {
			_, entry := s.pays("p-1", func(*payout.Request) {})
			require.Empty(s, entry.Account)
		}),
	},
	{
		name: "source: a card, source.bindingId",
		works: inBoth(func(s stage) {
			_, entry := s.pays("p-1", func(r *payout.Request) { r.Source.SavedCard = s.source() })
			require.Equal(s, s.source(), entry.Account)
		}),
	},
	{
		name: "status: getPayoutStatus.do by orderNumber",
		works: inBoth(func(s stage) {
			p, _ := s.pays("p-1", func(*payout.Request) {})
			p, err := s.client.Find(s.Context(), payout.Ref{Reference: "p-1", Amount: p.Amount})
			require.NoError(s, err)
			require.Equal(s, payout.StatusPaid, p.Status)
		}),
	},
	{
		name: "status: getPayoutStatus.do by orderId",
		works: inBoth(func(s stage) {
			p, _ := s.pays("p-1", func(*payout.Request) {})
			require.NotEmpty(s, p.ProviderID)
			s.bank.Script(bank.Script{Operation: bank.Status, Times: 1, Act: bank.Nothing(), Reply: s.bank.Reply(400, "98")})
			p, err := s.client.Find(s.Context(), p.Ref())
			require.NoError(s, err)
			require.Equal(s, payout.StatusPaid, p.Status)
			require.Equal(s, 2, s.bank.Count(bank.Status, ""))
		}),
	},
	{
		name: "status: the result of saving a card, which is not a payout",
		works: inAll2Pay(func(s stage) {
			saved, err := s.client.SaveCard(s.Context(), cardOf("card-1"))
			require.NoError(s, err)
			found, err := s.client.Provider().(cardFinder).FindCard(s.Context(), "card-1")
			require.NoError(s, err)
			require.Equal(s, saved.ID, found.ID)
			p, err := s.client.Find(s.Context(), payout.Ref{Reference: "card-1", Amount: payout.FromMinor(1234, s.currency)})
			require.NoError(s, err)
			require.Equal(s, payout.StatusUnknown, p.Status)
		}),
		lacks: map[string]func(stage){"bereke": func(s stage) {
			_, can := s.client.Provider().(cardFinder)
			require.False(s, can)
		}},
	},
	{
		name: "save a recipient's card: createTargetBindingId.do",
		works: inAll2Pay(func(s stage) {
			saved, err := s.client.SaveCard(s.Context(), cardOf("card-1"))
			require.NoError(s, err)
			s.pays("p-1", func(r *payout.Request) { r.Destination, r.Recipient.ID = payout.SavedCard{ID: saved.ID}, owner })
		}),
		lacks: notBereke(payout.AbilitySaveCard, func(s stage) error {
			_, err := s.client.SaveCard(s.Context(), cardOf("card-1"))
			return err
		}),
	},
	{
		name: "save a payer's card: createSourceBindingId.do, with 3-D Secure as an action",
		works: inAll2Pay(func(s stage) {
			saved, err := s.client.SaveSourceCard(s.Context(), cardOf("card-1"))
			require.NoError(s, err)
			require.Empty(s, saved.ID)
			require.NoError(s, adaptertest.Enter(sandbox.ThreeDSCode)(s.Context(), adaptertest.Browser(s, s.bank), saved.Action))
			saved, err = s.client.Provider().(cardFinder).FindCard(s.Context(), "card-1")
			require.NoError(s, err)
			_, entry := s.pays("p-1", func(r *payout.Request) { r.Source.SavedCard = saved.ID })
			require.Equal(s, saved.ID, entry.Account)
		}),
		lacks: notBereke(payout.AbilitySaveSourceCard, func(s stage) error {
			_, err := s.client.SaveSourceCard(s.Context(), cardOf("card-1"))
			return err
		}),
	},
	{
		name: "public keys: keys.do, kept until they expire",
		works: inAll2Pay(func(s stage) {
			for range 3 {
				_, err := s.client.Provider().(encrypter).EncryptCard(s.Context(), "p-1", payout.Card{Number: secret("5555555555554444")})
				require.NoError(s, err)
			}
			require.Equal(s, 1, s.bank.Count(bank.Keys, ""))
		}),
		lacks: map[string]func(stage){"bereke": func(s stage) {
			_, can := s.client.Provider().(encrypter)
			require.False(s, can)
		}},
	},
	{
		name: "signed requests: X-Hash and X-Signature",
		works: inAll2Pay(func(s stage) {
			s.pays("p-1", func(*payout.Request) {}) // as in every row: this bank takes nothing else
			unsigned, _ := s.edition.client(s.T, account{baseURL: s.bank.URL(), password: s.bank.Password(), http: provider.HTTP{Roots: s.bank.Roots()}})
			_, err := unsigned.Create(s.Context(), s.request("p-2"))
			require.ErrorIs(s, err, payout.ErrUnauthorized)
		}),
		lacks: map[string]func(stage){"bereke": func(s stage) {
			_, can := reflect.TypeFor[bereke.Config]().FieldByName("SigningKey")
			require.False(s, can)
		}},
		refused: 1,
	},
	{
		name: "child merchants: merchantLogin",
		works: inAll2Pay(func(s stage) {
			s.pays("p-1", func(r *payout.Request) { r.Options = []payout.Option{all2pay.Order{MerchantLogin: "child"}} })
			req := s.request("p-2")
			req.Options = []payout.Option{all2pay.Order{MerchantLogin: "stranger"}}
			_, err := s.client.Create(s.Context(), req)
			require.ErrorIs(s, err, payout.ErrUnauthorized)
		}),
		lacks: map[string]func(stage){"bereke": func(s stage) {
			for _, option := range s.client.Info().Options {
				for _, f := range option.Fields() {
					require.NotEqual(s, "merchant_login", f.Name)
				}
			}
		}},
		refused: 1,
	},
	{
		name: "free parameters: jsonParams and orderParams",
		works: inBoth(func(s stage) {
			params := map[string]string{"paramname1": "paramvalue1", "empty": ""}
			p, _ := s.pays("p-1", func(r *payout.Request) { r.Metadata = params })
			require.Equal(s, params, p.Metadata)
		}),
	},
}

func cardOf(reference string) payout.SaveCardRequest {
	return payout.SaveCardRequest{
		Reference: reference, OwnerID: owner, Card: payout.Card{Number: secret("4111111111111111")}, CVV: secret("737"),
	}
}

// What each of the two documents holds, on its simulated bank, which is strict: it works,
// or says clearly why not.
func TestCapabilities(t *testing.T) {
	both(t, func(t *testing.T, e edition) {
		for _, c := range capabilities {
			t.Run(c.name, func(t *testing.T) {
				cfg := sandbox.ModuleConfig{TellOrderID: true}
				if e.name == "all2pay" {
					cfg.Balances, cfg.Children, cfg.Signer = true, []string{"child"}, &signingKey().PublicKey
				}
				server, err := e.start(cfg)
				require.NoError(t, err)
				t.Cleanup(server.Close)
				s := stage{edition: e, T: t, bank: server, client: payout.NewClient(everything(t, e, server))}
				test, has := c.works[e.name]
				refused := c.refused
				if !has {
					test, refused = c.lacks[e.name], 0
				}
				require.NotNil(t, test, "a row says what both banks do")
				test(s)
				require.Len(t, server.Refusals(), refused)
			})
		}
	})
}

// signingKey is made once: it takes a while.
var signingKey = sync.OnceValue(func() *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return key
})

// everything is an adapter with all abilities on.
func everything(t *testing.T, e edition, server *sandbox.Module) payout.Provider {
	t.Helper()
	var p adapter
	var err error
	h := provider.HTTP{Roots: server.Roots()}
	if e.name == "all2pay" {
		key := pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(signingKey())})
		p, err = all2pay.New(all2pay.Config{
			BaseURL: server.URL(), UserName: userName, Password: secret(server.Password()), SigningKey: secret(string(key)), Balances: true, HTTP: h,
		})
	} else {
		p, err = bereke.New(bereke.Config{BaseURL: server.URL(), UserName: userName, Password: secret(server.Password()), HTTP: h})
	}
	require.NoError(t, err)
	t.Cleanup(p.CloseIdleConnections)
	return p
}

// Without Config.Balances all2pay has none (#34).
func TestBalanceIsOffByDefault(t *testing.T) {
	for name, e := range map[string]edition{"all2pay": all2payEdition, "bereke": berekeEdition} {
		_, client := e.inSandbox(t)
		require.Equal(t, name == "bereke", client.Supports(payout.AbilityBalances))
	}
}
