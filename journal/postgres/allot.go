package postgres

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/payoutkit/payout/dispatch"
)

// allotSQL is by the server's clock alone. It need not survive anything.
const allotSQL = `
INSERT INTO {}.rates AS r (provider, work, until)
VALUES ($1, $2, clock_timestamp() + $3 * interval '1 microsecond')
ON CONFLICT (provider, work) DO UPDATE SET until = greatest(r.until, clock_timestamp()) + $3 * interval '1 microsecond'
	WHERE r.until <= clock_timestamp() + $4 * interval '1 microsecond'
RETURNING (extract(epoch FROM until - clock_timestamp()) * 1000000)::bigint - $3, set_config('synchronous_commit', 'off', true)`

var _ dispatch.Allotter = (*Journal)(nil)

// Allot implements [dispatch.Allotter] for all processes on the journal.
func (j *Journal) Allot(ctx context.Context, a dispatch.Allotment) (wait time.Duration, ok bool, err error) {
	takes := time.Duration(float64(a.Calls) / a.PerSecond * float64(time.Second))
	var micros int64
	var sync string
	err = j.pool.QueryRow(ctx, j.sql.allot, a.Provider, int16(a.Work), takes.Microseconds(), a.Within.Microseconds()).Scan(&micros, &sync)
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return 0, false, nil
	case err != nil:
		return 0, false, fmt.Errorf("postgres: take calls of %s: %w", a.Provider, err)
	}
	return max(time.Duration(micros)*time.Microsecond, 0), true, nil
}
