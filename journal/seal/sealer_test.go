package seal_test

import (
	"bytes"
	"context"
	"encoding/hex"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/keyset"
	"github.com/tink-crypto/tink-go/v2/mac"

	"github.com/payoutkit/payout/journal/seal"
)

func TestWhatIsSealedOpens(t *testing.T) {
	s := sealer(t, fresh(t))
	for _, c := range []struct{ name, text, bound string }{
		{"a request", text, bound},
		{"nothing", "", bound},
		{"bound to nothing", text, ""},
		{"any bytes", "\x00\xff\x01", "\xff\x00"},
		{"a megabyte", strings.Repeat("x", 1<<20), bound},
	} {
		t.Run(c.name, func(t *testing.T) {
			given := []byte(c.text)
			box, err := s.Seal(t.Context(), given, c.bound)
			require.NoError(t, err)
			require.Equal(t, c.text, string(given))
			if len(c.text) > 8 {
				require.NotContains(t, string(box), c.text[:8])
			}
			before := bytes.Clone(box)
			for range 2 {
				got, err := s.Open(t.Context(), box, c.bound)
				require.NoError(t, err)
				require.Equal(t, c.text, string(got))
			}
			require.Equal(t, before, box)
		})
	}
	require.NotEqual(t, sealed(t, s), sealed(t, s), "the same request twice must not look the same")
}

// golden is text as AES-256-GCM of another make has it (Python's cryptography), under
// the tests' key: the nonce "a nonce, 12.", the ciphertext, the tag. Its associated
// data is 0x01 and bound.
const golden = "61206e6f6e63652c2031322e8c5570814aca35fd335d5aca2bff4691833248088e643923c0e110e681ec61fa5b09732ed82a4acd7d0a6fbefd"

// What was sealed once opens for ever.
func TestTheFormatStays(t *testing.T) {
	box, err := hex.DecodeString("01" + "01" + "6c6c6548" + golden)
	require.NoError(t, err)
	s := sealer(t, parsed(t, cleartext()))
	requireOpens(t, s, box)
	now := sealed(t, s)
	require.Equal(t, box[:6], now[:6])
	require.Len(t, now, 1+5+12+len(text)+16)
}

func TestAnotherBoundFails(t *testing.T) {
	s := sealer(t, fresh(t))
	box := sealed(t, s)
	for _, other := range []string{"", "order-1002", "order-100", "order-10011", "Order-1001", "\x01order-1001"} {
		got, err := s.Open(t.Context(), box, other)
		require.ErrorIs(t, err, seal.ErrChanged, other)
		require.Nil(t, got)
	}
}

func TestAnyByteThatIsChangedFails(t *testing.T) {
	s := sealer(t, fresh(t))
	box := sealed(t, s)
	for i := range box {
		for bit := range 8 {
			changed := bytes.Clone(box)
			changed[i] ^= 1 << bit
			got, err := s.Open(t.Context(), changed, bound)
			require.Nil(t, got)
			switch {
			case i < 2:
				require.ErrorIs(t, err, seal.ErrFormat)
			case i < 6:
				var key *seal.KeyError
				require.ErrorAs(t, err, &key)
			default:
				require.ErrorIs(t, err, seal.ErrChanged)
			}
		}
	}
	for n := range box {
		_, err := s.Open(t.Context(), box[:n], bound)
		require.Error(t, err, "cut off after %d bytes", n)
	}
	_, err := s.Open(t.Context(), append(bytes.Clone(box), 0), bound)
	require.ErrorIs(t, err, seal.ErrChanged)
	_, err = s.Open(t.Context(), nil, bound)
	require.ErrorIs(t, err, seal.ErrFormat)
}

