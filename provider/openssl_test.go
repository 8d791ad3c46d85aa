package provider_test

import (
	"bytes"
	"crypto/x509"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/provider"
)

// openssl runs the tool that bank and partners make their keys with.
func openssl(t *testing.T, input string, args ...string) string {
	t.Helper()
	path, err := exec.LookPath("openssl")
	if err != nil {
		t.Skip("SKIP: openssl is not installed")
	}
	var out, errs bytes.Buffer
	c := exec.CommandContext(t.Context(), path, args...)
	c.Stdin, c.Stdout, c.Stderr = strings.NewReader(input), &out, &errs
	require.NoError(t, c.Run(), errs.String())
	return out.String()
}

func TestKeysMadeByOpenSSL(t *testing.T) {
	plain := pkcs8(t, rsaKey())
	for _, password := range []string{"123456", "пароль с пробелом"} {
		for _, cipher := range []string{"aes-128-cbc", "aes-192-cbc", "aes-256-cbc", "des3"} {
			for _, prf := range []string{"hmacWithSHA1", "hmacWithSHA256", "hmacWithSHA512"} {
				t.Run(cipher+" "+prf+" "+password, func(t *testing.T) {
					text := openssl(t, plain, "pkcs8", "-topk8", "-v2", cipher, "-v2prf", prf, "-passout", "pass:"+password)
					require.Contains(t, text, "BEGIN ENCRYPTED PRIVATE KEY")
					key, err := provider.ParsePrivateKey(payout.NewSecret(text), payout.NewSecret(password))
					require.NoError(t, err)
					signs(t, key)
					_, err = provider.ParsePrivateKey(payout.NewSecret(text), payout.NewSecret(password+"x"))
					require.EqualError(t, err, wrongPassword)
				})
			}
		}
	}
}

func TestPlainKeysMadeByOpenSSL(t *testing.T) {
	for _, c := range []struct {
		name string
		args []string
		err  string
	}{
		{"PKCS#8", []string{"genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"}, ""},
		{"PKCS#1", []string{"genrsa", "-traditional", "2048"}, ""},
		{"1024 bits", []string{"genrsa", "1024"}, tooShort},
		{"EC", []string{"genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"}, notRSA},
		{"EC with its parameters", []string{"ecparam", "-name", "prime256v1", "-genkey"}, twoBlocks},
	} {
		t.Run(c.name, func(t *testing.T) {
			key, err := provider.ParsePrivateKey(payout.NewSecret(openssl(t, "", c.args...)), payout.Secret{})
			if c.err != "" {
				require.EqualError(t, err, c.err)
				return
			}
			require.NoError(t, err)
			assert.Equal(t, 2048, key.Bits())
		})
	}
}

func TestEncryptionsOfOpenSSLThatAreRefused(t *testing.T) {
	for _, c := range []struct {
		name string
		args []string
		err  string
	}{
		{"PBES1", []string{"pkcs8", "-topk8", "-v1", "PBE-SHA1-3DES", "-passout", "pass:123456"}, scheme},
		{"scrypt", []string{"pkcs8", "-topk8", "-scrypt", "-scrypt_N", "2", "-passout", "pass:123456"}, scheme},
		{"another cipher", []string{"pkcs8", "-topk8", "-v2", "camellia-256-cbc", "-passout", "pass:123456"}, scheme},
		{"the old way", []string{"rsa", "-traditional", "-aes256", "-passout", "pass:123456"}, legacy},
	} {
		t.Run(c.name, func(t *testing.T) {
			text := openssl(t, pkcs8(t, rsaKey()), c.args...)
			_, err := provider.ParsePrivateKey(payout.NewSecret(text), payout.NewSecret("123456"))
			require.EqualError(t, err, c.err)
		})
	}
}

func TestOpenSSLVerifiesTheSignature(t *testing.T) {
	der, err := x509.MarshalPKIXPublicKey(&rsaKey().PublicKey)
	require.NoError(t, err)
	key, err := provider.ParsePrivateKey(payout.NewSecret(pkcs1(rsaKey())), payout.Secret{})
	require.NoError(t, err)
	signature, err := key.SignSHA256([]byte("message"))
	require.NoError(t, err)
	dir := t.TempDir()
	public, signed := filepath.Join(dir, "public.pem"), filepath.Join(dir, "signature")
	require.NoError(t, os.WriteFile(public, []byte(block("PUBLIC KEY", der)), 0o600))
	require.NoError(t, os.WriteFile(signed, signature, 0o600))
	assert.Equal(t, "Verified OK\n", openssl(t, "message", "dgst", "-sha256", "-verify", public, "-signature", signed))
}
