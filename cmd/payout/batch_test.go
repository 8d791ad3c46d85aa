//go:build unix

package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/creack/pty"
	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout/cmd/payout/internal/simulate"
)

// bench is a folder with simulated banks at work, a configuration for them, and a
// journal.
type bench struct {
	*simulate.Banks
	folder, config string
}

func newBench(t *testing.T) bench {
	t.Helper()
	folder := t.TempDir()
	banks, err := simulate.Start(t.Context(), 0)
	require.NoError(t, err)
	t.Cleanup(banks.Close)
	require.NoError(t, banks.Write(folder))
	b := bench{banks, folder, filepath.Join(folder, simulate.ConfigName)}
	_, failure, code := runs(t, "journal", "init", "--config", b.config)
	require.Zero(t, code, failure)
	return b
}

// registry writes a file of payouts, half in roubles and half in tenge, and returns it
// with what it comes to.
func (b bench) registry(t *testing.T, rows int) (path, sums string) {
	t.Helper()
	var text strings.Builder
	text.WriteString(header)
	for i := range rows {
		fmt.Fprintf(&text, "order-%06d,10.00,%s,card,4111111111111111,IVAN PETROV\n", i, []string{"RUB", "KZT"}[i%2])
	}
	path = filepath.Join(b.folder, "payouts.csv")
	require.NoError(t, os.WriteFile(path, []byte(text.String()), 0o600))
	return path, fmt.Sprintf("%d.00 KZT, %d.00 RUB", 10*(rows/2), 10*((rows+1)/2))
}

// once asserts that money left exactly once for each of so many payouts.
func (b bench) once(t *testing.T, rows int) {
	t.Helper()
	moved, err := b.Ledgers()
	require.NoError(t, err)
	paid := 0
	for _, m := range moved {
		require.Empty(t, m.Twice, m.Bank)
		paid += m.Payouts
	}
	require.Equal(t, rows, paid)
}

// Nothing is sent for a file before what it comes to is confirmed, nor for one with a
// wrong row; and a file that pays what an earlier one paid has to be confirmed again.
func TestBatchGuards(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	path, sums := b.registry(t, 4)
	batch := func(command, file string, flags ...string) (stdout, stderr string, code int) {
		return runs(t, append([]string{"batch", command, file, "--config", b.config, "--results", filepath.Join(b.folder, "results.csv")}, flags...)...)
	}
	_, failure, code := batch("run", path)
	require.Equal(t, 2, code)
	require.Contains(t, failure, `nothing was sent: confirm it with --confirm "20.00 KZT, 20.00 RUB"`)
	_, failure, code = batch("run", path, "--confirm", "20.00 KZT, 21.00 RUB")
	require.Equal(t, 2, code)
	require.Contains(t, failure, `nothing was sent: --confirm says "20.00 KZT, 21.00 RUB"`)
	_, failure, code = batch("resume", path)
	require.Equal(t, 2, code)
	require.Contains(t, failure, "nothing was sent: 4 rows are not of a run that was confirmed")

	wrong := filepath.Join(b.folder, "wrong.csv")
	require.NoError(t, os.WriteFile(wrong, []byte(header+row+"order-2,10.425,RUB,card,4111111111111111,IVAN PETROV\n"), 0o600))
	out, failure, code := batch("run", wrong, "--confirm", "1500.00 RUB")
	require.Equal(t, 2, code)
	require.Contains(t, out, "line 3: column 2 (amount)")
	require.Contains(t, failure, "nothing was sent: correct the file")
	b.once(t, 0)

	out, failure, code = batch("run", path, "--confirm", sums)
	require.Zero(t, code, failure)
	require.Contains(t, out, "4 paid; the results")
	b.once(t, 4)
	results, err := os.ReadFile(filepath.Join(b.folder, "results.csv"))
	require.NoError(t, err)
	require.Contains(t, string(results), "2,order-000000,Finished,paid,10.00,RUB,card 411111******1111,all2pay,")
	require.NotContains(t, string(results), "4111111111111111")
	_, failure, code = batch("resume", path)
	require.Zero(t, code, failure)
	b.once(t, 4)

	// A row that came in later is not confirmed by one that pays the same.
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	added := filepath.Join(b.folder, "added.csv")
	require.NoError(t, os.WriteFile(added, append(text, "next-1,10.00,RUB,card,4111111111111111,IVAN PETROV\n"...), 0o600))
	_, failure, code = batch("resume", added)
	require.Equal(t, 2, code)
	require.Contains(t, failure, "nothing was sent: 1 rows are not of a run that was confirmed, such as next-1")
	b.once(t, 4)

	same := filepath.Join(b.folder, "same.csv")
	require.NoError(t, os.WriteFile(same, []byte(header+"next-1,10.00,RUB,card,4111111111111111,IVAN PETROV\n"), 0o600))
	out, failure, code = batch("run", same, "--confirm", "10.00 RUB")
	require.Equal(t, 2, code)
	require.Contains(t, out, "line 2: 10.00 RUB to card 411111******1111 was paid before, as order-000000, order-000002")
	require.Contains(t, failure, "confirm such rows with --again")
	b.once(t, 4)
	_, failure, code = batch("run", same, "--confirm", "10.00 RUB", "--again", "2")
	require.Zero(t, code, failure)
	b.once(t, 5)
}

