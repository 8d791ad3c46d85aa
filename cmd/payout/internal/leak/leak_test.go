package leak_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/payoutkit/payout/cmd/payout/internal/leak"
)

// TestMain fails where a test leaves a goroutine behind.
func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	card     = "4012888888881881"
	phone    = "+7 926 121-42-49"
	name     = "IVAN PETROV"
	surname  = "Соловьёва"
	short    = "Ким"
	password = "s3cret!/+"
)

// Each way in which a secret can stand in what was written is seen, and what looks like one
// is not. The encodings were made by other programs: xxd, base64, iconv, python.
func TestIn(t *testing.T) {
	t.Parallel()
	s := leak.For(card, phone, name, surname, short, password, "\x00\xff\x10key of bytes")
	for _, c := range []struct{ name, written, secret, as string }{
		{"clear", "a" + card + "b", card, "clear"},
		{"in groups", "4012 8888-8888.1881", card, "digits"},
		{"with thin spaces", "4012\u20098888\u00a08888\u202f1881", card, "digits"},
		{"the end of it", "xx2888888881881", card, "digits"},
		{"backwards", "1881888888882104", card, "reverse"},
		{"hex", "34303132383838383838383831383831", card, "hex"},
		{"hex in capitals", "D0A1D0BED0BBD0BED0B2D18CD191D0B2D0B0", surname, "hex"},
		{"base64", "NDAxMjg4ODg4ODg4MTg4MQ==", card, "base64"},
		{"base64, one byte before", "eDQwMTI4ODg4ODg4ODE4ODE=", card, "base64"},
		{"base64, two bytes before and more behind", "eHg0MDEyODg4ODg4ODgxODgxeXl5", card, "base64"},
		{"UTF-16", "4\x000\x001\x002\x008\x008\x008\x008\x008\x008\x008\x008\x001\x008\x008\x001\x00", card, "UTF-16"},
		{"UTF-16 the other way", "\x004\x000\x001\x002\x008\x008\x008\x008\x008\x008\x008\x008\x001\x008\x008\x001", card, "UTF-16"},
		{"JSON", `"\u0034\u0030\u0031\u0032\u0038\u0038\u0038\u0038\u0038\u0038\u0038\u0038\u0031\u0038\u0038\u0031"`, card, "clear"},
		{"a name in JSON", `{"n":"\u0421\u043e\u043b\u043e\u0432\u044c\u0451\u0432\u0430"}`, surname, "clear"},
		{"JSON with a slash", `"s3cret!\/+"`, password, "clear"},
		{"in an address", "?p=s3cret%21%2F%2B&x", password, "clear"},
		{"a name in an address", "n=IVAN%20PETROV", name, "a word"},
		{"Cyrillic in an address", "%D0%A1%D0%BE%D0%BB%D0%BE%D0%B2%D1%8C%D1%91%D0%B2%D0%B0", surname, "clear"},
		{"in a page", "<td>&#73;&#86;&#65;&#78; &#80;&#69;&#84;&#82;&#79;&#86;</td>", name, "clear"},
		{"in small letters", "ivan petrov", name, "clear"},
		{"a word of it", "name=PETROV,", name, "a word"},
		{"a phone that is dialled within the country", "8 (926) 121-42-49", phone, "digits"},
		{"a short name", "Ким, Виктор", short, "a word"},
		{"bytes", "..\x00\xff\x10key of bytes..", "\x00\xff\x10key of bytes", "clear"},
		{"bytes in hex", "00ff106b6579206f66206279746573", "\x00\xff\x10key of bytes", "hex"},
		{"between other bytes", "SQLite format 3\x00\x01\xff" + card + "\xfe\x00", card, "clear"},
	} {
		require.Equal(t, []leak.Leak{{Secret: c.secret, As: c.as}}, s.In([]byte(c.written)), c.name)
	}
	for _, harmless := range []string{
		"", "card 401288******1881", "sbp ******49", "Кимоно, PETROVSK", "2026-11-22T10:11:12.345678Z", "4012888888",
		"IV an Petr ov", "\x00\xff\x10key", "NDAxMjg4", "\xff\xfe Ким \x00",
	} {
		require.Empty(t, s.In([]byte(harmless)), harmless)
	}
}

// What is encoded twice on the common way, JSON in JSON, is still seen.
func TestInsideOut(t *testing.T) {
	t.Parallel()
	inner, err := json.Marshal(map[string]string{"pan": card, "name": surname})
	require.NoError(t, err)
	outer, err := json.Marshal(string(inner))
	require.NoError(t, err)
	require.Len(t, leak.For(card, surname).In(outer), 2)
}
