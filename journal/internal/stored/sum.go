package stored

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
)

// Sum is how many rows there are, and a sum over them that does not depend on their
// order: of the hashes of rows, lane by lane. Equal sums are of equal rows.
type Sum struct {
	Rows int64
	sum  [4]uint64
}

// Add adds a row.
func (s *Sum) Add(row []any) error {
	text := make([]byte, 0, 512)
	for _, v := range row {
		switch v := v.(type) {
		case nil:
			text = append(text, 'n')
		case int64:
			text = binary.BigEndian.AppendUint64(append(text, 'i'), uint64(v))
		case string:
			text = append(binary.BigEndian.AppendUint64(append(text, 't'), uint64(len(v))), v...)
		case []byte:
			text = append(binary.BigEndian.AppendUint64(append(text, 'b'), uint64(len(v))), v...)
		default:
			return fmt.Errorf("journal: a row has a %T", v)
		}
	}
	hash := sha256.Sum256(text)
	for i := range s.sum {
		s.sum[i] += binary.BigEndian.Uint64(hash[8*i:])
	}
	s.Rows++
	return nil
}
