package postgres

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// factsSQL is what there is to know of a server. Its timeline is the one that it writes
// to: that of the last checkpoint may be the one before a promotion.
const factsSQL = `
SELECT current_setting('server_version_num')::int,
	pg_is_in_recovery(),
	current_setting('transaction_read_only') = 'on',
	current_setting('fsync'),
	current_setting('full_page_writes'),
	current_setting('default_transaction_isolation'),
	pg_postmaster_start_time(),
	(SELECT system_identifier FROM pg_control_system())::text,
	CASE WHEN pg_is_in_recovery() THEN 0
		ELSE ('x' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8))::bit(32)::bigint END`

// facts are what is known of a server.
type facts struct {
	version           int
	standby, readOnly bool
	fsync, pages      string
	isolation         string
	started           time.Time
	system            string // the cluster's identifier
	timeline          int64
}

// oldest is the first version of PostgreSQL that this package is tested with.
const oldest = 15

// look returns the facts, or why nothing may be committed here.
func (j *Journal) look(ctx context.Context, q interface {
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
}) (f facts, err error) {
	err = q.QueryRow(ctx, j.sql.facts).Scan(&f.version, &f.standby, &f.readOnly, &f.fsync, &f.pages, &f.isolation, &f.started, &f.system, &f.timeline)
	if err != nil {
		return f, fmt.Errorf("postgres: look at the server: %w", err)
	}
	switch {
	case f.version < oldest*10000:
		return f, fmt.Errorf("postgres: the server has version %d, and this package is for %d and later", f.version/10000, oldest)
	case f.standby:
		return f, errors.New("postgres: the server is a standby: a journal is on the primary")
	case f.readOnly:
		return f, errors.New("postgres: the session is read-only (default_transaction_read_only)")
	case f.fsync != "on":
		return f, errors.New("postgres: fsync is off: the server acknowledges what a power cut takes back, and a payout could be sent twice")
	case f.pages != "on":
		return f, errors.New("postgres: full_page_writes is off: a power cut could damage what was committed")
	case f.isolation != "read committed":
		return f, fmt.Errorf("postgres: default_transaction_isolation is %q: the journal's statements are written for read committed", f.isolation)
	}
	return f, nil
}
