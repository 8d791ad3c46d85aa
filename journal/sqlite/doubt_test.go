package sqlite_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/dispatch"
	"github.com/payoutkit/payout/journal/sqlite"
	"github.com/payoutkit/payout/journal/witness"
)

// memory is a witness that can be told to fail, and says what it has seen.
type memory struct {
	mark   atomic.Pointer[witness.Mark]
	fails  atomic.Bool
	writes func(witness.Mark)
}

func (m *memory) Read(context.Context) (witness.Mark, bool, error) {
	if seen := m.mark.Load(); seen != nil {
		return *seen, true, nil
	}
	return witness.Mark{}, false, nil
}

func (m *memory) Write(_ context.Context, w witness.Mark) error {
	if m.fails.Load() {
		return errors.New("the witness is away")
	}
	if m.writes != nil {
		m.writes(w)
	}
	m.mark.Store(&w)
	return nil
}

// clock is a time that stands.
func clock() time.Time { return begin }

func TestRestoredCopyIsNoticed(t *testing.T) {
	w := &memory{}
	c := sqlite.Config{Witness: w, Now: clock}
	j, path := created(t, c)
	require.NotNil(t, w.mark.Load(), "an empty witness is written when the journal is opened")
	require.NoError(t, pays(t.Context(), j, "p-1"))
	doubt := func(j *sqlite.Journal) dispatch.Doubt {
		d, err := j.Doubt(t.Context())
		require.NoError(t, err)
		return d
	}
	require.Equal(t, dispatch.Doubt{}, doubt(j))
	j = reopened(t, j, path, c)
	require.Equal(t, dispatch.Doubt{}, doubt(j), "one that nothing is missing from")

	older := filepath.Join(t.TempDir(), "older")
	require.NoError(t, j.Backup(t.Context(), older))
	require.NoError(t, pays(t.Context(), j, "p-2"))
	require.Equal(t, int64(4), w.mark.Load().Event)
	require.NoError(t, j.Close())
	restore := func() {
		copied, err := os.ReadFile(older)
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(path, copied, 0o600))
	}
	restore()
	j, err := sqlite.Open(t.Context(), path, c)
	require.NoError(t, err)
	require.Equal(t, dispatch.Doubt{Number: 1, Since: begin, Why: "its witness saw event 4, and it ends at 2"}, doubt(j))
	_, err = j.Load(t.Context(), "p-2")
	require.ErrorIs(t, err, dispatch.ErrNoEntry)

	// It lasts until a person ends it, and no longer.
	j = reopened(t, j, path, c)
	require.Equal(t, int64(1), doubt(j).Number)
	require.ErrorIs(t, j.Trust(t.Context(), "", "the statement"), payout.ErrInvalid)
	require.ErrorIs(t, j.Trust(t.Context(), "Änne", ""), payout.ErrInvalid)
	require.NoError(t, j.Trust(t.Context(), "Änne", "the statement of November 22 has no payout that is missing here"))
	require.Equal(t, dispatch.Doubt{}, doubt(j))
	require.ErrorIs(t, j.Trust(t.Context(), "Änne", "once more"), payout.ErrInvalid)
	j = reopened(t, j, path, c)
	require.Equal(t, dispatch.Doubt{}, doubt(j))

	// The next one has a number of its own. It has gone on as far as the witness saw, with
	// other epochs: a copy.
	require.NoError(t, j.Close())
	restore()
	j, err = sqlite.Open(t.Context(), path, c)
	require.NoError(t, err)
	require.Contains(t, doubt(j).Why, "epoch")
	require.Equal(t, int64(1), doubt(j).Number, "this copy was never in doubt")
	require.NoError(t, j.Trust(t.Context(), "Änne", "the statement"))
	require.NoError(t, j.Close())
	older, path = path, older
	j, err = sqlite.Open(t.Context(), path, c)
	require.NoError(t, err)
	defer j.Close()
	require.NotZero(t, doubt(j), "the other copy")
	require.NoError(t, j.Close())
}

func TestWitnessOfAnotherJournal(t *testing.T) {
	w := &memory{}
	created(t, sqlite.Config{Witness: w})
	path := filepath.Join(t.TempDir(), "j")
	_, err := sqlite.Create(t.Context(), path, sqlite.Config{Witness: w})
	require.ErrorContains(t, err, "it is of the journal")
	left, err := filepath.Glob(path + "*")
	require.NoError(t, err)
	require.Empty(t, left, "no journal that nobody can open")
	j, err := sqlite.Create(t.Context(), path, sqlite.Config{})
	require.NoError(t, err)
	require.NoError(t, j.Close())
}

