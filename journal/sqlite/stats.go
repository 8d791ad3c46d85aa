package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"os"
	"time"

	"github.com/payoutkit/payout/dispatch"
	"github.com/payoutkit/payout/journal/internal/stored"
)

// Stats is how a journal stands as a whole.
type Stats struct {
	ByState map[dispatch.State]int64
	// OldestUnknown is the reference of the payout that was taken first of those of which
	// nobody knows what became, and UnknownSince when it was taken. "": there is none.
	OldestUnknown string
	UnknownSince  time.Time
	// Bytes is the length of the database and its log.
	Bytes int64
}

const oldestQuery = `SELECT reference, created_at FROM payouts INDEXED BY payouts_unknown WHERE state = 'unknown' ORDER BY created_at, reference LIMIT 1`

// Stats returns how the journal stands. It costs as little as reading one payout.
func (j *Journal) Stats(ctx context.Context) (s Stats, err error) {
	if s.ByState, err = j.Count(ctx, dispatch.Filter{}); err != nil {
		return Stats{}, err
	}
	var since int64
	err = j.one(ctx, j.oldest, nil, &s.OldestUnknown, &since)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return Stats{}, err
	}
	s.UnknownSince = stored.Time(since)
	for _, path := range []string{j.path, j.path + "-wal"} {
		info, err := os.Stat(path)
		switch {
		case err == nil:
			s.Bytes += info.Size()
		case !errors.Is(err, fs.ErrNotExist):
			return Stats{}, j.wrong(err)
		}
	}
	return s, nil
}
