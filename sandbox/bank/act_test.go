package bank_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/sandbox/bank"
)

// Each act, and what it does to the ledger.
func TestActs(t *testing.T) {
	for name, test := range map[string]struct {
		act   bank.Act
		words []any // of the create and of status calls
		moved []int // how often, after each
	}{
		"by itself":          {bank.Act{}, []any{"paid", "paid"}, []int{1, 1}},
		"pay":                {bank.Pay(), []any{"paid", "paid"}, []int{1, 1}},
		"decline":            {bank.Decline("7"), []any{"no", "no"}, []int{0, 0}},
		"pend":               {bank.Pend(0), []any{"wait", "wait", "wait"}, []int{0, 0, 0}},
		"pend 2, pay":        {bank.Pend(2).Then(bank.Pay()), []any{"wait", "wait", "wait", "paid", "paid"}, []int{0, 0, 0, 1, 1}},
		"pend paid, pay":     {bank.PendPaid(1).Then(bank.Pay()), []any{"wait", "wait", "paid"}, []int{1, 1, 1}},
		"pend 1, decline":    {bank.Pend(1).Then(bank.Decline("")), []any{"wait", "wait", "no"}, []int{0, 0, 0}},
		"paid, then failed":  {bank.Pay().Then(bank.Decline("")), []any{"paid", "no"}, []int{1, 1}},
		"failed, then paid":  {bank.Decline("").Then(bank.Pay()), []any{"no", "paid"}, []int{0, 1}},
		"paid, then back":    {bank.Pay().Then(bank.Return()), []any{"paid", "back", "back"}, []int{1, 1, 1}},
		"a word of its own":  {bank.Pend(0).Then(bank.Say(bank.Pending, "hm")).Then(bank.Pay()), []any{"wait", "hm", "paid"}, []int{0, 0, 1}},
		"back without going": {bank.Pend(0).Then(bank.Return()), []any{"wait", "back"}, []int{0, 0}},
	} {
		t.Run(name, func(t *testing.T) {
			h := start(t)
			h.Script(bank.Script{Operation: bank.Create, Act: test.act})
			for i, want := range test.words {
				var a answer
				if i == 0 {
					a = h.pay("p")
				} else {
					a = h.ask("p")
				}
				assert.Equal(t, want, h.word(a), i)
				assert.Equal(t, test.moved[i], h.Ledger().Times("p"), i)
			}
		})
	}
}

func TestMoneyThatCameBack(t *testing.T) {
	h := start(t)
	h.Ledger().Fund("", payout.FromMinor(5000, payout.EUR))
	h.Script(bank.Script{Reference: "p", Operation: bank.Create, Act: bank.Pay().Then(bank.Return())})
	h.pay("p")
	h.pay("q")
	assert.Equal(t, bank.Funds{Limited: true, Balance: 2900, Spent: 2100}, h.Ledger().Funds(""))
	h.ask("p")
	entries := h.Ledger().Moved("p")
	require.Len(t, entries, 2)
	assert.True(t, entries[1].Back)
	assert.Equal(t, bank.Funds{Limited: true, Balance: 3950, Spent: 1050}, h.Ledger().Funds(""))
	totals, err := h.Ledger().Totals()
	require.NoError(t, err)
	assert.Equal(t, map[payout.Currency]payout.Money{payout.EUR: payout.FromMinor(1050, payout.EUR)}, totals)
}

func TestAdvanceAndScriptedStatus(t *testing.T) {
	h := start(t)
	h.Script(bank.Script{Operation: bank.Create, Act: bank.Pend(0)})
	h.pay("p")
	assert.False(t, h.Advance("q", bank.Pay()))
	assert.False(t, h.Advance("p", bank.Nothing()), "to nothing there is no way")
	require.True(t, h.Advance("p", bank.Pay()))
	assert.Equal(t, 1, h.Ledger().Times("p"), "money moves without a status call")
	assert.Equal(t, "paid", h.word(h.ask("p")))
	h.Script(bank.Script{Operation: bank.Status, Times: 1, Act: bank.Decline("9")})
	assert.Equal(t, "9", h.ask("p").json(t)["code"])
	assert.Equal(t, "no", h.word(h.ask("p")), "from then on")
	require.Len(t, h.Orders(), 1)
	assert.Equal(t, bank.Declined, h.Orders()[0].State)
}

func TestBankThatDoesNothing(t *testing.T) {
	h := start(t)
	h.Script(bank.Script{Reference: "lost", Act: bank.Nothing()},
		bank.Script{Reference: "refused", Act: bank.Nothing(), Reply: bank.HTTP(500, "text/plain", "no")})
	_, err := h.tryPay("lost")
	require.Error(t, err)
	assert.Equal(t, "no", h.pay("refused").body)
	h.ClearScripts()
	for _, reference := range []string{"lost", "refused"} {
		assert.Equal(t, 404, h.ask(reference).status)
		assert.Equal(t, 0, h.Ledger().Times(reference))
	}
}