// A row that no bank takes is found before anything is sent, by the bank's own rule; what
// is wrong is shown with as much of the value as may be.
func TestBatchCheckKnowsTheRulesOfTheBanks(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	const rows = header + row +
		"order-2,10.00,USD,card,4111111111111111,IVAN PETROV\n" + // the dollars' bank pays to accounts alone
		"order*3,10.00,RUB,card,4111111111111111,IVAN PETROV\n" + // the roubles' has letters, digits, - and _ in its numbers
		"order-4,1e3,RUB,card,4111111111111111,IVAN PETROV\n"
	path := filepath.Join(b.folder, "payouts.csv")
	require.NoError(t, os.WriteFile(path, []byte(rows), 0o600))
	batch := func(command string, flags ...string) (stdout, stderr string, code int) {
		return runs(t, append([]string{"batch", command, path, "--config", b.config}, flags...)...)
	}
	const want = "line 3: column 4 (destination): must be one of bank_account\n" +
		"    destination is \"card\"\n" +
		"line 4: column 1 (reference): has a character at position 6 that is not allowed; allowed are ASCII letters, digits - _ (orderNumber) (all2pay:306-307)\n" +
		"line 5: column 2 (amount): must be digits with at most one dot, such as 1500.00\n" +
		"    amount is \"1e3\"\n"
	out, _, code := batch("check")
	require.Equal(t, 1, code)
	require.Equal(t, want+path+": 4 rows, 1 right, 3 wrong\nthe right rows come to: 1500.00 RUB\n", out)
	out, _, _ = batch("check", "--json")
	first, _, _ := strings.Cut(out, "\n")
	require.JSONEq(t, `{"type":"wrong","line":3,"last_line":3,"column":4,"name":"destination","rule":"must be one of bank_account",
		"masked":"card","problem":"column 4 (destination): must be one of bank_account"}`, first)
	_, failure, code := batch("run", "--confirm", "1500.00 RUB")
	require.Equal(t, 2, code)
	require.Contains(t, failure, "nothing was sent: correct the file")
	b.once(t, 0)
	out, failure, code = batch("run", "--confirm", "1500.00 RUB", "--only-right")
	require.Equal(t, 1, code, failure)
	require.Contains(t, out, "1 paid; the results are in "+path+".results.csv")
	results, err := os.ReadFile(path + ".results.csv")
	require.NoError(t, err)
	require.Contains(t, string(results), "3,order-2,Error,wrong,,,,,,column 4 (destination): must be one of bank_account\n")
	_, failure, code = batch("resume", "--only-right")
	require.Equal(t, 1, code)
	require.Contains(t, failure, "not every row is paid")
	b.once(t, 1)

	// What an earlier run has paid stays paid, whatever the rules are by now.
	text, err := os.ReadFile(b.config)
	require.NoError(t, err)
	changed := strings.Replace(string(text), "match: {currencies: [RUB]}", "match: {currencies: [KZT]}", 1)
	changed = strings.Replace(changed, "match: {currencies: [RUB], max: 30000000.00 RUB}", "match: {currencies: [RUB], max: 1.00 RUB}", 1)
	require.NotEqual(t, string(text), changed)
	require.NoError(t, os.WriteFile(b.config, []byte(changed), 0o600))
	_, failure, code = batch("resume", "--only-right")
	require.Equal(t, 1, code, failure)
	after, err := os.ReadFile(path + ".results.csv")
	require.NoError(t, err)
	require.Contains(t, string(after), "2,order-1,Finished,paid,1500.00,RUB,card 411111******1111,all2pay,")
	require.Contains(t, string(after), "4,,Error,wrong,,,,,,\"routes: none takes this amount and currency")
}

// Results that would destroy the registry, or can't be written, are refused before
// anything is sent.
func TestBatchResultsElsewhere(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	path, sums := b.registry(t, 2)
	for results, want := range map[string]string{
		path: "--results: " + path + " is what this command reads", filepath.Join(b.folder, "none", "results.csv"): "no such file", b.folder: "is no file",
	} {
		_, failure, code := runs(t, "batch", "run", path, "--config", b.config, "--confirm", sums, "--results", results)
		require.Equal(t, 2, code)
		require.Contains(t, failure, want)
		b.once(t, 0)
	}
}

