package run_test

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/batch"
	"github.com/payoutkit/payout/cmd/payout/internal/run"
	"github.com/payoutkit/payout/dispatch"
)

// refusing is a dispatcher that finds another payout under every reference, and a journal
// that has it.
type refusing struct{}

func (refusing) Submit(context.Context, payout.Request, ...dispatch.SubmitOption) (dispatch.Ticket, error) {
	return dispatch.Ticket{}, &payout.Error{Kind: payout.ErrConflict}
}

func (refusing) Run(ctx context.Context) error {
	<-ctx.Done()
	return context.Cause(ctx)
}

func (refusing) Load(_ context.Context, reference string) (dispatch.Entry, error) {
	return dispatch.Entry{
		Reference: reference, State: dispatch.StatePaid, Amount: payout.MustMoney("11.00 RUB"), Destination: "card 411111******1111",
	}, nil
}

// Where a run meets another payout under a row's reference, the result says what stands
// there, and not that nothing was sent.
func TestTheResultOfAConflict(t *testing.T) {
	t.Parallel()
	const file = "reference,amount,currency,destination,card.number\np-1,12.00,RUB,card,4111111111111111\n"
	report, err := batch.Check(t.Context(), strings.NewReader(file), int64(len(file)), batch.Checking{})
	require.NoError(t, err)
	rows := func() *batch.Reader {
		r, err := report.Reader()
		require.NoError(t, err)
		return r
	}
	runner := run.Runner{Dispatcher: refusing{}, Reader: rows(), Tracker: run.NewTracker(1)}
	end, err := runner.Run(t.Context())
	require.NoError(t, err)
	require.Equal(t, 1, end.Refused)
	var out strings.Builder
	require.NoError(t, run.Results(t.Context(), rows(), refusing{}, &runner.Refusals, &out, func(run.Fate) error { return nil }))
	require.Contains(t, out.String(), "2,p-1,Error,wrong,12.00,RUB,card 411111******1111,,,"+
		`"column 1 (reference): stands for another payout already: 11.00 RUB to card 411111******1111, which is paid"`)
}
