package payout_test

import (
	"context"
	"errors"
	"io"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
)

// reply is what the bank says to one question.
type reply struct {
	payout payout.Payout
	err    error
}

func is(s payout.Status) reply {
	p := paid()
	p.Status = s
	return reply{payout: p}
}

func fails(err error) reply { return reply{err: err} }

// waiting answers with replies, the last one for ever. It keeps when it was asked, and
// with what; a Create would panic.
type waiting struct {
	client *payout.Client
	at     []time.Duration
	refs   []payout.Ref
}

func waitingFor(p payout.Polling, replies ...reply) *waiting {
	w, begin := &waiting{}, time.Now()
	_, b := answers(payout.Payout{}, nil)
	b.info.Polling = p
	b.create = nil
	b.find = func(_ context.Context, ref payout.Ref) (payout.Payout, error) {
		n := min(len(w.at), len(replies)-1)
		w.at, w.refs = append(w.at, time.Since(begin)), append(w.refs, ref)
		return replies[n].payout, replies[n].err
	}
	w.client = payout.NewClient(b)
	return w
}

var twoSteps = payout.Polling{{Every: 2 * time.Second, For: 5 * time.Second}, {Every: 10 * time.Second}}

func seconds(n ...int) []time.Duration {
	out := []time.Duration{}
	for _, n := range n {
		out = append(out, time.Duration(n)*time.Second)
	}
	return out
}

func TestWaitAsksOnTheSchedule(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		pending := is(payout.StatusPending)
		w := waitingFor(twoSteps, pending, pending, is(payout.StatusUnknown), is(payout.StatusActionRequired), pending, is(payout.StatusPaid))
		p, err := payout.Wait(t.Context(), w.client, request().Ref())
		require.NoError(t, err)
		require.Equal(t, payout.StatusPaid, p.Status)
		require.Equal(t, seconds(0, 2, 4, 6, 16, 26), w.at)
	})
}

func TestWaitUsesTheClientsPolling(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := waitingFor(twoSteps, is(payout.StatusPending), is(payout.StatusPaid))
		c := payout.NewClient(w.client.Provider(), payout.WithPolling(payout.Polling{{Every: time.Minute}}))
		_, err := payout.Wait(t.Context(), c, request().Ref())
		require.NoError(t, err)
		require.Equal(t, seconds(0, 60), w.at)
	})
}

func TestWaitEndsWithTheFate(t *testing.T) {
	for _, s := range []payout.Status{payout.StatusPaid, payout.StatusFailed, payout.StatusReturned, payout.StatusReview} {
		synctest.Test(t, func(t *testing.T) {
			w := waitingFor(twoSteps, is(s))
			p, err := payout.Wait(t.Context(), w.client, request().Ref())
			require.NoError(t, err)
			require.Equal(t, s, p.Status)
			require.Equal(t, seconds(0), w.at)
		})
	}
}

func TestWaitGoesOnAfterErrors(t *testing.T) {
	var replies []reply
	for _, k := range []error{
		payout.ErrOutcomeUnknown, payout.ErrNotSent, payout.ErrRefused, payout.ErrRateLimited, payout.ErrNotFound, payout.ErrConflict,
		io.EOF, context.DeadlineExceeded,
	} {
		replies = append(replies, fails(k))
	}
	synctest.Test(t, func(t *testing.T) {
		w := waitingFor(payout.Polling{{Every: time.Second}}, append(replies, is(payout.StatusPaid))...)
		p, err := payout.Wait(t.Context(), w.client, request().Ref())
		require.NoError(t, err)
		require.Equal(t, payout.StatusPaid, p.Status)
		require.Len(t, w.at, len(replies)+1)
	})
}

func TestWaitStopsWhereAskingIsInVain(t *testing.T) {
	for _, k := range []payout.ErrorKind{payout.ErrInvalid, payout.ErrUnsupported, payout.ErrUnauthorized} {
		synctest.Test(t, func(t *testing.T) {
			w := waitingFor(twoSteps, is(payout.StatusPending), fails(k))
			p, err := payout.Wait(t.Context(), w.client, request().Ref())
			require.ErrorIs(t, err, k)
			require.Equal(t, payout.StatusPending, p.Status, "what was last known")
			require.Equal(t, "bank-7", p.ProviderID)
			require.Equal(t, seconds(0, 2), w.at)
		})
	}
	synctest.Test(t, func(t *testing.T) {
		w := waitingFor(twoSteps, is(payout.StatusPaid))
		p, err := payout.Wait(t.Context(), w.client, payout.Ref{Reference: "payout-1"})
		require.ErrorIs(t, err, payout.ErrInvalid)
		require.Equal(t, payout.StatusUnknown, p.Status)
		require.Empty(t, w.at, "the bank is not asked")
	})
}

