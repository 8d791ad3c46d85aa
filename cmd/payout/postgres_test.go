package main

import (
	"context"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout/internal/pgtest"
)

// banksFolder has the simulated banks run until the test ends, and returns the folder of
// their configuration.
func banksFolder(t *testing.T) string {
	t.Helper()
	folder := t.TempDir()
	c := command(t, "sandbox", "--dir", folder)
	out, err := c.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, c.Start())
	t.Cleanup(func() {
		_ = c.Process.Signal(os.Interrupt)
		_ = c.Wait()
	})
	var said strings.Builder
	for b := make([]byte, 256); !strings.Contains(said.String(), "Interrupt to stop"); {
		n, err := out.Read(b)
		require.NoError(t, err, said.String())
		said.Write(b[:n])
	}
	return folder
}

// inPostgres writes a configuration whose journal is in a database of its own, and
// returns its path, and the address.
func inPostgres(t *testing.T, folder string) (path, address string) {
	t.Helper()
	address = pgtest.Database(t, func(ctx context.Context, url, statement string) error {
		c, err := pgx.Connect(ctx, url)
		if err != nil {
			return err
		}
		defer func() { _ = c.Close(ctx) }()
		_, err = c.Exec(ctx, statement)
		return err
	})
	text, err := os.ReadFile(filepath.Join(folder, "payout.yaml"))
	require.NoError(t, err)
	var lines []string
	for l := range strings.Lines(string(text)) {
		if strings.HasPrefix(strings.TrimSpace(l), "sqlite:") {
			l = "  postgres: {url: {file: database}, schema: \"of payouts\"}\n"
		}
		lines = append(lines, l)
	}
	path = filepath.Join(folder, "postgres.yaml")
	require.NoError(t, os.WriteFile(path, []byte(strings.Join(lines, "")), 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(folder, "database"), []byte(address+"\n"), 0o600))
	return path, address
}

// sends sends a payout of 15 EUR, and returns its exit code and what it says.
func sends(t *testing.T, config, reference string) (string, int) {
	t.Helper()
	c := command(t, "send", "--config", config, "--reference", reference, "--amount", "1500.00", "--currency", "RUB", "--destination", "card")
	c.Stdin = strings.NewReader("card.number=4111111111111111\nrecipient.name=IVAN PETROV\n")
	out, err := c.CombinedOutput()
	return string(out), ended(t, err)
}

// counts returns how many payouts there are in each state, as text.
func counts(t *testing.T, config string) string {
	t.Helper()
	out, text, code := runs(t, "list", "--config", config, "--count")
	require.Zero(t, code, text)
	return strings.Join(strings.Fields(out), " ")
}

func TestPostgres(t *testing.T) {
	config, address := inPostgres(t, banksFolder(t))
	_, text, code := runs(t, "list", "--config", config)
	require.Equal(t, 2, code)
	require.Contains(t, text, "there is none")
	require.Contains(t, text, "payout journal init --config "+config)

	_, text, code = runs(t, "journal", "init", "--config", config)
	require.Zero(t, code, text)
	out, code := sends(t, config, "order-1")
	require.Zero(t, code, out)
	require.Equal(t, "STATE PAYOUTS paid 1", counts(t, config))
	_, text, code = runs(t, "journal", "init", "--config", config)
	require.Equal(t, 2, code)
	require.Contains(t, text, "something already")

	// An address that can't be used is not shown: it has a password.
	u, err := url.Parse(address)
	require.NoError(t, err)
	for _, wrong := range []string{"postgres://me:hunter2@nowhere.invalid:port/" + u.Path, "postgres://me:hunter2@127.0.0.1:1/" + u.Path} {
		require.NoError(t, os.WriteFile(filepath.Join(filepath.Dir(config), "database"), []byte(wrong), 0o600))
		_, text, code = runs(t, "list", "--config", config)
		require.Equal(t, 2, code)
		require.NotContains(t, text, "hunter2")
	}
}
