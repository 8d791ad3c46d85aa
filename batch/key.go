package batch

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"encoding/binary"
	"encoding/hex"
	"hash"
	"strings"
	"unicode"

	"github.com/payoutkit/payout"
)

func keyLength(key payout.Secret) int { return len(key.Reveal()) }

// keyed makes what is derived from a row's content. A hash without a key would not
// do: a card number has so few digits that somebody could try them all.
type keyed struct {
	mac    hash.Hash
	batch  string // in lower case
	buffer []byte
}

func newKeyed(key payout.Secret, batch string) *keyed {
	if key.IsZero() {
		return nil
	}
	return &keyed{mac: hmac.New(sha256.New, []byte(key.Reveal())), batch: batch}
}

// put adds a text with its length before it, so that no two lists of texts run into
// one another.
func (k *keyed) put(text string) {
	k.buffer = binary.BigEndian.AppendUint32(k.buffer, uint32(len(text)))
	k.buffer = append(k.buffer, text...)
}

func (k *keyed) sum() [sha256.Size]byte {
	k.mac.Reset()
	_, _ = k.mac.Write(k.buffer)
	return [sha256.Size]byte(k.mac.Sum(k.buffer[:0]))
}

// begin adds what the two kinds of sums have in common. purpose keeps them apart.
func (k *keyed) begin(purpose string, kind payout.Kind, amount payout.Money) {
	k.buffer = k.buffer[:0]
	k.put(purpose)
	k.put(kind.Name())
	k.put(amount.Currency().Code())
	k.buffer = binary.BigEndian.AppendUint64(k.buffer, uint64(amount.Minor()))
}

// content is the sum of a row's canonical content: of the batch and of everything
// that the row says, but not of how, where and in which order the file says it.
func (k *keyed) content(p *plan, v *verdict) [sha256.Size]byte {
	k.begin("batch reference 1", p.kinds[v.kind].Kind, v.amount)
	k.put(k.batch)
	for _, i := range p.content {
		if text := v.fields[i]; text != "" {
			k.put(p.cells[i].name)
			k.put(text)
		}
	}
	return k.sum()
}

// referenceLength is the length of a derived reference.
const referenceLength = 24

// Small letters and digits, so that case means nothing; and a letter first, so that
// no spreadsheet takes it for a number.
var letters = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// derivation is the reference of the nth row of one content, before it is written out.
type derivation [sha256.Size]byte

func derive(content *[sha256.Size]byte, n uint32) derivation {
	var in [sha256.Size + 4]byte
	copy(in[:], content[:])
	binary.BigEndian.PutUint32(in[sha256.Size:], n)
	return sha256.Sum256(in[:])
}

func (d *derivation) String() string {
	var text [referenceLength + 32]byte
	text[0] = 'b'
	letters.Encode(text[1:], d[:])
	return string(text[:referenceLength])
}

// readDerivation undoes String, as far as the text goes.
func readDerivation(reference string) (d derivation, ok bool) {
	if len(reference) != referenceLength || reference[0] != 'b' {
		return d, false
	}
	_, err := letters.Decode(d[:], []byte(reference[1:]))
	return d, err == nil
}

// OverlapKey tells whether two rows pay the same amount to the same destination,
// without showing which. It covers the amount, the currency, and those fields of the
// destination that tell one from another (of which [payout.Field] declares a mask),
// without regard to case, spaces and punctuation: what is left out can only make more
// rows overlap. Where the destination has no such field, it covers the recipient.
type OverlapKey [sha256.Size]byte

// String returns the key in hexadecimal.
func (k OverlapKey) String() string { return hex.EncodeToString(k[:]) }

// IsZero reports whether there is no key.
func (k OverlapKey) IsZero() bool { return k == OverlapKey{} }

func (k *keyed) overlap(p *plan, v *verdict) OverlapKey {
	k.begin("batch overlap 1", p.kinds[v.kind].Kind, v.amount)
	k.who(p, v)
	return k.sum()
}

// payee is the sum of the batch and the destination: whatever else a row of the batch
// says to the same destination, it has the same. Zero, if there is no batch, or nothing
// that tells one destination from another.
func (k *keyed) payee(p *plan, v *verdict) OverlapKey {
	if k.batch == "" {
		return OverlapKey{}
	}
	k.buffer = k.buffer[:0]
	k.put("batch payee 1")
	k.put(p.kinds[v.kind].Name())
	k.put(k.batch)
	if !k.who(p, v) {
		return OverlapKey{}
	}
	return k.sum()
}

// whole is the sum of the batch alone, zero if there is none.
func (k *keyed) whole() OverlapKey {
	if k.batch == "" {
		return OverlapKey{}
	}
	k.buffer = k.buffer[:0]
	k.put("batch taken 1")
	k.put(k.batch)
	return k.sum()
}

// who adds what tells one destination from another, and reports whether there is any.
func (k *keyed) who(p *plan, v *verdict) (any bool) {
	kind := &p.kinds[v.kind]
	columns := kind.identity
	if !kind.named {
		columns = p.content
	}
	for _, i := range columns {
		if c := &p.cells[i]; v.fields[i] != "" && (kind.named || strings.HasPrefix(c.name, "recipient.")) {
			k.put(c.name)
			k.put(strings.Map(bare, v.fields[i]))
			any = true
		}
	}
	return any
}

// bare is a letter in lower case or a digit, and nothing for all else.
func bare(r rune) rune {
	if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
		return -1
	}
	return unicode.ToLower(r)
}
