package conformance_test

import (
	"fmt"

	"github.com/payoutkit/payout/conformance"
)

// Every case says which rule it checks and what it costs to break it. What is about money
// can't be excepted.
func ExampleCases() {
	for _, c := range conformance.Cases() {
		if c.Name == "answer lost" {
			fmt.Println(c.Rule)
			fmt.Println(c.Cost)
			fmt.Println(c.Money)
		}
	}
	// Output:
	// After a lost answer, on a connection that was used before, exactly one request was sent, the outcome is unknown, and asking finds it.
	// net/http or a retry sends the payout a second time.
	// true
}
