package pgtest_test

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/payoutkit/payout/internal/pgtest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(pgtest.Main(m)) }

// query returns what psql prints.
func query(t *testing.T, s *pgtest.Server, statement string) string {
	t.Helper()
	c := s.Command("psql", "-X", "-A", "-t", "-c", statement, s.URL("postgres"))
	var out bytes.Buffer
	c.Stdout, c.Stderr = &out, &out
	require.NoError(t, c.Run(), out.String())
	return strings.TrimSpace(out.String())
}

func TestServer(t *testing.T) {
	folder := ""
	t.Run("a server", func(t *testing.T) {
		s := pgtest.Start(t, "work_mem=123kB")
		folder = s.Folder()
		require.Equal(t, "on|on|on|123kB|", query(t, s, `SELECT current_setting('fsync'), current_setting('synchronous_commit'), current_setting('full_page_writes'),
			current_setting('work_mem'), current_setting('listen_addresses')`))
		require.Equal(t, "t", query(t, s, `SELECT 'a' < 'B'`), "a language's order, not that of bytes")
		query(t, s, `CREATE TABLE kept (n int)`)
		query(t, s, `INSERT INTO kept VALUES (1)`)
		began := query(t, s, `SELECT pg_postmaster_start_time()`)
		s.Kill()
		s.Kill()
		require.NoError(t, s.Run())
		require.Equal(t, "1", query(t, s, `SELECT n FROM kept`))
		require.NotEqual(t, began, query(t, s, `SELECT pg_postmaster_start_time()`))
		s.Stop()
		_, err := os.Stat(s.Socket())
		require.ErrorIs(t, err, os.ErrNotExist)
		require.NoError(t, s.Run())
		r := s.Replica(t)
		require.Equal(t, "t|1", query(t, r, `SELECT pg_is_in_recovery(), n FROM kept`))
	})
	_, err := os.Stat(folder)
	require.ErrorIs(t, err, os.ErrNotExist, "nothing is left")
}
