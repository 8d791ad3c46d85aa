package reconcile_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/dispatch"
	"github.com/payoutkit/payout/journal/reconcile"
)

// world is a journal, and a statement of a bank that has made mistakes.
type world struct {
	*rapid.T
	entries []dispatch.Entry
	rows    []movement
	want    []string // kind, payout, attempt
}

// movement is a row that is to be written.
type movement struct {
	reference string
	amount    payout.Money
	credit    bool
	at        time.Time
}

// planted is one payout, and what the bank and the journal have of it.
type planted struct {
	*world
	e dispatch.Entry
}

func (p *planted) attempt(state dispatch.State, other bool) {
	n := len(p.e.Attempts) + 1
	a := attempt(p.e.Reference, state)
	if n > 1 {
		a.Reference = fmt.Sprintf("%s%d", strings.ReplaceAll(p.e.Reference, "Pay", "der"), n)
	}
	if other {
		a = elsewhere(a)
	}
	a.IntentAt = p.e.CreatedAt.Add(time.Second)
	if state.Final() {
		a.FinalAt = a.IntentAt.Add(time.Minute)
	}
	p.e.Attempts = append(p.e.Attempts, a)
	p.e.State = state
}

// moves adds a row for attempt n, with letters of any case.
func (p *planted) moves(n int, amount payout.Money, credit bool) {
	reference := p.e.Attempts[n-1].Reference
	switch rapid.IntRange(0, 2).Draw(p.T, "case") {
	case 1:
		reference = strings.ToUpper(reference)
	case 2:
		reference = strings.ToLower(reference)
	}
	p.rows = append(p.rows, movement{reference, amount, credit, p.e.CreatedAt.Add(2 * time.Second)})
}

func (p *planted) debit(n int)  { p.moves(n, p.e.Amount, false) }
func (p *planted) credit(n int) { p.moves(n, p.e.Amount, true) }

func (p *planted) expect(k reconcile.Kind, n int) {
	p.want = append(p.want, fmt.Sprintf("%s %s %d", k, p.e.Reference, n))
}

// cases are what can be between a bank and a journal about one payout.
var cases = map[string]func(p *planted){
	"paid":     func(p *planted) { p.attempt(dispatch.StatePaid, false); p.debit(1) },
	"failed":   func(p *planted) { p.attempt(dispatch.StateFailed, false) },
	"unknown":  func(p *planted) { p.attempt(dispatch.StateUnknown, false) },
	"other":    func(p *planted) { p.attempt(dispatch.StatePaid, true) },
	"returned": func(p *planted) { p.attempt(dispatch.StateReturned, false); p.debit(1); p.credit(1) },
	"failed over": func(p *planted) {
		p.attempt(dispatch.StateFailed, rapid.Bool().Draw(p.T, "other"))
		p.attempt(dispatch.StatePaid, false)
		p.debit(2)
	},
	"failed over to another": func(p *planted) {
		p.attempt(dispatch.StateFailed, false)
		p.attempt(dispatch.StatePaid, true)
	},
	"reversed": func(p *planted) {
		p.attempt(dispatch.StateFailed, false)
		p.debit(1)
		p.credit(1)
		p.attempt(dispatch.StatePaid, rapid.Bool().Draw(p.T, "other"))
		if p.e.Attempts[1].Account == account {
			p.debit(2)
		}
	},
	"missing": func(p *planted) { p.attempt(dispatch.StatePaid, false); p.expect(reconcile.Missing, 1) },
	"missing after another": func(p *planted) {
		p.attempt(dispatch.StateFailed, true)
		p.attempt(dispatch.StatePaid, false)
		p.expect(reconcile.Missing, 2)
	},
	"edge": func(p *planted) {
		p.e.CreatedAt = november.Add(-time.Hour)
		p.attempt(dispatch.StatePaid, false)
		p.expect(reconcile.Edge, 1)
	},
	"long ago": func(p *planted) {
		p.e.CreatedAt = november.Add(-30 * 24 * time.Hour)
		p.attempt(dispatch.StatePaid, false)
	},
	"debited twice": func(p *planted) {
		p.attempt(dispatch.StatePaid, false)
		for range rapid.IntRange(2, 4).Draw(p.T, "times") {
			p.debit(1)
		}
		p.expect(reconcile.DoubleDebit, 1)
	},
	"double": func(p *planted) {
		p.attempt(dispatch.StateFailed, false)
		p.attempt(dispatch.StatePaid, false)
		p.debit(1)
		p.debit(2)
		p.expect(reconcile.DebitedFailed, 1)
		p.expect(reconcile.DoublePayout, 0)
	},
	"double, elsewhere": func(p *planted) {
		p.attempt(dispatch.StateFailed, false)
		p.attempt(dispatch.StatePaid, true)
		p.debit(1)
		p.expect(reconcile.DebitedFailed, 1)
		p.expect(reconcile.DoublePayout, 0)
	},
	"amount": func(p *planted) {
		p.attempt(dispatch.StatePaid, false)
		more, _ := p.e.Amount.Add(payout.FromMinor(1, p.e.Amount.Currency()))
		p.moves(1, more, false)
		p.expect(reconcile.Amount, 1)
	},
	"currency": func(p *planted) {
		p.attempt(dispatch.StatePaid, false)
		p.moves(1, payout.FromMinor(p.e.Amount.Minor(), payout.KZT), false)
		p.expect(reconcile.Currency, 1)
	},
	"debited": func(p *planted) {
		states := map[dispatch.State]reconcile.Kind{
			dispatch.StateFailed: reconcile.DebitedFailed, dispatch.StateCancelled: reconcile.DebitedCancelled,
			dispatch.StateReview: reconcile.DebitedReview, dispatch.StateUnknown: reconcile.DebitedUnknown,
			dispatch.StateSending: reconcile.DebitedUnknown, dispatch.StateOpen: reconcile.DebitedOpen,
			dispatch.StateClosed: reconcile.DebitedOpen, dispatch.StatePlanned: reconcile.DebitedUnsent,
		}
		s := rapid.SampledFrom([]dispatch.State{
			dispatch.StateFailed, dispatch.StateCancelled, dispatch.StateReview, dispatch.StateUnknown,
			dispatch.StateSending, dispatch.StateOpen, dispatch.StateClosed, dispatch.StatePlanned,
		}).Draw(p.T, "state")
		p.attempt(s, false)
		p.debit(1)
		p.expect(states[s], 1)
	},
	"came back": func(p *planted) {
		p.attempt(dispatch.StatePaid, false)
		p.debit(1)
		p.credit(1)
		p.expect(reconcile.Returned, 1)
	},
	"nobody's": func(p *planted) {
		k, credit := reconcile.Unmatched, rapid.Bool().Draw(p.T, "credit")
		if credit {
			k = reconcile.UnmatchedCredit
		}
		p.rows = append(p.rows, movement{"x" + p.e.Reference, p.e.Amount, credit, middle})
		p.want = append(p.want, string(k)+"  0")
		p.attempt(dispatch.StateFailed, false)
	},
}

