package sqlite

import (
	"context"
	"errors"
	"fmt"

	"github.com/payoutkit/payout/journal"
	"github.com/payoutkit/payout/journal/internal/stored"
)

// Exporter is a journal that is moved away, see package move.
type Exporter struct {
	path   string
	config Config
	open   *Journal // until it is moved
	tables
}

// Export opens a journal that is to be moved away, for which nobody else may have it
// open; or one that was moved already, to go on with that.
func Export(ctx context.Context, path string, c Config) (*Exporter, error) {
	path, err := resolve(path)
	if err != nil {
		return nil, err
	}
	x := &Exporter{path: path, config: c}
	x.open, err = Open(ctx, path, c)
	if errors.Is(err, journal.ErrMoved) {
		x.open = nil
		return x, x.read(ctx)
	}
	if err != nil {
		return nil, err
	}
	x.db = x.open.scans
	return x, nil
}

// read opens what was moved.
func (x *Exporter) read(ctx context.Context) error {
	r, err := Read(ctx, x.path)
	if err != nil {
		return err
	}
	x.db = r.j.scans
	return r.j.points.Close()
}

// Name implements move.Source.
func (x *Exporter) Name() string { return name(x.path) }

// name is what a file is called where it is one of many places.
func name(path string) string { return "sqlite:" + path }

// Tombstone implements move.Source.
func (x *Exporter) Tombstone(ctx context.Context, to string) error {
	if x.open == nil {
		return fmt.Errorf("journal %s: %w", x.path, journal.ErrMoved)
	}
	if err := x.open.Tombstone(ctx, to); err != nil {
		return err
	}
	if err := x.Close(); err != nil {
		return err
	}
	return x.read(ctx)
}

// Close ends the export. What is not moved can be opened again.
func (x *Exporter) Close() error {
	if j := x.open; j != nil {
		x.open = nil
		return j.Close()
	}
	return x.db.Close()
}

// Tombstone says that the journal goes on elsewhere, and where. After it nothing can be
// committed here, and [Open] refuses the file; what is there can still be read by who
// has it open.
func (j *Journal) Tombstone(ctx context.Context, to string) error {
	if to == "" {
		return invalid("to", "is required: where the journal goes on")
	}
	now := j.config.Now()
	return j.writer.write(ctx, func(tx *transaction) error {
		if err := tx.run(`UPDATE journal SET moved_to = ?`, to); err != nil {
			return err
		}
		tx.movedTo = to
		return tx.note(now, stored.NoteMoved, stored.Note{To: to})
	})
}
