package reconcile_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/dispatch"
	"github.com/payoutkit/payout/journal/reconcile"
)

// TestMain fails where a test leaves a goroutine behind.
func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const account = "bank.example/login"

var (
	november = time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	december = time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC)
	middle   = time.Date(2026, 11, 15, 12, 0, 0, 0, time.UTC)
)

// layout is the plainest one.
func layout() reconcile.Layout {
	return reconcile.Layout{
		Columns: reconcile.Columns{Reference: "reference", Amount: "amount", Currency: "currency", Time: "time"},
		Debits:  reconcile.DebitsNegative,
	}
}

type failer interface {
	require.TestingT
	Helper()
}

// journal is a journal with entries as they are given.
func journal(t failer, entries ...dispatch.Entry) *dispatch.Memory {
	t.Helper()
	m := dispatch.NewMemory()
	for _, e := range entries {
		_, fresh, err := m.Insert(context.Background(), e)
		require.NoError(t, err)
		require.True(t, fresh)
		e.Version = 1
		require.NoError(t, m.Commit(context.Background(), dispatch.Change{Entry: e, Event: dispatch.Event{Kind: dispatch.EventFound}}))
	}
	return m
}

// entry is a payout of 1500.00 RUB, sent and final in the middle of November.
func entry(reference string, state dispatch.State, attempts ...dispatch.Attempt) dispatch.Entry {
	return dispatch.Entry{
		Reference: reference, State: state, Amount: payout.MustMoney("1500.00 RUB"),
		CreatedAt: middle, SendUntil: middle.Add(24 * time.Hour), Attempts: attempts,
	}
}

func attempt(reference string, state dispatch.State) dispatch.Attempt {
	a := dispatch.Attempt{
		Provider: "bank", Account: account, Reference: reference, State: state,
		Transmissions: 1, Tries: 1, IntentAt: middle, SendBefore: middle.Add(10 * time.Second), ProviderID: "id-" + reference,
	}
	if state.Final() {
		a.FinalAt = middle.Add(time.Minute)
	}
	return a
}

// elsewhere is the attempt at another account.
func elsewhere(a dispatch.Attempt) dispatch.Attempt {
	a.Account, a.Provider = "other.example/login", "other"
	return a
}

func config(j reconcile.Journal) reconcile.Config {
	return reconcile.Config{Journal: j, Account: account, From: november, Before: december, Layout: layout()}
}

const header = "reference,amount,currency,time\n"

func statement(rows ...string) string { return header + strings.Join(rows, "\n") + "\n" }

func run(t *testing.T, c reconcile.Config, text string) *reconcile.Report {
	t.Helper()
	r, err := reconcile.Run(t.Context(), c, strings.NewReader(text))
	require.NoError(t, err)
	return r
}

// texts are findings as lines.
func texts(r *reconcile.Report) (out []string) {
	for _, f := range r.Findings {
		out = append(out, f.String())
	}
	return out
}

// ears hear alarms.
type ears struct {
	dispatch.Observer
	heard []dispatch.Alarm
}

func (e *ears) Alarm(_ context.Context, a dispatch.Alarm) { e.heard = append(e.heard, a) }
