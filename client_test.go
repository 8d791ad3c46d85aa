package payout_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
)

// paid is an answer that proves that request() was paid.
func paid() payout.Payout {
	return payout.Payout{
		Reference: "payout-1", ProviderID: "bank-7", Endpoint: "33", Amount: payout.MustMoney("1500.00 RUB"),
		Fee: payout.MustMoney("15.00 RUB"), Status: payout.StatusPaid,
	}
}

// asks are the two calls that answer with a payout.
var asks = map[string]func(context.Context, *payout.Client) (payout.Payout, error){
	"create": func(ctx context.Context, c *payout.Client) (payout.Payout, error) { return c.Create(ctx, request()) },
	"find": func(ctx context.Context, c *payout.Client) (payout.Payout, error) {
		return c.Find(ctx, request().Ref())
	},
}

func TestClientCompletesAnAnswer(t *testing.T) {
	want := paid()
	want.Provider, want.Account = "teller-1", "host/login"
	for name, ask := range asks {
		c, b := answers(paid(), nil)
		p, err := ask(t.Context(), c)
		require.NoError(t, err)
		want.Destination = map[string]string{"create": "card 411111******1111"}[name]
		require.Equal(t, want, p)
		require.Len(t, b.calls, 1)
	}
}

// The context's error beside every kind, the bank's code, and the time it asks for.
func TestClientClassifiesErrors(t *testing.T) {
	var none *payout.Error
	timeout := fmt.Errorf("post: %w", context.DeadlineExceeded)
	full := &payout.Error{
		Kind: payout.ErrRateLimited, Provider: "else", Op: "else", Code: "429", HTTPStatus: 429, RetryAfter: time.Minute,
		Hold: true, Detail: "slow down", Violations: []payout.Violation{{Field: "f", Rule: "r"}}, Err: timeout,
	}
	for name, row := range map[string]struct {
		err  error
		kind payout.ErrorKind
		is   error
	}{
		"unclassified":         {io.ErrUnexpectedEOF, payout.ErrOutcomeUnknown, io.ErrUnexpectedEOF},
		"context's":            {timeout, payout.ErrOutcomeUnknown, context.DeadlineExceeded},
		"nil *Error":           {none, payout.ErrOutcomeUnknown, payout.ErrOutcomeUnknown},
		"bare kind":            {payout.ErrRefused, payout.ErrRefused, payout.ErrRefused},
		"an Error":             {full, payout.ErrRateLimited, context.DeadlineExceeded},
		"wrapped":              {fmt.Errorf("x: %w", full), payout.ErrRateLimited, context.DeadlineExceeded},
		"joined, agreeing":     {errors.Join(full, payout.ErrRateLimited), payout.ErrRateLimited, context.DeadlineExceeded},
		"joined, disagreeing":  {errors.Join(full, payout.ErrNotSent), payout.ErrOutcomeUnknown, context.DeadlineExceeded},
		"joined, unclassified": {errors.Join(&payout.Error{Kind: payout.ErrNotSent}, io.EOF), payout.ErrOutcomeUnknown, io.EOF},
		"a cause of another":   {&payout.Error{Kind: payout.ErrNotSent, Err: full}, payout.ErrOutcomeUnknown, context.DeadlineExceeded},
		"not sent, answered":   {&payout.Error{Kind: payout.ErrNotSent, HTTPStatus: 500, Err: io.EOF}, payout.ErrOutcomeUnknown, io.EOF},
		"no such kind":         {&payout.Error{Kind: 99, Err: io.EOF}, payout.ErrOutcomeUnknown, io.EOF},
	} {
		for op, ask := range asks {
			seen := &record{}
			c, b := answers(paid(), row.err, payout.WithObserver(seen))
			p, err := ask(t.Context(), c)
			require.Zero(t, p, "%s: a payout beside an error is no answer", name)
			require.Len(t, b.calls, 1)

			var e *payout.Error
			require.ErrorAs(t, err, &e, name)
			require.Equal(t, row.kind, e.Kind, name)
			require.Equal(t, row.kind, payout.KindOf(err), name)
			require.Equal(t, "teller-1", e.Provider)
			require.Equal(t, payout.Op(op), e.Op)
			require.ErrorIs(t, err, row.is, name)
			for _, k := range errorKinds {
				require.Equal(t, k == row.kind, errors.Is(err, k), "%s is %v", name, k)
			}
			require.Equal(t, []payout.Outcome{{Err: err}}, seen.outcomes, name)
		}
	}
	c, _ := answers(payout.Payout{}, full)
	_, err := c.Find(t.Context(), request().Ref())
	want := *full
	want.Provider, want.Op = "teller-1", payout.OpFind
	require.Equal(t, &want, err)
	require.Equal(t, "else", full.Provider, "the adapter's error is its own")
}

