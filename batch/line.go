package batch

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
)

// maxLine is the greatest length of a line in bytes. It bounds what a hostile file
// makes the reader hold; the longest right row is a fraction of it.
const maxLine = 1 << 18

var errLong = fmt.Errorf("is longer than %d bytes", maxLine)

// lines reads a file line by line.
type lines struct {
	r      *bufio.Reader
	number int // of the line that was read last, from 1
	err    error
}

// next returns the next line without its line break, which is LF or CRLF. whole is
// false for the last line if it has none. The error is errLong for a line that was
// read in part only, io.EOF, or one of the file's; it comes again with every call.
// The text is valid until the next call.
func (l *lines) next() (text []byte, whole bool, err error) {
	if l.err != nil {
		return nil, false, l.err
	}
	text, err = l.r.ReadSlice('\n')
	switch {
	case err == nil:
		l.number++
		return bytes.TrimSuffix(text[:len(text)-1], []byte("\r")), true, nil
	case errors.Is(err, bufio.ErrBufferFull):
		l.number++
		l.err = errLong
	case errors.Is(err, io.EOF) && len(text) > 0:
		l.number++
		l.err = io.EOF
		return text, false, nil
	default:
		l.err = err
	}
	return nil, false, l.err
}

// skip goes on to the end of the file and leaves number at its last line. begun says
// that the line before was read in part.
func (l *lines) skip(begun bool) {
	for l.err == nil || errors.Is(l.err, errLong) {
		chunk, err := l.r.ReadSlice('\n')
		if len(chunk) > 0 && !begun {
			l.number++
		}
		begun = errors.Is(err, bufio.ErrBufferFull)
		if err != nil && !begun {
			l.err = err
			return
		}
	}
}
