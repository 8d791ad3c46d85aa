package demo

import (
	"context"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/sandbox/bank"
)

// large is a row to all2pay of an amount that its first account does not hold.
func large(reference, amount string) string {
	return reference + "," + amount + ",RUB,card,4111111111111111,,,IVAN PETROV,,\n"
}

// told are the rows of a run as "reference provider attempts status reason".
func told(all []line) (out []string) {
	for _, r := range of(all, "payout") {
		out = append(out, strings.Join([]string{r.Reference, r.Provider, string(rune('0' + r.Attempts)), r.Status, r.Reason}, " "))
	}
	return out
}

// creates are the references under which a bank was asked to pay.
func creates(s *bank.Server) (out []string) {
	for _, r := range s.Requests() {
		if r.Operation == bank.Create {
			out = append(out, r.Reference)
		}
	}
	return out
}

// In the sample only what an account has no funds for goes to another, under a
// reference of its own; a card that the recipient's bank does not take goes nowhere
// else.
func TestWhatIsTriedAgain(t *testing.T) {
	t.Parallel()
	b := open(t)
	b.misbehave()
	d, err := openDesk(t.Context(), b, nil)
	require.NoError(t, err)
	defer func() { require.NoError(t, d.close()) }()
	_, err = payAll(t.Context(), d, reader(t, string(sample)), patience, func(Result) {})
	require.NoError(t, err)
	again := creates(b.reserve.Server)
	require.Len(t, again, 2)
	for i, want := range []string{"pay-011", "pay-037"} {
		require.Regexp(t, "^[0-9a-f]{24}$", again[i])
		require.Equal(t, want, d.payoutOf("reserve", again[i]))
		require.Equal(t, 1, b.all2pay.Count(bank.Create, want))
	}
	require.Equal(t, "pay-011", d.payoutOf("all2pay", "pay-011"))
	require.Equal(t, "stray", d.payoutOf("reserve", "stray"), "nobody sent it from here")
	for _, s := range b.all {
		require.Empty(t, s.server.Ledger().Moved("pay-009"))
		sent := creates(s.server)
		for i, reference := range sent {
			require.NotContains(t, sent[:i], reference, "each is sent once")
		}
	}
}

// A bank that can't be reached: another account of ours takes over, and nothing counts
// as an attempt that did not leave. Where there is no other account nothing is sent.
func TestBankThatCannotBeReached(t *testing.T) {
	t.Parallel()
	b := open(t)
	b.all2pay.Close()
	b.bereke.Close()
	all, err := over(t.Context(), t, b, rub("p")+kzt("q")+usd("r"), 5*time.Second)
	require.NoError(t, err)
	require.Equal(t, []string{"p reserve 1 paid ", "q  0 not_sent no_connection", "r connpay 1 paid "}, told(all))
	require.Contains(t, of(all, "payout")[1].Error, "payout: bereke: create: not sent")
	totalsAgree(t, all)
}

// A bank that does not know our credentials gets no more payouts.
func TestBankThatDoesNotKnowUs(t *testing.T) {
	t.Parallel()
	b := open(t)
	b.bereke.Script(bank.Script{Act: bank.Nothing(), Reply: b.bereke.Reply(401, "90")})
	d, err := openDesk(t.Context(), b, nil)
	require.NoError(t, err)
	defer func() { require.NoError(t, d.close()) }()
	first := d.pay(t.Context(), parsed(t, kzt("p")), 2*time.Second)
	require.Equal(t, []string{"bereke", refused, "unauthorized"}, []string{first.Provider, first.status(), first.reason()})
	second := d.pay(t.Context(), parsed(t, kzt("q")), 300*time.Millisecond)
	require.Equal(t, []string{"", notSent, "no_route_free"}, []string{second.Provider, second.status(), second.reason()})
	require.ErrorContains(t, second.Unpaid, "no route was free in time")
	require.ErrorContains(t, second.Unpaid, "bereke: the provider is held: unauthorized")
	require.Zero(t, b.bereke.Count(bank.Create, "q"))
	require.Equal(t, []Finding{{"", "bereke was held: it got no more payouts until a check call succeeded"}}, d.watch.findings(d.payoutOf))
}

