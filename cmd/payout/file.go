package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// writeFile writes a file whole, for its owner alone, or leaves what was there. Without a
// path nothing is kept of what is written.
func writeFile(path string, write func(io.Writer) error) (err error) {
	if path == "" {
		return write(io.Discard)
	}
	file, err := os.CreateTemp(filepath.Dir(path), ".payout-*")
	if err != nil {
		return err
	}
	defer func() {
		if err = errors.Join(err, file.Close()); err == nil {
			err = os.Rename(file.Name(), path)
		}
		if err != nil {
			err = errors.Join(err, os.Remove(file.Name()))
		}
	}()
	out := bufio.NewWriter(file)
	return errors.Join(write(out), out.Flush(), file.Sync())
}

// writable is an error if no file can be written where that one is to be.
func writable(path string) error {
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		return fmt.Errorf("%s: is no file", path)
	}
	file, err := os.CreateTemp(filepath.Dir(path), ".payout-*")
	if err != nil {
		return err
	}
	return errors.Join(file.Close(), os.Remove(file.Name()))
}
