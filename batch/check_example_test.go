package batch_test

import (
	"context"
	"fmt"
	"log"
	"os"
	"strings"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/batch"
)

// A file from the banks' portal is checked whole; its rows get their references from
// the batch's id.
func ExampleCheck() {
	file := strings.NewReader(`creditPan,currency,amount,name
"4111111111111111",RUB,"150000","salary"
"4111111111111112",RUB,"275050","salary"
"5555555555554444",USD,"234500","salary"
`)
	key := payout.NewSecret(strings.Repeat("k", 32)) // from the configuration
	report, err := batch.Check(context.Background(), file, file.Size(), batch.Checking{
		Options: batch.Options{Batch: "2026-10", Key: key},
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(report.Right, "right,", report.Wrong, "wrong, together", report.Totals)
	for _, e := range report.Problems {
		for _, p := range e.Problems {
			fmt.Printf("line %d: %s [%s]\n", e.Line, p, p.Masked)
		}
	}
	// Output:
	// 2 right, 1 wrong, together [1500.00 RUB 2345.00 USD]
	// line 3: column 1 (creditPan): must have a valid check digit: one or more digits are wrong [411111******1112]
}

func ExampleResults() {
	results := batch.NewResults(os.Stdout)
	for _, r := range []batch.Result{
		{Line: 2, Reference: "p-1", Status: payout.StatusPaid, Amount: payout.MustMoney("1500.00 RUB"), Provider: "bereke", ProviderID: "77"},
		{Line: 3, Reference: "p-2", Unsent: true, Reason: "=cancelled"},
	} {
		if err := results.Write(r); err != nil {
			log.Fatal(err)
		}
	}
	if err := results.Flush(); err != nil {
		log.Fatal(err)
	}
	// Output:
	// line,reference,portal_status,status,amount,currency,destination,provider,provider_id,reason
	// 2,p-1,Finished,paid,1500.00,RUB,,bereke,77,
	// 3,p-2,Not started,not_sent,,,,,,'=cancelled
}
