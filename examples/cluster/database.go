package main

import (
	"errors"
	"fmt"

	"github.com/payoutkit/payout/internal/pgtest"
)

// database is a PostgreSQL in a temporary folder.
type database struct{ cleanups []func() }

var errNone = errors.New("there is no PostgreSQL: install Debian's postgresql-15, or name one with -database")

// start starts it, and returns its address.
func (d *database) start() (address string, err error) {
	if pgtest.Binaries() == "" {
		return "", errNone
	}
	defer func() {
		if failed := recover(); failed != nil {
			err = fmt.Errorf("start a PostgreSQL: %v", failed)
		}
	}()
	return pgtest.Start(d).URL("postgres"), nil
}

func (d *database) close() {
	for _, f := range d.cleanups {
		f()
	}
}

// The rest is pgtest.T.

func (d *database) Helper()                           {}
func (d *database) Cleanup(f func())                  { d.cleanups = append(d.cleanups, f) }
func (d *database) Skip(args ...any)                  { panic(fmt.Sprint(args...)) }
func (d *database) Fatalf(format string, args ...any) { panic(fmt.Sprintf(format, args...)) }
