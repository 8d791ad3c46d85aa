package demo

import (
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/sandbox/bank"
)

var ten = payout.MustMoney("10.00 RUB")

func entry(reference string, m payout.Money, back bool) bank.Entry {
	return bank.Entry{Reference: reference, Money: m, Back: back}
}

func believed(status payout.Status) Result {
	return Result{
		Line: 2, LastLine: 2, Reference: "p", Provider: "all2pay",
		Payout: payout.Payout{Reference: "p", Amount: ten, Status: status},
	}
}

func without(kind payout.ErrorKind) Result {
	r := believed(payout.StatusUnknown)
	r.Unpaid = &payout.Error{Kind: kind}
	return r
}

// Each kind of contradiction between what we believe of a payout and what the banks'
// ledgers say of it, and beside it the history without one.
func TestAudit(t *testing.T) {
	t.Parallel()
	out, back := entry("p", ten, false), entry("p", ten, true)
	malformed := Result{Line: 2, LastLine: 2, Reference: "p", Malformed: true, Unpaid: payout.ErrInvalid}
	for _, c := range []struct {
		name   string
		result Result
		moved  []bank.Entry // at all2pay
		other  []bank.Entry // at another bank
		want   string       // "" is no finding
	}{
		{"paid", believed(payout.StatusPaid), []bank.Entry{out}, nil, ""},
		{"paid twice", believed(payout.StatusPaid), []bank.Entry{out, out}, nil, "money moved 2 times"},
		{"paid at two banks", believed(payout.StatusPaid), []bank.Entry{out}, []bank.Entry{out}, "money moved 2 times"},
		{"paid twice and failed", believed(payout.StatusFailed), []bank.Entry{out, back, out}, nil, "money moved 2 times"},
		{"paid twice and for a person", believed(payout.StatusReview), []bank.Entry{out, out}, nil, "money moved 2 times"},
		{"paid nowhere", believed(payout.StatusPaid), nil, nil, "believed to be paid, and no money moved"},
		{"paid elsewhere", believed(payout.StatusPaid), nil, []bank.Entry{out}, "sent through all2pay, and money moved at bereke"},
		{
			"another amount", believed(payout.StatusPaid),
			[]bank.Entry{entry("p", payout.MustMoney("10.01 RUB"), false)}, nil, "asked for 10.00 RUB, and 10.01 RUB moved",
		},
		{
			"another currency", believed(payout.StatusPaid),
			[]bank.Entry{entry("p", payout.MustMoney("10.00 KZT"), false)}, nil, "asked for 10.00 RUB, and 10.00 KZT moved",
		},
		{"paid and back", believed(payout.StatusPaid), []bank.Entry{out, back}, nil, "believed to be paid, and the money came back"},
		{"failed", believed(payout.StatusFailed), nil, nil, ""},
		{"failed and moved", believed(payout.StatusFailed), []bank.Entry{out}, nil, "believed to have failed, and money moved"},
		{"failed after all", believed(payout.StatusFailed), []bank.Entry{out, back}, nil, ""},
		{"returned", believed(payout.StatusReturned), []bank.Entry{out, back}, nil, ""},
		{"returned, not back", believed(payout.StatusReturned), []bank.Entry{out}, nil, "believed to be returned, and no money came back"},
		{"returned, never sent", believed(payout.StatusReturned), nil, nil, "believed to be returned, and no money came back"},
		{"with a person", believed(payout.StatusReview), nil, nil, ""},
		{"with a person, moved", believed(payout.StatusReview), []bank.Entry{out}, nil, ""},
		{"unknown", believed(payout.StatusUnknown), nil, nil, "its fate is not known: unknown"},
		{"unknown and moved", believed(payout.StatusUnknown), []bank.Entry{out}, nil, "its fate is not known: unknown"},
		{"pending", believed(payout.StatusPending), nil, nil, "its fate is not known: pending"},
		{"waiting for someone", believed(payout.StatusActionRequired), nil, nil, "its fate is not known: action required"},
		{"not sent", without(payout.ErrNotSent), nil, nil, ""},
		{"not sent and moved", without(payout.ErrNotSent), []bank.Entry{out}, nil, "said to have paid nobody, and money moved"},
		{"refused", without(payout.ErrRefused), nil, nil, ""},
		{"refused and moved", without(payout.ErrRefused), []bank.Entry{out}, nil, "said to have paid nobody, and money moved"},
		{"malformed", malformed, nil, nil, ""},
		{
			"malformed and moved", malformed, []bank.Entry{out}, nil,
			"money moved at all2pay, and no right row of the registry has this reference",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			var want []Finding
			if c.want != "" {
				want = []Finding{{"p", c.want}}
			}
			books := []book{{"all2pay", c.moved}, {"bereke", c.other}}
			require.Equal(t, want, audit([]Result{c.result}, books))
		})
	}
}

