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

// writable is an error if no file can be written where that one is to be: better now than
// after hours of work.
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

// apart is an error if writing one file would destroy another one.
func apart(paths ...string) error {
	seen := map[string]bool{}
	for _, path := range paths {
		if path == "" {
			continue
		}
		at, err := filepath.Abs(path)
		if err != nil {
			return err
		}
		if real, err := filepath.EvalSymlinks(at); err == nil {
			at = real
		}
		if seen[at] {
			return fmt.Errorf("%s: is named twice: the registry, the page and the results are files of their own", path)
		}
		seen[at] = true
	}
	return nil
}
