package sqlite

import (
	"crypto/rand"
	"io"
	"time"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/journal/witness"
)

// Config is what a journal is opened with. The zero Config is good.
type Config struct {
	// Witness keeps outside the journal how far it has come. Nil: a journal that was
	// restored from an older copy goes unnoticed.
	Witness witness.Witness
	// Now tells the time; nil: time.Now.
	Now func() time.Time
	// Rand is where a journal's name and the nonces of its epochs come from; nil:
	// crypto/rand.
	Rand io.Reader
	// Cache is how many bytes of the file's pages the writer keeps at hand; 0: 32 MiB,
	// which is enough at ten million payouts. It takes twice that of the process's memory.
	Cache int
}

func (c Config) withDefaults() Config {
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Rand == nil {
		c.Rand = rand.Reader
	}
	if c.Cache <= 0 {
		c.Cache = 32 << 20
	}
	return c
}

func invalid(field, rule string) error {
	return &payout.Error{Kind: payout.ErrInvalid, Violations: []payout.Violation{{Field: field, Rule: rule}}}
}
