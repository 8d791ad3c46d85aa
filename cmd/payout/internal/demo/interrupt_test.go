package demo

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/batch"
	"github.com/payoutkit/payout/sandbox/bank"
)

// Interrupted with one payout done, one held at the bank, one pending there, and
// others still in the file.
func TestInterrupted(t *testing.T) {
	t.Parallel()
	b := open(t)
	gate := bank.NewGate()
	b.bereke.Script(bank.Script{Reference: "held", Operation: bank.Create, Hold: gate})
	b.all2pay.Script(bank.Script{Reference: "pending", Operation: bank.Create, Act: bank.Pend(1)})
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	file, write := io.Pipe()
	out, report := io.Pipe()
	ended := make(chan error, 1)
	go func() {
		defer report.Close()
		r, err := batch.NewReader(file, payout.Kinds()...)
		if err == nil {
			err = payThrough(ctx, Options{Out: report, JSON: true}, r, b, patience)
		}
		ended <- err
	}()
	lines := json.NewDecoder(out)
	next := func() (l line) {
		require.NoError(t, lines.Decode(&l))
		return l
	}

	fmt.Fprint(write, head+rub("done"))
	require.Equal(t, "start", next().Type)
	require.Equal(t, "paid", next().Status)
	fmt.Fprint(write, kzt("held")+rub("pending"))
	require.NoError(t, b.bereke.WaitRequests(t.Context(), bank.Create, "held", 1))
	require.NoError(t, b.all2pay.WaitRequests(t.Context(), bank.Status, "pending", 3))
	cancel()
	fmt.Fprint(write, rub("a")+"wrong\n"+usd("b"))
	require.NoError(t, write.Close())

	var all []line
	for lines.More() {
		all = append(all, next())
	}
	require.ErrorIs(t, <-ended, ErrFindings)
	var got []string
	for _, r := range of(all, "payout") {
		got = append(got, strings.Join([]string{r.Reference, r.Provider, r.Status, r.Reason}, " "))
	}
	require.Equal(t, []string{
		"held bereke unknown interrupted",
		"pending all2pay pending interrupted",
		"a  not_sent interrupted",
		"  not_sent malformed",
		"b  not_sent interrupted",
	}, got)
	require.Equal(t, []string{
		"held: its fate is not known: unknown",
		"pending: its fate is not known: pending",
		": interrupted: 2 payouts were not sent",
	}, findings(all))
	for _, s := range b.all {
		require.Zero(t, s.server.Count(bank.Create, "a")+s.server.Count(bank.Create, "b"))
	}
	require.Equal(t, 1, b.bereke.Count(bank.Create, "held"))
}

// Nothing is sent at all if the context had ended before.
func TestInterruptedBefore(t *testing.T) {
	t.Parallel()
	b := open(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	all, err := over(ctx, t, b, rub("p")+strings.Repeat("x\n", 100)+usd("q"), patience)
	require.ErrorIs(t, err, ErrFindings)
	require.Equal(t, []string{": interrupted: 2 payouts were not sent"}, findings(all))
	for _, s := range b.all {
		require.Empty(t, s.server.Requests())
	}
}

// What is being sent when the interrupt comes is sent to its end.
func TestInterruptedWhileTheBankAnswers(t *testing.T) {
	t.Parallel()
	b := open(t)
	gate := bank.NewGate()
	b.all2pay.Script(bank.Script{Operation: bank.Create, Reply: bank.Reply{Hold: gate}})
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	go func() {
		defer gate.Open()
		defer cancel()
		_ = b.all2pay.WaitRequests(ctx, bank.Create, "p", 1)
	}()
	all, err := over(ctx, t, b, rub("p"), patience)
	require.NoError(t, err, "it all came to an end")
	require.Equal(t, []string{"p all2pay 1 paid "}, told(all))
	totalsAgree(t, all)
}

// Nothing moves any more when the books are read, even if patience was over before: p
// lands only when the loop is ending, which its question about q gives away.
func TestBooksAreReadAtTheEnd(t *testing.T) {
	t.Parallel()
	gate := bank.NewGate()
	b, err := startBanks(slog.New(calling{slog.DiscardHandler, "bereke", payout.OpFind, gate.Open}))
	require.NoError(t, err)
	t.Cleanup(b.close)
	b.all2pay.Script(bank.Script{Operation: bank.Create, Hold: gate})
	b.bereke.Script(bank.Script{Operation: bank.Create, Act: bank.Pend(1)})
	b.bereke.Script(bank.Script{Operation: bank.Status, Reply: bank.Reply{Hold: bank.NewGate()}})
	all, err := over(t.Context(), t, b, rub("p")+kzt("q"), 2*time.Second)
	require.ErrorIs(t, err, ErrFindings)
	require.Equal(t, []string{"p all2pay 1 unknown still_open", "q bereke 1 pending still_open"}, told(all))
	require.Len(t, of(all, "ledger"), 1)
	require.Equal(t, 1, of(all, "ledger")[0].OpenCount)
	require.Equal(t, []string{"p: its fate is not known: unknown", "q: its fate is not known: pending"}, findings(all))
}
