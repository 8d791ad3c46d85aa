package config

import (
	"fmt"
	"unicode/utf8"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/journal/reconcile"
)

// Statement is how a bank writes its statement: reconcile.Layout.
type Statement struct {
	Columns struct {
		Reference  string `yaml:"reference"`
		ProviderID string `yaml:"provider_id"`
		Amount     string `yaml:"amount"`
		Debit      string `yaml:"debit"`
		Credit     string `yaml:"credit"`
		Currency   string `yaml:"currency"`
		Time       string `yaml:"time"`
	} `yaml:"columns"`
	Skip         int                 `yaml:"skip"`
	Delimiter    string              `yaml:"delimiter"`
	Unquoted     bool                `yaml:"unquoted"`
	Charset      Charset             `yaml:"charset"`
	Currency     Currency            `yaml:"currency"`
	Currencies   map[string]Currency `yaml:"currencies"`
	Minor        bool                `yaml:"minor"`
	DecimalComma bool                `yaml:"decimal_comma"`
	Group        string              `yaml:"group"`
	Debits       Sign                `yaml:"debits"`
	TimeLayout   string              `yaml:"time_layout"`
	Zone         Zone                `yaml:"zone"`
}

// Layout returns how the statement of a provider is written.
func (f *File) Layout(provider string) (reconcile.Layout, error) {
	s, ok := f.Statements[provider]
	if !ok {
		return reconcile.Layout{}, fmt.Errorf("statements.%s: is required: how the bank writes its statement", provider)
	}
	l := reconcile.Layout{
		Columns: reconcile.Columns(s.Columns), Skip: s.Skip, Unquoted: s.Unquoted, Charset: s.Charset.Charset, Currency: s.Currency.Currency,
		Minor: s.Minor, DecimalComma: s.DecimalComma, Debits: s.Debits.Sign, TimeLayout: s.TimeLayout, Zone: s.Zone.Location,
	}
	for _, one := range []struct {
		name, text string
		into       *rune
	}{{"delimiter", s.Delimiter, &l.Delimiter}, {"group", s.Group, &l.Group}} {
		if one.text == "" {
			continue
		}
		if utf8.RuneCountInString(one.text) != 1 {
			return l, fmt.Errorf("statements.%s.%s: must be one character", provider, one.name)
		}
		*one.into, _ = utf8.DecodeRuneInString(one.text)
	}
	for word, c := range s.Currencies {
		if l.Currencies == nil {
			l.Currencies = map[string]payout.Currency{}
		}
		l.Currencies[word] = c.Currency
	}
	return l, nil
}
