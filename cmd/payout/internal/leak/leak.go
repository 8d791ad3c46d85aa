// Package leak looks for secrets in what a program has written: in clear, in parts, and
// in the encodings that things are written in on their way to a screen, a log, a page or
// a database.
package leak

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"html"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// Search is what is looked for. It is safe for concurrent use.
type Search struct {
	exact  []needle            // to the byte
	folded []needle            // whatever the case
	words  map[string][]string // whole words, as they are and in capitals, and the secrets that have them
}

type needle struct {
	secret, as string
	bytes      []byte
}

// shortest is how many letters or bytes a secret has that is looked for within words. A shorter one
// would be met by chance: it counts as a word of its own.
const shortest = 6

// shortestWord is how many letters a part of a name has that is looked for.
const shortestWord = 4

// tail is how many digits of a number are enough to tell it: a number may be written with
// another country code, or none.
const tail = 10

// For looks for texts, such as card numbers and names, and for bytes, such as a key's.
func For(secrets ...string) *Search {
	s := &Search{words: map[string][]string{}}
	secrets = slices.Clone(secrets)
	slices.Sort(secrets)
	for _, secret := range slices.Compact(secrets) {
		if secret != "" {
			s.add(secret)
		}
	}
	return s
}

// nameLike is what is made of words, each of which tells somebody something.
var nameLike = regexp.MustCompile(`^[\p{L} .'-]+$`)

func (s *Search) add(secret string) {
	lower := strings.ToLower(secret)
	words := []string{secret}
	if nameLike.MatchString(secret) {
		for word := range strings.FieldsSeq(secret) {
			if utf8.RuneCountInString(word) >= shortestWord {
				words = append(words, word)
			}
		}
	}
	for _, word := range words {
		for _, written := range []string{word, strings.ToUpper(word)} {
			s.words[written] = append(s.words[written], secret)
		}
	}
	if utf8.RuneCountInString(secret) < shortest {
		return
	}
	fold := func(as string, b []byte) { s.folded = append(s.folded, needle{secret, as, b}) }
	if utf8.ValidString(secret) {
		fold("clear", []byte(lower))
		fold("reverse", []byte(reversed(lower)))
		units := utf16.Encode([]rune(lower))
		var little, big []byte
		for _, u := range units {
			little = binary.LittleEndian.AppendUint16(little, u)
			big = binary.BigEndian.AppendUint16(big, u)
		}
		fold("UTF-16", little)
		fold("UTF-16", big)
	} else {
		s.exact = append(s.exact, needle{secret, "clear", []byte(secret)})
	}
	fold("hex", []byte(hex.EncodeToString([]byte(secret))))
	for at := range 3 {
		s.exact = append(s.exact,
			needle{secret, "base64", within(base64.RawStdEncoding, secret, at)}, needle{secret, "base64", within(base64.RawURLEncoding, secret, at)})
	}
	if digits := digitsOf(secret); len(digits) >= tail {
		fold("digits", []byte(digits[len(digits)-tail:]))
	}
}

// within is how a text looks inside of a longer one that was encoded, at bytes of which
// so many are in the way before: the letters that depend on it alone.
func within(e *base64.Encoding, text string, before int) []byte {
	all := e.EncodeToString(append(make([]byte, before), text...))
	first := (8*before + 5) / 6
	last := 8 * (before + len(text)) / 6
	return []byte(all[first:last])
}

func reversed(text string) string {
	r := []rune(text)
	slices.Reverse(r)
	return string(r)
}

func digitsOf(text string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, text)
}

func wordsOf(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

// Leak is a secret that was found.
type Leak struct {
	Secret string
	As     string // how it is written: "clear", "hex", "a word", ...
}

// In returns the secrets that stand in what was written, each once.
func (s *Search) In(written []byte) (found []Leak) {
	seen := map[string]bool{}
	leak := func(secret, as string) {
		if !seen[secret] {
			seen[secret] = true
			found = append(found, Leak{secret, as})
		}
	}
	for _, view := range views(written) {
		lower := bytes.ToLower(view)
		for _, n := range s.exact {
			if bytes.Contains(view, n.bytes) {
				leak(n.secret, n.as)
			}
		}
		for _, n := range s.folded {
			if n.as != "digits" && bytes.Contains(lower, n.bytes) {
				leak(n.secret, n.as)
			}
		}
		letters := 1
		if !utf8.Valid(view) {
			letters = shortestWord // among bytes a word of a few letters is met by chance
		}
		for _, word := range wordsOf(string(view)) {
			if utf8.RuneCountInString(word) < letters {
				continue
			}
			for _, secret := range s.words[word] {
				leak(secret, "a word")
			}
		}
		bare := ungrouped.ReplaceAll(view, nil)
		for _, n := range s.folded {
			if n.as == "digits" && bytes.Contains(bare, n.bytes) {
				leak(n.secret, n.as)
			}
		}
	}
	return found
}

// ungrouped is what stands between digits that are written in groups.
var ungrouped = regexp.MustCompile(`[ \-()+./_]|\x{00a0}|\x{202f}|\x{2009}`)

// views are what was written, and what it says once escapes are undone.
func views(written []byte) [][]byte {
	out := [][]byte{written}
	for _, undo := range []func([]byte) []byte{unescapeURL, unescapeJSON, unescapeHTML} {
		if undone := undo(written); !bytes.Equal(undone, written) {
			out = append(out, undone)
		}
	}
	return out
}

var (
	percent  = regexp.MustCompile(`(?:%[0-9A-Fa-f]{2})+`)
	jsonText = regexp.MustCompile(`(?:\\u[0-9A-Fa-f]{4})+|\\["\\/bfnrtx]`)
	entity   = regexp.MustCompile(`&#?[0-9A-Za-z]+;`)
)

func unescapeURL(b []byte) []byte {
	return percent.ReplaceAllFunc(bytes.ReplaceAll(b, []byte("+"), []byte(" ")), func(m []byte) []byte {
		text, err := url.PathUnescape(string(m))
		if err != nil {
			return m
		}
		return []byte(text)
	})
}

func unescapeJSON(b []byte) []byte {
	return jsonText.ReplaceAllFunc(b, func(m []byte) []byte {
		text, err := strconv.Unquote(`"` + strings.ReplaceAll(string(m), `\/`, "/") + `"`)
		if err != nil {
			return m
		}
		return []byte(text)
	})
}

func unescapeHTML(b []byte) []byte {
	return entity.ReplaceAllFunc(b, func(m []byte) []byte { return []byte(html.UnescapeString(string(m))) })
}
