package killtest_test

import (
	"fmt"

	"github.com/payoutkit/payout"
)

// order is payout i of the list. A process that is started again has the same list.
func order(i int) payout.Request {
	r := payout.Request{Reference: fmt.Sprintf("kill-%05d", i), Description: "Payout"}
	switch i % 5 {
	case 0, 1: // the first account runs dry, and the reserve goes on
		r.Amount = payout.FromMinor(int64(1000_00+i), payout.RUB)
		r.Destination = payout.Card{Number: payout.NewSecret("4111111111111111")}
		r.Recipient = payout.Recipient{Name: payout.NewSecret("IVAN PETROV")}
	case 2:
		r.Amount = payout.FromMinor(int64(500_00+i), payout.RUB)
		r.Destination = payout.SBP{
			Phone: payout.NewSecret("+79261214249"), BankID: "100000000111",
			LastName: payout.NewSecret("Соловьёва"), FirstName: payout.NewSecret("Анна"),
		}
		r.Recipient = payout.Recipient{Name: payout.NewSecret("Соловьёва Анна")}
	case 3:
		r.Amount = payout.FromMinor(int64(9000_00+i), payout.KZT)
		r.Destination = payout.Card{Number: payout.NewSecret("4012888888881881")}
		r.Recipient = payout.Recipient{Name: payout.NewSecret("AIGERIM NURLANOVA")}
	default:
		r.Amount = payout.FromMinor(int64(10_00+i), payout.USD)
		r.Destination = payout.BankAccount{
			Number: payout.NewSecret("1234567890"), Name: payout.NewSecret("Jane Doe"), RoutingNumber: "15",
		}
		r.Recipient = payout.Recipient{FirstName: payout.NewSecret("Jane"), LastName: payout.NewSecret("Doe")}
	}
	return r
}
