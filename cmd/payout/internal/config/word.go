package config

import (
	"fmt"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/dispatch"
	"github.com/payoutkit/payout/journal/reconcile"
)

// Money is an amount with its currency, as "10.50 EUR".
type Money struct{ payout.Money }

// Currency is a currency's alphabetic code.
type Currency struct{ payout.Currency }

// Reason is why a bank did not pay, by its name.
type Reason struct{ payout.Reason }

// Dedup is what a bank does with a reference that it knows: none, refuses or replays.
type Dedup struct{ payout.Dedup }

// Period is a calendar period: forever, hourly, daily or monthly.
type Period struct{ dispatch.Period }

// Zone is a time zone's name.
type Zone struct{ *time.Location }

// Charset is utf-8 or windows-1251.
type Charset struct{ reconcile.Charset }

// Sign is how debits are written: negative or positive.
type Sign struct{ reconcile.Sign }

// UnmarshalYAML reads an amount such as "10.50 EUR".
func (m *Money) UnmarshalYAML(n *yaml.Node) error {
	return word(n, `an amount with its currency, such as "10.50 EUR"`, func(text string) (err error) {
		m.Money, err = payout.ParseMoney(text)
		return err
	})
}

// UnmarshalYAML reads a currency's alphabetic code.
func (c *Currency) UnmarshalYAML(n *yaml.Node) error {
	return word(n, "a currency of ISO 4217, such as EUR", func(text string) (err error) {
		c.Currency, err = payout.ParseCurrency(text)
		return err
	})
}

// UnmarshalYAML reads a reason's name.
func (r *Reason) UnmarshalYAML(n *yaml.Node) error {
	return oneOf(n, map[string]payout.Reason{
		"insufficient_funds": payout.ReasonInsufficientFunds, "limit_exceeded": payout.ReasonLimitExceeded,
		"destination_invalid": payout.ReasonDestinationInvalid, "destination_restricted": payout.ReasonDestinationRestricted,
		"declined": payout.ReasonDeclined, "fraud_control": payout.ReasonFraudControl, "expired": payout.ReasonExpired,
		"cancelled": payout.ReasonCancelled,
	}, &r.Reason)
}

// UnmarshalYAML reads what a bank does with a reference that it knows.
func (d *Dedup) UnmarshalYAML(n *yaml.Node) error {
	return oneOf(n, map[string]payout.Dedup{
		"none": payout.DedupNone, "refuses": payout.DedupRefuses, "replays": payout.DedupReplays,
	}, &d.Dedup)
}

// UnmarshalYAML reads a calendar period.
func (p *Period) UnmarshalYAML(n *yaml.Node) error {
	return oneOf(n, map[string]dispatch.Period{
		"forever": dispatch.Forever, "hourly": dispatch.Hourly, "daily": dispatch.Daily, "monthly": dispatch.Monthly,
	}, &p.Period)
}

// UnmarshalYAML reads the name of a character set.
func (c *Charset) UnmarshalYAML(n *yaml.Node) error {
	return oneOf(n, map[string]reconcile.Charset{"utf-8": reconcile.UTF8, "windows-1251": reconcile.Windows1251}, &c.Charset)
}

// UnmarshalYAML reads how debits are told from credits.
func (s *Sign) UnmarshalYAML(n *yaml.Node) error {
	return oneOf(n, map[string]reconcile.Sign{"negative": reconcile.DebitsNegative, "positive": reconcile.DebitsPositive}, &s.Sign)
}

// UnmarshalYAML reads the name of a time zone.
func (z *Zone) UnmarshalYAML(n *yaml.Node) error {
	return word(n, "a time zone, such as Europe/Moscow", func(text string) (err error) {
		z.Location, err = time.LoadLocation(text)
		return err
	})
}

// word reads a scalar.
func word(n *yaml.Node, what string, parse func(string) error) error {
	if n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	if n.Kind != yaml.ScalarNode || n.Value == "" || parse(n.Value) != nil {
		return fmt.Errorf("line %d: must be %s", n.Line, what)
	}
	return nil
}

// oneOf reads one of a few words.
func oneOf[T any](n *yaml.Node, words map[string]T, out *T) error {
	v, ok := words[n.Value]
	if n.Kind != yaml.ScalarNode || !ok {
		return fmt.Errorf("line %d: must be %s", n.Line, either(words))
	}
	*out = v
	return nil
}

// either lists words as a person would.
func either[T any](words map[string]T) string {
	names := sortedKeys(words)
	if len(names) == 1 {
		return names[0]
	}
	return strings.Join(names[:len(names)-1], ", ") + " or " + names[len(names)-1]
}
