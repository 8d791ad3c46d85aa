package demo

import (
	"bytes"
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/batch"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const head = "reference,amount,currency,destination,card.number,bank_account.number,bank_account.name,recipient.name,recipient.first_name,recipient.last_name\n"

// A row to each of the banks.
func rub(reference string) string {
	return reference + ",10.00,RUB,card,4111111111111111,,,IVAN PETROV,,\n"
}

func kzt(reference string) string {
	return reference + ",10.00,KZT,card,4111111111111111,,,IVAN PETROV,,\n"
}

func usd(reference string) string {
	return reference + ",10.00,USD,bank_account,,1234567890,Jane Doe,,Jane,Doe\n"
}

// line is any line of JSON.
type line struct {
	Type          string        `json:"type"`
	Registry      string        `json:"registry"`
	Banks         []string      `json:"banks"`
	Line          int           `json:"line"`
	LastLine      int           `json:"last_line"`
	Reference     string        `json:"reference"`
	Provider      string        `json:"provider"`
	ProviderID    string        `json:"provider_id"`
	Amount        *payout.Money `json:"amount"`
	Destination   string        `json:"destination"`
	Status        string        `json:"status"`
	Reason        string        `json:"reason"`
	Attempts      int           `json:"attempts"`
	Earlier       []Earlier     `json:"earlier"`
	AnswerLost    bool          `json:"answer_lost"`
	Error         string        `json:"error"`
	Count         int           `json:"count"`
	BelievedCount int           `json:"believed_count"`
	Believed      *payout.Money `json:"believed"`
	MovedCount    int           `json:"moved_count"`
	Moved         *payout.Money `json:"moved"`
	OpenCount     int           `json:"open_count"`
	Open          *payout.Money `json:"open"`
	Agree         bool          `json:"agree"`
	Finding       string        `json:"finding"`
	Rows          int           `json:"rows"`
	AnswersLost   int           `json:"answers_lost"`
	FailedOver    int           `json:"failed_over"`
	Findings      int           `json:"findings"`
	Millis        *int64        `json:"took_ms"`
}

// parse reads lines of JSON, each of which has to be whole and of known members.
func parse(t *testing.T, out []byte) (all []line) {
	t.Helper()
	for text := range bytes.Lines(out) {
		var l line
		d := json.NewDecoder(bytes.NewReader(text))
		d.DisallowUnknownFields()
		require.NoError(t, d.Decode(&l), "%s", text)
		require.False(t, d.More())
		all = append(all, l)
	}
	return all
}

// of are the lines of one type.
func of(all []line, kind string) (out []line) {
	for _, l := range all {
		if l.Type == kind {
			out = append(out, l)
		}
	}
	return out
}

// findings are those of a run, as "reference: text".
func findings(all []line) (out []string) {
	for _, l := range of(all, "finding") {
		out = append(out, l.Reference+": "+l.Finding)
	}
	return out
}

// open starts banks that behave.
func open(t *testing.T) *banks {
	t.Helper()
	b, err := startBanks(nil)
	require.NoError(t, err)
	t.Cleanup(b.close)
	return b
}

// over pays rows through banks and returns the lines of JSON.
func over(ctx context.Context, t *testing.T, b *banks, rows string, patience time.Duration) ([]line, error) {
	t.Helper()
	var out bytes.Buffer
	err := payThrough(ctx, Options{Out: &out, Name: "a test", JSON: true}, reader(t, head+rows), b, patience)
	return parse(t, out.Bytes()), err
}

func reader(t *testing.T, file string) *batch.Reader {
	t.Helper()
	r, err := batch.NewReader(strings.NewReader(file), payout.Kinds()...)
	require.NoError(t, err)
	return r
}

// parsed is a row as the reader has it.
func parsed(t *testing.T, row string) batch.Row {
	t.Helper()
	next, err := reader(t, head+row).Next()
	require.NoError(t, err)
	require.NoError(t, next.Err)
	return next
}
