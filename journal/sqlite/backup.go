package sqlite

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/payoutkit/payout/journal"
)

// Backup writes a copy of the journal to a new file, for its owner alone: how it stands
// at one moment, whole, while payouts go on. It is durable when Backup returns nil. The
// log grows while a backup is being made.
//
// Who opens a restored copy with the witness of the original finds it in doubt: it does
// not know what was sent since. Keep the witness out of backups.
func (j *Journal) Backup(ctx context.Context, path string) (err error) {
	if err := ctx.Err(); err != nil {
		return err
	}
	path, err = resolve(path)
	if err != nil {
		return err
	}
	if err := free(path); err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600) // #nosec G304 -- the path is the caller's
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("journal %s: %w", path, journal.ErrExists)
	}
	if err != nil {
		return fmt.Errorf("journal %s: backup: %w", j.path, err)
	}
	defer func() {
		err = errors.Join(err, f.Close())
		if err != nil {
			err = errors.Join(fmt.Errorf("journal %s: backup to %s: %w", j.path, path, err), os.Remove(path))
		}
	}()
	db, err := pool(j.path, 1, []string{busyTimeout, "cache_size(-2048)"})
	if err != nil {
		return err
	}
	_, err = db.ExecContext(ctx, `VACUUM INTO ?`, path)
	if err = errors.Join(err, db.Close()); err != nil {
		return err
	}
	return errors.Join(f.Sync(), syncFolder(path))
}
