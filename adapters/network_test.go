package adapters_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/provider"
	"github.com/payoutkit/payout/sandbox/bank"
)

// fault is a way to lose an answer.
type fault struct {
	name  string
	act   bank.Act // the zero Act pays
	reply func(subject) bank.Reply
	http  provider.HTTP
	drop  bool // the bank never reads the request
	hold  bool // the bank keeps its answer until it is asked
	stop  bool // the caller goes away once the bank has the request
	is    error
	after time.Duration // RetryAfter
}

var faults = []fault{
	{name: "answer lost", reply: func(subject) bank.Reply { return bank.Lost() }},
	{name: "answer lost by a reset", reply: func(subject) bank.Reply { return bank.Reply{Cut: bank.BeforeHead, Reset: true} }},
	{name: "cut in the head", reply: func(subject) bank.Reply { return bank.Reply{Cut: bank.InHead} }},
	{name: "cut in the body", reply: func(subject) bank.Reply { return bank.Reply{Cut: bank.InBody} }},
	{name: "paid, and something went wrong", reply: func(s subject) bank.Reply { return s.wrong }},
	{name: "a proxy's page", reply: func(subject) bank.Reply { return bank.ProxyPage() }},
	{name: "a firewall's page", reply: func(subject) bank.Reply { return bank.Forbidden() }},
	{name: "no body", reply: func(subject) bank.Reply { return bank.Empty() }},
	{name: "too long", reply: func(subject) bank.Reply { return bank.Oversized(4096) }, http: provider.HTTP{MaxAnswer: 4096}},
	{name: "too many requests", reply: func(subject) bank.Reply { return bank.TooMany(7 * time.Second) }, after: 7 * time.Second},
	{name: "redirect that keeps the method", reply: func(s subject) bank.Reply {
		return bank.Redirect(http.StatusTemporaryRedirect, s.bank.URL()+s.bank.Requests()[0].Path)
	}},
	{name: "redirect elsewhere", reply: func(s subject) bank.Reply { return bank.Redirect(http.StatusFound, s.bank.URL()+"/login") }},
	{name: "dropped before it was read", drop: true},
	{name: "no answer in time", hold: true, http: provider.HTTP{Timeout: time.Second}, is: context.DeadlineExceeded},
	{name: "the caller goes away", hold: true, stop: true, is: context.Canceled},
}

// Each fault on each rail, on a connection that has served a request: exactly one
// request, an outcome that is unknown and never safe to repeat, and Find tells what
// happened.
func TestLostAnswers(t *testing.T) {
	for _, r := range rails {
		t.Run(r.name, func(t *testing.T) {
			for _, f := range faults {
				t.Run(f.name, func(t *testing.T) {
					t.Parallel()
					lose(t, r.run(t, f.http), f)
				})
			}
		})
	}
}

func lose(t *testing.T, s subject, f fault) {
	_, err := s.client.Create(t.Context(), s.request("warm"))
	require.NoError(t, err)

	gate := bank.NewGate()
	script := bank.Script{Operation: bank.Create, Reference: "p-1", Act: f.act}
	if f.reply != nil {
		script.Reply = f.reply(s)
	}
	if f.hold {
		script.Reply.Hold = gate
	}
	s.bank.Script(script)
	if f.drop {
		s.bank.Drop(bank.Drop{Warm: true})
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	if f.stop {
		go func() {
			_ = s.bank.WaitRequests(ctx, bank.Create, "p-1", 1)
			cancel()
		}()
	}

	req := s.request("p-1")
	p, err := s.client.Create(ctx, req)
	require.ErrorIs(t, err, payout.ErrOutcomeUnknown)
	require.False(t, payout.SafeToRetry(err))
	require.Zero(t, p)
	if f.is != nil {
		require.ErrorIs(t, err, f.is)
	}
	var e *payout.Error
	require.ErrorAs(t, err, &e)
	require.Equal(t, f.after, e.RetryAfter)

	log := s.bank.Requests()
	require.True(t, log[1].Reused, "the connection must be a warm one: a cold one shows nothing")
	require.Equal(t, log[0].Conn, log[1].Conn)

	gate.Open()
	p, err = s.client.Find(t.Context(), req.Ref())
	arrived := map[bank.Operation]int{}
	for _, op := range []bank.Operation{bank.Create, bank.Dropped, bank.Status} {
		arrived[op] = s.bank.Count(op, "") // the warm one too
	}
	if f.drop {
		require.ErrorIs(t, err, s.notFound)
		require.False(t, payout.SafeToRetry(err))
		require.Zero(t, s.bank.Ledger().Times("p-1"))
		require.Equal(t, map[bank.Operation]int{bank.Create: 1, bank.Dropped: 1, bank.Status: 1}, arrived)
	} else {
		require.NoError(t, err)
		require.Equal(t, payout.StatusPaid, p.Status)
		require.Equal(t, 1, s.bank.Ledger().Times("p-1"))
		require.Equal(t, map[bank.Operation]int{bank.Create: 2, bank.Dropped: 0, bank.Status: 1}, arrived)
	}
}

// A question whose answer is lost is a question that brought nothing.
func TestLostQuestions(t *testing.T) {
	for _, r := range rails {
		s := r.run(t, provider.HTTP{})
		req := s.request("p-1")
		_, err := s.client.Create(t.Context(), req)
		require.NoError(t, err)
		s.bank.Script(bank.Script{Operation: bank.Status, Times: 1, Reply: bank.Lost()})
		_, err = s.client.Find(t.Context(), req.Ref())
		require.ErrorIs(t, err, payout.ErrOutcomeUnknown)
		require.Equal(t, 1, s.bank.Count(bank.Status, "p-1"))
		p, err := s.client.Find(t.Context(), req.Ref())
		require.NoError(t, err)
		require.Equal(t, payout.StatusPaid, p.Status)
	}
}

// What is proved not to have left may be sent again: nobody answers at the address,
// or the caller was gone before.
func TestNotSent(t *testing.T) {
	for _, r := range rails {
		s := r.run(t, provider.HTTP{})
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		_, err := s.client.Create(ctx, s.request("p-1"))
		require.ErrorIs(t, err, payout.ErrNotSent)
		require.Empty(t, s.bank.Requests())
		s.bank.Close()
		_, err = s.client.Create(t.Context(), s.request("p-1"))
		require.ErrorIs(t, err, payout.ErrNotSent)
		require.True(t, payout.SafeToRetry(err))
		require.Empty(t, s.bank.Requests())
	}
}
