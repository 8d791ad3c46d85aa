package demo

import "github.com/payoutkit/payout/sandbox/bank"

// misbehave has the banks misbehave on rows of the sample. The rest happens by
// itself: the account runs dry on pay-011, a card is restricted on pay-009, and
// ConnPay's documented test accounts decline pay-014 and fail on pay-026.
func (b *banks) misbehave() {
	b.all2pay.Script(
		bank.Script{Reference: "pay-012", Operation: bank.Create, Reply: bank.Lost()},
		bank.Script{Reference: "pay-015", Operation: bank.Create, Act: bank.Pend(6).Then(bank.Pay())},
		// Paid, and answered with "Please check order status manually" (all2pay:908).
		bank.Script{Reference: "pay-025", Operation: bank.Create, Reply: b.all2pay.Reply(500, "99")},
		bank.Script{Reference: "pay-033", Operation: bank.Create, Reply: bank.Reply{Cut: bank.InBody}},
	)
	b.bereke.Script(
		bank.Script{Reference: "pay-019", Operation: bank.Create, Reply: bank.Lost()},
		bank.Script{Reference: "pay-036", Operation: bank.Create, Act: bank.PendPaid(4).Then(bank.Pay())},
	)
	b.connpay.Script(
		bank.Script{Reference: "pay-022", Operation: bank.Create, Reply: bank.Lost()},
	)
}
