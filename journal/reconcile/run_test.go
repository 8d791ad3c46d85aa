package reconcile_test

import (
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/dispatch"
	"github.com/payoutkit/payout/journal/reconcile"
)

const day = 24 * time.Hour

// What a statement and the journal can say of each other.
func TestRun(t *testing.T) {
	const p1 = `p-1,-1500.00,RUB,2026-11-15T12:00:01Z`
	at := func(e dispatch.Entry, sent, known time.Time) dispatch.Entry {
		e.CreatedAt = sent
		e.Attempts[0].IntentAt, e.Attempts[0].FinalAt = sent, known
		return e
	}
	decided := func(e dispatch.Entry, outcome dispatch.State) dispatch.Entry {
		e.State = outcome
		e.Decision = dispatch.Decision{Outcome: outcome, Evidence: "a letter", By: "A. Person", At: middle}
		for i := range e.Attempts {
			e.Attempts[i].FinalAt = middle.Add(time.Hour)
		}
		return e
	}
	paid := entry("p-1", dispatch.StatePaid, attempt("p-1", dispatch.StatePaid))
	retried := func(first, second dispatch.State) dispatch.Entry {
		return entry("p-1", second, attempt("p-1", first), attempt("f00d", second))
	}
	for name, c := range map[string]struct {
		entry dispatch.Entry
		rows  []string
		want  []string
	}{
		"paid":                   {paid, []string{p1}, nil},
		"in other letters":       {paid, []string{`P-1,-1500.00,RUB,2026-11-15T12:00:01Z`}, nil},
		"of another zone's time": {paid, []string{`p-1,-1500.00,RUB,2026-11-15T15:00:01+03:00`}, nil},

		"unmatched":         {paid, []string{p1, `p-2,-1.00,RUB,2026-11-15T12:00:01Z`}, []string{`unmatched at line 3: reference "p-2", 1.00 RUB on the statement`}},
		"without reference": {paid, []string{p1, `,-1.00,RUB,2026-11-15T12:00:01Z`}, []string{`unmatched at line 3, 1.00 RUB on the statement`}},
		"a credit of nobody's": {paid, []string{p1, `in-2,100000.00,RUB,2026-11-15T12:00:01Z`},
			[]string{`unmatched_credit at line 3: reference "in-2", 100000.00 RUB on the statement`}},
		"of another account": {entry("p-1", dispatch.StatePaid, elsewhere(attempt("p-1", dispatch.StatePaid))), []string{p1},
			[]string{`unmatched at line 2: reference "p-1", 1500.00 RUB on the statement`}},

		"twice": {paid, []string{p1, p1}, []string{`double_debit at line 3, see line 2: payout "p-1", attempt 1, paid in the journal, 1500.00 RUB in the journal`}},
		"thrice, and once back": {paid, []string{p1, p1, p1, `p-1,1500.00,RUB,2026-11-15T12:00:01Z`},
			[]string{`double_debit at line 4, see line 2: payout "p-1", attempt 1, paid in the journal, 1500.00 RUB in the journal`}},
		"twice, and once back": {paid, []string{p1, `p-1,1500.00,RUB,2026-11-15T12:00:01Z`, p1}, nil},
		"twice, and a part back": {paid, []string{p1, p1, `p-1,1.00,RUB,2026-11-15T12:00:01Z`}, []string{
			`double_debit at line 3, see line 2: payout "p-1", attempt 1, paid in the journal, 1500.00 RUB in the journal`,
			`amount at line 4: payout "p-1", attempt 1, paid in the journal, 1.00 RUB on the statement, 1500.00 RUB in the journal`,
			`returned at line 4, see line 2: payout "p-1", attempt 1, paid in the journal, 1500.00 RUB in the journal`,
		}},

		"two attempts": {retried(dispatch.StateFailed, dispatch.StatePaid), []string{p1, `F00D,-1500.00,RUB,2026-11-15T12:00:01Z`}, []string{
			`debited_failed at line 2: payout "p-1", attempt 1, failed in the journal, 1500.00 RUB in the journal`,
			`double_payout at line 3, see line 2: payout "p-1", attempt 2, paid in the journal, 1500.00 RUB in the journal`,
		}},
		"two attempts, the first came back": {retried(dispatch.StateFailed, dispatch.StatePaid),
			[]string{p1, `p-1,1500.00,RUB,2026-11-16T12:00:01Z`, `f00d,-1500.00,RUB,2026-11-15T12:00:01Z`}, nil},
		"the second attempt only": {retried(dispatch.StateFailed, dispatch.StatePaid), []string{`f00d,-1500.00,RUB,2026-11-15T12:00:01Z`}, nil},
		"and paid elsewhere": {
			entry("p-1", dispatch.StatePaid, attempt("p-1", dispatch.StateFailed), elsewhere(attempt("f00d", dispatch.StatePaid))), []string{p1}, []string{
				`debited_failed at line 2: payout "p-1", attempt 1, failed in the journal, 1500.00 RUB in the journal`,
				`double_payout at line 2: payout "p-1", attempt 1, failed in the journal, 1500.00 RUB in the journal`,
			},
		},
		"two attempts, of which the first has a wrong row": {retried(dispatch.StatePaid, dispatch.StatePaid),
			[]string{`p-1,-15OO.00,RUB,2026-11-15T12:00:01Z`, `f00d,-1500.00,RUB,2026-11-15T12:00:01Z`},
			[]string{`double_payout at line 3: payout "p-1", attempt 2, paid in the journal, 1500.00 RUB in the journal`}},
		"failed elsewhere": {entry("p-1", dispatch.StatePaid, elsewhere(attempt("p-1", dispatch.StateFailed)), attempt("f00d", dispatch.StatePaid)),
			[]string{`f00d,-1500.00,RUB,2026-11-15T12:00:01Z`}, nil},

		"missing": {paid, nil, []string{`missing: payout "p-1", attempt 1, paid in the journal, 1500.00 RUB in the journal`}},
		"at the beginning": {at(entry("p-1", dispatch.StatePaid, attempt("p-1", dispatch.StatePaid)), november.Add(time.Hour), november.Add(2*day)), nil,
			[]string{`edge: payout "p-1", attempt 1, paid in the journal, 1500.00 RUB in the journal`}},
		"at the end": {at(entry("p-1", dispatch.StatePaid, attempt("p-1", dispatch.StatePaid)), december.Add(-25*time.Hour), december.Add(-time.Hour)), nil,
			[]string{`edge: payout "p-1", attempt 1, paid in the journal, 1500.00 RUB in the journal`}},
		"just within": {at(entry("p-1", dispatch.StatePaid, attempt("p-1", dispatch.StatePaid)), november.Add(day), december.Add(-day-time.Second)), nil,
			[]string{`missing: payout "p-1", attempt 1, paid in the journal, 1500.00 RUB in the journal`}},
		"before the period": {at(entry("p-1", dispatch.StatePaid, attempt("p-1", dispatch.StatePaid)), november.Add(-3*day), november.Add(-2*day)), nil, nil},
		"after the period":  {at(entry("p-1", dispatch.StatePaid, attempt("p-1", dispatch.StatePaid)), december.Add(day), december.Add(2*day)), nil, nil},
		"sent twice, first in October": {func() dispatch.Entry {
			e := entry("p-1", dispatch.StatePaid, attempt("p-1", dispatch.StatePaid))
			e.CreatedAt, e.Attempts[0].Transmissions = november.Add(-day/2), 2
			return e
		}(), nil, []string{`edge: payout "p-1", attempt 1, paid in the journal, 1500.00 RUB in the journal`}},
		"submitted a week before": {func() dispatch.Entry {
			e := entry("p-1", dispatch.StatePaid, attempt("p-1", dispatch.StatePaid))
			e.CreatedAt = november.Add(-8 * day)
			return e
		}(), nil, []string{`missing: payout "p-1", attempt 1, paid in the journal, 1500.00 RUB in the journal`}},
		"failed, and not there":     {entry("p-1", dispatch.StateFailed, attempt("p-1", dispatch.StateFailed)), nil, nil},
		"unknown, and not there":    {entry("p-1", dispatch.StateUnknown, attempt("p-1", dispatch.StateUnknown)), nil, nil},
		"missing, by its wrong row": {paid, []string{`p-1,-15OO.00,RUB,2026-11-15T12:00:01Z`}, nil},

		"another amount": {paid, []string{`p-1,-1530.00,RUB,2026-11-15T12:00:01Z`},
			[]string{`amount at line 2: payout "p-1", attempt 1, paid in the journal, 1530.00 RUB on the statement, 1500.00 RUB in the journal`}},
		"another currency": {paid, []string{`p-1,-1500.00,USD,2026-11-15T12:00:01Z`},
			[]string{`currency at line 2: payout "p-1", attempt 1, paid in the journal, 1500.00 USD on the statement, 1500.00 RUB in the journal`}},

		"debited, failed": {entry("p-1", dispatch.StateFailed, attempt("p-1", dispatch.StateFailed)), []string{p1},
			[]string{`debited_failed at line 2: payout "p-1", attempt 1, failed in the journal, 1500.00 RUB in the journal`}},
		"debited, failed, and back": {entry("p-1", dispatch.StateFailed, attempt("p-1", dispatch.StateFailed)),
			[]string{p1, `p-1,1500.00,RUB,2026-11-15T12:00:01Z`}, nil},
		"back in the next month": {entry("p-1", dispatch.StateFailed, attempt("p-1", dispatch.StateFailed)), []string{`p-1,1500.00,RUB,2026-11-15T12:00:01Z`}, nil},
		"debited, cancelled": {entry("p-1", dispatch.StateCancelled, attempt("p-1", dispatch.StateUnsent)), []string{p1},
			[]string{`debited_cancelled at line 2: payout "p-1", attempt 1, cancelled in the journal, 1500.00 RUB in the journal`}},
		"debited, in review": {entry("p-1", dispatch.StateReview, attempt("p-1", dispatch.StateUnknown)), []string{p1},
			[]string{`debited_review at line 2: payout "p-1", attempt 1, review in the journal, 1500.00 RUB in the journal`}},
		"debited, unknown": {entry("p-1", dispatch.StateUnknown, attempt("p-1", dispatch.StateUnknown)), []string{p1},
			[]string{`debited_unknown at line 2: payout "p-1", attempt 1, unknown in the journal, 1500.00 RUB in the journal`}},
		"debited, being sent": {entry("p-1", dispatch.StateSending, attempt("p-1", dispatch.StateSending)), []string{p1},
			[]string{`debited_unknown at line 2: payout "p-1", attempt 1, sending in the journal, 1500.00 RUB in the journal`}},
		"debited, open": {entry("p-1", dispatch.StateOpen, attempt("p-1", dispatch.StateOpen)), []string{p1},
			[]string{`debited_open at line 2: payout "p-1", attempt 1, open in the journal, 1500.00 RUB in the journal`}},
		"debited, closed": {entry("p-1", dispatch.StateClosed, attempt("p-1", dispatch.StateClosed)), []string{p1},
			[]string{`debited_open at line 2: payout "p-1", attempt 1, closed in the journal, 1500.00 RUB in the journal`}},
		"debited, not sent": {entry("p-1", dispatch.StatePlanned, attempt("p-1", dispatch.StatePlanned)), []string{p1},
			[]string{`debited_unsent at line 2: payout "p-1", attempt 1, planned in the journal, 1500.00 RUB in the journal`}},

		"decided paid":   {decided(entry("p-1", 0, attempt("p-1", dispatch.StateUnknown)), dispatch.StatePaid), []string{p1}, nil},
		"decided failed": {decided(entry("p-1", 0, attempt("p-1", dispatch.StateUnknown)), dispatch.StateFailed), []string{p1}, []string{`debited_failed at line 2: payout "p-1", attempt 1, failed in the journal, 1500.00 RUB in the journal`}},
		"decided paid, and not there": {decided(entry("p-1", 0, attempt("p-1", dispatch.StateUnknown)), dispatch.StatePaid), nil,
			[]string{`missing: payout "p-1", attempt 1, paid in the journal, 1500.00 RUB in the journal`}},
		"decided paid, of two":                    {decided(retried(dispatch.StateUnknown, dispatch.StateUnknown), dispatch.StatePaid), []string{`f00d,-1500.00,RUB,2026-11-15T12:00:01Z`}, nil},
		"decided paid, of which one is another's": {decided(entry("p-1", 0, attempt("p-1", dispatch.StateUnknown), elsewhere(attempt("f00d", dispatch.StateUnknown))), dispatch.StatePaid), nil, nil},
		"decided paid, but not this one, that failed": {decided(retried(dispatch.StateFailed, dispatch.StateUnknown), dispatch.StatePaid), []string{p1, `f00d,-1500.00,RUB,2026-11-15T12:00:01Z`}, []string{
			`debited_failed at line 2: payout "p-1", attempt 1, failed in the journal, 1500.00 RUB in the journal`,
			`double_payout at line 3, see line 2: payout "p-1", attempt 2, paid in the journal, 1500.00 RUB in the journal`,
		}},
		"decided paid, but not this one, that was not sent": {func() dispatch.Entry {
			e := decided(retried(dispatch.StateUnknown, dispatch.StatePlanned), dispatch.StatePaid)
			e.Attempts[1].Transmissions = 0
			return e
		}(), []string{p1, `f00d,-1500.00,RUB,2026-11-15T12:00:01Z`}, []string{
			`debited_unsent at line 3: payout "p-1", attempt 2, planned in the journal, 1500.00 RUB in the journal`,
			`double_payout at line 3, see line 2: payout "p-1", attempt 2, planned in the journal, 1500.00 RUB in the journal`,
		}},
		"decided paid, and both debited": {decided(retried(dispatch.StatePaid, dispatch.StatePaid), dispatch.StatePaid), []string{p1, `f00d,-1500.00,RUB,2026-11-15T12:00:01Z`},
			[]string{`double_payout at line 3, see line 2: payout "p-1", attempt 2, paid in the journal, 1500.00 RUB in the journal`}},

		"returned": {paid, []string{p1, `p-1,1500.00,RUB,2026-11-16T12:00:01Z`},
			[]string{`returned at line 3, see line 2: payout "p-1", attempt 1, paid in the journal, 1500.00 RUB in the journal`}},
		"returned, of another month": {paid, []string{`p-1,1500.00,RUB,2026-11-16T12:00:01Z`},
			[]string{`returned at line 2: payout "p-1", attempt 1, paid in the journal, 1500.00 RUB in the journal`}},
		"returned, as the journal says": {entry("p-1", dispatch.StateReturned, attempt("p-1", dispatch.StateReturned)),
			[]string{p1, `p-1,1500.00,RUB,2026-11-16T12:00:01Z`}, nil},
		"returned, next month": {entry("p-1", dispatch.StateReturned, attempt("p-1", dispatch.StateReturned)), []string{p1}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			r := run(t, config(journal(t, c.entry)), statement(c.rows...))
			assert.Equal(t, c.want, texts(r))
		})
	}
}

