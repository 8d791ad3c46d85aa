package dispatch

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
)

// payer pays at once.
type payer struct{ facts }

func (payer) Create(_ context.Context, req payout.Request) (payout.Payout, error) {
	return payout.Payout{Reference: req.Reference, Amount: req.Amount, Status: payout.StatusPaid}, nil
}

// inserting is a journal after whose Insert something happens.
type inserting struct {
	Journal
	then func()
}

func (j *inserting) Insert(ctx context.Context, e Entry) (Entry, bool, error) {
	e, inserted, err := j.Journal.Insert(ctx, e)
	if then := j.then; then != nil {
		j.then = nil
		then()
	}
	return e, inserted, err
}

// No request stays in memory once its payout has ended, whoever was faster.
func TestRequestIsForgotten(t *testing.T) {
	ctx := context.Background()
	info := twenty(t).lanes["bank-0"].info
	j := &inserting{Journal: NewMemory()}
	d, err := New(Config{
		Journal: j, Providers: []*payout.Client{payout.NewClient(payer{facts{info: info}})}, Routes: []Route{{Provider: info.Name}},
		Keys: Keys{Versions: map[uint32]payout.Secret{0: payout.NewSecret("a key of the tests, of thirty-two bytes")}},
	})
	require.NoError(t, err)
	kept := func() (n int) {
		d.pending.Range(func(any, any) bool { n++; return true })
		return n
	}
	submit := func() {
		_, err := d.Submit(ctx, golden())
		require.NoError(t, err)
	}
	step := func() {
		_, _, err := d.Step(ctx, "payout-1")
		require.NoError(t, err)
	}
	j.then = step // a worker pays before Submit has returned
	submit()
	assert.Zero(t, kept())
	submit()
	assert.Zero(t, kept(), "submitted again")

	req := golden()
	req.Reference = "payout-2"
	_, err = d.Submit(ctx, req)
	require.NoError(t, err)
	assert.Equal(t, 1, kept())
	j.then = func() {
		_, _, err := d.Step(ctx, "payout-2")
		require.NoError(t, err)
	}
	_, err = d.Submit(ctx, req) // while it is at hand already
	require.NoError(t, err)
	assert.Zero(t, kept())
}
