package dispatch

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
)

// transaction inserts into a journal when it is committed, and not before.
type transaction struct {
	journal Journal
	entries map[string]Entry
}

func (tx *transaction) Insert(ctx context.Context, e Entry) (Entry, bool, error) {
	if have, err := tx.journal.Load(ctx, e.Reference); err == nil {
		return have, false, nil
	}
	if have, ok := tx.entries[e.Reference]; ok {
		return have, false, nil
	}
	e.Version = 1
	tx.entries[e.Reference] = e
	return e, true, nil
}

func (tx *transaction) commit(t *testing.T) {
	for _, e := range tx.entries {
		_, inserted, err := tx.journal.Insert(t.Context(), e)
		require.NoError(t, err)
		require.True(t, inserted)
	}
}

// plain is a sealer that seals nothing.
type plain struct{}

func (plain) Seal(_ context.Context, text []byte, _ string) ([]byte, error) { return text, nil }
func (plain) Open(_ context.Context, text []byte, _ string) ([]byte, error) { return text, nil }

func TestSubmitIn(t *testing.T) {
	now := time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)
	info := twenty(t).lanes["bank-0"].info
	opened := func(j Journal, s Sealer) *Dispatcher {
		d, err := New(Config{
			Journal: j, Providers: []*payout.Client{payout.NewClient(payer{facts{info: info}})}, Routes: []Route{{Provider: info.Name}},
			Keys:   Keys{Versions: map[uint32]payout.Secret{0: payout.NewSecret("a key of the tests, of thirty-two bytes")}},
			Sealer: s, Now: func() time.Time { return now },
		})
		require.NoError(t, err)
		return d
	}
	kept := func(d *Dispatcher) (n int) {
		d.pending.Range(func(any, any) bool { n++; return true })
		return n
	}
	tend := func(d *Dispatcher) {
		now = now.Add(undecided)
		_, err := d.Tend(t.Context())
		require.NoError(t, err)
	}
	state := func(d *Dispatcher) State {
		_, _, err := d.Step(t.Context(), "payout-1")
		require.NoError(t, err)
		e, err := d.Status(t.Context(), "payout-1")
		require.NoError(t, err)
		return e.State
	}
	submit := func(d *Dispatcher, tx *transaction, want bool) {
		e, inserted, err := d.SubmitIn(t.Context(), tx, golden())
		require.NoError(t, err)
		require.Equal(t, want, inserted)
		require.Equal(t, golden().Reference, e.Reference)
	}
	begin := func(j Journal) *transaction { return &transaction{journal: j, entries: map[string]Entry{}} }

	t.Run("committed", func(t *testing.T) {
		j := NewMemory()
		d, tx := opened(j, nil), begin(j)
		submit(d, tx, true)
		_, err := d.Status(t.Context(), "payout-1")
		require.ErrorIs(t, err, ErrNoEntry, "nobody sees it before the commit")
		due, err := j.Due(t.Context(), Send, now, 10)
		require.NoError(t, err)
		require.Empty(t, due)
		submit(d, tx, false) // again, in the same transaction
		tx.commit(t)
		tend(d)
		require.Equal(t, 1, kept(d), "it is committed, and its request needed")
		submit(d, begin(j), false)
		require.Equal(t, StatePaid, state(d))
		submit(d, begin(j), false) // it has ended
		tend(d)
		require.Zero(t, kept(d))
	})
	t.Run("rolled back", func(t *testing.T) {
		j := NewMemory()
		d := opened(j, nil)
		submit(d, begin(j), true)
		require.Equal(t, 1, kept(d))
		tend(d)
		require.Zero(t, kept(d))
		require.Empty(t, d.loose.items)
		submit(d, begin(j), true)
		now = now.Add(undecided)
		other := golden()
		other.Reference = "payout-2"
		_, _, err := d.SubmitIn(t.Context(), begin(j), other)
		require.NoError(t, err)
		require.Equal(t, 1, kept(d), "submitting others is enough to forget it")
	})
	t.Run("sealed", func(t *testing.T) {
		j := NewMemory()
		d, tx := opened(j, plain{}), begin(j)
		submit(d, tx, true)
		require.Zero(t, kept(d))
		tx.commit(t)
		require.Equal(t, StatePaid, state(opened(j, plain{})), "in another process")
	})
	t.Run("other content", func(t *testing.T) {
		j := NewMemory()
		d := opened(j, nil)
		_, err := d.Submit(t.Context(), golden())
		require.NoError(t, err)
		other := golden()
		other.Amount = payout.FromMinor(other.Amount.Minor()+1, other.Amount.Currency())
		_, _, err = d.SubmitIn(t.Context(), begin(j), other)
		require.ErrorIs(t, err, payout.ErrConflict)
		require.Equal(t, StatePaid, state(d), "the first one's request is still at hand")
		other.Amount = payout.Money{}
		_, _, err = d.SubmitIn(t.Context(), begin(j), other)
		require.ErrorIs(t, err, payout.ErrInvalid)
	})
	t.Run("the journal does not answer", func(t *testing.T) {
		j := &deaf{Journal: NewMemory()}
		d, tx := opened(j, nil), begin(j)
		submit(d, tx, true)
		tx.commit(t)
		j.deaf = true
		d.settleLoose(t.Context(), now.Add(undecided))
		require.Equal(t, 1, kept(d))
		require.Len(t, d.loose.items, 1, "asked again later")
		j.deaf = false
		require.Equal(t, StatePaid, state(d))
	})
}

// deaf is a journal that does not answer.
type deaf struct {
	Journal
	deaf bool
}

func (j *deaf) Load(ctx context.Context, reference string) (Entry, error) {
	if j.deaf {
		return Entry{}, context.DeadlineExceeded
	}
	return j.Journal.Load(ctx, reference)
}
