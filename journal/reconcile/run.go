package reconcile

import (
	"context"
	"errors"
	"io"
	"slices"
	"time"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/dispatch"
)

// Journal is what of a [dispatch.Journal] is asked. Nothing of it writes.
type Journal interface {
	Load(ctx context.Context, reference string) (dispatch.Entry, error)
	FindAttempt(ctx context.Context, account, reference string) (dispatch.Entry, error)
	List(ctx context.Context, f dispatch.Filter) ([]dispatch.Entry, error)
}

// Config says what is held against what.
type Config struct {
	Journal Journal
	// Account is whose statement it is: [payout.Info.Account] of its provider.
	Account string
	// Provider is the name of the account's provider. If it had others, leave it out: then
	// the payouts of all providers are looked through for those of the account.
	Provider string

	// From and Before bound the period that the statement is of.
	From, Before time.Time
	// Margin is how far a debit may be from where the journal has it, by zones and
	// clearing days: so near to the ends of the period nothing is called missing. 0: 24 h;
	// negative: none.
	Margin time.Duration
	// Lookback is how long before the period a payout may have been submitted that was
	// paid in it. 0: 7 days.
	Lookback time.Duration

	Layout Layout
	// Observer hears of each finding that is an alarm, once all are known. It may be nil.
	Observer dispatch.Observer
}

func (c Config) withDefaults() Config {
	switch {
	case c.Margin == 0:
		c.Margin = 24 * time.Hour
	case c.Margin < 0:
		c.Margin = 0
	}
	if c.Lookback == 0 {
		c.Lookback = 7 * 24 * time.Hour
	}
	return c
}

func (c Config) check() error {
	invalid := func(field, rule string) error {
		return &payout.Error{Kind: payout.ErrInvalid, Violations: []payout.Violation{{Field: field, Rule: rule}}}
	}
	switch {
	case c.Journal == nil:
		return invalid("journal", "is required")
	case c.Account == "":
		return invalid("account", "is required")
	case c.From.IsZero() || !c.From.Before(c.Before):
		return invalid("from", "is required, and must be earlier than before")
	case c.Before.Sub(c.From) <= 2*c.Margin:
		return invalid("margin", "must be less than half of the period: nothing could ever be missing")
	case c.Lookback < 0:
		return invalid("lookback", "must not be negative")
	}
	return c.Layout.Check()
}

// maxProblems is how many rows may be wrong before the layout must be.
const maxProblems = 1000

// Run holds a statement against the journal. An error means that there is no report: it
// is ErrInvalid for a configuration that can't be meant, a [*FileError] for a file
// without the columns, or one of the journal's or of the file's reader. Rows that can't
// be read are in the report. It is safe to run several at once, and while payouts are
// being paid: what the journal learns meanwhile may or may not be in the report.
func Run(ctx context.Context, c Config, r io.Reader) (*Report, error) {
	c = c.withDefaults()
	if err := c.check(); err != nil {
		return nil, err
	}
	s, err := open(r, c.Layout)
	if err != nil {
		return nil, err
	}
	m := &matching{
		Config: c, seen: map[key]seen{}, suspects: map[string]int{},
		report: &Report{Account: c.Account, Provider: c.Provider, From: c.From, Before: c.Before, Findings: []Finding{}, Problems: []Problem{}},
	}
	if c.Layout.Columns.Reference == "" {
		if err := m.index(ctx); err != nil {
			return nil, err
		}
	}
	if err := m.rows(ctx, s); err != nil {
		return nil, err
	}
	if err := m.judge(ctx); err != nil {
		return nil, err
	}
	if !m.report.Unread {
		if err := m.missing(ctx); err != nil {
			return nil, err
		}
	}
	slices.SortStableFunc(m.report.Findings, compare)
	if c.Observer != nil {
		for _, f := range m.report.Findings {
			if a, ok := f.Alarm(); ok {
				c.Observer.Alarm(ctx, a)
			}
		}
	}
	return m.report, nil
}

// rows reads the statement to its end.
func (m *matching) rows(ctx context.Context, s *statement) error {
	wrong := 0
	for {
		row, problems, err := s.next()
		var file *FileError
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case errors.As(err, &file):
			m.unread(file.Problem)
			return nil
		case err != nil:
			return err
		case problems != nil:
			m.report.Problems = append(m.report.Problems, problems...)
			if wrong++; wrong >= maxProblems {
				m.unread(Problem{Line: row.line, Rule: "so many rows do not keep to the layout that it must be another file's; nothing after this one was read"})
				return nil
			}
			if err := m.mention(ctx, row); err != nil {
				return err
			}
		default:
			if err := m.match(ctx, row); err != nil {
				return err
			}
		}
	}
}

func (m *matching) unread(p Problem) {
	m.report.Problems = append(m.report.Problems, p)
	m.report.Unread = true
}
