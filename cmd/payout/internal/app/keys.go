package app

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"slices"

	"github.com/payoutkit/payout/dispatch"
)

// keys are what tells the configuration's keys, by their names.
func (a *App) keys() (map[string]dispatch.KeyCheck, error) {
	k, err := a.Keys()
	if err != nil {
		return nil, err
	}
	out := k.Checks()
	if a.File.Batch.Key != nil {
		key, err := a.File.BatchKey(a.Sources)
		if err != nil {
			return nil, err
		}
		out["batch"] = dispatch.CheckOf(key)
	}
	return out, nil
}

// CheckKeys is an error if a key of the configuration is not the one that the journal was
// used with before: rows that were paid would not be known again.
func (a *App) CheckKeys(ctx context.Context, j Journal) error {
	keys, err := a.keys()
	if err != nil {
		return err
	}
	return j.CheckKeys(ctx, keys)
}

// keysOf is what the doctor says of them.
func (a *App) keysOf(ctx context.Context, j Journal) Finding {
	f := Finding{About: "journal", Check: "its keys", State: Good}
	if err := a.CheckKeys(ctx, j); err != nil {
		f.State, f.Says = Bad, err.Error()
	}
	return f
}

// follows is an error if a journal could not go on as another configuration says: with
// other keys, or without what tells that it was restored.
func (a *App) follows(to *App) error {
	old, err := a.keys()
	if err != nil {
		return err
	}
	next, err := to.keys()
	if err != nil {
		return fmt.Errorf("the new configuration: %w", err)
	}
	var errs []error
	for _, name := range slices.Sorted(maps.Keys(old)) {
		switch check, ok := next[name]; {
		case !ok:
			errs = append(errs, fmt.Errorf("the new configuration has no key %q: what was paid would not be known again", name))
		case check != old[name]:
			errs = append(errs, fmt.Errorf("the new configuration has another key %q: what was paid would not be known again", name))
		}
	}
	if a.File.Journal.Keyset != "" {
		same, err := sameFile(a.Sources.Path(a.File.Journal.Keyset), to.File.Journal.Keyset, to)
		if err != nil {
			errs = append(errs, fmt.Errorf("journal.keyset: %w", err))
		} else if !same {
			errs = append(errs, errors.New("journal.keyset: the new configuration has another one, or none: what is sealed could not be opened"))
		}
	}
	if a.File.Journal.Witness != "" && to.File.Journal.Witness == "" {
		errs = append(errs, errors.New("journal.witness: the new configuration has none, and this one has: that the journal was restored would not be noticed"))
	}
	return errors.Join(errs...)
}

// sameFile reports whether two files have the same content.
func sameFile(path, other string, of *App) (bool, error) {
	if other == "" {
		return false, nil
	}
	one, err := os.ReadFile(path) // #nosec G304 -- the path is the configuration's
	if err != nil {
		return false, err
	}
	two, err := os.ReadFile(of.Sources.Path(other))
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return bytes.Equal(one, two), err
}
