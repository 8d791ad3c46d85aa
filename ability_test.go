package payout_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
)

func saveRequest() payout.SaveCardRequest {
	return payout.SaveCardRequest{
		Reference: "card-1", OwnerID: "person-1", CVV: payout.NewSecret("123"),
		Card: payout.Card{Number: payout.NewSecret("4111111111111111")},
	}
}

// abilities are the calls for each of them.
var abilities = map[payout.Ability]struct {
	op   payout.Op
	call func(context.Context, *payout.Client) error
}{
	payout.AbilityPing: {payout.OpPing, func(ctx context.Context, c *payout.Client) error { return c.Ping(ctx) }},
	payout.AbilityBalances: {payout.OpBalances, func(ctx context.Context, c *payout.Client) error {
		_, err := c.Balances(ctx, payout.Source{})
		return err
	}},
	payout.AbilitySaveCard: {payout.OpSaveCard, func(ctx context.Context, c *payout.Client) error {
		_, err := c.SaveCard(ctx, saveRequest())
		return err
	}},
	payout.AbilitySaveSourceCard: {payout.OpSaveSourceCard, func(ctx context.Context, c *payout.Client) error {
		_, err := c.SaveSourceCard(ctx, saveRequest())
		return err
	}},
	payout.AbilityCallback: {payout.OpCallback, func(ctx context.Context, c *payout.Client) error {
		_, err := c.ReadCallback(httptest.NewRequestWithContext(ctx, http.MethodPost, "/", nil))
		return err
	}},
}

func fullCashier(options ...payout.ClientOption) (*payout.Client, *cashier) {
	b := &cashier{teller: teller{info: facts()}, callback: payout.Ref{Reference: "payout-1"}}
	return payout.NewClient(b, options...), b
}

func TestAbilityThatIsThere(t *testing.T) {
	for a, row := range abilities {
		seen := &record{}
		c, b := fullCashier(payout.WithObserver(seen))
		require.True(t, c.Supports(a))
		require.NoError(t, row.call(t.Context(), c))
		require.Equal(t, []payout.Op{row.op}, b.calls, "each calls its own method")
		require.Len(t, seen.calls, 1)
		require.Equal(t, row.op, seen.calls[0].Op)
		require.Equal(t, []payout.Outcome{{}}, seen.outcomes)
	}
}

func TestAbilityThatIsMissing(t *testing.T) {
	without, bare := answers(payout.Payout{}, nil)
	for a, row := range abilities {
		off := &cashier{teller: teller{info: facts()}}
		off.info.Off = []payout.Ability{"else", a}
		for name, c := range map[string]*payout.Client{"lacking": without, "turned off": payout.NewClient(off)} {
			require.False(t, c.Supports(a), name)
			err := row.call(t.Context(), c)
			require.ErrorIs(t, err, payout.ErrUnsupported, name)
			require.Equal(t, "payout: teller-1: "+string(row.op)+": unsupported, nothing was sent: "+string(a)+": is not among this provider's abilities", err.Error())
		}
		require.Empty(t, off.calls)
		for other := range abilities {
			require.Equal(t, other != a, payout.NewClient(off).Supports(other), "only the one is off")
		}
	}
	require.Empty(t, bare.calls)
	require.False(t, without.Supports("no such ability"))
}

func TestAbilityClassifiesErrors(t *testing.T) {
	for _, row := range abilities {
		for _, err := range []error{io.EOF, payout.ErrUnauthorized, errors.Join(payout.ErrNotSent, io.EOF)} {
			c, b := fullCashier()
			b.err = err
			b.saved, b.balances = payout.CardSaved{ID: "x"}, []payout.Balance{{}}
			got := row.call(t.Context(), c)
			var e *payout.Error
			require.ErrorAs(t, got, &e)
			require.Equal(t, payout.KindOf(err), e.Kind)
			require.Equal(t, row.op, e.Op)
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		c, b := fullCashier()
		require.ErrorIs(t, row.call(ctx, c), payout.ErrNotSent)
		require.Empty(t, b.calls)
	}
}

func TestBalances(t *testing.T) {
	c, b := fullCashier()
	b.balances = []payout.Balance{{Available: payout.MustMoney("-1.00 RUB"), At: time.Unix(1, 0)}}
	got, err := c.Balances(t.Context(), payout.Source{SavedCard: "corporate"})
	require.NoError(t, err)
	require.Equal(t, b.balances, got)

	b.err = io.EOF
	got, err = c.Balances(t.Context(), payout.Source{})
	require.ErrorIs(t, err, payout.ErrOutcomeUnknown)
	require.Nil(t, got, "balances beside an error are none")

	b.calls = nil
	_, err = c.Balances(t.Context(), payout.Source{SavedCard: "a\nb"})
	require.ErrorIs(t, err, payout.ErrInvalid)
	b.info.SourceCards = false
	_, err = payout.NewClient(b).Balances(t.Context(), payout.Source{SavedCard: "corporate"})
	require.ErrorIs(t, err, payout.ErrUnsupported)
	require.Empty(t, b.calls)
}

func TestReadCallback(t *testing.T) {
	r := func() *http.Request { return httptest.NewRequest(http.MethodPost, "/", nil) }
	c, b := fullCashier()
	b.callback = payout.Ref{Reference: "payout-1", ProviderID: "bank-7", Endpoint: "66", Amount: payout.MustMoney("1.00 RUB")}
	got, err := c.ReadCallback(r())
	require.NoError(t, err)
	require.Equal(t, payout.Ref{Reference: "payout-1", ProviderID: "bank-7"}, got, "a callback says neither what to expect nor where to ask")

	b.callback.ProviderID = "два слова"
	got, err = c.ReadCallback(r())
	require.NoError(t, err)
	require.Equal(t, payout.Ref{Reference: "payout-1"}, got)

	for _, reference := range []string{"", "a b", "payout-1\n"} {
		b.callback.Reference = reference
		got, err = c.ReadCallback(r())
		require.ErrorIs(t, err, payout.ErrInvalid)
		require.Zero(t, got)
	}
	b.callback.Reference, b.err = "payout-1", payout.ErrUnauthorized
	got, err = c.ReadCallback(r())
	require.ErrorIs(t, err, payout.ErrUnauthorized)
	require.Zero(t, got)
}
