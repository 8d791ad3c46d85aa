package seal_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/tink-crypto/tink-go/v2/keyset"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/dispatch"
	"github.com/payoutkit/payout/journal/seal"
)

// bank pays whatever it gets, and keeps it.
type bank struct {
	mu   sync.Mutex
	paid []payout.Request
}

func (b *bank) Info() payout.Info {
	return payout.Info{
		Adapter: "teller", Name: "teller-1", Account: "host/login",
		Amounts:      []payout.AmountRange{{Min: payout.MustMoney("1.00 RUB"), Max: payout.MustMoney("600000.00 RUB")}},
		Destinations: payout.Kinds(), Description: 100, SourceCards: true,
	}
}

func (b *bank) Create(ctx context.Context, r payout.Request) (payout.Payout, error) {
	if !payout.SendPermitted(ctx) {
		return payout.Payout{}, payout.ErrNotSent
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.paid = append(b.paid, r)
	return payout.Payout{Reference: r.Reference, Amount: r.Amount, Status: payout.StatusPaid}, nil
}

func (b *bank) Find(context.Context, payout.Ref) (payout.Payout, error) {
	return payout.Payout{}, payout.ErrNotFound
}

// request has something in every field.
func request(reference string) payout.Request {
	return payout.Request{
		Reference: reference, Amount: payout.MustMoney("1500.00 RUB"),
		Destination: payout.Card{Number: payout.NewSecret("4111111111111111")},
		Source:      payout.Source{SavedCard: "binding-7"},
		Recipient:   payout.Recipient{ID: "person-1", Name: payout.NewSecret("IVAN PETROV"), Phone: payout.NewSecret("+79261214249")},
		Description: "Payout 1001", Language: "ru",
		ReturnURL: "https://platform.example/ok", FailURL: "https://platform.example/no", CallbackURL: "https://platform.example/call",
		Metadata: map[string]string{"order": "1001"},
	}
}

// process is a dispatcher of a process, on a journal that others use too.
func process(t *testing.T, b *bank, journal dispatch.Journal, s dispatch.Sealer) *dispatch.Dispatcher {
	t.Helper()
	d, err := dispatch.New(dispatch.Config{
		Journal: journal, Sealer: s,
		Providers: []*payout.Client{payout.NewClient(b)}, Routes: []dispatch.Route{{Provider: "teller-1"}},
		Keys: dispatch.Keys{Versions: map[uint32]payout.Secret{0: payout.NewSecret("a key of thirty-two bytes, for tests")}},
	})
	require.NoError(t, err)
	return d
}

func submit(t *testing.T, d *dispatch.Dispatcher, reference string) {
	t.Helper()
	_, err := d.Submit(t.Context(), request(reference))
	require.NoError(t, err)
}

func state(t *testing.T, d *dispatch.Dispatcher, reference string) dispatch.State {
	t.Helper()
	e, err := d.Status(t.Context(), reference)
	require.NoError(t, err)
	return e.State
}

// requireSent has the bank have got request(reference), all of it, and nothing else.
func requireSent(t *testing.T, b *bank, reference string) {
	t.Helper()
	require.Len(t, b.paid, 1)
	got := b.paid[0]
	require.Contains(t, got.Metadata, "payout_mark")
	delete(got.Metadata, "payout_mark") // the dispatcher's own
	require.True(t, same(request(reference), got))
}

// same compares what a request does not print.
func same(a, b payout.Request) bool {
	return a.Reference == b.Reference && a.Amount == b.Amount && a.Destination == b.Destination && a.Source == b.Source &&
		a.Recipient == b.Recipient && a.Description == b.Description && a.Language == b.Language &&
		a.ReturnURL == b.ReturnURL && a.FailURL == b.FailURL && a.CallbackURL == b.CallbackURL &&
		fmt.Sprint(a.Metadata) == fmt.Sprint(b.Metadata)
}

// Unsent work goes on in another process, which the request was never submitted to.
func TestSealedWorkGoesOnElsewhere(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, journal, handle := &bank{}, dispatch.NewMemory(), fresh(t)
		submit(t, process(t, b, journal, sealer(t, handle)), "order-1001")
		require.Empty(t, b.paid)
		e, err := journal.Load(t.Context(), "order-1001")
		require.NoError(t, err)
		require.NotEmpty(t, e.Sealed)
		require.NotContains(t, string(e.Sealed), "4111")
		require.NotContains(t, string(e.Sealed), "IVAN")

		d := process(t, b, journal, sealer(t, rotated(t, handle)))
		_, _, err = d.Step(t.Context(), "order-1001")
		require.NoError(t, err)
		requireSent(t, b, "order-1001")
		require.Equal(t, dispatch.StatePaid, state(t, d, "order-1001"))
		e, err = journal.Load(t.Context(), "order-1001")
		require.NoError(t, err)
		require.Empty(t, e.Sealed, "what is final need not be kept")
	})
}

func TestWorkThatIsNotSealedWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, journal := &bank{}, dispatch.NewMemory()
		submit(t, process(t, b, journal, nil), "order-1001")
		d := process(t, b, journal, nil)
		for range 3 {
			_, _, err := d.Step(t.Context(), "order-1001")
			require.NoError(t, err)
			time.Sleep(10 * time.Second)
		}
		require.Equal(t, dispatch.StateAwaiting, state(t, d, "order-1001"))
		require.Empty(t, b.paid)
		submit(t, d, "order-1001")
		_, _, err := d.Step(t.Context(), "order-1001")
		require.NoError(t, err)
		requireSent(t, b, "order-1001")
	})
}

// A person who was erased is not paid by accident, and nobody is paid in another's name.
func TestWhatDoesNotOpenIsNotSent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, journal, handle := &bank{}, dispatch.NewMemory(), fresh(t)
		first := process(t, b, journal, sealer(t, handle))
		submit(t, first, "order-1001")
		submit(t, first, "order-1002")

		erased := with(t, rotated(t, handle), func(m *keyset.Manager) error { return m.Delete(primary(t, handle)) })
		d := process(t, b, journal, sealer(t, erased))
		_, _, err := d.Step(t.Context(), "order-1001")
		var gone *seal.KeyError
		require.ErrorAs(t, err, &gone)
		require.Equal(t, primary(t, handle), gone.ID)

		one, err := journal.Load(t.Context(), "order-1001")
		require.NoError(t, err)
		two, err := journal.Load(t.Context(), "order-1002")
		require.NoError(t, err)
		two.Sealed = one.Sealed
		require.NoError(t, journal.Commit(t.Context(), dispatch.Change{Entry: two, Event: dispatch.Event{Kind: dispatch.EventHinted}}))
		_, _, err = process(t, b, journal, sealer(t, handle)).Step(t.Context(), "order-1002")
		require.ErrorIs(t, err, seal.ErrChanged)
		require.Empty(t, b.paid)
	})
}
