package batch_test

import (
	"bytes"
	"encoding/csv"
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/batch"
)

// results are the rows that are written, taken apart by another reader.
func results(t *testing.T, all ...batch.Result) [][]string {
	t.Helper()
	var b bytes.Buffer
	w := batch.NewResults(&b)
	for _, r := range all {
		require.NoError(t, w.Write(r))
	}
	require.NoError(t, w.Flush())
	lines, err := csv.NewReader(&b).ReadAll()
	require.NoError(t, err)
	require.Equal(t, []string{"line", "reference", "portal_status", "status", "amount", "currency", "destination", "provider", "provider_id", "reason"}, lines[0])
	return lines[1:]
}

// The portal's words are those of all2pay:108. It has none for what is not known yet.
func TestStatusesOfResults(t *testing.T) {
	t.Parallel()
	wrong := &batch.RowError{Line: 7, Problems: []batch.Problem{{Column: 2, Name: "amount", Rule: "is required"}, {Rule: "r2"}}}
	for name, c := range map[string]struct {
		result       batch.Result
		portal, ours string
	}{
		"nothing is known":        {batch.Result{}, "", "unknown"},
		"not sent":                {batch.Result{Unsent: true}, "Not started", "not_sent"},
		"paid":                    {batch.Result{Status: payout.StatusPaid}, "Finished", "paid"},
		"paid and said not sent":  {batch.Result{Status: payout.StatusPaid, Unsent: true}, "Finished", "paid"},
		"failed":                  {batch.Result{Status: payout.StatusFailed}, "Error", "failed"},
		"returned":                {batch.Result{Status: payout.StatusReturned}, "Error", "returned"},
		"pending":                 {batch.Result{Status: payout.StatusPending}, "", "pending"},
		"someone must act":        {batch.Result{Status: payout.StatusActionRequired}, "", "action_required"},
		"a person must look":      {batch.Result{Status: payout.StatusReview}, "", "review"},
		"no status that there is": {batch.Result{Status: 99}, "", "unknown"},
		"wrong":                   {batch.Result{Wrong: wrong}, "Error", "wrong"},
	} {
		t.Run(name, func(t *testing.T) {
			got := results(t, c.result)[0]
			require.Equal(t, c.portal, got[2])
			require.Equal(t, c.ours, got[3])
		})
	}
	require.Equal(t, "column 2 (amount): is required; r2", results(t, batch.Result{Wrong: wrong})[0][9])
}

func TestWhatAResultShows(t *testing.T) {
	t.Parallel()
	got := results(t, batch.Result{
		Line: 7, Reference: "p-1", Status: payout.StatusPaid, Amount: payout.MustMoney("1500.00 RUB"),
		Destination: payout.Card{Number: payout.NewSecret("4111111111111111"), Holder: payout.NewSecret("IVAN PETROV")},
		Provider:    "bereke", ProviderID: "cc5b9ff4-5c85-42c3-9d24-bb1bd5b0f06c", Reason: "insufficient funds, \"quoted\"\nand a line",
	}, batch.Result{Line: 8})
	require.Equal(t, []string{
		"7", "p-1", "Finished", "paid", "1500.00", "RUB", "card 411111******1111", "bereke", "cc5b9ff4-5c85-42c3-9d24-bb1bd5b0f06c",
		"insufficient funds, \"quoted\"\nand a line",
	}, got[0])
	require.Equal(t, []string{"8", "", "", "unknown", "", "", "", "", "", ""}, got[1])
}

// Whoever chose a reference or a reason gets no formula into somebody's spreadsheet.
func TestFormulasInResults(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`=cmd|'/c calc'!A0`:         `'=cmd|'/c calc'!A0`,
		"=HYPERLINK(\"https://x\")": "'=HYPERLINK(\"https://x\")",
		"+1":                        "'+1",
		"-1+1":                      "'-1+1",
		"@SUM(1)":                   "'@SUM(1)",
		"\t=1":                      "'\t=1",
		"\r=1":                      "'\r=1",
		"\n=1":                      "'\n=1",
		" =1":                       "' =1",
		"\u00a0=1":                  "'\u00a0=1",
		"＝1":                        "'＝1",
		"＠SUM(1)":                   "'＠SUM(1)",
		"'=1":                       "'=1",
		"a=1":                       "a=1",
		"p-1":                       "p-1",
		"\xff=1":                    "\ufffd=1",
		"":                          "",
	} {
		t.Run(text, func(t *testing.T) {
			got := results(t, batch.Result{Reference: text, Provider: text, ProviderID: text, Reason: text})[0]
			for _, i := range []int{1, 7, 8, 9} {
				// encoding/csv reads CRLF in quotes as LF, and nothing else.
				require.Equal(t, want, got[i])
			}
		})
	}
}

func TestResultsThatCannotBeWritten(t *testing.T) {
	t.Parallel()
	full := errors.New("no space left")
	w := batch.NewResults(failingWriter{full})
	require.NoError(t, w.Write(batch.Result{}))
	require.ErrorIs(t, w.Flush(), full)
	require.ErrorIs(t, w.Write(batch.Result{Reason: strings.Repeat("x", 8192)}), full)
}

type failingWriter struct{ err error }

func (w failingWriter) Write([]byte) (int, error) { return 0, w.err }
