// Package witness keeps, outside a journal, how far the journal has come. A journal
// that is behind its witness has lost commits: it was restored from an older copy, or
// another copy of it has gone on. What it shows as never sent may have been sent.
package witness

import (
	"context"
	"fmt"
)

// Mark is a place that a journal has come to, durably.
type Mark struct {
	// Lineage names the journal, for as long as it lives and wherever it is moved.
	Lineage string `json:"lineage"`
	// Epoch is the last one that was begun, and Nonce what it was given by chance: two
	// copies of a journal that went on apart have epochs of one number and two nonces.
	Epoch int64  `json:"epoch"`
	Nonce string `json:"nonce"`
	// Event is the greatest number of an event that was committed.
	Event int64 `json:"event"`
}

// Witness keeps a mark in another place than the journal: on another disk, on another
// machine. It is safe for concurrent use.
type Witness interface {
	// Read returns the mark, and false if there was never any.
	Read(ctx context.Context) (Mark, bool, error)
	// Write replaces the mark. When it returns nil the mark is durable. A journal writes
	// after each durable commit and before it says so: who got an answer is witnessed.
	Write(ctx context.Context, m Mark) error
}

// Journal is what a mark is compared with.
type Journal struct {
	Lineage string
	Event   int64 // the greatest number of an event that it has
	// Nonce returns what an epoch was given, and false if the journal has no such epoch.
	Nonce func(ctx context.Context, epoch int64) (string, bool, error)
}

// Free is an error if a witness has seen a journal: one that is created is another.
func Free(ctx context.Context, w Witness) error {
	m, seen, err := w.Read(ctx)
	if err != nil || !seen {
		return err
	}
	return fmt.Errorf("witness: it is of the journal %q, which may be elsewhere, or not mounted; a new one needs a witness of its own", m.Lineage)
}

// Compare returns what is wrong with a journal beside its mark, in words, or "". The
// error is that the mark is another journal's, or that the journal can't be read.
func Compare(ctx context.Context, m Mark, j Journal) (wrong string, err error) {
	if m.Lineage != j.Lineage {
		return "", fmt.Errorf("witness: it is of the journal %q, and this one is %q", m.Lineage, j.Lineage)
	}
	nonce, ok, err := j.Nonce(ctx, m.Epoch)
	switch {
	case err != nil:
		return "", err
	case !ok:
		return fmt.Sprintf("its witness saw epoch %d, which it does not have", m.Epoch), nil
	case nonce != m.Nonce:
		return fmt.Sprintf("its epoch %d is not the one that its witness saw: another copy has gone on", m.Epoch), nil
	case j.Event < m.Event:
		return fmt.Sprintf("its witness saw event %d, and it ends at %d", m.Event, j.Event), nil
	}
	return "", nil
}
