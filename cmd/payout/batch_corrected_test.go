//go:build unix

package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// derivedHeader is that of a file whose references are derived.
const derivedHeader = "amount,currency,destination,card.number,recipient.name\n"

// file writes a file of payouts, and returns what runs a batch command on it.
func (b bench) file(t *testing.T, text string) func(command string, flags ...string) (stdout, stderr string, code int) {
	t.Helper()
	path := filepath.Join(b.folder, "x.csv")
	require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	return func(command string, flags ...string) (stdout, stderr string, code int) {
		return runs(t, append([]string{"batch", command, path, "--config", b.config}, flags...)...)
	}
}

// A row whose amount is corrected after it was paid pays nobody twice before a person has
// said so.
func TestBatchWithACorrectedAmount(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	batch := b.file(t, derivedHeader+"11.00,RUB,card,4111111111111111,IVAN PETROV\n")
	_, failure, code := batch("run", "--batch", "x1", "--confirm", "11.00 RUB")
	require.Zero(t, code, failure)
	b.once(t, 1)

	batch = b.file(t, derivedHeader+"12.00,RUB,card,4111111111111111,IVAN PETROV\n")
	const found = `line 2: 12\.00 RUB to card 411111\*{6}1111 is new, .* does not have any more: b[a-z2-7]{23} \(11\.00 RUB, paid\)`
	out, _, code := batch("check", "--batch", "x1")
	require.Equal(t, 1, code)
	require.Regexp(t, found, out)
	out, _, _ = batch("check", "--batch", "x1", "--json")
	require.Regexp(t, `"corrected":\[\{"reference":"b[a-z2-7]{23}","amount":"11\.00 RUB","state":"paid"\}\]`, out)
	out, failure, code = batch("run", "--batch", "x1", "--confirm", "12.00 RUB")
	require.Equal(t, 2, code)
	require.Regexp(t, found, out)
	require.Contains(t, failure, "corrects what this one has taken: confirm such rows with --again")
	b.once(t, 1)

	_, failure, code = batch("run", "--batch", "x1", "--confirm", "12.00 RUB", "--again", "2")
	require.Zero(t, code, failure)
	b.once(t, 2)
	for _, command := range [][]string{{"run", "--confirm", "12.00 RUB"}, {"resume"}} {
		_, failure, code = batch(command[0], append(command[1:], "--batch", "x1")...)
		require.Zero(t, code, "it is the same again: %s", failure)
	}
	b.once(t, 2)
}
