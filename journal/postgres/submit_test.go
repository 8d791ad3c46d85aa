package postgres_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/dispatch"
	"github.com/payoutkit/payout/journal/postgres"
)

var errNoMoney = errors.New("no money")

// The caller's debit and the payout are committed together, or neither is.
func TestSubmitTx(t *testing.T) {
	j, other, pool := two(t, postgres.Config{})
	run(t, pool, `CREATE TABLE debits (reference text, minor bigint)`)
	bank := newTill()
	d, err := dispatch.New(dispatch.Config{
		Journal: j, Providers: []*payout.Client{payout.NewClient(bank)}, Routes: []dispatch.Route{{Provider: "till"}},
		Keys: dispatch.Keys{Versions: map[uint32]payout.Secret{0: payout.NewSecret("a key of thirty-two bytes, for tests")}},
	})
	require.NoError(t, err)
	debit := func(reference string, isolation pgx.TxIsoLevel, then func(tx pgx.Tx) error) (inserted bool, err error) {
		err = pgx.BeginTxFunc(t.Context(), pool, pgx.TxOptions{IsoLevel: isolation}, func(tx pgx.Tx) error {
			var err error
			_, inserted, err = j.SubmitTx(t.Context(), tx, d, order(reference))
			if err == nil && inserted {
				_, err = tx.Exec(t.Context(), `INSERT INTO debits VALUES ($1, 150000)`, reference)
			}
			return errors.Join(err, then(tx))
		})
		return inserted, err
	}
	unseen := func(reference string) func(tx pgx.Tx) error {
		return func(pgx.Tx) error {
			for _, of := range []*postgres.Journal{j, other} {
				_, err := of.Load(t.Context(), reference)
				require.ErrorIs(t, err, dispatch.ErrNoEntry, "nobody sees it before the commit")
				require.Empty(t, due(t, of, dispatch.Send, time.Now().Add(time.Hour), 10))
			}
			_, err := d.Submit(t.Context(), payout.Request{})
			require.ErrorIs(t, err, payout.ErrInvalid)
			return nil
		}
	}
	_, err = debit("p-1", pgx.ReadCommitted, func(tx pgx.Tx) error { return errors.Join(unseen("p-1")(tx), errNoMoney) })
	require.ErrorIs(t, err, errNoMoney)
	require.NoError(t, unseen("p-1")(nil))

	for reference, isolation := range map[string]pgx.TxIsoLevel{"p-1": pgx.ReadCommitted, "p-2": pgx.RepeatableRead, "p-3": pgx.Serializable} {
		inserted, err := debit(reference, isolation, unseen(reference))
		require.NoError(t, err)
		require.True(t, inserted)
		e, err := other.Load(t.Context(), reference)
		require.NoError(t, err)
		require.Equal(t, dispatch.StatePlanned, e.State)
		inserted, err = debit(reference, isolation, func(pgx.Tx) error { return nil })
		require.NoError(t, err)
		require.False(t, inserted, "it was debited before")
		require.Zero(t, bank.moved()[reference])
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error)
		go func() { done <- d.Run(ctx) }()
		require.Eventually(t, func() bool {
			e, err := j.Load(t.Context(), reference)
			return err == nil && e.State == dispatch.StatePaid
		}, time.Minute, 10*time.Millisecond)
		cancel()
		<-done
	}
	require.Equal(t, map[string]int{"p-1": 1, "p-2": 1, "p-3": 1}, bank.moved())
	require.Equal(t, 3, value[int](t, pool, `SELECT count(*) FROM debits`))

	// Other content under the reference, and a transaction elsewhere, are refused.
	err = pgx.BeginFunc(t.Context(), pool, func(tx pgx.Tx) error {
		req := order("p-1")
		req.Amount = payout.MustMoney("1.00 RUB")
		_, _, err := j.SubmitTx(t.Context(), tx, d, req)
		return err
	})
	require.ErrorIs(t, err, payout.ErrConflict)
	_, elsewhere := fresh(t, postgres.Config{})
	err = pgx.BeginFunc(t.Context(), elsewhere, func(tx pgx.Tx) error {
		_, _, err := j.SubmitTx(t.Context(), tx, d, order("p-4"))
		return err
	})
	require.ErrorContains(t, err, "of a database with another journal")
}
