//go:build unix

package main

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout/cmd/payout/internal/leak"
	"github.com/payoutkit/payout/cmd/payout/internal/simulate"
)

// everything is what went in and must not come out, of a bench with a registry.
func (b bench) everything(t *testing.T, registry []byte) []string {
	t.Helper()
	out, err := leak.Registry(registry)
	require.NoError(t, err)
	require.Greater(t, len(out), 60)
	content := func(name string) string {
		text, err := os.ReadFile(filepath.Join(b.folder, name))
		require.NoError(t, err)
		return strings.TrimSpace(string(text))
	}
	out = append(out, content("password"), content("control.key"))
	for _, name := range []string{"fingerprint.key", "batch.key"} {
		raw, err := hex.DecodeString(content(name))
		require.NoError(t, err)
		out = append(out, content(name), string(raw))
	}
	// A key of PEM is found by any line of it, or any sixteen of its bytes.
	block, _ := pem.Decode([]byte(content("merchant.pem")))
	require.NotNil(t, block)
	lines := strings.Split(content("merchant.pem"), "\n")
	out = append(out, lines[1:len(lines)-1]...)
	for part := block.Bytes[300:]; len(part) >= 16; part = part[16:] { // behind the modulus, which is public
		out = append(out, string(part[:16]))
	}
	var keyset struct {
		Key []struct {
			KeyData struct{ Value string }
		}
	}
	require.NoError(t, json.Unmarshal([]byte(content("keyset.json")), &keyset))
	for _, k := range keyset.Key {
		raw, err := base64.StdEncoding.DecodeString(k.KeyData.Value)
		require.NoError(t, err)
		out = append(out, k.KeyData.Value, string(raw[len(raw)-32:]))
	}
	return out
}

// entrusted are the files of a bench that hold secrets because somebody put them there.
var entrusted = map[string]bool{
	"sample.csv": true, "password": true, "control.key": true, "fingerprint.key": true, "batch.key": true, "keyset.json": true, "merchant.pem": true,
	"control": true, // the password of the simulation's own server
}

// written are all files of a folder but those.
func written(t *testing.T, folder string) map[string][]byte {
	t.Helper()
	out := map[string][]byte{}
	require.NoError(t, filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || entrusted[d.Name()] {
			return err
		}
		out[d.Name()], err = os.ReadFile(path)
		return err
	}))
	return out
}

