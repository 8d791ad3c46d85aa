package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"github.com/payoutkit/payout/dispatch"
	"github.com/payoutkit/payout/engine/river"
	"github.com/payoutkit/payout/journal"
	"github.com/payoutkit/payout/journal/seal"
	"github.com/payoutkit/payout/journal/sqlite"
	"github.com/payoutkit/payout/journal/witness"
)

// Journal is a journal of the configuration, open.
type Journal interface {
	dispatch.Journal
	// Trust ends a doubt: a person takes it upon himself that nothing is missing.
	Trust(ctx context.Context, by, evidence string) error
	// Erase takes what is personal out of a payout that is final.
	Erase(ctx context.Context, reference, by string) error
	// KeepRows and EarlierRows know the rows of registries that were taken.
	KeepRows(ctx context.Context, rows []journal.BatchRow) error
	EarlierRows(ctx context.Context, keys [][32]byte) (map[[32]byte][]string, error)
	// CheckKeys compares keys with those that the journal was used with before.
	CheckKeys(ctx context.Context, keys map[string]dispatch.KeyCheck) error
	// Standing returns those of some payouts that are there.
	Standing(ctx context.Context, references []string) ([]dispatch.Entry, error)
	// Verify looks whether the journal is sound.
	Verify(ctx context.Context) ([]journal.Finding, error)
	Close() error
}

// OpenJournal opens the journal of the configuration. It never creates one.
func (a *App) OpenJournal(ctx context.Context) (Journal, error) {
	j, err := a.journal(ctx, false)
	return j, a.missing(err)
}

// missing says what to do about a journal that is not there.
func (a *App) missing(err error) error {
	if errors.Is(err, journal.ErrMissing) {
		err = fmt.Errorf("%w: create it once, with: payout journal init --config %s", err, a.File.Path())
	}
	return err
}

// CreateJournal creates the journal of the configuration. It never overwrites one.
func (a *App) CreateJournal(ctx context.Context) (Journal, error) { return a.journal(ctx, true) }

func (a *App) journal(ctx context.Context, create bool) (_ Journal, err error) {
	c := a.File.Journal
	if err := c.Check(); err != nil {
		return nil, err
	}
	w, err := a.witness()
	if err != nil {
		return nil, err
	}
	var seen witness.Witness // nil, and not a nil *witness.File
	if w != nil {
		seen = w
	}
	var j Journal
	if c.Postgres != nil {
		j, err = a.postgres(ctx, create, seen)
	} else {
		open := sqlite.Open
		if create {
			open = sqlite.Create
		}
		j, err = open(ctx, a.Sources.Path(c.SQLite), sqlite.Config{Witness: seen, Cache: a.JournalCache})
	}
	if err != nil {
		return nil, errors.Join(err, closed(w))
	}
	return witnessed{j, w}, nil
}

func (a *App) witness() (*witness.File, error) {
	if a.File.Journal.Witness == "" {
		return nil, nil //nolint:nilnil // none is configured
	}
	return witness.Open(a.Sources.Path(a.File.Journal.Witness))
}

func closed(w *witness.File) error {
	if w == nil {
		return nil
	}
	return w.Close()
}

// witnessed is a journal whose witness closes with it.
type witnessed struct {
	Journal
	witness *witness.File
}

func (w witnessed) Close() error { return errors.Join(w.Journal.Close(), closed(w.witness)) }

// Desk is a dispatcher on the journal of the configuration.
type Desk struct {
	*App
	*dispatch.Dispatcher
	Journal Journal
	engine  *river.Engine // nil: the dispatcher drives itself
}

// Open opens the journal and makes the dispatcher. Nothing is sent before its Run, or a
// Submit that waits. The desk closes the providers' connections and the journal.
func (a *App) Open(ctx context.Context, observers ...dispatch.Observer) (*Desk, error) {
	c, err := a.File.Dispatch(a.Sources)
	if err != nil {
		return nil, err
	}
	c.Providers, c.Observer = a.Clients, a.observer(observers)
	if a.File.Journal.Keyset != "" {
		if c.Sealer, err = seal.Load(ctx, seal.File(a.Sources.Path(a.File.Journal.Keyset))); err != nil {
			return nil, err
		}
	}
	j, err := a.OpenJournal(ctx)
	if err != nil {
		return nil, err
	}
	desk := &Desk{App: a, Journal: j}
	if a.File.Journal.River != nil {
		if desk.engine, err = a.engine(ctx, j, c); err == nil {
			desk.Dispatcher = desk.engine.Dispatcher()
		}
	} else {
		c.Journal = told{j, desk.Troubled}
		desk.Dispatcher, err = dispatch.New(c)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", a.File.Path(), err), j.Close())
	}
	return desk, nil
}

// Close closes the journal and the connections.
func (d *Desk) Close() error {
	d.App.Close()
	return d.Journal.Close()
}

// CreateKeyset creates the keyset of the configuration, if it names one that is not
// there.
func (a *App) CreateKeyset() error {
	if a.File.Journal.Keyset == "" {
		return nil
	}
	handle, err := seal.NewKeyset()
	if err != nil {
		return err
	}
	if err := seal.CreateFile(a.Sources.Path(a.File.Journal.Keyset), handle); !errors.Is(err, fs.ErrExist) {
		return err
	}
	return nil
}

// ReadJournal opens the journal for reading, also while another process has it. What is
// missing beside a witness is for those to notice who write.
func (a *App) ReadJournal(ctx context.Context) (Journal, error) {
	c := a.File.Journal
	if err := c.Check(); err != nil {
		return nil, err
	}
	var j Journal
	var err error
	if c.Postgres != nil {
		j, err = a.postgres(ctx, false, nil)
	} else {
		j, err = sqlite.Read(ctx, a.Sources.Path(c.SQLite))
	}
	if err != nil {
		return nil, a.missing(err)
	}
	says, err := moved(ctx, j)
	if err != nil {
		return nil, errors.Join(err, j.Close())
	}
	if says != "" && a.notice != nil {
		a.notice(says)
	}
	return j, nil
}

// moved says that a journal which is read was moved; "": it was not. One in PostgreSQL
// can't be opened any more.
func moved(ctx context.Context, j Journal) (string, error) {
	r, ok := j.(*sqlite.Reader)
	if !ok {
		return "", nil
	}
	to, at, err := r.Moved(ctx)
	if err != nil || to == "" {
		return "", err
	}
	return fmt.Sprintf("this journal was moved to %s on %s: what it shows is as of then", to, at.UTC().Format(time.RFC3339)), nil
}
