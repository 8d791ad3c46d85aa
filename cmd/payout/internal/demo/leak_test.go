package demo

import (
	"bytes"
	"encoding/csv"
	"log/slog"
	"math/big"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout/cmd/payout/internal/leak"
	"github.com/payoutkit/payout/sandbox"
)

// secrets are all texts that went in and must not come out: what the sample's secret
// columns hold, what the banks gave for credentials, and their documented accounts.
func secrets(t *testing.T, b *banks) []string {
	t.Helper()
	out, err := leak.Registry(sample)
	require.NoError(t, err)
	require.Greater(t, len(out), 60)
	out = append(out, b.all2pay.Password(), b.bereke.Password(), b.connpay.Control(),
		sandbox.AccountApproved, sandbox.AccountDeclined, sandbox.AccountError)
	key := b.connpay.MerchantKey()
	for _, n := range append([]*big.Int{key.D}, key.Primes...) {
		out = append(out, n.String(), string(n.Bytes()))
	}
	for l := range strings.Lines(pemOf(key).Reveal()) {
		if !strings.HasPrefix(l, "-----") {
			out = append(out, strings.TrimSpace(l))
		}
	}
	return out
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
		require.Empty(t, leak.For(secrets(t, b)...).In(all.Bytes()))
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
	all := leak.For(secrets(t, b)...)
	for l := range bytes.Lines(sample) {
		if bytes.HasPrefix(l, []byte("reference,")) {
			continue
		}
		for _, file := range []string{string(l), strings.ReplaceAll(string(l), ",", ";"), strings.ReplaceAll(string(l), ",", "\""), "reference,amount,currency,destination," + string(l)} {
			var out strings.Builder
			err := Run(t.Context(), Options{Out: &out, Registry: strings.NewReader(file), Name: "x"})
			require.ErrorContains(t, err, "line 1: ")
			require.Empty(t, out.String())
			require.Empty(t, all.In([]byte(err.Error())))
		}
	}
}
