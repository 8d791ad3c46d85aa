package batch

import (
	"fmt"
	"strings"

	"github.com/payoutkit/payout"
)

// Options say what a registry's file is and how its rows get their references. The
// zero Options are right for a file in UTF-8 that has a column reference.
type Options struct {
	// Kinds are the destinations that rows may have. Nil: those of [payout.Kinds].
	Kinds []payout.Kind

	// Layout says what the columns are. The zero Layout goes by the header.
	Layout Layout

	// Encoding is that of a CSV file; XLSX has one of its own. The zero Encoding is
	// UTF-8.
	Encoding Encoding

	// Sheet names the worksheet of an XLSX file. Empty: the only one that is not
	// hidden.
	Sheet string

	// Currency, if there is one, is the only one that rows may have.
	Currency payout.Currency

	// Batch is the id that the operator gives to the batch: up to 64 letters, digits,
	// '-', '_' and '.'; case does not count. Where the file has no column reference, the
	// references are derived from it, and a file that is read again under the same id
	// asks for the same payouts; under another one it asks for new ones.
	Batch string

	// Key makes derived references and [OverlapKey]s: 32 bytes or more. It comes from
	// the configuration, and never changes: under another key a file asks for new
	// payouts. Whoever has it and a reference can find out a card number by trying.
	Key payout.Secret
}

// Layout is what a file's columns are.
type Layout uint8

const (
	LayoutByHeader Layout = iota // the portal's if there is a column creditPan, else our own
	LayoutOwn                    // the library's own columns
	LayoutPortal                 // creditPan,currency,amount,name: the template of the banks' portal (all2pay:93-94)
)

// Encoding is how a CSV file writes characters down. It is never guessed: bytes that
// are Cyrillic letters in one encoding are other letters in the next.
type Encoding uint8

const (
	UTF8        Encoding = iota // with or without a byte order mark
	Windows1251                 // Cyrillic, as spreadsheets in Russian save CSV
)

// minKey is the least length of a key in bytes.
const minKey = 32

var batchRule = payout.ReferenceRule{Alphabet: payout.Alphanumeric + "-_."}

// check returns what is wrong with the options themselves.
func (o Options) check() error {
	seen := map[string]bool{"": true, "recipient": true, "metadata": true}
	for _, k := range o.Kinds {
		if seen[k.Name()] {
			return fmt.Errorf("batch: the columns of kind %q can't be told from others", k.Name())
		}
		seen[k.Name()] = true
	}
	var field, rule string
	switch {
	case len(o.Kinds) == 0:
		field, rule = "kinds", "must be at least one"
	case o.Layout > LayoutPortal:
		field, rule = "layout", "is none that there is"
	case o.Encoding > Windows1251:
		field, rule = "encoding", "is none that there is"
	case o.Batch != "" && batchRule.Check(o.Batch) != "":
		field, rule = "batch", batchRule.Check(o.Batch)
	case o.Batch != "" && o.Key.IsZero():
		field, rule = "key", "is required where references are derived from a batch id"
	case !o.Key.IsZero() && keyLength(o.Key) < minKey:
		field, rule = "key", fmt.Sprintf("must have at least %d bytes", minKey)
	default:
		return nil
	}
	return &payout.Error{Kind: payout.ErrInvalid, Violations: []payout.Violation{{Field: "batch options." + field, Rule: rule}}}
}

// withKinds has the kinds that the zero Options stand for.
func (o Options) withKinds() Options {
	if o.Kinds == nil {
		o.Kinds = payout.Kinds()
	}
	o.Batch = strings.ToLower(o.Batch)
	return o
}
