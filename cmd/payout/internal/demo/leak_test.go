package demo

import (
	"bytes"
	"encoding/base64"
	"encoding/csv"
	"encoding/hex"
	"log/slog"
	"math/big"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/sandbox"
)

// secretColumns are the columns that the kinds declare secret.
func secretColumns() map[string]bool {
	out := map[string]bool{}
	for _, k := range append(payout.Kinds(), payout.Recipient{}.Kind()) {
		for _, f := range k.Fields() {
			out[k.Name()+"."+f.Name] = f.Secret
		}
	}
	return out
}

// secrets are all texts that went in and must not come out: what the sample's secret
// columns hold, what the banks gave for credentials, and their documented accounts.
func secrets(t *testing.T, b *banks) (out []string) {
	t.Helper()
	secret := secretColumns()
	for _, row := range sampleRows(t) {
		for name, text := range row {
			if secret[name] && text != "" {
				out = append(out, text)
			}
		}
	}
	require.Greater(t, len(out), 60)
	out = append(out, b.all2pay.Password(), b.bereke.Password(), b.connpay.Control(),
		sandbox.AccountApproved, sandbox.AccountDeclined, sandbox.AccountError)
	key := b.connpay.MerchantKey()
	for _, n := range append([]*big.Int{key.D}, key.Primes...) {
		out = append(out, n.String(), hex.EncodeToString(n.Bytes()), base64.StdEncoding.EncodeToString(n.Bytes()))
	}
	for l := range strings.Lines(pemOf(key).Reveal()) {
		if !strings.HasPrefix(l, "-----") {
			out = append(out, strings.TrimSpace(l))
		}
	}
	return out
}

// found returns the secrets that a text holds: whole, as digits however they are
// grouped, or a word of one. What is short counts as a word of its own only.
func found(text string, secrets []string) (out []string) {
	bare := strings.NewReplacer(" ", "", "-", "", "(", "", ")", "", "+", "").Replace(text)
	has := map[string]bool{}
	for _, word := range strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		has[word] = true
	}
	for _, s := range secrets {
		digits := strings.Map(func(r rune) rune {
			if unicode.IsDigit(r) {
				return r
			}
			return -1
		}, s)
		leaked := utf8.RuneCountInString(s) > 5 && strings.Contains(text, s) || has[s]
		if len(digits) >= 10 {
			leaked = leaked || strings.Contains(bare, digits[len(digits)-10:])
		}
		for word := range strings.FieldsSeq(s) {
			leaked = leaked || len(word) > 3 && has[word]
		}
		if leaked {
			out = append(out, s)
		}
	}
	return out
}

// The search itself has to find what it looks for.
func TestFound(t *testing.T) {
	t.Parallel()
	looked := []string{"4111111111111111", "+7 926 121-42-49", "IVAN PETROV", "Ё", "Ким", "s3cret!"}
	for text, want := range map[string][]string{
		"card 411111******1111, sbp ******49, Кимоно": nil,
		"a4111111111111111b":      {"4111111111111111"},
		"4111 1111-1111 1111":     {"4111111111111111"},
		"phone 8 (926) 121-42-49": {"+7 926 121-42-49"},
		"name=PETROV":             {"IVAN PETROV"},
		"Ё, Ким":                  {"Ё", "Ким"},
		"password:s3cret!":        {"s3cret!"},
	} {
		require.Equal(t, want, found(text, looked), text)
	}
}

// everything runs a registry in every way and looks into all that it wrote, and into
// the texts of the errors.
func everything(t *testing.T, file string) {
	t.Helper()
	var all bytes.Buffer
	debug := &slog.HandlerOptions{Level: slog.LevelDebug, AddSource: true}
	logs := []slog.Handler{slog.NewTextHandler(&all, debug), slog.NewJSONHandler(&all, debug)}
	for i, json := range []bool{false, true} {
		logger := slog.New(logs[i])
		b, err := startBanks(logger)
		require.NoError(t, err)
		t.Cleanup(b.close)
		b.misbehave()
		var report bytes.Buffer
		err = payThrough(t.Context(), Options{Out: &report, Name: "x", JSON: json, Logger: logger}, reader(t, file), b, patience)
		if err != nil {
			all.WriteString(err.Error())
		}
		all.Write(report.Bytes())
		require.Empty(t, found(all.String(), secrets(t, b)))
	}
	for _, want := range []string{"payout call", "event=intended", `"event":"intended"`} {
		require.Contains(t, all.String(), want, "the log is there")
	}
}

func TestNothingSecretIsPrinted(t *testing.T) {
	t.Parallel()
	everything(t, string(sample))
}

// The same with rows that went wrong in every way: a column missing, one too many,
// stray quotes, and all columns shifted, so that each value once stands in each column.
func TestNothingSecretOfWrongRowsIsPrinted(t *testing.T) {
	t.Parallel()
	records, err := csv.NewReader(bytes.NewReader(sample)).ReadAll()
	require.NoError(t, err)
	var file bytes.Buffer
	w := csv.NewWriter(&file)
	require.NoError(t, w.Write(records[0]))
	for _, r := range records[1:] {
		for shift := range r {
			require.NoError(t, w.Write(append(append([]string{}, r[shift:]...), r[:shift]...)))
		}
		require.NoError(t, w.Write(r[1:]))
		require.NoError(t, w.Write(append(r, r...)))
		w.Flush()
		file.WriteString(strings.Join(r, `",`) + "\n" + strings.Join(r, `"`) + "\n")
	}
	everything(t, file.String()+strings.Join(records[1], ",")+"\"\n,\""+strings.Join(records[2], ",")+"\n"+strings.Join(records[3], ",")+"\n")
}

// A file without a header has its first payout there.
func TestNothingSecretOfAFileWithoutHeaderIsPrinted(t *testing.T) {
	t.Parallel()
	b := open(t)
	all := secrets(t, b)
	for l := range bytes.Lines(sample) {
		if bytes.HasPrefix(l, []byte("reference,")) {
			continue
		}
		for _, file := range []string{string(l), strings.ReplaceAll(string(l), ",", ";"), strings.ReplaceAll(string(l), ",", "\""), "reference,amount,currency,destination," + string(l)} {
			var out strings.Builder
			err := Run(t.Context(), Options{Out: &out, Registry: strings.NewReader(file), Name: "x"})
			require.ErrorContains(t, err, "line 1: ")
			require.Empty(t, out.String())
			require.Empty(t, found(err.Error(), all))
		}
	}
}
