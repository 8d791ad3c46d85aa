package sqlite

import (
	"fmt"
	"os"
)

// files are those that a connection writes to: the database and its log. What is written
// to a file that was removed, or replaced, is lost for whoever opens the journal later.
// SQLite does not notice: it trusts in its locks, which somebody may have ended who
// opened and closed the database in this process, and which rm never asks for.
type files []file

type file struct {
	path string
	info os.FileInfo
}

// filesAt are those of a journal that is open.
func filesAt(path string) (out files, err error) {
	for _, p := range []string{path, path + "-wal"} {
		info, err := os.Stat(p)
		if err != nil {
			return nil, err
		}
		out = append(out, file{p, info})
	}
	return out, nil
}

// stand is an error if one of the files is no longer the one at its path.
func (all files) stand() error {
	for _, f := range all {
		now, err := os.Stat(f.path)
		if err != nil || !os.SameFile(now, f.info) {
			return fmt.Errorf("%s was removed or replaced while the journal was open: nothing more is written to it; close it, look whether the file that is there is the right one, and open it again", f.path)
		}
	}
	return nil
}
