package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

// simulatedBanks runs the simulated banks until the test ends, and returns their
// configuration, with a journal.
func simulatedBanks(t *testing.T) (config string) {
	t.Helper()
	folder := filepath.Join(t.TempDir(), "bench")
	banks := command(t, "sandbox", "--dir", folder)
	out, err := banks.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, banks.Start())
	t.Cleanup(func() {
		_ = banks.Process.Signal(syscall.SIGTERM)
		_ = banks.Wait()
	})
	for lines := bufio.NewScanner(out); ; {
		require.True(t, lines.Scan(), "the banks did not start")
		if strings.Contains(lines.Text(), "Interrupt to stop") {
			break
		}
	}
	go func() { _, _ = io.Copy(io.Discard, out) }()
	config = filepath.Join(folder, "payout.yaml")
	_, stderr, code := runs(t, "journal", "init", "--config", config)
	require.Zero(t, code, stderr)
	return config
}

func TestBatchReport(t *testing.T) {
	t.Parallel()
	config := simulatedBanks(t)
	var rows strings.Builder
	rows.WriteString(header)
	for i := range 20 {
		fmt.Fprintf(&rows, "pay-%02d,%d.50,RUB,card,4111111111111111,IVAN PETROV\n", i, 10+i)
	}
	registry := file(t, rows.String())
	folder := filepath.Dir(registry)
	page, results := filepath.Join(folder, "report.html"), filepath.Join(folder, "results.csv")
	told := func(args ...string) (stdout, stderr string, code int) {
		t.Helper()
		return runs(t, append([]string{"batch", "report", registry, "--config", config}, args...)...)
	}

	stdout, stderr, code := told()
	require.Zero(t, code, stderr)
	require.Contains(t, stdout, "20 rows, 0 paid, 0 failed, 0 for a person, 20 not sent yet")

	_, stderr, code = runs(t, "batch", "run", registry, "--config", config, "--confirm", "400.00 RUB")
	require.Zero(t, code, stderr)

	stdout, stderr, code = told("--batch", "b-1", "--html", page, "--csv", results, "--zone", "Europe/Moscow")
	require.Zero(t, code, stderr)
	require.Regexp(t, `all2pay +paid +20 +400\.00 RUB`, stdout)
	require.Contains(t, stdout, "payouts.csv: 20 rows, 20 paid, 0 failed, 0 for a person")
	written, err := os.ReadFile(page)
	require.NoError(t, err)
	for _, want := range []string{"<h1>b-1</h1>", "every fate is known", "100 %", "400.00", "(Europe/Moscow)", "</html>"} {
		require.Contains(t, string(written), want)
	}
	lines, err := os.ReadFile(results)
	require.NoError(t, err)
	require.Equal(t, 21, strings.Count(string(lines), "\n"))
	require.Contains(t, string(lines), "2,pay-00,Finished,paid,10.50,RUB,card 411111******1111,all2pay,")
	info, err := os.Stat(page)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode())
	for _, secret := range []string{"4111111111111111", "IVAN"} {
		require.NotContains(t, stdout+string(written)+string(lines), secret)
	}

	stdout, _, code = told("--json")
	require.Zero(t, code)
	object := members(t, stdout)
	require.Equal(t, "report", object["type"])
	require.InEpsilon(t, 20, object["rows"], 0)
	var shares []struct {
		Provider, Outcome string
		Payouts           int
		Sum               struct{ Amount, Currency string }
	}
	text, err := json.Marshal(object["shares"])
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(text, &shares))
	require.Len(t, shares, 1)
	require.Equal(t, "all2pay paid 20 400.00 RUB", fmt.Sprint(shares[0].Provider, " ", shares[0].Outcome, " ", shares[0].Payouts, " ", shares[0].Sum.Amount, " ", shares[0].Sum.Currency))

	// The file was changed since: another amount under a reference that is paid, a row that
	// is new, one that is wrong. That is for a person, and what was paid counts.
	changed := strings.Replace(rows.String(), "pay-00,10.50,", "pay-00,99.00,", 1) + "pay-new,1.00,RUB,card,4111111111111111,IVAN PETROV\npay-bad,1.005,RUB,card,4111111111111111,IVAN PETROV\n"
	require.NoError(t, os.WriteFile(registry, []byte(changed), 0o600))
	stdout, stderr, code = told()
	require.Equal(t, 1, code)
	require.Contains(t, stdout, "22 rows, 20 paid, 0 failed, 2 for a person, 1 not sent yet")
	require.Regexp(t, `all2pay +paid +20 +400\.00 RUB`, stdout)
	require.Contains(t, stderr, "a person must look at 2 of them")

	// A file that can't be read leaves what was written before.
	require.NoError(t, os.WriteFile(registry, []byte("reference,amount\n"), 0o600))
	_, stderr, code = told("--html", page, "--csv", results)
	require.Equal(t, 2, code)
	require.Contains(t, stderr, "payouts.csv: line 1: column currency: is missing")
	for path, before := range map[string][]byte{page: written, results: lines} {
		now, err := os.ReadFile(path)
		require.NoError(t, err)
		require.Equal(t, string(before), string(now))
	}

	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"--csv", registry}, "--csv: " + registry + " is what this command reads"},
		{[]string{"--csv", page, "--html", page}, "--csv: " + page + " is written by --html, too"},
		{[]string{"--zone", "Moscow"}, `--zone: "Moscow" is none`}, {[]string{"--csv", filepath.Join(folder, "none", "x.csv")}, "no such file"},
	} {
		_, stderr, code = told(c.args...)
		require.Equal(t, 2, code, c.args)
		require.Contains(t, stderr, c.want)
	}
	left, err := filepath.Glob(filepath.Join(folder, ".payout-*"))
	require.NoError(t, err)
	require.Empty(t, left)
}
