package dispatch

import (
	"encoding/json"
	"errors"

	"github.com/payoutkit/payout"
)

// stored is a request in clear, for a [Sealer] and nothing else.
type stored struct {
	Reference   string            `json:"reference"`
	Amount      payout.Money      `json:"amount"`
	Destination storedRecord      `json:"destination"`
	Source      string            `json:"source,omitempty"`
	Recipient   storedRecord      `json:"recipient"`
	Description string            `json:"description,omitempty"`
	Language    string            `json:"language,omitempty"`
	ReturnURL   string            `json:"return_url,omitempty"`
	FailURL     string            `json:"fail_url,omitempty"`
	CallbackURL string            `json:"callback_url,omitempty"`
	Metadata    map[string]string `json:"metadata,omitempty"`
	Options     []storedRecord    `json:"options,omitempty"`
}

type storedRecord struct {
	Kind   string            `json:"kind"`
	Fields map[string]string `json:"fields"`
}

// kinds knows the records that requests are made of, by name.
type kinds map[string]payout.Kind

// kindsOf are those of the library and of the providers.
func kindsOf(providers []*payout.Client) kinds {
	out := kinds{}
	for _, k := range payout.Kinds() {
		out[k.Name()] = k
	}
	for _, p := range providers {
		for _, k := range p.Info().Destinations {
			out[k.Name()] = k
		}
		for _, k := range p.Info().Options {
			out[k.Name()] = k
		}
	}
	recipient := payout.Recipient{}.Kind()
	out[recipient.Name()] = recipient
	return out
}

var errKind = errors.New("dispatch: a request of a kind that no provider knows")

func (ks kinds) store(rec payout.Record) storedRecord {
	out := storedRecord{Kind: rec.Kind().Name(), Fields: map[string]string{}}
	for _, v := range rec.Kind().Values(rec) {
		if !v.Text.IsZero() {
			out.Fields[v.Name] = v.Text.Reveal()
		}
	}
	return out
}

// storable reports whether a request may be stored, if only sealed. One with a field
// that must not be kept in any form may not: after a restart it is submitted again.
func storable(req payout.Request) bool {
	records := []payout.Record{req.Destination, req.Recipient}
	for _, o := range req.Options {
		records = append(records, o)
	}
	for _, rec := range records {
		for _, v := range rec.Kind().Values(rec) {
			if v.Unstored && !v.Text.IsZero() {
				return false
			}
		}
	}
	return true
}

// build makes a record of type R again.
func build[R payout.Record](ks kinds, s storedRecord) (R, error) {
	rec, ok := ks[s.Kind].Build(func(field string) string { return s.Fields[field] }).(R)
	if !ok {
		return rec, errKind
	}
	return rec, nil
}

// encode writes a request with everything in it, to be sealed.
func (ks kinds) encode(req payout.Request) ([]byte, error) {
	for _, o := range req.Options {
		if name := o.Kind().Name(); !ks[name].Is(o.Kind()) {
			return nil, invalid("options."+name, "is of a kind that no provider here has, and could not be read again")
		}
	}
	s := stored{
		Reference: req.Reference, Amount: req.Amount, Destination: ks.store(req.Destination),
		Source: req.Source.SavedCard, Recipient: ks.store(req.Recipient), Description: req.Description,
		Language: req.Language, ReturnURL: req.ReturnURL, FailURL: req.FailURL, CallbackURL: req.CallbackURL,
		Metadata: req.Metadata,
	}
	for _, o := range req.Options {
		s.Options = append(s.Options, ks.store(o))
	}
	return json.Marshal(s)
}

// decode reads what encode wrote.
func (ks kinds) decode(text []byte) (payout.Request, error) {
	var s stored
	if err := json.Unmarshal(text, &s); err != nil {
		return payout.Request{}, errors.New("dispatch: a sealed request that can't be read")
	}
	to, err := build[payout.Destination](ks, s.Destination)
	if err != nil {
		return payout.Request{}, err
	}
	person, err := build[payout.Recipient](ks, s.Recipient)
	if err != nil {
		return payout.Request{}, err
	}
	req := payout.Request{
		Reference: s.Reference, Amount: s.Amount, Destination: to, Source: payout.Source{SavedCard: s.Source},
		Recipient: person, Description: s.Description, Language: s.Language, ReturnURL: s.ReturnURL,
		FailURL: s.FailURL, CallbackURL: s.CallbackURL, Metadata: s.Metadata,
	}
	for _, o := range s.Options {
		option, err := build[payout.Option](ks, o)
		if err != nil {
			return payout.Request{}, err
		}
		req.Options = append(req.Options, option)
	}
	return req, nil
}