// A run that breaks off when rows were sent does not end as one that sent nothing.
func TestBatchBreaksOffAfterSending(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	path, sums := b.registry(t, 2)
	require.NoError(t, b.Inject(simulate.Fault{Bank: "bereke", Name: "pending"}))
	elsewhere := filepath.Join(b.folder, "elsewhere")
	require.NoError(t, os.Mkdir(elsewhere, 0o700))
	c := command(t, "batch", "run", path, "--config", b.config, "--confirm", sums, "--results", filepath.Join(elsewhere, "results.csv"))
	var failure bytes.Buffer
	c.Stderr = &failure
	require.NoError(t, c.Start())
	for moved := 0; moved == 0; time.Sleep(10 * time.Millisecond) { // the other one is pending for a second
		all, err := b.Ledgers()
		require.NoError(t, err)
		moved = len(all)
	}
	require.NoError(t, os.RemoveAll(elsewhere))
	require.Equal(t, 1, ended(t, c.Wait()))
	require.Contains(t, failure.String(), "payout: the run did not come to its end; go on with: payout batch resume "+path)
	require.Contains(t, failure.String(), "no such file")
	b.once(t, 2)
}

// screen is what a terminal has shown.
type screen struct {
	mu   sync.Mutex
	text bytes.Buffer
	news chan struct{}
}

func (s *screen) read(from io.Reader) {
	buffer := make([]byte, 4096)
	for {
		n, err := from.Read(buffer)
		s.mu.Lock()
		s.text.Write(buffer[:n])
		s.mu.Unlock()
		select {
		case s.news <- struct{}{}:
		default:
		}
		if err != nil {
			return
		}
	}
}

// shows waits until the terminal has shown a text.
func (s *screen) shows(t *testing.T, want string) {
	t.Helper()
	patience := time.After(time.Minute)
	for {
		s.mu.Lock()
		text := s.text.String()
		s.mu.Unlock()
		if strings.Contains(text, want) {
			return
		}
		select {
		case <-s.news:
		case <-patience:
			t.Fatalf("the terminal never showed %q, but\n%s", want, text)
		}
	}
}

// At a terminal it asks, draws bars, and at Ctrl-C says how to go on.
func TestBatchAtATerminal(t *testing.T) {
	t.Parallel()
	const rows = 2000
	b := newBench(t)
	path, sums := b.registry(t, rows)
	c := command(t, "batch", "run", path, "--config", b.config)
	terminal, err := pty.StartWithSize(c, &pty.Winsize{Rows: 40, Cols: 160})
	require.NoError(t, err)
	defer terminal.Close()
	s := &screen{news: make(chan struct{}, 1)}
	var reading sync.WaitGroup
	reading.Go(func() { s.read(terminal) })
	s.shows(t, fmt.Sprintf("Pay %d rows, %s? Type yes to pay: ", rows, sums))
	_, err = terminal.WriteString("yes\n")
	require.NoError(t, err)
	s.shows(t, fmt.Sprintf("of %d settled, ", rows)) // the bar of all
	s.shows(t, "all2pay")
	s.shows(t, "/s, ")
	_, err = terminal.Write([]byte{3}) // Ctrl-C
	require.NoError(t, err)
	require.Equal(t, 1, ended(t, c.Wait()))
	reading.Wait()
	s.shows(t, "interrupted: nothing more is sent; interrupt again to leave at once")
	s.shows(t, "not all of it is settled: go on with: payout batch resume "+path+" --config "+b.config)

	out, failure, code := runs(t, "batch", "resume", path, "--config", b.config)
	require.Zero(t, code, failure)
	require.Contains(t, out, fmt.Sprintf("%d paid; the results", rows))
	b.once(t, rows)
}

// The demo at a terminal has a bar, and its rows above that as they are anywhere else.
func TestDemoAtATerminal(t *testing.T) {
	t.Parallel()
	c := command(t, "demo")
	terminal, err := pty.StartWithSize(c, &pty.Winsize{Rows: 40, Cols: 160})
	require.NoError(t, err)
	defer terminal.Close()
	s := &screen{news: make(chan struct{}, 1)}
	var reading sync.WaitGroup
	reading.Go(func() { s.read(terminal) })
	s.shows(t, " of 36 settled, ") // of 38 rows two are malformed
	s.shows(t, "reserve      [")
	require.Zero(t, ended(t, c.Wait()))
	reading.Wait()
	s.shows(t, " 36 of 36 settled, ")
	s.shows(t, "Each payout moved money at most once")
	plain, _, code := runs(t, "demo")
	require.Zero(t, code)
	s.mu.Lock()
	defer s.mu.Unlock()
	shown := s.text.String()
	for l := range strings.Lines(plain) {
		if reference, _, _ := strings.Cut(l, " "); strings.HasPrefix(reference, "pay-") {
			_, after, found := strings.Cut(shown, reference+" ")
			require.True(t, found, "in the order of the file: %s", reference)
			shown = after
		}
	}
}
