package payout_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
)

// sent returns what the adapter gets of a request.
func sent(t *testing.T, change func(*payout.Info), r payout.Request, do func(*payout.Request)) payout.Request {
	t.Helper()
	_, b := answers(payout.Payout{}, nil)
	change(&b.info)
	var got payout.Request
	b.create = func(_ context.Context, r payout.Request) (payout.Payout, error) {
		got = r
		do(&r)
		return payout.Payout{Status: payout.StatusPending}, nil
	}
	_, err := payout.NewClient(b).Create(t.Context(), r)
	require.NoError(t, err)
	return got
}

func asIs(*payout.Info)       {}
func leaveIt(*payout.Request) {}

func TestAdapterGetsTheRequest(t *testing.T) {
	r := request()
	r.Options = []payout.Option{extra{"119"}}
	r.Source.SavedCard, r.Language, r.ReturnURL = "corporate", "ru", "https://a.example/"
	require.Equal(t, r, sent(t, asIs, r, leaveIt))
}

// Adapters switch on the type: they need not know of pointers, and must not change
// what one points to.
func TestAdapterGetsValuesForPointers(t *testing.T) {
	book := &passbook{Number: payout.NewSecret("A1"), Office: office{Clerk: "c"}, series: "s"}
	option := &extra{"119"}
	r := request()
	r.Destination, r.Options = book, []payout.Option{option}
	got := sent(t, asIs, r, leaveIt)
	require.Equal(t, *book, got.Destination)
	require.Equal(t, []payout.Option{*option}, got.Options)
	require.Same(t, book, r.Destination, "the caller's stays a pointer")
	require.Same(t, option, r.Options[0])
}

func TestAdapterCannotChangeTheRequest(t *testing.T) {
	r := request()
	r.Options = []payout.Option{extra{"119"}, odd2{}}
	sent(t, asIs, r, func(r *payout.Request) {
		r.Metadata["name"], r.Metadata["other"] = "changed", "added"
		r.Options[0] = extra{"changed"}
		_ = append(r.Options[:1], extra{"changed"})
		r.Reference = "changed"
	})
	want := request()
	want.Options = []payout.Option{extra{"119"}, odd2{}}
	require.Equal(t, want, r)
}

func TestAdapterGetsNoDescriptionThatItDoesNotTake(t *testing.T) {
	require.Equal(t, "description-text", sent(t, asIs, request(), leaveIt).Description)
	got := sent(t, func(i *payout.Info) { i.Description = 0 }, request(), leaveIt)
	require.Empty(t, got.Description)
}

func TestAdapterGetsTheObserversContext(t *testing.T) {
	type key struct{}
	_, b := answers(payout.Payout{}, nil)
	b.create = func(ctx context.Context, _ payout.Request) (payout.Payout, error) {
		require.Equal(t, "span", ctx.Value(key{}))
		return payout.Payout{}, nil
	}
	_, err := payout.NewClient(b, payout.WithObserver(spans{key{}})).Create(t.Context(), request())
	require.NoError(t, err)
	require.Equal(t, []payout.Op{payout.OpCreate}, b.calls)
}

// spans is an Observer that puts something into the context, and wants no outcome.
type spans struct{ key any }

func (s spans) Start(ctx context.Context, _ payout.Call) (context.Context, func(payout.Outcome)) {
	return context.WithValue(ctx, s.key, "span"), nil
}
func (spans) Alarm(context.Context, payout.Alarm) {}
