package batch

import (
	"bufio"
	"encoding/xml"
	"io"
)

// part is a part of a workbook, token by token. However the part is packed, no more
// of it is held than a row may have.
type part struct {
	*xml.Decoder
	bytes *bounded
}

func (b *workbook) part(name string) (*part, error) {
	r, err := b.open(name, maxPart)
	if err != nil {
		return nil, err
	}
	bytes := &bounded{r: bufio.NewReaderSize(r, 1<<16), row: maxLine, all: maxPart}
	return &part{xml.NewDecoder(bytes), bytes}, nil
}

// more allows another row's worth of bytes.
func (p *part) more() { p.bytes.row = maxLine }

// rest reads the part to its end: only there is it known whether it was whole.
func (p *part) rest() error {
	p.bytes.row = maxPart
	_, err := io.Copy(io.Discard, p.bytes)
	return err
}

// bounded reads until there is more of a row, or of the part, than is allowed.
type bounded struct {
	r        *bufio.Reader
	row, all int64 // bytes that may still be read
}

func (b *bounded) ReadByte() (byte, error) {
	if err := b.take(1); err != nil {
		return 0, err
	}
	return b.r.ReadByte()
}

func (b *bounded) Read(p []byte) (int, error) {
	n, err := b.r.Read(p)
	if short := b.take(n); short != nil {
		return 0, short
	}
	return n, err
}

func (b *bounded) take(n int) error {
	b.row -= int64(n)
	b.all -= int64(n)
	switch {
	case b.all < 0:
		return fileError("unpacks to more than a registry can need", nil)
	case b.row < 0:
		return fileError("has a row or a cell that "+errLong.Error(), nil)
	default:
		return nil
	}
}
