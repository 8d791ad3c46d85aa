package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"sync"
)

const (
	// often is after how many changes a checkpoint is made: a change writes about eight
	// pages to the log, many of them again and again.
	often = 1024
	// long is from how many pages in the log on the writer waits for the rest of a
	// checkpoint, so that the log begins anew instead of growing: 32 MiB.
	long = 8192
)

// pages brings what is in the log into the database: a checkpoint. It does so beside the
// writer, on a connection of its own; only for the rest, what was written meanwhile, the
// writer stands still, and then the log begins anew. Its file is not cut: a sync of a
// file that does not grow is twice as fast.
type pages struct {
	writer *writer
	db     *sql.DB
	turn   sync.Mutex // whose checkpoint it is: SQLite does not wait for another one, it fails
	since  int        // changes since the last one; of the writer
	due    chan struct{}

	ctx     context.Context //nolint:containedctx // of the goroutine
	stop    context.CancelFunc
	running sync.WaitGroup
}

func newPages(path string, w *writer) (*pages, error) {
	db, err := pool(path, 1, []string{busyTimeout, "synchronous(FULL)", "wal_autocheckpoint(0)"})
	if err != nil {
		return nil, err
	}
	p := &pages{writer: w, db: db, due: make(chan struct{}, 1)}
	p.ctx, p.stop = context.WithCancel(context.Background())
	return p, nil
}

// written notes changes that are in the log.
func (p *pages) written(n int) {
	if p.since += n; p.since < often {
		return
	}
	p.since = 0
	select {
	case p.due <- struct{}{}:
	default:
	}
}

func (p *pages) run() {
	for {
		select {
		case <-p.ctx.Done():
			return
		case <-p.due:
			p.checkpoint()
		}
	}
}

// checkpoint that fails is made again later, and loses nothing: the log has it all.
func (p *pages) checkpoint() {
	p.turn.Lock()
	_, log, err := checkpoint(p.ctx, p.db, "PASSIVE")
	p.turn.Unlock()
	if err != nil || log < long {
		return
	}
	_ = p.writer.between(p.ctx, func(ctx context.Context, c *sql.Conn) error {
		// Who reads something older keeps the log from beginning anew: not worth a wait.
		if _, err := c.ExecContext(ctx, "PRAGMA busy_timeout = 20"); err != nil {
			return err
		}
		_, _, err := checkpoint(ctx, c, "RESTART")
		_, back := c.ExecContext(ctx, "PRAGMA "+busyTimeout)
		if err == nil {
			err = back
		}
		return err
	})
}

// checkpoint returns how many pages are in the log, and whether it was in anybody's way.
func checkpoint(ctx context.Context, c queryer, mode string) (busy bool, log int, err error) {
	var done int
	err = c.QueryRowContext(ctx, "PRAGMA wal_checkpoint("+mode+")").Scan(&busy, &log, &done)
	return busy, log, err
}

// empty brings the whole log into the database, and cuts it.
func (p *pages) empty(ctx context.Context) error {
	return p.writer.between(ctx, func(ctx context.Context, c *sql.Conn) error {
		p.turn.Lock()
		defer p.turn.Unlock()
		busy, _, err := checkpoint(ctx, c, "TRUNCATE")
		if err == nil && busy {
			err = errors.New("somebody is reading what was there before")
		}
		return err
	})
}

func (p *pages) close() error {
	p.stop()
	p.running.Wait()
	return p.db.Close()
}
