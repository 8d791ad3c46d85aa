package reconcile

import (
	"cmp"
	"context"
	"crypto/sha256"
	"errors"
	"maps"
	"slices"
	"strings"

	"github.com/payoutkit/payout/dispatch"
)

// matching is a statement on its way through the journal.
type matching struct {
	Config
	report *Report
	// seen is what the statement has of attempts.
	seen map[key]seen
	// suspects are the payouts to be judged when all rows are read, and the first line
	// that has each.
	suspects map[string]int
	// ids are payouts by the bank's ids, if rows are matched by them; "" where two have
	// the same.
	ids map[key]string
}

// key stands for an attempt at the account, by its reference, or for an id of the bank's.
type key [16]byte

func keyOf(text string) key {
	sum := sha256.Sum256([]byte(text))
	return key(sum[:])
}

// attemptKey is without regard to case, as references are.
func attemptKey(a dispatch.Attempt) key { return keyOf(strings.ToLower(a.Reference)) }

// seen is what a statement has of one attempt.
type seen struct {
	debits, credits uint32 // credits of the whole amount
	partial         uint32 // credits of another one
	first, last     uint32 // lines of debits
	credit          uint32 // line of the last credit
	mentioned       bool   // by a row that is wrong
}

// left reports how often the amount left the account and did not come back.
func (s seen) left() int { return int(s.debits) - int(s.credits) }

// find returns the attempt that a row belongs to, or ErrNoEntry.
func (m *matching) find(ctx context.Context, r row) (e dispatch.Entry, n int, err error) {
	switch byID := m.ids != nil; {
	case byID:
		owner := m.ids[keyOf(r.id)]
		if r.id == "" || owner == "" {
			return e, -1, dispatch.ErrNoEntry
		}
		e, err = m.Journal.Load(ctx, owner)
	case r.reference == "":
		return e, -1, dispatch.ErrNoEntry
	default:
		e, err = m.Journal.FindAttempt(ctx, m.Account, r.reference)
	}
	if err != nil {
		return e, -1, err
	}
	for n, a := range e.Attempts {
		if a.Account == m.Account && (m.ids != nil && a.ProviderID == r.id ||
			m.ids == nil && strings.ToLower(a.Reference) == strings.ToLower(r.reference)) { //nolint:staticcheck // as the journal compares
			return e, n, nil
		}
	}
	return e, -1, dispatch.ErrNoEntry
}

// mention keeps what a wrong row names from being called missing.
func (m *matching) mention(ctx context.Context, r row) error {
	e, n, err := m.find(ctx, r)
	switch {
	case errors.Is(err, dispatch.ErrNoEntry):
		return nil
	case err != nil:
		return err
	}
	s := m.seen[attemptKey(e.Attempts[n])]
	s.mentioned = true
	m.seen[attemptKey(e.Attempts[n])] = s
	return nil
}

// match takes a row down.
func (m *matching) match(ctx context.Context, r row) error {
	total := &m.report.Debits
	if r.credit {
		total = &m.report.Credits
	}
	if err := total.add(r.money); err != nil {
		return err
	}
	if r.at.Before(m.From.Add(-m.Margin)) || !r.at.Before(m.Before.Add(m.Margin)) {
		m.report.Outside++
	}
	e, n, err := m.find(ctx, r)
	switch {
	case errors.Is(err, dispatch.ErrNoEntry):
		f := Finding{
			Kind: Unmatched, Line: r.line, Provider: m.Provider,
			BankReference: shown(r.reference), ProviderID: shown(r.id), Amount: r.money, At: r.at,
		}
		if r.credit {
			f.Kind = UnmatchedCredit
		}
		m.report.Findings = append(m.report.Findings, f)
		return nil
	case err != nil:
		return err
	}
	a := e.Attempts[n]
	k := attemptKey(a)
	s := m.seen[k]
	switch {
	case !r.credit:
		if err := m.report.Matched.add(r.money); err != nil {
			return err
		}
		s.debits++
		s.first, s.last = cmp.Or(s.first, uint32(r.line)), uint32(r.line)
	case r.money == e.Amount:
		s.credits++
		s.credit = uint32(r.line)
	default:
		s.partial++
		s.credit = uint32(r.line)
	}
	m.seen[k] = s
	f := m.finding("", e, n)
	f.Line, f.Amount, f.At = r.line, r.money, r.at
	if r.money.Currency() != e.Amount.Currency() {
		m.found(f, Currency)
	} else if r.money != e.Amount {
		m.found(f, Amount)
	}
	if r.id != "" && a.ProviderID != "" && r.id != a.ProviderID {
		m.found(f, Stranger)
	}
	if says := standing(e, n); r.credit || s.debits > 1 || len(e.Attempts) > 1 || says != dispatch.StatePaid && says != dispatch.StateReturned {
		if _, ok := m.suspects[e.Reference]; !ok {
			m.suspects[e.Reference] = r.line
		}
	}
	return nil
}

func (m *matching) finding(k Kind, e dispatch.Entry, n int) Finding {
	a := e.Attempts[n]
	return Finding{
		Kind: k, Reference: e.Reference, Attempt: n + 1, Provider: a.Provider, State: standing(e, n).String(),
		BankReference: a.Reference, ProviderID: a.ProviderID, Expected: e.Amount,
	}
}

func (m *matching) found(f Finding, k Kind) {
	f.Kind = k
	m.report.Findings = append(m.report.Findings, f)
}

// judge looks at what could not be told row by row: a debit may come back further down.
func (m *matching) judge(ctx context.Context) error {
	order := slices.SortedFunc(maps.Keys(m.suspects), func(a, b string) int { return cmp.Compare(m.suspects[a], m.suspects[b]) })
	for _, reference := range order {
		e, err := m.Journal.Load(ctx, reference)
		if err != nil {
			return err
		}
		for n, a := range e.Attempts {
			if s, ok := m.seen[attemptKey(a)]; ok && a.Account == m.Account {
				m.judgeAttempt(e, n, s)
			}
		}
		m.judgePayout(e)
	}
	return nil
}

func (m *matching) judgeAttempt(e dispatch.Entry, n int, s seen) {
	f := m.finding("", e, n)
	says := standing(e, n)
	f.Line = int(s.first)
	if k := debited(says); k != "" && s.left() > 0 {
		m.found(f, k)
	}
	if s.left() > 1 {
		f.Line, f.OtherLine = int(s.last), int(s.first)
		m.found(f, DoubleDebit)
	}
	f.Line, f.OtherLine = int(s.credit), int(s.first)
	if s.partial > 0 || s.credits > 0 && s.left() <= 0 && !back(says) {
		m.found(f, Returned)
	}
}

// judgePayout looks for a second attempt that was paid too.
func (m *matching) judgePayout(e dispatch.Entry) {
	last, other, paid := -1, 0, 0
	line := func(n int) int { return int(m.seen[attemptKey(e.Attempts[n])].last) }
	for n, a := range e.Attempts {
		s, here := seen{}, a.Account == m.Account
		if here {
			s, here = m.seen[attemptKey(a)]
		}
		switch {
		case here && s.left() > 0:
			paid++
			if last < 0 || line(n) > line(last) {
				if last >= 0 {
					other = line(last)
				}
				last = n
			} else {
				other = line(n)
			}
		case (!here || s.debits == 0 && s.credits == 0) && a.State == dispatch.StatePaid:
			paid++
		}
	}
	if last >= 0 && paid > 1 {
		f := m.finding(DoublePayout, e, last)
		f.Line, f.OtherLine = line(last), other
		m.report.Findings = append(m.report.Findings, f)
	}
}
