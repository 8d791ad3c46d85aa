package sqlite

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/payoutkit/payout/journal"
)

// lock is the right to use a journal: a file beside it, locked in the kernel, in which
// the holder's name stands.
type lock struct {
	file *os.File
	path string
}

// errTaken is that somebody has locked the file.
var errTaken = errors.New("taken")

// hold takes the lock of a journal for a holder, or returns who has it.
func hold(path string, h holder) (*lock, error) {
	for {
		l := &lock{path: path + ".lock"}
		var err error
		if l.file, err = os.OpenFile(l.path, os.O_RDWR|os.O_CREATE, 0o600); err != nil {
			return nil, fmt.Errorf("journal %s: lock: %w", path, err)
		}
		err = flock(l.file)
		switch {
		case errors.Is(err, errTaken):
			by, _ := io.ReadAll(io.LimitReader(l.file, 1024))
			who := strings.TrimSpace(string(by))
			if who == "" {
				who = "a process that is just opening it"
			}
			return nil, errors.Join(fmt.Errorf("journal %s: %w: %s", path, journal.ErrHeld, who), l.file.Close())
		case err != nil:
			return nil, errors.Join(fmt.Errorf("journal %s: lock: %w", path, err), l.file.Close())
		}
		if !l.stands() { // somebody removed it just then
			_ = l.file.Close()
			continue
		}
		if err := l.sign(h); err != nil {
			return nil, errors.Join(fmt.Errorf("journal %s: lock: %w", path, err), l.file.Close())
		}
		return l, nil
	}
}

// stands reports whether the file that was locked is the one that others will find.
func (l *lock) stands() bool {
	mine, err := l.file.Stat()
	if err != nil {
		return false
	}
	found, err := os.Stat(l.path)
	return err == nil && os.SameFile(mine, found)
}

func (l *lock) sign(h holder) error {
	if err := l.file.Truncate(0); err != nil {
		return err
	}
	_, err := l.file.WriteAt([]byte(h.String()+"\n"), 0)
	return err
}

// release gives the lock up. The file stays: to remove it would be to take it away from
// who is just about to lock it.
func (l *lock) release() error {
	return errors.Join(l.file.Truncate(0), l.file.Close())
}

// remove gives the lock up where there is nothing to be locked.
func (l *lock) remove() error {
	return errors.Join(os.Remove(l.path), l.file.Close())
}

// holder is who has a journal open.
type holder struct {
	host  string
	pid   int
	since time.Time
}

func thisProcess(now time.Time) holder {
	host, err := os.Hostname()
	if err != nil {
		host = "unknown"
	}
	return holder{host, os.Getpid(), now.UTC().Truncate(time.Second)}
}

func (h holder) String() string {
	return fmt.Sprintf("host %s, process %d, since %s", h.host, h.pid, h.since.Format(time.RFC3339))
}