// Every command at its most talkative, over banks that misbehave: whatever it prints, logs
// and writes, in a process that ends in order and in one that is killed, has nothing in it
// of the cards, persons, passwords and keys that went in; in no encoding.
func TestNothingSecretComesOut(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	banks, err := simulate.Start(t.Context(), 0)
	require.NoError(t, err)
	t.Cleanup(banks.Close)
	require.NoError(t, banks.Write(folder))
	control, err := banks.Control(t.Context(), folder)
	require.NoError(t, err)
	t.Cleanup(func() { _ = control.Close() })
	b := bench{banks, folder, filepath.Join(folder, simulate.ConfigName)}
	config, err := os.ReadFile(b.config)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(b.config, bytes.Replace(config, []byte("sqlite: payouts.db\n"),
		[]byte("sqlite: payouts.db\n  keyset: keyset.json\n  witness: payouts.witness\n"), 1), 0o600))
	registry, err := os.ReadFile(filepath.Join("internal", "demo", "sample.csv"))
	require.NoError(t, err)
	in := func(name string) string { return filepath.Join(folder, name) }
	require.NoError(t, os.WriteFile(in("sample.csv"), registry, 0o600))

	var said bytes.Buffer
	talk := func(stdin string, args ...string) (stdout string, code int) {
		t.Helper()
		c := command(t, args...)
		var out bytes.Buffer
		c.Stdin, c.Stdout, c.Stderr = strings.NewReader(stdin), &out, &said
		code = ended(t, c.Run())
		said.Write(out.Bytes())
		return out.String(), code
	}
	// tell has a command do what it is there for, and then, in JSON, once more, which may fail.
	tell := func(stdin string, args ...string) string {
		t.Helper()
		args = append(args, "-v", "--config", b.config)
		stdout, code := talk(stdin, args...)
		require.Less(t, code, 2, "%s\n%s", args, said.Bytes()[max(0, said.Len()-2000):])
		again, _ := talk(stdin, append(args, "--json")...)
		return stdout + again
	}
	refused := func(stdin string, args ...string) {
		t.Helper()
		_, code := talk(stdin, append(args, "-v", "--config", b.config)...)
		require.Equal(t, 2, code, args)
	}
	tell("", "journal", "init")
	everything := b.everything(t, registry)
	secrets := leak.For(everything...)

	// A run that is killed while payouts are under way leaves all of the journal's files.
	sums := regexp.MustCompile(`(?m)^the right rows come to: (.*)$`).FindStringSubmatch(tell("", "batch", "check", in("sample.csv")))
	require.NotNil(t, sums)
	for _, fault := range []string{"pending", "lost", "gateway", "busy", "truncated", "forbidden", "funds"} {
		require.NoError(t, b.Inject(simulate.Fault{Name: fault, Times: 2}))
	}
	run := []string{"batch", "run", in("sample.csv"), "--only-right", "--confirm", sums[1], "--results", in("results.csv"), "-v", "--config", b.config}
	killed := command(t, run...)
	killed.Stdout, killed.Stderr = &said, &said
	require.NoError(t, killed.Start())
	dead := make(chan error, 1)
	go func() { dead <- killed.Wait() }()
	for moved := 0; moved < 3; {
		moved = 0
		books, err := b.Ledgers()
		require.NoError(t, err)
		for _, m := range books {
			moved += m.Payouts
		}
		select {
		case <-dead:
			t.Fatal("it ended by itself")
		case <-time.After(time.Millisecond):
		}
	}
	require.NoError(t, killed.Process.Kill())
	<-dead
	left := written(t, folder)
	for _, name := range []string{"payouts.db", "payouts.db-wal", "payouts.db-shm", "payouts.witness", "payout.yaml"} {
		require.Contains(t, left, name)
	}

	tell("", "batch", "resume", in("sample.csv"), "--only-right", "--patience", "4s", "--results", in("results.csv"))
	require.NoError(t, b.Inject(simulate.Fault{Name: "normal"}))
	tell("", "batch", "report", in("sample.csv"), "--html", in("report.html"), "--csv", in("report.csv"))
	tell("card.number=4012888888881881\nrecipient.name=AIGERIM NURLANOVA\n", "send", "--reference", "one", "--amount", "7.00", "--currency", "RUB", "--destination", "card", "--patience", "4s")
	tell("card.number=4012888888881881\ncard.expiry=2034-12\ncvv=826\n", "save-card", "--provider", "all2pay", "--reference", "card-1", "--owner", "client-7", "--source")
	refused("card.number=4012888888881881\n", "send", "--reference", "two", "--amount", "7.005", "--currency", "RUB", "--destination", "card", "--set", "description=x")
	refused("4012888888881881\n", "send", "--reference", "three", "--amount", "7", "--currency", "RUB", "--destination", "card")
	tell("card.number=4012888888881881\n", "explain", "--reference", "four", "--amount", "7.00", "--currency", "RUB", "--destination", "card")
	statement := tell("", "sandbox", "statement", "all2pay", "--dir", folder)
	require.NoError(t, os.WriteFile(in("statement.csv"), []byte(statement), 0o600))
	second := filepath.Join(folder, "second") // where nothing was paid before, and the journal of a demo stays
	others, err := simulate.Start(t.Context(), 0)
	require.NoError(t, err)
	t.Cleanup(others.Close)
	require.NoError(t, others.Write(second))
	theirs, err := others.Control(t.Context(), second)
	require.NoError(t, err)
	t.Cleanup(func() { _ = theirs.Close() })
	for _, args := range [][]string{
		{"config", "check"}, {"doctor"}, {"balance"}, {"list"}, {"list", "--count"}, {"status", "pay-001", "--history"}, {"status", "pay-011", "--history"}, {"status", "one", "--history"},
		{"hold"}, {"hold", "bereke", "--by", "me"}, {"reconcile", in("statement.csv"), "--provider", "all2pay", "--from", "2020-01-01", "--before", "2099-01-01"},
		{"journal", "verify"}, {"journal", "backup", in("backup.db")},
		{"journal", "erase", "one", "--by", "me"}, {"conformance", "--provider", "all2pay", "--host", "127.0.0.1"}, {"demo", "--dir", second}, {"demo"}, {"demo", in("sample.csv")},
	} {
		tell("", args...)
	}
	refused("", "resolve", "pay-001", "--outcome", "failed", "--evidence", "x", "--by", "me")

	all := written(t, folder)
	for name, content := range left {
		all["as it was left: "+name] = content
	}
	all["output"] = said.Bytes()
	for name, content := range all {
		require.Empty(t, secrets.In(content), name)
	}

	// The search sees what is there: references, or a provider, are written everywhere, and
	// so would a secret be.
	public := []string{"all2pay"}
	for i := range 37 {
		public = append(public, fmt.Sprintf("pay-%03d", i+1))
	}
	seen := leak.For(public...)
	for _, name := range []string{
		"output", "as it was left: payouts.db-wal", "payouts.db", "results.csv", "report.csv", "report.html", "backup.db", "demo.db", "statement.csv",
	} {
		require.Contains(t, all, name)
		require.NotEmpty(t, seen.In(all[name]), name)
	}
	for _, want := range []string{"payout call", "event=intended", `"event":"intended"`} {
		require.Contains(t, said.String(), want, "the log is there")
	}
	require.NotEmpty(t, secrets.In(append(bytes.Clone(all["payouts.db"]), everything[0]...)))
}