// With ids only, payouts are found by what the bank has told of them.
func TestByTheBanksID(t *testing.T) {
	other := entry("p-9", dispatch.StatePaid, elsewhere(attempt("p-9", dispatch.StatePaid)))
	other.Attempts[0].ProviderID = "id-p-1"
	twin := entry("p-3", dispatch.StatePaid, attempt("p-3", dispatch.StatePaid))
	twin.Attempts[0].ProviderID = "id-p-2"
	c := config(journal(t,
		entry("p-1", dispatch.StatePaid, attempt("p-1", dispatch.StatePaid)),
		entry("p-2", dispatch.StatePaid, attempt("p-2", dispatch.StatePaid)),
		entry("p-4", dispatch.StateFailed, attempt("p-4", dispatch.StateFailed)), other, twin,
	))
	c.Layout.Columns.Reference, c.Layout.Columns.ProviderID = "", "id"
	r := run(t, c, "id,amount,currency,time\nid-p-1,-1500.00,RUB,2026-11-15T12:00:01Z\n"+
		"id-p-2,-1500.00,RUB,2026-11-15T12:00:01Z\nid-p-4,-1500.00,RUB,2026-11-15T12:00:01Z\nID-P-1,-1500.00,RUB,2026-11-15T12:00:01Z\n")
	assert.Equal(t, []string{
		`unmatched at line 3, 1500.00 RUB on the statement`, // of two with this id
		`debited_failed at line 4: payout "p-4", attempt 1, failed in the journal, 1500.00 RUB in the journal`,
		`unmatched at line 5, 1500.00 RUB on the statement`, // ids have a case
		`missing: payout "p-2", attempt 1, paid in the journal, 1500.00 RUB in the journal`,
		`missing: payout "p-3", attempt 1, paid in the journal, 1500.00 RUB in the journal`,
	}, texts(r))
}

