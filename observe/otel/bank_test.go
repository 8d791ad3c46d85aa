package otelpayout_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/dispatch"
)

// bank is a provider that answers as a test says.
type bank struct {
	answer func(context.Context, payout.Ref) (payout.Payout, error)
}

func (b *bank) Info() payout.Info {
	return payout.Info{
		Adapter: "teller", Name: "teller-1", Account: "host/login",
		Amounts:      []payout.AmountRange{{Min: payout.MustMoney("1.00 RUB"), Max: payout.MustMoney("600000.00 RUB")}},
		Destinations: payout.Kinds(),
	}
}

func (b *bank) Create(ctx context.Context, r payout.Request) (payout.Payout, error) {
	return b.answer(ctx, r.Ref())
}

func (b *bank) Find(ctx context.Context, r payout.Ref) (payout.Payout, error) {
	return b.answer(ctx, r)
}

func (b *bank) Ping(context.Context) error { return nil }

// says returns a bank that always answers so.
func says(s payout.Status, err error) *bank {
	return &bank{func(_ context.Context, r payout.Ref) (payout.Payout, error) {
		return payout.Payout{Reference: r.Reference, Amount: r.Amount, Status: s, ProviderID: "id-1"}, err
	}}
}

// card is a number that no span and no metric may show.
const card = "4111111111111111"

func request(reference string) payout.Request {
	return payout.Request{
		Reference: reference, Amount: payout.MustMoney("1500.00 RUB"),
		Destination: payout.Card{Number: payout.NewSecret(card)},
		Recipient:   payout.Recipient{Name: payout.NewSecret("IVAN PETROV")},
	}
}

func (r *record) client(b *bank) *payout.Client {
	return payout.NewClient(b, payout.WithObserver(r.calls()))
}

// dispatcher returns one that pays through a bank.
func (r *record) dispatcher(b *bank, j dispatch.Journal) *dispatch.Dispatcher {
	d, err := dispatch.New(dispatch.Config{
		Journal: j, Providers: []*payout.Client{r.client(b)}, Routes: []dispatch.Route{{Name: "main", Provider: "teller-1"}},
		Keys:     dispatch.Keys{Versions: map[uint32]payout.Secret{0: payout.NewSecret("a key of thirty-two bytes, for tests")}},
		Rates:    dispatch.Rates{SendsPerSecond: 1e6, AsksPerSecond: 1e6},
		Observer: r.steps(),
	})
	require.NoError(r.t, err)
	return d
}

func submit(t *testing.T, d *dispatch.Dispatcher, reference string) {
	t.Helper()
	_, err := d.Submit(t.Context(), request(reference))
	require.NoError(t, err)
}
