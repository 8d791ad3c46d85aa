package postgres

import (
	"cmp"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/journal/witness"
)

// Config is how a journal is used. The zero Config works.
type Config struct {
	// Schema is the schema of the database that the journal's tables are in, and nothing
	// else. "": payout.
	Schema string
	// Lease is how long what was returned as due to one process is kept from the others.
	// 0: 30 s.
	Lease time.Duration
	// Witness keeps outside the database how far the journal has come, so that a database
	// that was restored from an older copy is noticed. It belongs on a machine or a disk
	// that is not restored with it. Nil: only what the cluster itself tells is noticed.
	Witness witness.Witness
	// SynchronousReplication says that every replica that can be promoted is synchronous:
	// it has all that was acknowledged. Without it a journal on a promoted replica is in
	// doubt.
	SynchronousReplication bool
	// Holder names this process to people. "": its host and its number there.
	Holder string

	// Rand is where chance comes from. Nil: crypto/rand.
	Rand io.Reader
	// Now tells the time. Nil: time.Now.
	Now func() time.Time
}

func (c Config) withDefaults() (Config, error) {
	c.Schema = cmp.Or(c.Schema, "payout")
	c.Lease = cmp.Or(c.Lease, 30*time.Second)
	if c.Holder == "" {
		host, _ := os.Hostname()
		c.Holder = fmt.Sprintf("%s, process %d", cmp.Or(host, "a host without a name"), os.Getpid())
	}
	if c.Rand == nil {
		c.Rand = rand.Reader
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	switch {
	case len(c.Schema) > 63:
		return c, invalid("Schema", "must not be longer than 63 bytes")
	case c.Lease < 0:
		return c, invalid("Lease", "must not be negative")
	}
	return c, nil
}

// random returns 128 bits of chance, as text.
func (c Config) random() (string, error) {
	var b [16]byte
	if _, err := io.ReadFull(c.Rand, b[:]); err != nil {
		return "", fmt.Errorf("postgres: randomness: %w", err)
	}
	return hex.EncodeToString(b[:]), nil
}

func invalid(field, rule string) error {
	return &payout.Error{Kind: payout.ErrInvalid, Violations: []payout.Violation{{Field: field, Rule: rule}}}
}