// A journal whose creation fails leaves nothing, also when its file was made already.
func TestCreationThatFailsLeavesNothing(t *testing.T) {
	path := filepath.Join(t.TempDir(), "j")
	_, err := sqlite.Create(t.Context(), path, sqlite.Config{Witness: unwritable{&memory{}}})
	require.ErrorContains(t, err, "the witness is full")
	left, err := filepath.Glob(path + "*")
	require.NoError(t, err)
	require.Empty(t, left)
}

// unwritable is a witness that can be read alone.
type unwritable struct{ *memory }

func (unwritable) Write(context.Context, witness.Mark) error {
	return errors.New("the witness is full")
}

// deaf is a witness that can't be read.
type deaf struct{ *memory }

func (deaf) Read(context.Context) (witness.Mark, bool, error) {
	return witness.Mark{}, false, errors.New("the witness is away")
}

// A witness that can't be read is not taken for one that agrees, nor written over.
func TestWitnessThatCantBeRead(t *testing.T) {
	w := &memory{}
	j, path := created(t, sqlite.Config{Witness: w})
	require.NoError(t, j.Close())
	ahead := *w.mark.Load()
	ahead.Event += 100
	w.mark.Store(&ahead)
	_, err := sqlite.Open(t.Context(), path, sqlite.Config{Witness: deaf{w}})
	require.ErrorContains(t, err, "the witness is away")
	require.Equal(t, ahead, *w.mark.Load())
	j, err = sqlite.Open(t.Context(), path, sqlite.Config{Witness: w})
	require.NoError(t, err)
	d, err := j.Doubt(t.Context())
	require.NoError(t, err)
	require.Equal(t, int64(1), d.Number)
	require.NoError(t, j.Close())
}

// What is committed and not witnessed is not acknowledged; once the witness is back, all
// goes on by itself, and it has seen what it missed.
func TestWitnessThatFails(t *testing.T) {
	w := &memory{}
	j, path := created(t, sqlite.Config{Witness: w})
	e, _, err := j.Insert(t.Context(), planned("p-1"))
	require.NoError(t, err)
	w.fails.Store(true)
	for range 3 {
		require.ErrorContains(t, j.Commit(t.Context(), intended(e)), "the witness is away")
	}
	_, err = j.Epoch(t.Context())
	require.ErrorContains(t, err, "the witness is away", "nothing is sent under an epoch that nobody has seen")
	w.fails.Store(false)
	e, err = j.Load(t.Context(), "p-1")
	require.NoError(t, err)
	require.Equal(t, int64(2), e.Version, "the first one has happened, without an answer")
	require.NoError(t, j.Commit(t.Context(), answered(e, payout.StatusPaid)))
	require.Equal(t, int64(2), w.mark.Load().Event)
	n, err := j.Epoch(t.Context())
	require.NoError(t, err)
	require.Equal(t, n, w.mark.Load().Epoch)
	j = reopened(t, j, path, sqlite.Config{Witness: w})
	d, err := j.Doubt(t.Context())
	require.NoError(t, err)
	require.Zero(t, d)
}

// Nobody is told what the witness has not seen: not who reads, either.
func TestReadersWaitForTheWitness(t *testing.T) {
	asked, answer := make(chan witness.Mark), make(chan struct{})
	w := &memory{}
	j, _ := created(t, sqlite.Config{Witness: w})
	e, _, err := j.Insert(t.Context(), planned("p-1"))
	require.NoError(t, err)
	w.writes = func(m witness.Mark) { asked <- m; <-answer }
	committed := make(chan error, 1)
	go func() { committed <- j.Commit(context.Background(), intended(e)) }()
	m := <-asked
	require.Equal(t, int64(1), m.Event)
	for name, read := range map[string]func(context.Context) error{
		"Load":    func(ctx context.Context) error { _, err := j.Load(ctx, "p-1"); return err },
		"Changes": func(ctx context.Context) error { _, err := j.Changes(ctx, "", 10); return err },
		"Count":   func(ctx context.Context) error { _, err := j.Count(ctx, dispatch.Filter{}); return err },
		"List":    func(ctx context.Context) error { _, err := j.List(ctx, dispatch.Filter{}); return err },
	} {
		ctx, cancel := context.WithTimeout(t.Context(), 30*time.Millisecond)
		require.ErrorIs(t, read(ctx), context.DeadlineExceeded, name)
		cancel()
	}
	close(answer)
	require.NoError(t, <-committed)
	e, err = j.Load(t.Context(), "p-1")
	require.NoError(t, err)
	require.Equal(t, dispatch.StateSending, e.State)
	w.writes = nil
}
