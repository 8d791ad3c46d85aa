package payout

import (
	"fmt"
	"strings"
)

// ReferenceRule is what a provider's references may look like. As data, so that a
// derived reference can be made to fit.
type ReferenceRule struct {
	Max      int    // greatest length in bytes; 0 is 64
	Alphabet string // the ASCII characters allowed; empty: letters, digits, '-' and '_'
	Doc      string // the document's line
}

// Alphanumeric is the alphabet of most references.
const Alphanumeric = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

// Check returns the rule that a reference breaks, or "".
func (r ReferenceRule) Check(reference string) (rule string) {
	limit, alphabet := r.Max, r.Alphabet
	if limit == 0 {
		limit = 64
	}
	if alphabet == "" {
		alphabet = Alphanumeric + "-_"
	}
	if reference == "" {
		return "is required"
	}
	if i := strings.IndexFunc(reference, func(c rune) bool { return !strings.ContainsRune(alphabet, c) }); i >= 0 {
		return fmt.Sprintf("has a character at position %d that is not allowed; allowed are %s", i+1, describe(alphabet))
	}
	if len(reference) > limit {
		return fmt.Sprintf("must be at most %d characters", limit)
	}
	return ""
}

func describe(alphabet string) string {
	rest, ok := strings.CutPrefix(alphabet, Alphanumeric)
	if !ok {
		return alphabet
	}
	return strings.Join(append([]string{"ASCII letters, digits"}, strings.Split(rest, "")...), " ")
}
