package payout

import (
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"strings"
	"sync"
	"unsafe"
	"weak"
)

// Redacted is what a Secret shows instead of its text, wherever it is printed.
const Redacted = "[redacted]"

// Secret is a text that must not be shown: a password, a key, a card number, a
// recipient's name, a link that lets whoever has it enter a card.
//
// Whatever prints or encodes it, with any verb, shows [Redacted]: fmt, slog, JSON,
// text, XML and YAML encoders. So do reflective dumps that read unexported fields
// and follow pointers (testify's diff, go-spew, go-cmp): they find an address that
// they can't follow. gob refuses it. Only [Secret.Reveal] returns the text.
//
// Two Secrets are equal by == if their texts are. The zero Secret is the empty
// text and prints as nothing, so that "not set" can be told from "set".
//
// A Secret is immutable and safe for concurrent use. It does not protect from who
// can read the memory of the process.
type Secret struct {
	// A *string, the only one there is for its text, so that == compares texts. Not
	// of that type, nor a unique.Handle: dumps follow those. The garbage collector
	// follows it as it does any pointer.
	text unsafe.Pointer
}

// NewSecret hides a text.
func NewSecret(text string) Secret {
	if text == "" {
		return Secret{}
	}
	return Secret{text: unsafe.Pointer(canonical(text))} // #nosec G103 -- see the field
}

// texts holds the one *string of each text that some Secret holds now: text to
// weak.Pointer[string].
var texts sync.Map

// canonical returns the one *string of a text. It does what package unique does,
// whose Handle does not give its pointer away.
func canonical(text string) *string {
	for {
		if w, ok := texts.Load(text); ok {
			if p := w.(weak.Pointer[string]).Value(); p != nil {
				return p
			}
			texts.CompareAndDelete(text, w) // collected, and its clean-up has not run yet
		}
		p := new(strings.Clone(text))
		w := weak.Make(p)
		if _, taken := texts.LoadOrStore(*p, w); !taken {
			runtime.AddCleanup(p, func(key string) { texts.CompareAndDelete(key, w) }, *p)
			return p
		}
	}
}

// Reveal returns the text. Use it where the text leaves for its bank, and nowhere
// else; the linter lists the places.
func (s Secret) Reveal() string {
	if s.text == nil {
		return ""
	}
	return *(*string)(s.text)
}

// IsZero reports whether the text is empty.
func (s Secret) IsZero() bool { return s.text == nil }

// String returns [Redacted], or nothing for the zero Secret.
func (s Secret) String() string {
	if s.text == nil {
		return ""
	}
	return Redacted
}

// Format implements [fmt.Formatter]: every verb prints [Secret.String].
func (s Secret) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(s.String())) }

// LogValue implements [slog.LogValuer].
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

// MarshalText implements [encoding.TextMarshaler] with [Secret.String]: a Secret
// does not survive encoding.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText implements [encoding.TextUnmarshaler], for configuration files. It
// refuses [Redacted], which is what is left of a Secret that was encoded.
func (s *Secret) UnmarshalText(text []byte) error {
	if string(text) == Redacted {
		return errors.New("payout: this secret was lost when it was encoded: got " + Redacted)
	}
	*s = NewSecret(string(text))
	return nil
}

// GobEncode refuses: what gob stores is meant to be read back.
func (s Secret) GobEncode() ([]byte, error) {
	return nil, errors.New("payout: a secret can't be encoded")
}

// GobDecode refuses, as [Secret.GobEncode] does.
func (s *Secret) GobDecode([]byte) error {
	return errors.New("payout: a secret can't be decoded")
}
