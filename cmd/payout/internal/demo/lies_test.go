package demo

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/sandbox/bank"
)

// Banks that lie, or were used behind our back: the audit finds each of them out.
func TestBanksThatLie(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		rows  string
		spoil func(t *testing.T, b *banks)
		want  []string
	}{
		{"none does", rub("p") + kzt("q") + usd("r"), func(*testing.T, *banks) {}, nil},
		{"paid before", usd("p"), func(t *testing.T, b *banks) {
			behind(t, b, "connpay", usd("p"))
		}, []string{"p: money moved 2 times"}},
		{"declined after paying", rub("p"), func(_ *testing.T, b *banks) {
			b.all2pay.Script(bank.Script{Operation: bank.Create, Act: bank.Pay(), Alter: state(bank.Declined)})
		}, []string{"p: all2pay took back what it had said"}},
		{"declined after paying, and sticks to it", rub("p"), func(_ *testing.T, b *banks) {
			b.all2pay.Script(bank.Script{Alter: state(bank.Declined)})
		}, []string{"p: believed to have failed, and money moved"}},
		{"without funds after paying, and sticks to it", rub("p"), func(_ *testing.T, b *banks) {
			b.all2pay.Script(bank.Script{Alter: withoutFunds})
		}, []string{"p: money moved 2 times"}},
		{"paid after declining", kzt("p"), func(_ *testing.T, b *banks) {
			b.bereke.Script(bank.Script{Operation: bank.Create, Act: bank.Decline(""), Alter: state(bank.Paid)})
		}, []string{"p: believed to be paid, and no money moved"}},
		{"refused after paying", kzt("p"), func(_ *testing.T, b *banks) {
			b.bereke.Script(bank.Script{Reply: b.bereke.Reply(401, "90")})
		}, []string{"p: said to have paid nobody, and money moved", ": bereke was held: it got no more payouts until a check call succeeded"}},
		{"refused after paying, where there is another account", rub("p"), func(_ *testing.T, b *banks) {
			b.all2pay.Script(bank.Script{Reply: b.all2pay.Reply(401, "90")})
		}, []string{"p: money moved 2 times", ": all2pay was held: it got no more payouts until a check call succeeded"}},
		{"paid elsewhere", rub("p"), func(t *testing.T, b *banks) {
			behind(t, b, "bereke", kzt("p"))
			b.all2pay.Script(bank.Script{Operation: bank.Create, Act: bank.Decline(""), Alter: state(bank.Paid)})
		}, []string{"p: sent through all2pay, and money moved at bereke"}},
		{"paid for nobody", rub("p"), func(t *testing.T, b *banks) {
			behind(t, b, "all2pay", rub("stray"))
		}, []string{"stray: money moved at all2pay, and no right row of the registry has this reference"}},
		{"an answer about another amount", rub("p"), func(_ *testing.T, b *banks) {
			b.all2pay.Script(bank.Script{Operation: bank.Create, Alter: bank.Claim(payout.MustMoney("10.01 RUB"))})
		}, []string{"p: all2pay contradicted itself or us: amount differs"}},
		{"an answer about somebody else", rub("p"), func(_ *testing.T, b *banks) {
			b.all2pay.Script(bank.Script{Operation: bank.Create, Alter: bank.ClaimReference("q")})
		}, []string{"p: all2pay contradicted itself or us: reference differs"}},
		{"never an answer", rub("p") + rub("q"), func(_ *testing.T, b *banks) {
			b.all2pay.Script(bank.Script{Reference: "p", Operation: bank.Create, Act: bank.Nothing()})
		}, []string{"p: its fate is not known: unknown"}},
		{"never an end", rub("p") + rub("q"), func(_ *testing.T, b *banks) {
			b.all2pay.Script(bank.Script{Reference: "p", Operation: bank.Create, Act: bank.Pend(1)})
		}, []string{"p: its fate is not known: pending"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			b := open(t)
			c.spoil(t, b)
			// Only where there is no end to wait for, the wait is cut short.
			wait := 2 * patience
			if strings.HasPrefix(c.name, "never") || c.name == "refused after paying" {
				wait = 2 * time.Second
			}
			all, err := over(t.Context(), t, b, c.rows, wait)
			require.Equal(t, c.want, findings(all))
			require.Equal(t, len(c.want), all[len(all)-1].Findings)
			if c.want == nil {
				require.NoError(t, err)
				return
			}
			require.ErrorIs(t, err, ErrFindings)
		})
	}
}

// withoutFunds is a statement that the account holds too little (all2pay:890).
func withoutFunds(s *bank.Statement) { s.State, s.Code = bank.Declined, "116" }

func state(s bank.State) func(*bank.Statement) {
	return func(statement *bank.Statement) { statement.State = s }
}

// behind pays a row at a bank without anybody's knowing.
func behind(t *testing.T, b *banks, provider, row string) {
	t.Helper()
	for _, c := range b.clients() {
		if c.Name() == provider {
			_, err := c.Create(t.Context(), parsed(t, row).Request)
			require.NoError(t, err)
			return
		}
	}
	require.Fail(t, "no such bank", provider)
}

// What the table says of a payout that is open, and of books that differ.
func TestFindingsAsText(t *testing.T) {
	t.Parallel()
	b := open(t)
	b.all2pay.Script(bank.Script{Reference: "p", Operation: bank.Create, Act: bank.PendPaid(1)})
	b.all2pay.Script(bank.Script{Reference: "q", Operation: bank.Create, Act: bank.Decline(""), Alter: state(bank.Paid)})
	var out strings.Builder
	err := payThrough(t.Context(), Options{Out: &out, Name: "a test"}, reader(t, head+rub("p")+rub("q")), b, 2*time.Second)
	require.ErrorIs(t, err, ErrFindings)
	flat := strings.Join(strings.Fields(out.String()), " ")
	for _, want := range []string{
		"p all2pay 1 10.00 RUB card 411111******1111 pending still open",
		"all2pay 1 10.00 RUB 0 0.00 RUB DIFFER; open: 1, 10.00 RUB",
		"FINDING: p: its fate is not known: pending",
		"FINDING: q: believed to be paid, and no money moved",
	} {
		require.Contains(t, flat, want)
	}
	require.NotContains(t, flat, "at most once")
}

// A report that nobody can read is no reason to stop paying, and no success.
func TestReportThatCannotBeWritten(t *testing.T) {
	t.Parallel()
	for _, json := range []bool{false, true} {
		b := open(t)
		err := payThrough(context.Background(), Options{Out: &full{room: 300}, JSON: json}, reader(t, head+rub("p")+kzt("q")+usd("r")), b, patience)
		require.ErrorIs(t, err, ErrFindings)
		require.ErrorIs(t, err, errFull)
		for _, s := range []*bank.Server{b.all2pay.Server, b.bereke.Server, b.connpay.Server} {
			require.Len(t, s.Ledger().Entries(), 1)
		}
		require.Empty(t, b.reserve.Requests())
	}
}
