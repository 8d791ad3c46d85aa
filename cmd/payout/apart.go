package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/payoutkit/payout/cmd/payout/internal/app"
	"github.com/payoutkit/payout/cmd/payout/internal/config"
)

// output is a file that a command is told to write, and the flag that says so. No path:
// it is not written.
type output struct{ flag, path string }

// apart is an error if writing a file would destroy another one, which is no way back
// from: what the command reads, what it writes besides, and the files of the
// configuration, of which the journal alone knows what was paid.
func apart(a *app.App, input string, all ...output) error {
	taken := append(a.File.NamedFiles(a.Sources), config.NamedFile{Path: input, What: "what this command reads"})
	for _, w := range all {
		if w.path == "" {
			continue
		}
		for _, t := range taken {
			if t.Path == "" {
				continue
			}
			same, err := sameFile(w.path, t.Path)
			if err != nil {
				return fmt.Errorf("%s: %w", w.flag, err)
			}
			if same {
				return fmt.Errorf("%s: %s is %s: name another file", w.flag, w.path, t.What)
			}
		}
		taken = append(taken, config.NamedFile{Path: w.path, What: "written by " + w.flag + ", too"})
	}
	return nil
}

// sameFile reports whether two paths lead to one file, or would if it were there.
func sameFile(one, other string) (bool, error) {
	if a, err := os.Stat(one); err == nil {
		if b, err := os.Stat(other); err == nil && os.SameFile(a, b) {
			return true, nil
		}
	}
	one, err := resolved(one)
	if err != nil {
		return false, err
	}
	other, err = resolved(other)
	return one == other, err
}

// resolved returns the one path of a file, there or not, whatever links lead to it.
func resolved(path string) (string, error) {
	full, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	if real, err := filepath.EvalSymlinks(full); err == nil {
		return real, nil
	}
	if folder, err := filepath.EvalSymlinks(filepath.Dir(full)); err == nil {
		full = filepath.Join(folder, filepath.Base(full))
	}
	return full, nil
}

// outputs is an error if a file can't be written, or must not be: better now than after
// hours of work.
func outputs(a *app.App, input string, all ...output) error {
	if err := apart(a, input, all...); err != nil {
		return err
	}
	for _, w := range all {
		if w.path == "" {
			continue
		}
		if err := writable(w.path); err != nil {
			return fmt.Errorf("%s: %w", w.flag, err)
		}
	}
	return nil
}
