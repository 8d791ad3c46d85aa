package batch

import (
	"encoding/binary"
	"encoding/xml"
	"errors"
	"io"
)

// Bounds of the table of shared strings, which has to be in memory.
const (
	maxShared      = 64 << 20 // bytes
	maxSharedItems = 4 << 20
	sharedChunk    = 1 << 20
)

// sharedStrings are the texts that a workbook's cells refer to by number. They are
// packed: a string of its own for each would take three times as much.
type sharedStrings struct {
	chunks [][]byte
	at     []uint32 // chunk and place in it, where the text's length stands
}

func (b *workbook) shared(name string) (*sharedStrings, error) {
	s := &sharedStrings{}
	if name == "" {
		return s, nil
	}
	p, err := b.part(name)
	if err != nil {
		return nil, err
	}
	for {
		token, err := p.Token()
		if errors.Is(err, io.EOF) {
			return s, nil
		}
		if err != nil {
			return nil, err
		}
		if start, ok := token.(xml.StartElement); !ok || start.Name.Local != "si" {
			continue
		}
		p.more()
		text, err := p.text()
		if err == nil {
			err = s.add(text)
		}
		if err != nil {
			return nil, err
		}
	}
}

func (s *sharedStrings) add(text []byte) error {
	last := len(s.chunks) - 1
	if last < 0 || len(s.chunks[last])+len(text)+binary.MaxVarintLen32 > sharedChunk {
		s.chunks = append(s.chunks, make([]byte, 0, sharedChunk))
		last++
	}
	if len(s.chunks) > maxShared/sharedChunk || len(s.at) >= maxSharedItems {
		return fileError("has more texts than are read from a spreadsheet: save it as CSV", nil)
	}
	s.at = append(s.at, uint32(last*sharedChunk+len(s.chunks[last])))
	s.chunks[last] = binary.AppendUvarint(s.chunks[last], uint64(len(text)))
	s.chunks[last] = append(s.chunks[last], text...)
	return nil
}

func (s *sharedStrings) get(i int) (string, bool) {
	if i < 0 || i >= len(s.at) {
		return "", false
	}
	chunk := s.chunks[s.at[i]/sharedChunk][s.at[i]%sharedChunk:]
	length, n := binary.Uvarint(chunk)
	return string(chunk[n : n+int(length)]), true
}

// text reads the text of an element that has begun, to its end: of all runs, without
// the readings of Japanese words.
func (p *part) text() ([]byte, error) {
	var out []byte
	for depth, within := 1, 0; depth > 0; {
		token, err := p.Token()
		if err != nil {
			return nil, err
		}
		switch t := token.(type) {
		case xml.StartElement:
			if t.Name.Local == "rPh" {
				if err := p.Skip(); err != nil {
					return nil, err
				}
				continue
			}
			depth++
			if t.Name.Local == "t" {
				within++
			}
		case xml.EndElement:
			depth--
			if t.Name.Local == "t" {
				within--
			}
		case xml.CharData:
			if within > 0 {
				out = append(out, t...)
			}
		}
	}
	return out, nil
}
