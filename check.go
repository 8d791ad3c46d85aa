package payout

import (
	"cmp"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
)

// Check tells whether Create would send a request, without sending it: nil,
// ErrInvalid or ErrUnsupported, with every rule that is broken. The adapter may
// know more rules of its bank, and checks them in Create before anything is sent.
func (c *Client) Check(req Request) error {
	v := checker{info: c.info}
	v.bad("reference", c.info.Reference.Check(req.Reference), c.info.Reference.Doc)
	v.amount(req.Amount)
	v.destination(req.Destination)
	v.source(req.Source)
	v.broken = append(v.broken, recipientKind.Check(req.Recipient, "recipient")...)
	if c.info.Description > 0 {
		v.text("description", req.Description, c.info.Description)
	}
	if req.Language != "" {
		v.bad("language", checkLanguage(req.Language), "")
	}
	v.bad("return_url", checkURL(req.ReturnURL), "")
	v.bad("fail_url", checkURL(req.FailURL), "")
	v.bad("callback_url", checkURL(req.CallbackURL), "")
	v.metadata(req.Metadata)
	v.options(req.Options)
	return v.err(c.info.Name, OpCreate)
}

// checker collects what a request breaks, and what the provider lacks for it.
type checker struct {
	info          Info
	broken, lacks []Violation
}

func (v *checker) bad(field, rule, doc string) {
	if rule != "" {
		v.broken = append(v.broken, Violation{Field: field, Rule: rule, Doc: doc})
	}
}

func (v *checker) lack(field, rule string) {
	v.lacks = append(v.lacks, Violation{Field: field, Rule: rule})
}

// text checks a text that need not be there.
func (v *checker) text(field, text string, limit int) {
	v.bad(field, checkText(text, limit), "")
}

// err is nil, ErrUnsupported if the provider lacks something and nothing else is
// wrong, or ErrInvalid.
func (v *checker) err(provider string, op Op) error {
	e := &Error{Kind: ErrInvalid, Provider: provider, Op: op, Violations: slices.Concat(v.broken, v.lacks)}
	for i := range e.Violations {
		e.Violations[i] = v.info.Fields[e.Violations[i].Field].annotate(e.Violations[i])
	}
	switch {
	case len(e.Violations) == 0:
		return nil
	case len(v.broken) == 0:
		e.Kind = ErrUnsupported
	}
	return e
}

// annotate adds the bank's words to a violation.
func (f BankField) annotate(v Violation) Violation {
	if f.Name != "" {
		v.Rule += " (" + f.Name + ")"
	}
	v.Doc = cmp.Or(v.Doc, f.Doc)
	return v
}

func (v *checker) amount(m Money) {
	if m == (Money{}) {
		v.bad("amount", "is required", "")
		return
	}
	if m.Sign() <= 0 {
		v.bad("amount", "must be positive", "")
	}
	switch r, known := v.info.Range(m.Currency()); {
	case !known:
		var codes []string
		for _, r := range v.info.Amounts {
			codes = append(codes, r.Min.Currency().Code())
		}
		v.lack("amount", "currency "+oneOf(codes))
	case m.Sign() > 0 && m.Minor() < r.Min.Minor():
		v.bad("amount", "must be at least "+r.Min.String(), "")
	case m.Minor() > r.Max.Minor():
		v.bad("amount", "must be at most "+r.Max.String(), "")
	}
}

func (v *checker) destination(d Destination) {
	k := kindOf(d)
	switch {
	case absent(d):
		v.bad("destination", "is required", "")
	case !slices.ContainsFunc(v.info.Destinations, k.Is):
		var names []string
		for _, k := range v.info.Destinations {
			names = append(names, k.Name())
		}
		v.lack("destination", oneOf(names))
	default:
		v.broken = append(v.broken, k.Check(d, "destination")...)
	}
}

func oneOf(names []string) string {
	if len(names) == 0 {
		return "must be one of the provider's, which has none"
	}
	return "must be one of " + strings.Join(names, ", ")
}

func (v *checker) source(s Source) {
	if s.SavedCard != "" && !v.info.SourceCards {
		v.lack("source.saved_card", "must be empty: this provider pays from its own account only")
	}
	v.text("source.saved_card", s.SavedCard, 255)
}

// metadata names an entry only if its name is of the kind that programs give: a
// name that somebody typed may be as private as a value.
func (v *checker) metadata(m map[string]string) {
	folded := map[string]bool{}
	for _, name := range slices.Sorted(maps.Keys(m)) {
		field := "metadata"
		if CleanCode(name) != "" {
			field += "." + name
		}
		v.bad(field, metadataRule(name, m[name]), "")
		// Banks echo names in JSON, whose readers differ about case.
		if folded[strings.ToLower(name)] {
			v.bad(field, "names must differ in more than case", "")
		}
		folded[strings.ToLower(name)] = true
	}
}

func metadataRule(name, text string) (rule string) {
	if name == "" || checkText(name, 64) != "" {
		return "names must be 1 to 64 characters, without control characters and without spaces around"
	}
	return checkText(text, 1024)
}

func (v *checker) options(options []Option) {
	seen := map[string]bool{}
	for i, o := range options {
		k := kindOf(o)
		if k.k == nil {
			v.bad(fmt.Sprintf("options.%d", i), "has no kind", "")
			continue
		}
		field := "options." + k.Name()
		if seen[k.Name()] {
			v.bad(field, "stands twice", "")
		}
		seen[k.Name()] = true
		v.broken = append(v.broken, k.Check(o, field)...)
	}
}

func (v *checker) saveCard(r SaveCardRequest) {
	v.broken = append(v.broken, cardKind.Check(r.Card, "card")...)
	v.bad("reference", v.info.Reference.Check(r.Reference), v.info.Reference.Doc)
	v.text("owner_id", r.OwnerID, 255)
	v.text("cvv", r.CVV.Reveal(), 4)
}

// ref is what holds before a question leaves: a reference that the provider could
// have been given, and the amount, without which an answer about something else
// could be taken for this payout.
func (v *checker) ref(ref Ref) {
	v.bad("ref.reference", v.info.Reference.Check(ref.Reference), v.info.Reference.Doc)
	if ref.Amount == (Money{}) {
		v.bad("ref.amount", "is required: the answer is compared with it", "")
	}
	v.id("ref.provider_id", ref.ProviderID)
	v.id("ref.endpoint", ref.Endpoint)
}

func (v *checker) id(field, id string) {
	if id != cleanID(id) {
		v.bad(field, "must be at most 128 printable ASCII characters", "")
	}
}

func checkURL(text string) (rule string) {
	if text == "" {
		return ""
	}
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "https" || u.Hostname() == "" || u.User != nil {
		return "must be an absolute https address"
	}
	return checkText(text, 2048)
}