// Not even Tink, with the same keys, makes what Open takes, or takes what Seal makes,
// unless it is told what it is for.
func TestTheVersionIsSealedToo(t *testing.T) {
	handle := fresh(t)
	plain, err := aead.New(handle)
	require.NoError(t, err)
	s := sealer(t, handle)
	foreign, err := plain.Encrypt([]byte(text), []byte(bound))
	require.NoError(t, err)
	_, err = s.Open(t.Context(), append([]byte{1}, foreign...), bound)
	require.ErrorIs(t, err, seal.ErrChanged)
	_, err = s.Open(t.Context(), foreign, bound)
	require.Error(t, err)
	_, err = plain.Decrypt(sealed(t, s)[1:], []byte(bound))
	require.Error(t, err)
}

func TestAContextThatHasEnded(t *testing.T) {
	s := sealer(t, fresh(t))
	box := sealed(t, s)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := s.Seal(ctx, []byte(text), bound)
	require.ErrorIs(t, err, context.Canceled)
	_, err = s.Open(ctx, box, bound)
	require.ErrorIs(t, err, context.Canceled)
}

func TestKeysetsThatAreRefused(t *testing.T) {
	raw, err := keyset.NewHandle(aead.AES256GCMNoPrefixKeyTemplate())
	require.NoError(t, err)
	macs, err := keyset.NewHandle(mac.HMACSHA256Tag256KeyTemplate())
	require.NoError(t, err)
	mixed := with(t, fresh(t), func(m *keyset.Manager) error {
		_, err := m.Add(mac.HMACSHA256Tag256KeyTemplate())
		return err
	})
	rawBeside := with(t, fresh(t), func(m *keyset.Manager) error {
		_, err := m.Add(aead.AES256GCMNoPrefixKeyTemplate())
		return err
	})
	for name, c := range map[string]struct {
		handle *keyset.Handle
		reason string
	}{
		"none":                {nil, "it has no keys"},
		"an empty one":        {&keyset.Handle{}, "it has no keys"},
		"no prefix":           {raw, "has not the output prefix TINK"},
		"one without prefix":  {rawBeside, "has not the output prefix TINK"},
		"no AEAD":             {macs, "its keys are not all AEAD keys"},
		"one that is no AEAD": {mixed, "its keys are not all AEAD keys"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := seal.New(c.handle)
			var bad *seal.KeysetError
			require.ErrorAs(t, err, &bad)
			require.ErrorContains(t, err, "seal: the keyset: ")
			require.ErrorContains(t, err, c.reason)
			_, err = seal.Rotate(c.handle)
			require.ErrorContains(t, err, c.reason)
			_, err = seal.Load(t.Context(), func(context.Context) (*keyset.Handle, error) { return c.handle, nil })
			require.ErrorContains(t, err, c.reason)
		})
	}
	// One that is disabled does nothing, and harms nothing.
	id := primary(t, raw)
	both := with(t, rotated(t, fresh(t)), func(m *keyset.Manager) error {
		var err error
		if id, err = m.Add(aead.AES256GCMNoPrefixKeyTemplate()); err != nil {
			return err
		}
		return m.Disable(id)
	})
	requireOpens(t, sealer(t, both), sealed(t, sealer(t, both)))
}

func TestASealerIsSafeForConcurrentUse(t *testing.T) {
	handle := fresh(t)
	s, err := seal.Load(t.Context(), func(context.Context) (*keyset.Handle, error) { return handle, nil })
	require.NoError(t, err)
	var group sync.WaitGroup
	for worker := range 8 {
		group.Go(func() {
			for n := range 50 {
				bound := fmt.Sprintf("order-%d-%d", worker, n)
				box, err := s.Seal(t.Context(), []byte(bound), bound)
				if err != nil {
					t.Error(err)
					return
				}
				got, err := s.Open(t.Context(), box, bound)
				if err != nil || string(got) != bound {
					t.Errorf("%s: %q, %v", bound, got, err)
				}
				if n%10 == 0 {
					if err := s.Reload(t.Context()); err != nil {
						t.Error(err)
					}
				}
			}
		})
	}
	group.Wait()
}
