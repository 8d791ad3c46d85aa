package seal_test

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/tink-crypto/tink-go/v2/insecurecleartextkeyset"
	"github.com/tink-crypto/tink-go/v2/keyset"

	"github.com/payoutkit/payout/journal/seal"
)

// material is the secret of the key that the tests look for, in every output.
const material = "canary of thirty-two key bytes !"

// fixed is the id of that key.
const fixed = 1819043144

// cleartext is a keyset of that key, as Tink's JSON. Its fields are those of
// AesGcmKey: 1 is the version, 3 the key.
func cleartext() string {
	value := base64.StdEncoding.EncodeToString([]byte("\x1a\x20" + material))
	return fmt.Sprintf(`{"primaryKeyId":%d,"key":[{"keyId":%d,"status":"ENABLED","outputPrefixType":"TINK","keyData":{`+
		`"typeUrl":"type.googleapis.com/google.crypto.tink.AesGcmKey","keyMaterialType":"SYMMETRIC","value":"%s"}}]}`, fixed, fixed, value)
}

func parsed(t testing.TB, text string) *keyset.Handle {
	t.Helper()
	handle, err := insecurecleartextkeyset.Read(keyset.NewJSONReader(strings.NewReader(text)))
	require.NoError(t, err)
	return handle
}

func fresh(t testing.TB) *keyset.Handle {
	t.Helper()
	handle, err := seal.NewKeyset()
	require.NoError(t, err)
	return handle
}

func rotated(t testing.TB, old *keyset.Handle) *keyset.Handle {
	t.Helper()
	handle, err := seal.Rotate(old)
	require.NoError(t, err)
	return handle
}

func sealer(t testing.TB, handle *keyset.Handle) *seal.Sealer {
	t.Helper()
	s, err := seal.New(handle)
	require.NoError(t, err)
	return s
}

func primary(t testing.TB, handle *keyset.Handle) uint32 {
	t.Helper()
	entry, err := handle.Primary()
	require.NoError(t, err)
	return entry.KeyID()
}

// both is a keyset with a newer key besides, as Tink's JSON.
func both(t testing.TB, old *keyset.Handle) []byte {
	t.Helper()
	var out bytes.Buffer
	require.NoError(t, insecurecleartextkeyset.Write(rotated(t, old), keyset.NewJSONWriter(&out)))
	return out.Bytes()
}

// with returns a keyset after a change.
func with(t testing.TB, handle *keyset.Handle, change func(*keyset.Manager) error) *keyset.Handle {
	t.Helper()
	m := keyset.NewManagerFromHandle(handle)
	require.NoError(t, change(m))
	out, err := m.Handle()
	require.NoError(t, err)
	return out
}

const (
	text  = `{"number":"4111111111111111"}`
	bound = "order-1001"
)

func sealed(t testing.TB, s *seal.Sealer) []byte {
	t.Helper()
	out, err := s.Seal(t.Context(), []byte(text), bound)
	require.NoError(t, err)
	return out
}

func requireOpens(t testing.TB, s *seal.Sealer, box []byte) {
	t.Helper()
	got, err := s.Open(t.Context(), box, bound)
	require.NoError(t, err)
	require.Equal(t, text, string(got))
}
