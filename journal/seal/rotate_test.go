package seal_test

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"
	"github.com/tink-crypto/tink-go/v2/keyset"

	"github.com/payoutkit/payout/journal/seal"
)

// sealedBy returns the id of the key that sealed, as Tink's prefix has it.
func sealedBy(box []byte) uint32 {
	return uint32(box[2])<<24 | uint32(box[3])<<16 | uint32(box[4])<<8 | uint32(box[5])
}

func TestRotation(t *testing.T) {
	first := fresh(t)
	second := rotated(t, first)
	third := rotated(t, second)
	require.Equal(t, []int{1, 2, 3}, []int{first.Len(), second.Len(), third.Len()})
	ids := map[uint32]bool{primary(t, first): true, primary(t, second): true, primary(t, third): true}
	require.Len(t, ids, 3)

	old := sealed(t, sealer(t, first))
	require.Equal(t, primary(t, first), sealedBy(old))
	s := sealer(t, third)
	requireOpens(t, s, old)
	requireOpens(t, s, sealed(t, sealer(t, second)))
	require.Equal(t, primary(t, third), sealedBy(sealed(t, s)), "what is new is sealed with the newest key")

	last, err := third.Entry(third.Len() - 1)
	require.NoError(t, err)
	require.True(t, last.IsPrimary())
}

func TestAKeyThatIsGone(t *testing.T) {
	first := fresh(t)
	second := rotated(t, first)
	old, id := sealed(t, sealer(t, first)), primary(t, first)
	for name, c := range map[string]struct {
		handle *keyset.Handle
		status keyset.KeyStatus
		says   string
	}{
		"destroyed": {with(t, second, func(m *keyset.Manager) error { return m.Delete(id) }), keyset.Unknown, "is not in the keyset: it was destroyed, or the keyset is another one"},
		"disabled":  {with(t, second, func(m *keyset.Manager) error { return m.Disable(id) }), keyset.Disabled, "is disabled"},
		"another":   {fresh(t), keyset.Unknown, "is not in the keyset: it was destroyed, or the keyset is another one"},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := sealer(t, c.handle).Open(t.Context(), old, bound)
			require.Nil(t, got)
			var gone *seal.KeyError
			require.ErrorAs(t, err, &gone)
			require.Equal(t, seal.KeyError{ID: id, Status: c.status}, *gone)
			require.ErrorContains(t, err, c.says)
			requireOpens(t, sealer(t, c.handle), sealed(t, sealer(t, c.handle)))
		})
	}
	require.EqualError(t, &seal.KeyError{ID: 7, Status: keyset.Destroyed}, "seal: the key 7 that this was sealed with is destroyed")
}

// vault holds the keyset of several processes.
type vault struct {
	handle atomic.Pointer[keyset.Handle]
	err    atomic.Pointer[error]
	reads  atomic.Int64
}

func (v *vault) read(ctx context.Context) (*keyset.Handle, error) {
	v.reads.Add(1)
	if err := v.err.Load(); err != nil {
		return nil, *err
	}
	return v.handle.Load(), ctx.Err()
}

func load(t *testing.T, source seal.Source) *seal.Sealer {
	t.Helper()
	s, err := seal.Load(t.Context(), source)
	require.NoError(t, err)
	return s
}

// A process that has not heard of a rotation opens what another one sealed after it.
func TestAKeyOfAnotherProcess(t *testing.T) {
	v := &vault{}
	v.handle.Store(fresh(t))
	late, early := load(t, v.read), load(t, v.read)
	before := primary(t, v.handle.Load())
	v.handle.Store(rotated(t, v.handle.Load()))
	require.NoError(t, early.Reload(t.Context()))
	require.EqualValues(t, 3, v.reads.Load())
	require.Equal(t, before, sealedBy(sealed(t, late)))

	requireOpens(t, late, sealed(t, early))
	require.EqualValues(t, 4, v.reads.Load())
	requireOpens(t, late, sealed(t, early))
	require.EqualValues(t, 4, v.reads.Load(), "it knows the key by now")
	require.Equal(t, primary(t, v.handle.Load()), sealedBy(sealed(t, late)), "and seals with it")
}

// What is destroyed does not open once the keyset was read again.
func TestAKeyThatIsDestroyedWhileInUse(t *testing.T) {
	v := &vault{}
	first := fresh(t)
	v.handle.Store(first)
	s := load(t, v.read)
	old := sealed(t, s)
	v.handle.Store(with(t, rotated(t, first), func(m *keyset.Manager) error { return m.Delete(primary(t, first)) }))
	require.NoError(t, s.Reload(t.Context()))
	_, err := s.Open(t.Context(), old, bound)
	var gone *seal.KeyError
	require.ErrorAs(t, err, &gone)
	require.Equal(t, primary(t, first), gone.ID)
	require.NoError(t, gone.Err)
}

func TestAKeysetThatCannotBeReadAgain(t *testing.T) {
	v := &vault{}
	v.handle.Store(fresh(t))
	s := load(t, v.read)
	own, foreign := sealed(t, s), sealed(t, sealer(t, fresh(t)))
	down := errors.New("no connection")
	v.err.Store(&down)
	err := s.Reload(t.Context())
	require.ErrorIs(t, err, down)
	require.EqualError(t, err, "seal: the keyset: the function that reads it failed")
	requireOpens(t, s, own)
	_, err = s.Open(t.Context(), foreign, bound)
	var gone *seal.KeyError
	require.ErrorAs(t, err, &gone)
	require.ErrorIs(t, err, down)
	require.ErrorContains(t, err, "is not in the keyset: it was destroyed, or the keyset is another one; and the keyset could not be read again")

	v.err.Store(nil)
	v.handle.Store(nil)
	require.ErrorContains(t, s.Reload(t.Context()), "it has no keys")
	requireOpens(t, s, own)
}

func TestASourceThatFailsAtFirst(t *testing.T) {
	_, err := seal.Load(t.Context(), nil)
	require.EqualError(t, err, "seal: the keyset: there is no function to read it with")
	down := errors.New("no connection")
	_, err = seal.Load(t.Context(), func(context.Context) (*keyset.Handle, error) { return nil, down })
	var bad *seal.KeysetError
	require.ErrorAs(t, err, &bad)
	require.ErrorIs(t, err, down)
}

// Many that meet a key which they do not know read the keyset once, and who can't wait
// does not have to.
func TestOneReadsForAll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := &vault{}
		v.handle.Store(fresh(t))
		let := make(chan struct{})
		s := load(t, func(ctx context.Context) (*keyset.Handle, error) {
			if v.reads.Load() > 0 {
				<-let
			}
			return v.read(ctx)
		})
		next := rotated(t, v.handle.Load())
		box := sealed(t, sealer(t, next))
		v.handle.Store(next)

		var group sync.WaitGroup
		for range 10 {
			group.Go(func() {
				got, err := s.Open(t.Context(), box, bound)
				if err != nil || string(got) != text {
					t.Errorf("%q, %v", got, err)
				}
			})
		}
		synctest.Wait()
		ctx, cancel := context.WithCancel(t.Context())
		group.Go(func() {
			if _, err := s.Open(ctx, box, bound); !errors.Is(err, context.Canceled) {
				t.Error(err)
			}
			if err := s.Reload(ctx); !errors.Is(err, context.Canceled) {
				t.Error(err)
			}
		})
		synctest.Wait()
		cancel()
		synctest.Wait()
		close(let)
		group.Wait()
		require.EqualValues(t, 2, v.reads.Load())
	})
}
