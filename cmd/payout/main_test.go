package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/payoutkit/payout/internal/pgtest"
)

// binary is the command as a user has it, built once.
var binary string

// TestMain fails where a test leaves a goroutine behind.
func TestMain(m *testing.M) { goleak.VerifyTestMain(withBinary{pgtest.Main(m)}) }

// withBinary builds the command, and runs tests that need it.
type withBinary struct{ tests interface{ Run() int } }

func (b withBinary) Run() int {
	folder, err := os.MkdirTemp("", "payout-test")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(folder)
	binary = filepath.Join(folder, "payout")
	if out, err := exec.Command("go", "build", "-o", binary, ".").CombinedOutput(); err != nil {
		panic(string(out))
	}
	return b.tests.Run()
}

// command is the binary with arguments. It is killed if it hangs.
func command(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 4*time.Minute)
	t.Cleanup(cancel)
	return exec.CommandContext(ctx, binary, args...)
}

// runs runs the binary to its end.
func runs(t *testing.T, args ...string) (stdout, stderr string, code int) {
	t.Helper()
	c := command(t, args...)
	var out, failure bytes.Buffer
	c.Stdout, c.Stderr = &out, &failure
	code = ended(t, c.Run())
	return out.String(), failure.String(), code
}

// ended is the exit code of a process that ended by itself.
func ended(t *testing.T, err error) int {
	t.Helper()
	if err == nil {
		return 0
	}
	var exit *exec.ExitError
	require.ErrorAs(t, err, &exit)
	require.True(t, exit.Exited(), "%v", exit)
	return exit.ExitCode()
}

func members(t *testing.T, text string) (object map[string]any) {
	t.Helper()
	require.NoError(t, json.Unmarshal([]byte(text), &object), text)
	return object
}

// file is a file of the test with that content.
func file(t *testing.T, content string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "payouts.csv")
	require.NoError(t, os.WriteFile(name, []byte(content), 0o600))
	return name
}

const (
	header = "reference,amount,currency,destination,card.number,recipient.name\n"
	row    = "order-1,1500.00,RUB,card,4111111111111111,IVAN PETROV\n"
)

func TestExitCodes(t *testing.T) {
	t.Parallel()
	missing := filepath.Join(t.TempDir(), "missing.csv")
	for _, c := range []struct {
		name           string
		args           []string
		code           int
		stdout, stderr string // a part, or nothing at all
	}{
		{"no command", nil, 0, "To pay:", ""},
		{"the sample", []string{"demo"}, 0, "Each payout moved money at most once", ""},
		{"the sample as JSON", []string{"demo", "--json"}, 0, `"findings":0`, ""},
		{"the sample with a log", []string{"demo", "-v"}, 0, "Each payout moved money at most once", "payout call"},
		{"the sample with the dispatcher's log", []string{"demo", "-v"}, 0, "pay-011   reserve  2 ", "reference=pay-011 event=intended from=planned to=sending amount=\"25000000.00 RUB\" attempt=2 provider=reserve"},
		{"a file", []string{"demo", file(t, header+row)}, 0, "order-1   all2pay  1      1500.00 RUB card 411111******1111   paid", ""},
		{"wrong rows", []string{"demo", file(t, header+"x\n"+row)}, 0, "line 2: has 1 columns, the header 6", ""},
		{"an open quote on the last line", []string{"demo", file(t, header+row+"\"\n")}, 0, "line 3: column 1 (reference): begins with a quote", ""},
		{
			"rows that were not read", []string{"demo", file(t, header+row+"\"\n"+row)}, 1,
			"FINDING: lines 3 to 4 were not read, so whatever they hold is not paid", "payout: something is lost or contradictory",
		},
		{"a wrong header", []string{"demo", file(t, "reference,amount\n")}, 2, "", "payouts.csv: line 1: column currency: is missing"},
		{"a missing file", []string{"demo", missing}, 2, "", "no such file"},
		{"a folder", []string{"demo", t.TempDir()}, 2, "", "is a directory"},
		{
			"a configuration without a journal", []string{"config", "check", "--config", file(t, "workers: 1\n")}, 2,
			"", "payouts.csv: journal: the configuration names none",
		},
		{"two files", []string{"demo", missing, missing}, 2, "", "accepts at most 1 arg"},
		{"an unknown flag", []string{"demo", "--jason"}, 2, "", "unknown flag: --jason"},
		{"an unknown command", []string{"dmeo"}, 2, "", `unknown command "dmeo"`},
		{"an unknown word after a group", []string{"journal", "verfiy"}, 2, "", `unknown command "verfiy" for "payout journal": it has backup, erase, init, move, trust, verify`},
		{"a flag before it", []string{"batch", "--json", "rnu"}, 2, "", `unknown command "rnu" for "payout batch": it has check, report, resume, run`},
		{"another group", []string{"config", "bogus"}, 2, "", `unknown command "bogus" for "payout config": it has check, init`},
		{"a group of one", []string{"callbacks", "bogus"}, 2, "", `unknown command "bogus" for "payout callbacks": it has serve`},
		{"completion for what is no shell", []string{"completion", "bogus"}, 2, "", `unknown command "bogus" for "payout completion"`},
		{"help for nothing", []string{"help", "bogus"}, 2, "", `unknown command "bogus" for "payout"`},
		{"help for nothing in a group", []string{"help", "journal", "bogus"}, 2, "", `unknown command "bogus" for "payout journal"`},
		{"help for more than there is", []string{"help", "send", "bogus"}, 2, "", `unknown word "bogus" after "payout send"`},
		{"help", []string{"help", "journal", "move"}, 0, "Ends the journal of this configuration", ""},
		{"a group alone", []string{"journal"}, 0, "payout journal [command]", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			stdout, stderr, code := runs(t, c.args...)
			require.Equal(t, c.code, code, stderr)
			for _, part := range [][2]string{{stdout, c.stdout}, {stderr, c.stderr}} {
				require.Contains(t, part[0], part[1])
				require.Equal(t, part[1] == "", part[0] == "", part[0])
			}
		})
	}
}

// The help tells everything that a script needs: the exit codes, and every member of
// every line of JSON.
func TestHelp(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"--help"}, {"demo", "--help"}} {
		stdout, _, code := runs(t, args...)
		require.Zero(t, code)
		for _, want := range []string{"Exit status:\n", "\n  0  ", "\n  1  ", "\n  2  "} {
			require.Contains(t, stdout, want)
		}
		for l := range strings.Lines(stdout) {
			require.LessOrEqual(t, len(l), 101, l)
		}
	}
	help, _, _ := runs(t, "demo", "--help")
	_, help, found := strings.Cut(help, "With --json")
	require.True(t, found)
	broken := file(t, header+row+"\"\n"+row)
	for _, args := range [][]string{{"demo", "--json"}, {"demo", "--json", broken}} {
		stdout, _, _ := runs(t, args...)
		for l := range strings.Lines(stdout) {
			object := members(t, l)
			_, of, found := strings.Cut(help, "\n  "+object["type"].(string)+" ")
			require.True(t, found, l)
			of, _, _ = strings.Cut(of, "\n\n")
			for name := range object {
				if name != "type" {
					require.Regexp(t, `\b`+name+`\b`, of, l)
				}
			}
		}
	}
}

// The example of a file in the help is one that can be paid.
func TestHelpShowsAFile(t *testing.T) {
	t.Parallel()
	require.Contains(t, strings.ReplaceAll(demoHelp, "\n  ", "\n"), "\n"+header+row)
}
