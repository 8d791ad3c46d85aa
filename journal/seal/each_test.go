package seal_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/tink-crypto/tink-go/v2/keyset"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/dispatch"
	"github.com/payoutkit/payout/journal/seal"
)

// drawer is a KeyStore in memory.
type drawer struct {
	mu   sync.Mutex
	kept map[string][]byte
	err  error
	seen func(reference string) // before it is read
}

var _ seal.KeyStore = (*drawer)(nil)

func newDrawer() *drawer { return &drawer{kept: map[string][]byte{}} }

func (d *drawer) PutKey(_ context.Context, reference string, key []byte) ([]byte, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.err != nil {
		return nil, d.err
	}
	if _, ok := d.kept[reference]; !ok {
		d.kept[reference] = bytes.Clone(key)
	}
	return bytes.Clone(d.kept[reference]), nil
}

func (d *drawer) Key(_ context.Context, reference string) ([]byte, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	key, ok := d.kept[reference]
	switch {
	case d.err != nil:
		return nil, d.err
	case !ok:
		return nil, dispatch.ErrNoEntry
	}
	return bytes.Clone(key), nil
}

func (d *drawer) ReplaceKey(_ context.Context, reference string, old, key []byte) error {
	if d.seen != nil {
		d.seen(reference)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if bytes.Equal(d.kept[reference], old) {
		d.kept[reference] = bytes.Clone(key)
	}
	return d.err
}

func (d *drawer) EraseKey(_ context.Context, references ...string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.err != nil {
		return d.err
	}
	for _, r := range references {
		delete(d.kept, r)
	}
	return nil
}

func (d *drawer) Keys(_ context.Context, after string, limit int) (out []seal.KeptKey, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, r := range slices.Sorted(maps.Keys(d.kept)) {
		if r > after && len(out) < limit {
			out = append(out, seal.KeptKey{Reference: r, Key: bytes.Clone(d.kept[r])})
		}
	}
	return out, d.err
}

func TestEach(t *testing.T) {
	d := newDrawer()
	p := seal.Each(sealer(t, fresh(t)), d, nil)
	one := must(t)(p.Seal(t.Context(), []byte(text), bound))
	two := must(t)(p.Seal(t.Context(), []byte(text), bound))
	require.NotEqual(t, one, two, "a nonce is used once")
	require.Len(t, d.kept, 1)
	other := must(t)(p.Seal(t.Context(), []byte(text), "order-1002"))
	require.Len(t, d.kept, 2)
	require.NotEqual(t, one[1:9], other[1:9], "each payout has a key of its own")
	for _, box := range [][]byte{one, two} {
		require.Equal(t, text, string(must(t)(p.Open(t.Context(), box, bound))))
	}
	empty := must(t)(p.Seal(t.Context(), nil, bound))
	require.Empty(t, must(t)(p.Open(t.Context(), empty, bound)))

	// Nothing of a changed one is believed, wherever it was changed.
	for i := 1; i < len(one); i++ {
		changed := bytes.Clone(one)
		changed[i] ^= 1
		_, err := p.Open(t.Context(), changed, bound)
		require.Error(t, err)
		require.Equal(t, i < 9, errors.Is(err, dispatch.ErrErased), "of another key: %d", i)
		require.Equal(t, i >= 9, errors.Is(err, seal.ErrChanged))
	}
	_, err := p.Open(t.Context(), one[:20], bound)
	require.ErrorIs(t, err, seal.ErrFormat)
	_, err = p.Open(t.Context(), nil, bound)
	require.ErrorIs(t, err, seal.ErrFormat)
	_, err = p.Open(t.Context(), one, "order-1003")
	require.ErrorIs(t, err, dispatch.ErrErased)

	// A key that was put in the place of another's opens nothing.
	d.kept["order-1002"] = d.kept[bound]
	_, err = p.Open(t.Context(), other, "order-1002")
	require.ErrorIs(t, err, seal.ErrChanged)
	// Nor does a request that is put in the place of a key.
	d.kept["order-1002"] = must(t)(sealer(t, fresh(t)).Seal(t.Context(), make([]byte, 32), "order-1002"))
	_, err = p.Open(t.Context(), other, "order-1002")
	require.Error(t, err)
}

func must(t *testing.T) func(out []byte, err error) []byte {
	return func(out []byte, err error) []byte {
		t.Helper()
		require.NoError(t, err)
		return out
	}
}

// A journal goes over to keys of payouts without losing what was sealed before.
func TestEachOpensWhatItsMasterSealed(t *testing.T) {
	s := sealer(t, fresh(t))
	p := seal.Each(s, newDrawer(), nil)
	require.Equal(t, text, string(must(t)(p.Open(t.Context(), sealed(t, s), bound))))
	_, err := s.Open(t.Context(), must(t)(p.Seal(t.Context(), []byte(text), bound)), bound)
	require.ErrorIs(t, err, seal.ErrFormat)
}

// Once the key is destroyed no copy of the sealed text opens, wherever it was kept.
func TestErase(t *testing.T) {
	d := newDrawer()
	p := seal.Each(sealer(t, fresh(t)), d, nil)
	box := must(t)(p.Seal(t.Context(), []byte(text), bound))
	other := must(t)(p.Seal(t.Context(), []byte(text), "order-1002"))
	require.NoError(t, p.Erase(t.Context(), bound))
	_, err := p.Open(t.Context(), box, bound)
	require.ErrorIs(t, err, dispatch.ErrErased)
	require.EqualError(t, err, `seal: find the key of payout "order-1001": dispatch: the key of the sealed request was destroyed`)
	require.Equal(t, text, string(must(t)(p.Open(t.Context(), other, "order-1002"))), "the others' are there")
	require.NoError(t, p.Erase(t.Context(), bound), "again")

	// A payout that is submitted again gets a key that opens nothing of the old.
	must(t)(p.Seal(t.Context(), []byte(text), bound))
	_, err = p.Open(t.Context(), box, bound)
	require.ErrorIs(t, err, dispatch.ErrErased)

	require.NoError(t, p.EraseEnded(t.Context(), []dispatch.Changed{
		{Reference: bound, State: dispatch.StateReview}, {Reference: "order-1002", State: dispatch.StateOpen},
		{Reference: "order-1002", State: dispatch.StatePaid}, {Reference: "order-1003", State: dispatch.StateFailed},
	}))
	require.Equal(t, []string{bound}, slices.Collect(maps.Keys(d.kept)), "what is in review has not ended")
	require.NoError(t, p.EraseEnded(t.Context(), nil))
}

// To destroy the master key erases all that it sealed the keys of; only if it is certain
// that it is destroyed does anybody take it for that.
func TestMasterKeyIsGone(t *testing.T) {
	d, handle := newDrawer(), parsed(t, cleartext())
	box := must(t)(seal.Each(sealer(t, handle), d, nil).Seal(t.Context(), []byte(text), bound))

	destroyed := parsed(t, strings.Replace(string(both(t, handle)), `"status":"ENABLED"`, `"status":"DESTROYED"`, 1))
	p := seal.Each(sealer(t, destroyed), d, nil)
	_, err := p.Open(t.Context(), box, bound)
	require.ErrorIs(t, err, dispatch.ErrErased)
	_, err = p.Seal(t.Context(), []byte(text), bound)
	require.ErrorIs(t, err, dispatch.ErrErased, "it does not come back under another key")
	n, err := p.Rewrap(t.Context())
	require.NoError(t, err)
	require.Zero(t, n)

	for _, other := range []*keyset.Handle{fresh(t), with(t, rotated(t, handle), func(m *keyset.Manager) error { return m.Disable(fixed) })} {
		p := seal.Each(sealer(t, other), d, nil)
		_, err = p.Open(t.Context(), box, bound)
		var gone *seal.KeyError
		require.ErrorAs(t, err, &gone)
		require.NotErrorIs(t, err, dispatch.ErrErased)
		_, err = p.Seal(t.Context(), []byte(text), bound)
		require.ErrorAs(t, err, &gone)
		_, err = p.Rewrap(t.Context())
		require.ErrorAs(t, err, &gone)
	}
}

func TestRewrap(t *testing.T) {
	d, first := newDrawer(), fresh(t)
	before := seal.Each(sealer(t, first), d, nil)
	boxes := map[string][]byte{}
	for i := range 2500 {
		reference := fmt.Sprintf("order-%04d", i)
		boxes[reference] = must(t)(before.Seal(t.Context(), []byte(reference), reference))
	}
	second := rotated(t, first)
	p := seal.Each(sealer(t, second), d, nil)
	latest := must(t)(p.Seal(t.Context(), []byte("x"), "order-9999"))
	d.seen = func(reference string) {
		if reference == "order-0007" { // between reading and writing
			assert.NoError(t, d.EraseKey(t.Context(), reference))
		}
	}
	n, err := p.Rewrap(t.Context())
	require.NoError(t, err)
	require.Equal(t, 2500, n)
	n, err = p.Rewrap(t.Context())
	require.NoError(t, err)
	require.Zero(t, n, "they are sealed with the newest key")

	// The old master key can go, and takes nothing with it.
	left := with(t, second, func(m *keyset.Manager) error { return m.Delete(primary(t, first)) })
	p = seal.Each(sealer(t, left), d, nil)
	for reference, box := range boxes {
		got, err := p.Open(t.Context(), box, reference)
		if reference == "order-0007" {
			require.ErrorIs(t, err, dispatch.ErrErased, "what was erased stays so")
			continue
		}
		require.NoError(t, err)
		require.Equal(t, reference, string(got))
	}
	require.Equal(t, "x", string(must(t)(p.Open(t.Context(), latest, "order-9999"))))

	// Another master, which does not say what it would seal anew.
	waxed := seal.Each(struct{ dispatch.Sealer }{sealer(t, left)}, d, nil)
	n, err = waxed.Rewrap(t.Context())
	require.NoError(t, err)
	require.Equal(t, 2500, n)
}

func TestEachFails(t *testing.T) {
	down := errors.New("down")
	d := newDrawer()
	p := seal.Each(sealer(t, fresh(t)), d, nil)
	box := must(t)(p.Seal(t.Context(), []byte(text), bound))
	d.err = down
	_, err := p.Seal(t.Context(), []byte(text), bound)
	require.ErrorIs(t, err, down)
	_, err = p.Open(t.Context(), box, bound)
	require.ErrorIs(t, err, down)
	require.NotErrorIs(t, err, dispatch.ErrErased)
	_, err = p.Rewrap(t.Context())
	require.ErrorIs(t, err, down)
	require.ErrorIs(t, p.Erase(t.Context(), bound), down)

	_, err = seal.Each(sealer(t, fresh(t)), newDrawer(), iotest.ErrReader(down)).Seal(t.Context(), []byte(text), bound)
	require.ErrorIs(t, err, down)
	_, err = seal.Each(sealer(t, fresh(t)), newDrawer(), strings.NewReader("too little")).Seal(t.Context(), []byte(text), bound)
	require.ErrorIs(t, err, io.ErrUnexpectedEOF)

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = p.Seal(ctx, []byte(text), bound)
	require.ErrorIs(t, err, context.Canceled)
	d.err = nil
	_, err = p.Open(ctx, box, bound)
	require.ErrorIs(t, err, context.Canceled)
}

// What is kept shows neither keys nor texts, to whoever has one of the two.
func TestEachKeepsNothingInClear(t *testing.T) {
	d := newDrawer()
	p := seal.Each(sealer(t, parsed(t, cleartext())), d, strings.NewReader(strings.Repeat("random canary of a payout's key!", 4)))
	box := must(t)(p.Seal(t.Context(), []byte(text), bound))
	for _, secret := range []string{"canary", "4111111111111111"} {
		require.NotContains(t, string(box[21:]), secret) // after the nonce, which is no secret
		require.NotContains(t, string(d.kept[bound]), secret)
	}
	require.Equal(t, text, string(must(t)(p.Open(t.Context(), box, bound))))
	requireHidden(t, fmt.Sprintf("%+v %#v", p, p))
}

// A person who was erased before he was paid is not paid by accident: his payout waits,
// and fails at its deadline, and goes on if it is submitted again.
func TestErasedBeforeItWasSent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, journal, handle, d := &bank{}, dispatch.NewMemory(), fresh(t), newDrawer()
		start := func() *dispatch.Dispatcher { return process(t, b, journal, seal.Each(sealer(t, handle), d, nil)) }
		first := start()
		for _, reference := range []string{"order-1001", "order-1002", "order-1003"} {
			submit(t, first, reference)
		}
		require.NoError(t, seal.Each(sealer(t, handle), d, nil).Erase(t.Context(), "order-1001", "order-1002"))
		second := start()
		step := func(reference string) {
			_, _, err := second.Step(t.Context(), reference)
			require.NoError(t, err)
		}
		step("order-1003")
		requireSent(t, b, "order-1003")
		b.paid = nil
		for range 3 {
			step("order-1001")
			step("order-1002")
			time.Sleep(10 * time.Second)
		}
		require.Equal(t, dispatch.StateAwaiting, state(t, second, "order-1001"))
		require.Empty(t, b.paid)
		submit(t, second, "order-1001")
		second = start() // the request is lost again, and has another key now
		for range 3 {
			step("order-1001")
			time.Sleep(10 * time.Second)
		}
		require.Equal(t, dispatch.StateAwaiting, state(t, second, "order-1001"))
		submit(t, second, "order-1001")
		step("order-1001")
		requireSent(t, b, "order-1001")

		e, err := second.Status(t.Context(), "order-1002")
		require.NoError(t, err)
		time.Sleep(time.Until(e.SendUntil))
		step("order-1002")
		e, err = second.Status(t.Context(), "order-1002")
		require.NoError(t, err)
		require.Equal(t, []any{dispatch.StateFailed, payout.ReasonExpired}, []any{e.State, e.Failure.Reason})
		require.Len(t, b.paid, 1)
	})
}
