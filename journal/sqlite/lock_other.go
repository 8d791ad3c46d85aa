//go:build !(darwin || dragonfly || freebsd || linux || netbsd || openbsd)

package sqlite

import (
	"errors"
	"os"
)

// flock would lock a file. Without it two processes could write one journal.
func flock(*os.File) error {
	return errors.New("this system has no lock that ends with its process: use the journal on PostgreSQL")
}

func alone(os.FileInfo) error { return nil }
