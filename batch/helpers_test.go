package batch_test

import (
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/batch"
)

const (
	header = "reference,amount,currency,destination,card.number,recipient.name,description\n"
	right  = "p-1,1500.00,RUB,card,4111111111111111,IVAN PETROV,October\n"
)

// open reads a header that has to be right.
func open(t *testing.T, file string) *batch.Reader {
	t.Helper()
	r, err := batch.NewReader(strings.NewReader(file), payout.Kinds()...)
	require.NoError(t, err)
	return r
}

// rows reads a whole file, and sees that nothing comes after its end.
func rows(t *testing.T, r *batch.Reader) (all []batch.Row) {
	t.Helper()
	for {
		row, err := r.Next()
		if errors.Is(err, io.EOF) {
			_, err = r.Next()
			require.ErrorIs(t, err, io.EOF, "the end stays the end")
			return all
		}
		require.NoError(t, err)
		all = append(all, row)
	}
}

// one reads a file of one row.
func one(t *testing.T, file string) batch.Row {
	t.Helper()
	all := rows(t, open(t, file))
	require.Len(t, all, 1)
	return all[0]
}

// problem is the one thing that is wrong with a row.
func problem(t *testing.T, row batch.Row) batch.Problem {
	t.Helper()
	var e *batch.RowError
	require.ErrorAs(t, row.Err, &e)
	require.Len(t, e.Problems, 1, "%v", e)
	require.Equal(t, payout.Request{}, row.Request, "a wrong row asks for nothing")
	return e.Problems[0]
}

// references are those of the right rows.
func references(all []batch.Row) (out []string) {
	for _, row := range all {
		if row.Err == nil {
			out = append(out, row.Request.Reference)
		}
	}
	return out
}

// key is a key of 32 bytes.
func key() payout.Secret { return payout.NewSecret(strings.Repeat("k", 32)) }

// openWith opens a file whose header has to be right.
func openWith(t *testing.T, file string, o batch.Options) *batch.Reader {
	t.Helper()
	r, err := batch.Open(strings.NewReader(file), int64(len(file)), o)
	require.NoError(t, err)
	return r
}

// check checks a file that can be read to its end.
func check(t *testing.T, file string, c batch.Checking) *batch.Report {
	t.Helper()
	report, err := batch.Check(t.Context(), strings.NewReader(file), int64(len(file)), c)
	require.NoError(t, err)
	return report
}