func TestClientDropsACodeThatIsText(t *testing.T) {
	for code, want := range map[string]string{"98": "98", "Карта 4111111111111111": "", "4111111111111111": ""} {
		c, _ := answers(payout.Payout{}, &payout.Error{Kind: payout.ErrRefused, Code: code})
		_, err := c.Create(t.Context(), request())
		var e *payout.Error
		require.ErrorAs(t, err, &e)
		require.Equal(t, want, e.Code)
	}
}

func TestClientStopsWhereTheContextHasEnded(t *testing.T) {
	cancelled, cancel := context.WithCancelCause(t.Context())
	cancel(&payout.Error{Kind: payout.ErrOutcomeUnknown, Detail: "of another call"}) // as errgroup does
	late, stop := context.WithDeadline(t.Context(), time.Unix(0, 0))
	defer stop()
	for want, ctx := range map[error]context.Context{context.Canceled: cancelled, context.DeadlineExceeded: late} {
		for _, ask := range asks {
			seen := &record{}
			c, b := answers(paid(), nil, payout.WithObserver(seen))
			p, err := ask(ctx, c)
			require.Zero(t, p)
			require.Empty(t, b.calls)
			require.ErrorIs(t, err, payout.ErrNotSent)
			require.ErrorIs(t, err, want)
			require.True(t, payout.SafeToRetry(err))
			require.Len(t, seen.calls, 1)
			require.Len(t, seen.outcomes, 1)
		}
	}
}

// Once the provider has been called, an ended context proves nothing.
func TestClientContextEndsDuringTheCall(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	c, b := answers(payout.Payout{}, nil)
	b.create = func(ctx context.Context, _ payout.Request) (payout.Payout, error) {
		cancel()
		return payout.Payout{}, ctx.Err()
	}
	_, err := c.Create(ctx, request())
	require.ErrorIs(t, err, payout.ErrOutcomeUnknown)
	require.ErrorIs(t, err, context.Canceled)
	require.False(t, payout.SafeToRetry(err))

	// An answer that came is an answer, whatever became of the context since.
	b.find = func(context.Context, payout.Ref) (payout.Payout, error) { return paid(), nil }
	ctx, cancel = context.WithCancel(t.Context())
	b.create = func(context.Context, payout.Request) (payout.Payout, error) { cancel(); return paid(), nil }
	p, err := c.Create(ctx, request())
	require.NoError(t, err)
	require.Equal(t, payout.StatusPaid, p.Status)
}

func TestClientFindChecksItsRef(t *testing.T) {
	for want, change := range map[string]func(*payout.Ref){
		"ref.reference: is required (teller:7)":                           func(r *payout.Ref) { r.Reference = "" },
		"ref.reference: must be at most 32 characters (teller:7)":         func(r *payout.Ref) { r.Reference = "x12345678901234567890123456789012" },
		"ref.amount: is required: the answer is compared with it":         func(r *payout.Ref) { r.Amount = payout.Money{} },
		"ref.provider_id: must be at most 128 printable ASCII characters": func(r *payout.Ref) { r.ProviderID = "a b" },
		"ref.endpoint: must be at most 128 printable ASCII characters":    func(r *payout.Ref) { r.Endpoint = "a\n" },
	} {
		c, b := answers(paid(), nil)
		ref := request().Ref()
		change(&ref)
		_, err := c.Find(t.Context(), ref)
		require.ErrorIs(t, err, payout.ErrInvalid)
		require.Equal(t, "payout: teller-1: find: invalid, nothing was sent: "+want, err.Error())
		require.Empty(t, b.calls)
	}
}

// A question about an amount that the provider no longer takes is still asked.
func TestClientFindsWhatCouldNotBeCreated(t *testing.T) {
	p := paid()
	p.Amount = payout.MustMoney("5 JPY")
	c, _ := answers(p, nil)
	got, err := c.Find(t.Context(), payout.Ref{Reference: "payout-1", Amount: payout.MustMoney("5 JPY")})
	require.NoError(t, err)
	require.Equal(t, payout.StatusPaid, got.Status)
}

func TestClientFacts(t *testing.T) {
	b := &teller{info: facts()}
	c := payout.NewClient(b, payout.WithPolling(payout.Polling{{Every: time.Second}}))
	require.Equal(t, "teller-1", c.Name())
	require.Same(t, b, c.Provider())
	require.Equal(t, payout.Polling{{Every: time.Second}}, c.Info().Polling)
	require.Equal(t, "host/login", c.Info().Account)
	require.Empty(t, b.calls, "making a Client calls nothing")
}