// With both, the id must be the one that the bank has told us.
func TestStranger(t *testing.T) {
	c := config(journal(t, entry("p-1", dispatch.StatePaid, attempt("p-1", dispatch.StatePaid))))
	c.Layout.Columns.ProviderID = "id"
	head := "id," + header
	require.Empty(t, run(t, c, head+"id-p-1,p-1,-1500.00,RUB,2026-11-15T12:00:01Z\n").Findings)
	require.Empty(t, run(t, c, head+",p-1,-1500.00,RUB,2026-11-15T12:00:01Z\n").Findings)
	assert.Equal(t, []string{`stranger at line 2: payout "p-1", attempt 1, paid in the journal, 1500.00 RUB on the statement`},
		texts(run(t, c, head+"id-2,p-1,-1500.00,RUB,2026-11-15T12:00:01Z\n")))
}

func TestTotals(t *testing.T) {
	c := config(journal(t, entry("p-1", dispatch.StatePaid, attempt("p-1", dispatch.StatePaid))))
	r := run(t, c, statement(
		`p-1,-1500.00,RUB,2026-11-15T12:00:01Z`, `p-2,-0.10,RUB,2026-11-15T12:00:01Z`, `p-3,-3,JPY,2027-11-15T12:00:01Z`, `in,7.00,RUB,2026-10-01T12:00:01Z`,
	))
	money := payout.MustMoney
	assert.Equal(t, reconcile.Total{Rows: 3, Sums: []payout.Money{money("1500.10 RUB"), money("3 JPY")}}, r.Debits)
	assert.Equal(t, reconcile.Total{Rows: 1, Sums: []payout.Money{money("7.00 RUB")}}, r.Credits)
	assert.Equal(t, reconcile.Total{Rows: 1, Sums: []payout.Money{money("1500.00 RUB")}}, r.Matched)
	assert.Equal(t, 2, r.Outside)
	assert.False(t, r.Agrees())
	assert.Equal(t, map[reconcile.Kind]int{reconcile.Unmatched: 2, reconcile.UnmatchedCredit: 1}, r.Count())
	assert.True(t, run(t, c, statement(`p-1,-1500.00,RUB,2026-11-15T12:00:01Z`, `in,7.00,RUB,2026-11-01T12:00:01Z`)).Agrees(), "money that comes need not be wrong")

	_, err := reconcile.Run(t.Context(), c, strings.NewReader(statement(
		slices.Repeat([]string{`x-1,-999999999999.99,RUB,2026-11-15T12:00:01Z`}, 92234)...)))
	require.ErrorIs(t, err, payout.ErrMoneyOverflow)
}

