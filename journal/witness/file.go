package witness

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
)

// slot is the length of one of the two places of a file, of which one is written while
// the other stands.
const slot = 512

// File is a witness in a file, which belongs on another disk than the journal, and into
// no backup together with it: restored together they agree. Two slots are written in
// turn, so that a write that is cut off leaves the mark before it.
type File struct {
	mu   sync.Mutex
	file *os.File
	turn int64 // the next write's
	mark Mark
	has  bool
}

// record is what a slot holds, in front of a check sum.
type record struct {
	Turn int64 `json:"turn"`
	Mark Mark  `json:"mark"`
}

// Open opens a witness's file, or creates it, for its owner alone.
func Open(path string) (*File, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600) // #nosec G304 -- the path is the configuration's
	if err != nil {
		return nil, fmt.Errorf("witness: %w", err)
	}
	w := &File{file: f}
	if err := errors.Join(w.load(), syncFolder(filepath.Dir(path))); err != nil {
		return nil, errors.Join(fmt.Errorf("witness %s: %w", path, err), f.Close())
	}
	return w, nil
}

// syncFolder makes it durable that there is a file.
func syncFolder(path string) error {
	d, err := os.Open(path) // #nosec G304 -- the path is the configuration's
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// load reads the newer of the slots that are whole.
func (w *File) load() error {
	info, err := w.file.Stat()
	if err != nil || info.Size() == 0 {
		return err
	}
	for i := range int64(2) {
		var text [slot]byte
		if n, err := w.file.ReadAt(text[:], i*slot); n < slot {
			if info.Size() <= i*slot {
				continue // never written
			}
			return fmt.Errorf("read: %w", err)
		}
		if r, ok := parse(text[:]); ok && (!w.has || r.Turn >= w.turn) {
			w.mark, w.has, w.turn = r.Mark, true, r.Turn+1
		}
	}
	if !w.has {
		return errors.New("it can't be read: neither of its slots is whole")
	}
	return nil
}

func parse(text []byte) (r record, ok bool) {
	var sum uint32
	var length int
	if n, err := fmt.Sscanf(string(text[:18]), "%08x %08x\n", &sum, &length); err != nil || n != 2 || length < 0 || length > slot-18 {
		return r, false
	}
	body := text[18 : 18+length]
	return r, crc32.ChecksumIEEE(body) == sum && json.Unmarshal(body, &r) == nil
}

// Read implements [Witness].
func (w *File) Read(ctx context.Context) (Mark, bool, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.mark, w.has, ctx.Err()
}

// Write implements [Witness].
func (w *File) Write(ctx context.Context, m Mark) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return err
	}
	body, err := json.Marshal(record{w.turn, m})
	if err != nil {
		return fmt.Errorf("witness: %w", err)
	}
	text := fmt.Appendf(make([]byte, 0, slot), "%08x %08x\n", crc32.ChecksumIEEE(body), len(body))
	if text = append(text, body...); len(text) > slot {
		return fmt.Errorf("witness: a mark of %d bytes, and there is room for %d", len(body), slot-18)
	}
	text = append(text, make([]byte, slot-len(text))...)
	if _, err := w.file.WriteAt(text, w.turn%2*slot); err != nil {
		return fmt.Errorf("witness: %w", err)
	}
	if err := w.file.Sync(); err != nil {
		return fmt.Errorf("witness: %w", err)
	}
	w.mark, w.has, w.turn = m, true, w.turn+1
	return nil
}

// Close closes the file.
func (w *File) Close() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := w.file.Close(); err != nil && !errors.Is(err, fs.ErrClosed) {
		return fmt.Errorf("witness: %w", err)
	}
	return nil
}