// write writes the rows in an order and a layout of any kind.
func (w *world) write() (reconcile.Layout, string) {
	l := reconcile.Layout{
		Columns:    reconcile.Columns{Reference: "Заказ", Amount: "Сумма", Currency: "Валюта", Time: "Когда"},
		Minor:      rapid.Bool().Draw(w.T, "minor"),
		Debits:     rapid.SampledFrom([]reconcile.Sign{reconcile.DebitsNegative, reconcile.DebitsPositive}).Draw(w.T, "sign"),
		Delimiter:  rapid.SampledFrom([]rune{',', ';', '\t', '|'}).Draw(w.T, "delimiter"),
		TimeLayout: "02.01.2006 15:04:05", Zone: time.FixedZone("", 3*60*60),
	}
	l.DecimalComma = !l.Minor && l.Delimiter != ',' && rapid.Bool().Draw(w.T, "comma")
	columns := rapid.Permutation([]string{"Заказ", "Сумма", "Валюта", "Когда", "Текст"}).Draw(w.T, "columns")
	var b strings.Builder
	line := func(cells map[string]string) {
		for i, c := range columns {
			if i > 0 {
				b.WriteRune(l.Delimiter)
			}
			b.WriteString(cells[c])
		}
		b.WriteString("\r\n")
	}
	line(map[string]string{"Заказ": "Заказ", "Сумма": "Сумма", "Валюта": "Валюта", "Когда": "Когда", "Текст": "Текст"})
	for _, m := range rapid.Permutation(w.rows).Draw(w.T, "rows") {
		amount := m.amount.Major()
		if l.Minor {
			amount = fmt.Sprint(m.amount.Minor())
		}
		if l.DecimalComma {
			amount = strings.Replace(amount, ".", ",", 1)
		}
		if m.credit == (l.Debits == reconcile.DebitsPositive) {
			amount = "-" + amount
		}
		line(map[string]string{
			"Заказ": m.reference, "Сумма": amount, "Валюта": m.amount.Currency().Code(),
			"Когда": m.at.In(l.Zone).Format(l.TimeLayout), "Текст": `"said ""so"", and` + "\n" + string(l.Delimiter) + `"`,
		})
	}
	return l, b.String()
}

// The report names exactly the mistakes that were made, in whatever order and layout
// the bank writes.
func TestReportNamesExactlyTheMistakes(t *testing.T) {
	var names []string
	for name := range cases {
		names = append(names, name)
	}
	slices.Sort(names)
	rapid.Check(t, func(t *rapid.T) {
		w := &world{T: t}
		for i := range rapid.IntRange(0, 40).Draw(t, "payouts") {
			p := &planted{world: w, e: dispatch.Entry{
				Reference: fmt.Sprintf("Pay-%04d", i),
				Amount:    payout.FromMinor(rapid.Int64Range(1, 1_000_000_00).Draw(t, "amount"), rapid.SampledFrom([]payout.Currency{payout.RUB, payout.JPY, payout.KWD}).Draw(t, "currency")),
				CreatedAt: november.Add(2*day + time.Duration(rapid.IntRange(0, 25*24*3600).Draw(t, "second"))*time.Second),
			}}
			p.e.SendUntil = p.e.CreatedAt.Add(day)
			cases[rapid.SampledFrom(names).Draw(t, "case")](p)
			w.entries = append(w.entries, p.e)
		}
		c := config(journal(t, w.entries...))
		var text string
		c.Layout, text = w.write()
		r, err := reconcile.Run(context.Background(), c, strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, f := range r.Findings {
			if f.Kind == reconcile.DoublePayout {
				f.Attempt = 0 // which of them comes later is the order's
			}
			got = append(got, fmt.Sprintf("%s %s %d", f.Kind, f.Reference, f.Attempt))
		}
		slices.Sort(got)
		slices.Sort(w.want)
		if !slices.Equal(got, w.want) || !r.Whole() {
			t.Fatalf("found %q\nplanted %q\nproblems %v\n%s", got, w.want, r.Problems, text)
		}
		if r.Debits.Rows+r.Credits.Rows != len(w.rows) {
			t.Fatalf("read %d and %d of %d rows", r.Debits.Rows, r.Credits.Rows, len(w.rows))
		}
	})
}