func TestAuditOfSeveralRows(t *testing.T) {
	t.Parallel()
	other := believed(payout.StatusPaid)
	other.Reference = "q"
	again := Result{Line: 4, LastLine: 4, Reference: "p", Malformed: true, Unpaid: payout.ErrInvalid}
	books := []book{{"all2pay", []bank.Entry{entry("p", ten, false), entry("nobody", ten, false), entry("nobody", ten, false)}}}
	require.Equal(t, []Finding{
		{"q", "believed to be paid, and no money moved"},
		{"nobody", "money moved at all2pay, and no right row of the registry has this reference"},
	}, audit([]Result{believed(payout.StatusPaid), other, again}, books), "the second row of p is no payout of its own")
}

func TestWhatIsLeftOver(t *testing.T) {
	t.Parallel()
	require.Empty(t, leftOver([]Result{believed(payout.StatusPaid), without(payout.ErrNotSent)}, nil, nil))
	stopped := Result{Line: 3, LastLine: 9, Malformed: true, Unpaid: payout.ErrInvalid}
	require.Equal(t, []Finding{
		{"p", "all2pay took back what it had said"},
		{"", "lines 3 to 9 were not read, so whatever they hold is not paid"},
		{"", "the file could not be read to its end: after line 9 nothing is paid: gone"},
	}, leftOver(
		[]Result{believed(payout.StatusPaid), stopped},
		[]Finding{{"p", "all2pay took back what it had said"}},
		fmt.Errorf("read: %w", errors.New("gone")),
	))
}

// A ledger is compared without what nobody claims to know, and less what came back.
func TestLedgers(t *testing.T) {
	t.Parallel()
	paid, open, returned := believed(payout.StatusPaid), believed(payout.StatusReview), believed(payout.StatusReturned)
	open.Reference, returned.Reference = "open", "returned"
	entries := []bank.Entry{entry("p", ten, false), entry("open", ten, false), entry("returned", ten, false), entry("returned", ten, true)}
	zero := payout.FromMinor(0, payout.RUB)

	s, err := summarise([]Result{paid, open, returned}, []book{{"all2pay", entries}}, 0)
	require.NoError(t, err)
	want := Ledger{Provider: "all2pay", BelievedCount: 1, Believed: ten, MovedCount: 1, Moved: ten, OpenCount: 1, Open: ten, Agree: true}
	require.Equal(t, []Ledger{want}, s.Ledgers)
	require.Equal(t, []Total{{"all2pay", "paid", 1}, {"all2pay", "returned", 1}, {"all2pay", "review", 1}}, s.Totals)

	s, err = summarise([]Result{paid}, []book{{"all2pay", nil}}, 0)
	require.NoError(t, err)
	require.Equal(t, []Ledger{{Provider: "all2pay", BelievedCount: 1, Believed: ten, Moved: zero, Open: zero}}, s.Ledgers)

	most := payout.FromMinor(1<<62, payout.RUB)
	_, err = summarise(nil, []book{{"all2pay", []bank.Entry{entry("a", most, false), entry("b", most, false)}}}, 0)
	require.ErrorIs(t, err, payout.ErrMoneyOverflow)
}
