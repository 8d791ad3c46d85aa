package conformance

import (
	"cmp"
	"slices"
	"strings"
	"unicode"

	"github.com/payoutkit/payout"
)

func referenceCases() []Case {
	return []Case{{
		Name: "references", Rule: "A reference of the greatest length, with every character that Info allows, arrives as it is, and so does one that differs from it in one character or in case; each is found by its own.",
		Cost: "Two payouts have one reference: the bank drops one of them, or one's fate is taken for the other's.", Money: true, run: references,
	}}
}

func references(t *T) {
	rule := t.world().client.Info().Reference
	all := fullReferences(rule)
	for _, template := range t.h.Requests {
		w := t.world()
		w.keeps(template, all...)
	}
	template, whole := t.h.Requests[0], all[0]
	w := t.world()
	w.keeps(template, alike(whole, rule)...)
	if other := strings.Map(swapCase, whole); other != whole && rule.Check(other) == "" {
		t.world().keepsCase(template, whole, other)
	}
}

// keeps pays under each of the references, and then finds each: while one is asked
// about, the bank knows the others.
func (w *world) keeps(template payout.Request, references ...string) {
	t := w.t
	var paid []payout.Payout
	for _, reference := range references {
		if p, ok := w.payAs(template, reference); ok {
			paid = append(paid, p)
		}
	}
	for _, p := range paid {
		again, err := w.settle(payout.Ref{Reference: p.Reference, Amount: p.Amount})
		another := again.ProviderID != p.ProviderID && again.ProviderID != "" && p.ProviderID != ""
		if err != nil || again.Status != payout.StatusPaid || another {
			t.Errorf("the payout under %q, found by it, is %s with id %q instead of %q, error %v", p.Reference, again.Status, again.ProviderID, p.ProviderID, err)
		}
	}
	if n := w.bank.Total(); n != len(paid) {
		t.Errorf("%d payouts were made, and money moved %d times", len(paid), n)
	}
}

// payAs pays under a reference, and holds the ledger against it. It is false if the
// adapter refused the reference before anything was sent, by a rule that Info has no
// words for.
func (w *world) payAs(template payout.Request, reference string) (payout.Payout, bool) {
	t := w.t
	template.Reference = reference
	req := w.prepared(template)
	p, err := w.create(req)
	switch {
	case payout.KindOf(err) == payout.ErrInvalid:
		t.notef("the reference %q was refused before anything was sent", reference)
		return p, false
	case err != nil:
		t.Errorf("the reference %q, which Info allows: %v", reference, err)
		return p, false
	case p.Status == payout.StatusActionRequired:
		w.act(p)
	}
	if !p.Status.Final() {
		p, _ = w.settle(p.Ref())
	}
	if moved := w.bank.Moved(reference); p.Status != payout.StatusPaid || len(moved) != 1 || moved[0] != req.Amount {
		t.Errorf("a payout under %q ended as %s, and %v moved under it", reference, p.Status, moved)
		return p, false
	}
	return p, true
}

// keepsCase pays under two references that differ in case only. A bank may take them for
// one, and refuse the second; what it says of that one is then not about the first.
func (w *world) keepsCase(template payout.Request, first, second string) {
	t := w.t
	if _, ok := w.payAs(template, first); !ok {
		return
	}
	template.Reference = second
	req := w.prepared(template)
	p, err := w.create(req)
	if err == nil && p.Status == payout.StatusActionRequired {
		w.act(p)
	}
	if err == nil && !p.Status.Final() {
		p, err = w.settle(p.Ref())
	}
	moved := len(w.bank.Moved(second))
	switch {
	case len(w.bank.Moved(first)) != 1 || moved > 1 || w.bank.Total() != 1+moved:
		t.Errorf("two references that differ in case: money moved %d times under %q, %d under %q, and %d times in all",
			len(w.bank.Moved(first)), first, moved, second, w.bank.Total())
	case moved == 1 && (err != nil || p.Status != payout.StatusPaid):
		t.Errorf("money moved under %q, and after another in other case it ended as %s, error %v", second, p.Status, err)
	case moved == 0:
		t.notef("the bank takes references that differ in case for one: status %s, error %v", p.Status, err)
	}
}

// fullReferences returns references of the greatest length, which hold all of a rule's
// characters among them. They begin and end in a letter or digit where there is one:
// some banks want that, and Info has no words for it.
func fullReferences(rule payout.ReferenceRule) (out []string) {
	length := cmp.Or(rule.Max, 64)
	alphabet := mixed(cmp.Or(rule.Alphabet, payout.Alphanumeric+"-_"))
	edges := strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, alphabet)
	edges = cmp.Or(edges, alphabet)
	for i := 0; i < len(alphabet); {
		var b strings.Builder
		for b.Len() < length {
			if at := b.Len(); at == 0 || at == length-1 {
				b.WriteByte(edges[len(out)%len(edges)])
				continue
			}
			b.WriteByte(alphabet[i%len(alphabet)])
			i++
		}
		out = append(out, b.String())
		if length < 3 {
			break // no middle to put them into
		}
	}
	return out
}

// mixed spreads an alphabet, so that a few characters of it are already of every sort.
func mixed(alphabet string) string {
	const step = 23
	var out []byte
	for start := range step {
		for i := start; i < len(alphabet); i += step {
			out = append(out, alphabet[i])
		}
	}
	return string(out)
}

// alike returns a reference and others of its length that differ from it in one
// character, the first, the middle one or the last.
func alike(reference string, rule payout.ReferenceRule) []string {
	out := []string{reference}
	for _, at := range []int{0, len(reference) / 2, len(reference) - 1} {
		for _, c := range []byte("1a2bAB") {
			other := reference[:at] + string(c) + reference[at+1:]
			if other != reference && !slices.Contains(out, other) && rule.Check(other) == "" && !strings.EqualFold(other, reference) {
				out = append(out, other)
				break
			}
		}
	}
	return out
}

func swapCase(r rune) rune {
	if unicode.IsUpper(r) {
		return unicode.ToLower(r)
	}
	return unicode.ToUpper(r)
}