// What a bank does not take for malformed was sent there, and is not tried elsewhere.
func TestBankThatRefuses(t *testing.T) {
	t.Parallel()
	b := open(t)
	b.all2pay.Script(bank.Script{Operation: bank.Create, Act: bank.Nothing(), Reply: b.all2pay.Reply(400, "98")})
	all, err := over(t.Context(), t, b, rub("p"), patience)
	require.NoError(t, err)
	require.Equal(t, []string{"p all2pay 1 refused malformed_for_the_bank"}, told(all))
	require.Empty(t, b.reserve.Requests())
	totalsAgree(t, all)
}

// The reserve's limit counts what is under way there: what it has no room for waits, and
// is given up with what is known of its first attempt.
func TestLimit(t *testing.T) {
	t.Parallel()
	b := open(t)
	b.reserve.Script(bank.Script{Operation: bank.Create, Act: bank.Pend(1)})
	d, err := openDesk(t.Context(), b, nil)
	require.NoError(t, err)
	defer func() { require.NoError(t, d.close()) }()
	var got []string
	var last Result
	for _, row := range []string{large("p", "30000000.00"), large("q", "29999999.99"), large("r", "11000000.00")} {
		last = d.pay(t.Context(), parsed(t, row), 2*time.Second)
		got = append(got, strings.Join([]string{last.Reference, last.Provider, last.status(), last.reason()}, " "))
	}
	require.Equal(t, []string{"p reserve pending still_open", "q reserve pending still_open", "r all2pay failed insufficient_funds"}, got)
	require.EqualError(t, last.Stopped, "no route was free in time: all2pay: was tried; bereke: another currency; "+
		"connpay: another currency; reserve: a limit has not enough left")
	require.Len(t, creates(b.reserve.Server), 2)
}

// What is above the greatest amount of a route does not wait for it.
func TestNoFurtherRoute(t *testing.T) {
	t.Parallel()
	b := open(t)
	all, err := over(t.Context(), t, b, large("p", "30000000.01"), patience)
	require.NoError(t, err)
	require.Equal(t, []string{"p all2pay 1 failed insufficient_funds"}, told(all))
	require.Empty(t, of(all, "payout")[0].Error)
	require.Empty(t, b.reserve.Requests())
}

// calling calls a function when a bank has been called, with or without an answer.
type calling struct {
	slog.Handler
	provider string
	op       payout.Op
	then     func()
}

func (calling) Enabled(context.Context, slog.Level) bool { return true }

func (c calling) Handle(_ context.Context, r slog.Record) error {
	has := map[string]string{}
	r.Attrs(func(a slog.Attr) bool {
		has[a.Key] = a.Value.String()
		return true
	})
	if r.Message == "payout call" && has["provider"] == c.provider && has["op"] == string(c.op) {
		c.then()
	}
	return nil
}

// Interrupted between two attempts: the first has failed for certain, and the next one
// is not sent any more.
func TestInterruptedBetweenAttempts(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	b, err := startBanks(slog.New(calling{slog.DiscardHandler, "reserve", payout.OpCreate, cancel}))
	require.NoError(t, err)
	t.Cleanup(b.close)
	b.reserve.Close()
	all, err := over(ctx, t, b, large("p", "11000000.00"), patience)
	require.ErrorIs(t, err, ErrFindings)
	require.Equal(t, []string{"p all2pay 1 failed insufficient_funds"}, told(all))
	require.Contains(t, of(all, "payout")[0].Error, "interrupted")
	require.Equal(t, []string{"p: interrupted: it failed at all2pay, and was not tried at another bank any more"}, findings(all))
}

// One reference is one payout, whoever hands it in how often: the same content again
// is told what became of the first, other content is not taken.
func TestSubmittedTwice(t *testing.T) {
	t.Parallel()
	b := open(t)
	d, err := openDesk(t.Context(), b, nil)
	require.NoError(t, err)
	defer func() { require.NoError(t, d.close()) }()
	first, again := d.pay(t.Context(), parsed(t, rub("p")), patience), d.pay(t.Context(), parsed(t, rub("p")), patience)
	other := d.pay(t.Context(), parsed(t, kzt("p")), patience)
	require.Equal(t, payout.StatusPaid, first.Payout.Status)
	require.Less(t, again.Took, patience, "what is known is not waited for")
	first.Took, again.Took = 0, 0
	require.Equal(t, first, again)
	require.Equal(t, []string{"", notSent, "reference_taken"}, []string{other.Provider, other.status(), other.reason()})
	require.Equal(t, 1, b.all2pay.Ledger().Times("p"))
	require.Empty(t, b.bereke.Requests())
}