func TestAlarms(t *testing.T) {
	j := journal(t,
		entry("p-1", dispatch.StatePaid, attempt("p-1", dispatch.StatePaid)),
		entry("p-2", dispatch.StateReview, attempt("p-2", dispatch.StateUnknown)),
		entry("p-3", dispatch.StatePaid, attempt("p-3", dispatch.StatePaid)),
		entry("p-4", dispatch.StatePaid, attempt("p-4", dispatch.StatePaid)),
	)
	heard := &ears{Observer: dispatch.NoObserver()}
	c := config(j)
	c.Observer, c.Provider = heard, "bank"
	run(t, c, statement(
		`p-1,-1500.00,RUB,2026-11-15T12:00:01Z`, `p-1,-1500.00,RUB,2026-11-15T12:00:02Z`, `p-2,-1500.00,RUB,2026-11-15T12:00:01Z`,
		`p-4,-1500.01,RUB,2026-11-15T12:00:01Z`, `who-1,-1.00,RUB,2026-11-15T12:00:01Z`, `in-1,1.00,RUB,2026-11-15T12:00:01Z`,
		`p-4,1500.00,RUB,2026-11-15T12:00:01Z`,
	))
	assert.Equal(t, []dispatch.Alarm{
		{Kind: dispatch.AlarmDouble, Reference: "p-1", Provider: "bank"},
		{Kind: dispatch.AlarmDebited, Reference: "p-2", Provider: "bank"},
		{Kind: dispatch.AlarmAmount, Reference: "p-4", Provider: "bank"},
		{Kind: dispatch.AlarmUnmatched, Provider: "bank", Attempt: -1},
		{Kind: dispatch.AlarmReturned, Reference: "p-4", Provider: "bank"},
		{Kind: dispatch.AlarmMissing, Reference: "p-3", Provider: "bank"},
	}, heard.heard)
}

