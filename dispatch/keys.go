package dispatch

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/payoutkit/payout"
)

// Keys are the secrets that fingerprints and derived references are made with. They
// come from the configuration, and not from beside the journal: with both, somebody
// could find out card numbers by trying them.
type Keys struct {
	// Current is the version that new payouts use.
	Current uint32
	// Versions are all that the journal may still have, by version: 32 bytes or more.
	Versions map[uint32]payout.Secret
}

// minKey is the least length of a key in bytes.
const minKey = 32

func (k Keys) check() []payout.Violation {
	var bad []payout.Violation
	if _, ok := k.Versions[k.Current]; !ok {
		bad = append(bad, payout.Violation{Field: "keys.current", Rule: "is not among the versions"})
	}
	for _, v := range slices.Sorted(maps.Keys(k.Versions)) {
		if len(k.Versions[v].Reveal()) < minKey {
			bad = append(bad, payout.Violation{Field: fmt.Sprintf("keys.versions.%d", v), Rule: fmt.Sprintf("must have at least %d bytes", minKey)})
		}
	}
	return bad
}

// CheckOf returns what tells a key: of a random one of 32 bytes or more it gives nothing away.
func CheckOf(key payout.Secret) KeyCheck {
	h := hmac.New(sha256.New, []byte(key.Reveal()))
	_, _ = h.Write([]byte("payout: which key this is"))
	return KeyCheck(h.Sum(nil))
}

// Fingerprint tells one request's content from another's without showing it; what that
// is, [Dispatcher.Submit] says. It is compared under the version of the key that made it.
type Fingerprint struct {
	Version uint32
	Sum     [sha256.Size]byte
}

// String returns the version and the sum's first bytes.
func (f Fingerprint) String() string { return fmt.Sprintf("v%d:%x", f.Version, f.Sum[:4]) }

// mac is an HMAC over texts, each with its length before it, so that no two lists of
// texts run into one another. purpose keeps the uses of one key apart.
func (k Keys) mac(version uint32, purpose string, texts ...string) ([]byte, bool) {
	key, ok := k.Versions[version]
	if !ok {
		return nil, false
	}
	h := hmac.New(sha256.New, []byte(key.Reveal()))
	var length [8]byte
	for _, text := range append([]string{purpose}, texts...) {
		binary.BigEndian.PutUint64(length[:], uint64(len(text)))
		_, _ = h.Write(length[:])
		_, _ = h.Write([]byte(text))
	}
	return h.Sum(nil), true
}

// fingerprint covers what makes two requests the same payout: amount, currency,
// destination, source and options. A destination says by itself who gets the money; one
// that holds nothing, a hosted page, leaves that to the recipient, who is covered then.
// Descriptions and addresses of pages are not money.
func (k Keys) fingerprint(version uint32, req payout.Request) (Fingerprint, bool) {
	texts := []string{req.Amount.Currency().Code(), req.Amount.Major(), req.Source.SavedCard}
	to := flat(req.Destination)
	texts = append(texts, to...)
	if len(to) == empty {
		texts = append(texts, identity(req.Recipient)...)
	}
	var options [][]string
	for _, o := range req.Options {
		options = append(options, flat(o))
	}
	slices.SortFunc(options, func(a, b []string) int { return strings.Compare(a[0], b[0]) })
	for _, o := range options {
		texts = append(texts, o...)
	}
	sum, ok := k.mac(version, "fingerprint", texts...)
	if !ok {
		return Fingerprint{}, false
	}
	return Fingerprint{Version: version, Sum: [sha256.Size]byte(sum)}, true
}

// Same reports whether a request is the one that an entry was made for: whether Submit
// would return what stands, and not [payout.ErrConflict]. An error: the key is not there
// that could say it.
func (k Keys) Same(e Entry, req payout.Request) (bool, error) { return k.same(e, own(req)) }

func (k Keys) same(e Entry, req payout.Request) (bool, error) {
	f, ok := k.fingerprint(e.Fingerprint.Version, req)
	if !ok {
		return false, fmt.Errorf("dispatch: there is no key of version %d", e.Fingerprint.Version)
	}
	return f.of(e, req), nil
}

// of reports whether it is that of an entry, which has the request's reference and amount,
// too.
func (f Fingerprint) of(e Entry, req payout.Request) bool {
	return hmac.Equal(f.Sum[:], e.Fingerprint.Sum[:]) && req.Reference == e.Reference && req.Amount == e.Amount
}

// flat is a record as texts: its kind, and each field that holds something, with its
// name, behind their number; so that a field that a later version declares
// changes nothing. What must not be kept is not in it.
func flat(rec payout.Record) []string {
	var fields []string
	for _, v := range rec.Kind().Values(rec) {
		if !v.Unstored && !v.Text.IsZero() {
			fields = append(fields, v.Name, v.Text.Reveal())
		}
	}
	return append([]string{rec.Kind().Name(), fmt.Sprint(len(fields) / 2)}, fields...)
}

// empty is how many texts flat makes of a record that holds nothing.
const empty = 2

// identity is flat of what tells a recipient from another, and nothing if there is nothing
// of that. A person who has moved is the same one.
func identity(r payout.Recipient) []string {
	r.Address = payout.Address{}
	texts := flat(r)
	if len(texts) == empty {
		return nil
	}
	return texts
}

// derivedLength is the length of the references of attempts after the first.
const derivedLength = 24

// derived is the reference of an attempt after the first: of fixed length, in letters
// that do not depend on case, within the provider's alphabet.
func (k Keys) derived(e Entry, n int, rule payout.ReferenceRule) (string, error) {
	sum, ok := k.mac(e.Fingerprint.Version, "reference", e.Reference, fmt.Sprint(n))
	if !ok {
		return "", fmt.Errorf("dispatch: there is no key of version %d", e.Fingerprint.Version)
	}
	reference := hex.EncodeToString(sum)[:derivedLength]
	if broken := rule.Check(reference); broken != "" {
		return "", fmt.Errorf("dispatch: a derived reference %s", broken)
	}
	return reference, nil
}

// mark is what an attempt's order carries.
func (k Keys) mark(e Entry, account, reference string) string {
	sum, _ := k.mac(e.Fingerprint.Version, "mark", account, reference)
	return hex.EncodeToString(sum[:min(len(sum), 8)])
}

// sameDestination compares two masked destinations of one kind in the places that
// both show: banks mask in styles of their own.
func sameDestination(a, b string) (same, comparable bool) {
	fieldsA, fieldsB := strings.Fields(a), strings.Fields(b)
	if len(fieldsA) < 2 || len(fieldsA) != len(fieldsB) || fieldsA[0] != fieldsB[0] {
		return false, false
	}
	same = true
	for i := 1; i < len(fieldsA); i++ {
		headA, tailA := ends(fieldsA[i])
		headB, tailB := ends(fieldsB[i])
		head, tail := min(len(headA), len(headB)), min(len(tailA), len(tailB))
		comparable = comparable || head+tail > 0
		same = same && headA[:head] == headB[:head] && tailA[len(tailA)-tail:] == tailB[len(tailB)-tail:]
	}
	return same && comparable, comparable
}

// ends are what a mask shows before and after what it hides.
func ends(masked string) (head, tail string) {
	first, last := strings.IndexByte(masked, '*'), strings.LastIndexByte(masked, '*')
	if first < 0 {
		return masked, masked
	}
	return masked[:first], masked[last+1:]
}