func TestWaitHonoursRetryAfter(t *testing.T) {
	limited := func(after time.Duration) reply {
		return fails(&payout.Error{Kind: payout.ErrRateLimited, RetryAfter: after})
	}
	synctest.Test(t, func(t *testing.T) {
		w := waitingFor(payout.Polling{{Every: 5 * time.Second}},
			limited(30*time.Second), // longer than the schedule
			limited(time.Second),    // shorter
			limited(-time.Hour),     // nonsense
			limited(time.Hour),      // longer than the cap
			fails(&payout.Error{Kind: payout.ErrNotFound, RetryAfter: 20 * time.Second}), // of any kind
			is(payout.StatusPaid))
		_, err := payout.Wait(t.Context(), w.client, request().Ref())
		require.NoError(t, err)
		require.Equal(t, seconds(0, 30, 35, 40, 640, 660), w.at)
	})
}

// The bank gives an id and a place to ask at in its first answer: the next question
// says both.
func TestWaitCarriesWhereToAsk(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		bare := paid()
		bare.Status, bare.ProviderID, bare.Endpoint = payout.StatusPending, "", ""
		moved := paid()
		moved.Status, moved.Endpoint = payout.StatusPending, "34"
		w := waitingFor(twoSteps, reply{payout: bare}, is(payout.StatusPending), fails(io.EOF),
			reply{payout: bare}, reply{payout: moved}, reply{payout: moved}, is(payout.StatusPaid))
		_, err := payout.Wait(t.Context(), w.client, request().Ref())
		require.NoError(t, err)
		first, second, third := request().Ref(), request().Ref(), request().Ref()
		second.ProviderID, second.Endpoint = "bank-7", "33"
		third.ProviderID, third.Endpoint = "bank-7", "34"
		require.Equal(t, []payout.Ref{first, first, second, second, second, third, third}, w.refs)
	})
}

// An answer about a stranger's order must not lead the next question astray.
func TestWaitIsNotLedAstray(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		stranger := paid()
		stranger.Reference, stranger.ProviderID, stranger.Endpoint = "payout-2", "bank-8", "66"
		w := waitingFor(twoSteps, reply{payout: stranger}, is(payout.StatusPaid))
		p, err := payout.Wait(t.Context(), w.client, request().Ref())
		require.NoError(t, err)
		require.Equal(t, "bank-7", p.ProviderID)
		require.Equal(t, []payout.Ref{request().Ref(), request().Ref()}, w.refs)
	})
}

func TestWaitEndsWithItsContext(t *testing.T) {
	requireOpen := func(t *testing.T, p payout.Payout, err, ended error, known payout.Status) {
		t.Helper()
		require.ErrorIs(t, err, payout.ErrOutcomeUnknown)
		require.ErrorIs(t, err, ended)
		require.False(t, payout.SafeToRetry(err))
		require.Contains(t, err.Error(), "teller-1: wait: outcome unknown")
		require.Equal(t, known, p.Status)
		require.Equal(t, request().Reference, p.Reference)
		require.Equal(t, request().Amount, p.Amount)
		require.Equal(t, "teller-1", p.Provider)
		require.Equal(t, "host/login", p.Account)
	}
	t.Run("between questions", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithTimeoutCause(t.Context(), 3*time.Second, errors.New("because"))
			defer cancel()
			w := waitingFor(twoSteps, is(payout.StatusPending))
			begin := time.Now()
			p, err := payout.Wait(ctx, w.client, request().Ref())
			requireOpen(t, p, err, context.DeadlineExceeded, payout.StatusPending)
			require.Equal(t, "bank-7", p.ProviderID)
			require.Equal(t, 3*time.Second, time.Since(begin), "at once")
		})
	})
	t.Run("during a question", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
			defer cancel()
			slow := &teller{info: facts(), find: func(ctx context.Context, _ payout.Ref) (payout.Payout, error) {
				<-ctx.Done()
				return payout.Payout{}, &payout.Error{Kind: payout.ErrNotSent, Err: ctx.Err()}
			}}
			p, err := payout.Wait(ctx, payout.NewClient(slow), request().Ref())
			requireOpen(t, p, err, context.DeadlineExceeded, payout.StatusUnknown)
		})
	})
	t.Run("before", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			cancel()
			w := waitingFor(twoSteps, is(payout.StatusPaid))
			p, err := payout.Wait(ctx, w.client, request().Ref())
			requireOpen(t, p, err, context.Canceled, payout.StatusUnknown)
			require.Empty(t, w.at)
		})
	})
}

// What was known before the first question is known after the last.
func TestWaitKeepsWhatItWasGiven(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := waitingFor(twoSteps, fails(payout.ErrOutcomeUnknown))
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		given := payout.Ref{Reference: "p-1", Amount: payout.MustMoney("1.00 RUB"), ProviderID: "42", Endpoint: "7"}
		p, err := payout.Wait(ctx, w.client, given)
		require.ErrorIs(t, err, payout.ErrOutcomeUnknown)
		require.Equal(t, given, p.Ref())
	})
}