// A journal that is larger than a page is gone through to its end.
func TestMissingOfMany(t *testing.T) {
	var entries []dispatch.Entry
	var rows []string
	for i := range 2500 {
		reference := "p-" + time.Unix(int64(i), 0).UTC().Format("150405")
		entries = append(entries, entry(reference, dispatch.StatePaid, attempt(reference, dispatch.StatePaid)))
		if i != 2400 {
			rows = append(rows, reference+",-1500.00,RUB,2026-11-15T12:00:01Z")
		}
	}
	r := run(t, config(journal(t, entries...)), statement(rows...))
	require.Len(t, r.Findings, 1)
	assert.Equal(t, "p-004000", r.Findings[0].Reference)
}

// failing is a journal that does not answer.
type failing struct{ reconcile.Journal }

var errDown = errors.New("the journal is down")

func (failing) FindAttempt(context.Context, string, string) (dispatch.Entry, error) {
	return dispatch.Entry{}, errDown
}
func (failing) List(context.Context, dispatch.Filter) ([]dispatch.Entry, error) { return nil, errDown }

// What could not be asked is not taken for an answer.
func TestErrors(t *testing.T) {
	ctx := t.Context()
	row := `p-1,-1500.00,RUB,2026-11-15T12:00:01Z`
	_, err := reconcile.Run(ctx, config(failing{}), strings.NewReader(statement(row)))
	require.ErrorIs(t, err, errDown)
	_, err = reconcile.Run(ctx, config(failing{}), strings.NewReader(statement(`p-1,x,RUB,2026-11-15T12:00:01Z`)))
	require.ErrorIs(t, err, errDown)
	_, err = reconcile.Run(ctx, config(failing{}), strings.NewReader(statement()))
	require.ErrorIs(t, err, errDown)
	c := config(failing{})
	c.Layout.Columns = reconcile.Columns{ProviderID: "reference", Amount: "amount", Currency: "currency", Time: "time"}
	_, err = reconcile.Run(ctx, c, strings.NewReader(statement(row)))
	require.ErrorIs(t, err, errDown)

	disk := errors.New("the disk is gone")
	_, err = reconcile.Run(ctx, config(journal(t)), io.MultiReader(strings.NewReader(statement(row)), iotest.ErrReader(disk)))
	require.ErrorIs(t, err, disk)
	_, err = reconcile.Run(ctx, config(journal(t)), iotest.ErrReader(disk))
	require.ErrorIs(t, err, disk)

	for name, change := range map[string]func(*reconcile.Config){
		"journal":  func(c *reconcile.Config) { c.Journal = nil },
		"account":  func(c *reconcile.Config) { c.Account = "" },
		"from":     func(c *reconcile.Config) { c.From = c.Before },
		"margin":   func(c *reconcile.Config) { c.Before = c.From.Add(2 * day) },
		"lookback": func(c *reconcile.Config) { c.Lookback = -1 },
	} {
		c := config(journal(t))
		change(&c)
		_, err := reconcile.Run(ctx, c, strings.NewReader(statement()))
		require.ErrorIs(t, err, payout.ErrInvalid)
		require.ErrorContains(t, err, name)
	}
	c = config(journal(t))
	c.Before, c.Margin = c.From.Add(day), -1
	_, err = reconcile.Run(ctx, c, strings.NewReader(statement()))
	require.NoError(t, err, "a day's statement, without margins")
}
