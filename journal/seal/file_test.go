package seal_test

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/insecurecleartextkeyset"
	"github.com/tink-crypto/tink-go/v2/keyset"

	"github.com/payoutkit/payout/journal/seal"
)

// written returns the name of a new file.
func written(t *testing.T, content string, mode fs.FileMode) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "keyset")
	require.NoError(t, os.WriteFile(path, []byte(content), 0o600))
	require.NoError(t, os.Chmod(path, mode))
	return path
}

func binary(t *testing.T) string {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, insecurecleartextkeyset.Write(parsed(t, cleartext()), keyset.NewBinaryWriter(&b)))
	return b.String()
}

func TestAKeysetFile(t *testing.T) {
	box := sealed(t, sealer(t, parsed(t, cleartext())))
	for name, content := range map[string]string{
		"JSON": cleartext(), "JSON with space before it": "\r\n\t " + cleartext(), "binary": binary(t),
	} {
		for _, mode := range []fs.FileMode{0o600, 0o400, 0o700} {
			t.Run(name+" "+mode.String(), func(t *testing.T) {
				requireOpens(t, load(t, seal.File(written(t, content, mode))), box)
			})
		}
		for _, mode := range []fs.FileMode{0o640, 0o604, 0o620, 0o602, 0o610, 0o601, 0o644, 0o666, 0o777} {
			t.Run(name+" "+mode.String(), func(t *testing.T) {
				path := written(t, content, mode)
				_, err := seal.Load(t.Context(), seal.File(path))
				var bad *seal.KeysetError
				require.ErrorAs(t, err, &bad)
				require.ErrorContains(t, err, path+": others than its owner can get at it (mode 0")
			})
		}
	}
}

func TestAFileThatIsNoKeyset(t *testing.T) {
	var wrapped, wrappedBinary bytes.Buffer
	kms, err := aead.New(fresh(t))
	require.NoError(t, err)
	require.NoError(t, fresh(t).Write(keyset.NewJSONWriter(&wrapped), kms))
	require.NoError(t, fresh(t).Write(keyset.NewBinaryWriter(&wrappedBinary), kms))
	const none = "FILE: this is no keyset in clear; one that is wrapped needs a function of its own"
	for name, c := range map[string]struct{ content, reason string }{
		"empty":              {"", none},
		"no keys":            {"{}", none},
		"not JSON":           {`{"primaryKeyId":` + material, none},
		"a value in quotes":  {strings.Replace(cleartext(), `"value":"`, `"value":"!`, 1), none},
		"a key of no length": {strings.Replace(cleartext(), `"value":"`, `"value":"","x":"`, 1), none},
		"cut off":            {cleartext()[:120], none},
		"binary, cut off":    {binary(t)[:40], none},
		"noise":              {material, none},
		"wrapped":            {wrapped.String(), none},
		"wrapped, binary":    {wrappedBinary.String(), none},
		"no primary":         {strings.Replace(cleartext(), `"primaryKeyId":1`, `"primaryKeyId":2`, 1), none},
		"disabled":           {strings.Replace(cleartext(), "ENABLED", "DISABLED", 1), none},
		"no prefix":          {strings.Replace(cleartext(), "TINK", "RAW", 1), "its key 1819043144 has not the output prefix TINK"},
		"too large":          {strings.Repeat(" ", 1<<20) + cleartext(), "FILE: this is too large for a keyset"},
	} {
		t.Run(name, func(t *testing.T) {
			path := written(t, c.content, 0o600)
			_, err := seal.Load(t.Context(), seal.File(path))
			var bad *seal.KeysetError
			require.ErrorAs(t, err, &bad)
			require.Equal(t, "seal: the keyset: "+c.reason, strings.Replace(err.Error(), path, "FILE", 1))
		})
	}
	dir := t.TempDir()
	_, err = seal.Load(t.Context(), seal.File(dir))
	require.ErrorContains(t, err, dir+": this is no file")
	missing := filepath.Join(dir, "missing")
	_, err = seal.Load(t.Context(), seal.File(missing))
	require.ErrorIs(t, err, fs.ErrNotExist)
	require.EqualError(t, err, "seal: the keyset: "+missing+": open: no such file or directory")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = seal.Load(ctx, seal.File(missing))
	require.ErrorIs(t, err, context.Canceled)
	require.False(t, errors.Is(err, fs.ErrNotExist))
}

func TestCreateFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "keyset.json")
	first := fresh(t)
	require.NoError(t, seal.CreateFile(path, first))
	info, err := os.Stat(path)
	require.NoError(t, err)
	require.Equal(t, fs.FileMode(0o600), info.Mode())
	s := load(t, seal.File(path))
	requireOpens(t, s, sealed(t, sealer(t, first)))

	before, err := os.ReadFile(path)
	require.NoError(t, err)
	second := rotated(t, first)
	err = seal.CreateFile(path, second)
	require.ErrorIs(t, err, fs.ErrExist)
	require.EqualError(t, err, "seal: the keyset: "+path+": open: file exists")
	after, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, before, after, "the only keys that open what they sealed")

	// Rotation as the documentation has it: a file beside it, and its name.
	require.NoError(t, seal.CreateFile(path+".new", second))
	require.NoError(t, os.Rename(path+".new", path))
	requireOpens(t, s, sealed(t, sealer(t, second)))

	elsewhere := filepath.Join(t.TempDir(), "missing", "keyset.json")
	require.ErrorIs(t, seal.CreateFile(elsewhere, first), fs.ErrNotExist)
	require.ErrorContains(t, seal.CreateFile(elsewhere, nil), "it has no keys")
}
