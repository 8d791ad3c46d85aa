package seal

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/tink-crypto/tink-go/v2/insecurecleartextkeyset"
	"github.com/tink-crypto/tink-go/v2/keyset"
)

// maxFile is more than any keyset has.
const maxFile = 1 << 20

// File is a [Source] that reads a keyset in clear, Tink's JSON or binary. It refuses a
// file that others than its owner can read or write, by its mode: 0600 and 0400 are
// right. Where modes say nothing, as on Windows, it refuses every file.
//
// A keyset that a key management service wraps is better, see the package's
// documentation.
func File(path string) Source {
	return func(ctx context.Context) (*keyset.Handle, error) {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		text, err := readPrivate(path)
		if err != nil {
			return nil, err
		}
		var r keyset.Reader = keyset.NewBinaryReader(bytes.NewReader(text))
		if bytes.HasPrefix(bytes.TrimLeft(text, " \t\r\n"), []byte("{")) { // no binary one begins so
			r = keyset.NewJSONReader(bytes.NewReader(text))
		}
		handle, err := insecurecleartextkeyset.Read(r)
		if err != nil {
			return nil, &KeysetError{Reason: path + ": this is no keyset in clear; one that is wrapped needs a function of its own", Err: err}
		}
		return handle, nil
	}
}

func readPrivate(path string) ([]byte, error) {
	f, err := os.Open(path) // #nosec G304 -- as configured
	if err != nil {
		return nil, fileError(path, err)
	}
	defer f.Close()
	info, err := f.Stat() // of what was opened, not of what has that name by now
	if err != nil {
		return nil, fileError(path, err)
	}
	switch mode := info.Mode(); {
	case !mode.IsRegular():
		return nil, &KeysetError{Reason: path + ": this is no file"}
	case mode.Perm()&0o077 != 0:
		return nil, &KeysetError{Reason: fmt.Sprintf("%s: others than its owner can get at it (mode %#o); make it 0600", path, mode.Perm())}
	}
	text, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	switch {
	case err != nil:
		return nil, fileError(path, err)
	case len(text) > maxFile:
		return nil, &KeysetError{Reason: path + ": this is too large for a keyset"}
	}
	return text, nil
}

// fileError keeps what the system says of a file.
func fileError(path string, err error) error {
	reason := "can't be read or written"
	if p, ok := errors.AsType[*os.PathError](err); ok {
		reason = p.Op + ": " + p.Err.Error()
	}
	return &KeysetError{Reason: path + ": " + reason, Err: err}
}

// CreateFile writes a keyset in clear to a new file, for [File]: JSON, mode 0600. When
// it returns nil the keyset is on the disk, and what it seals can be opened after a
// power cut. A file that exists is left alone: its keys may be the only ones that open
// what they sealed. To replace it, create another one and rename that.
func CreateFile(path string, handle *keyset.Handle) error {
	if _, err := keysOf(handle); err != nil {
		return err
	}
	var text bytes.Buffer
	if err := insecurecleartextkeyset.Write(handle, keyset.NewJSONWriter(&text)); err != nil {
		return &KeysetError{Reason: "it can't be encoded", Err: err}
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600) // #nosec G304 -- as configured
	if err != nil {
		return fileError(path, err)
	}
	_, err = f.Write(text.Bytes())
	if err = errors.Join(err, f.Sync(), f.Close(), syncDirectory(filepath.Dir(path))); err != nil {
		_ = os.Remove(path)
		return fileError(path, err)
	}
	return nil
}

// syncDirectory has the name of a new file survive a power cut.
func syncDirectory(path string) error {
	d, err := os.Open(path) // #nosec G304 -- as configured
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
