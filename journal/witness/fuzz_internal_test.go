package witness

import (
	"encoding/json"
	"fmt"
	"hash/crc32"
	"testing"

	"github.com/stretchr/testify/require"
)

// A slot is read if it is whole, and is what was written there.
func FuzzParse(f *testing.F) {
	written := func(body string) []byte {
		return append(fmt.Appendf(nil, "%08x %08x\n", crc32.ChecksumIEEE([]byte(body)), len(body)), body...)
	}
	f.Add(written(`{"turn":3,"mark":{"lineage":"l","epoch":4,"nonce":"n","event":5}}`))
	f.Add(written(`{}`))
	f.Add([]byte("00000000 fffffff0\n"))
	f.Add([]byte("00000000 000001ff\n"))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, text []byte) {
		var place [slot]byte
		copy(place[:], text)
		r, ok := parse(place[:])
		if !ok {
			return
		}
		body, err := json.Marshal(r)
		require.NoError(t, err)
		copy(place[:], append(fmt.Appendf(nil, "%08x %08x\n", crc32.ChecksumIEEE(body), len(body)), body...))
		again, ok := parse(place[:])
		require.True(t, ok)
		require.Equal(t, r, again)
	})
}
