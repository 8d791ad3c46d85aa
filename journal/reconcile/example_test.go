package reconcile_test

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/dispatch"
	"github.com/payoutkit/payout/journal/reconcile"
)

// A month's statement has a debit for a payout that the journal has in review, and one
// that nobody knows.
func ExampleRun() {
	ctx := context.Background()
	journal := dispatch.NewMemory() // elsewhere that of the dispatcher
	sent := time.Date(2026, 11, 15, 12, 0, 0, 0, time.UTC)
	e, _, err := journal.Insert(ctx, dispatch.Entry{Reference: "order-1001", Amount: payout.MustMoney("1500.00 RUB"), CreatedAt: sent})
	if err != nil {
		panic(err)
	}
	e.State, e.Review = dispatch.StateReview, dispatch.ReviewDeadline
	e.Attempts = []dispatch.Attempt{{
		Provider: "all2pay", Account: "all2pay.example/shop", Reference: "order-1001", Transmissions: 1, IntentAt: sent,
	}}
	if err := journal.Commit(ctx, dispatch.Change{Entry: e, Event: dispatch.Event{Kind: dispatch.EventOverdue, At: sent}}); err != nil {
		panic(err)
	}

	statement := "\ufeffДата;Заказ;Назначение;Сумма\r\n" +
		"15.11.2026 15:00;order-1001;\"Выплата \"\"Ромашка\"\"\";-1 500,00\r\n" +
		"16.11.2026 09:30;order-7;Выплата;-20,00\r\n"
	month := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	report, err := reconcile.Run(ctx, reconcile.Config{
		Journal: journal, Account: "all2pay.example/shop", Provider: "all2pay",
		From: month, Before: month.AddDate(0, 1, 0),
		Layout: reconcile.Layout{
			Columns:   reconcile.Columns{Reference: "Заказ", Amount: "Сумма", Time: "Дата"},
			Delimiter: ';', DecimalComma: true, Group: ' ', Currency: payout.RUB, Debits: reconcile.DebitsNegative,
			TimeLayout: "02.01.2006 15:04", Zone: time.FixedZone("MSK", 3*60*60),
		},
	}, strings.NewReader(statement))
	if err != nil {
		panic(err)
	}
	for _, finding := range report.Findings {
		fmt.Println(finding)
	}
	fmt.Println(report.Matched.Rows, "of", report.Debits.Rows, "debits are payouts'")
	// Output:
	// debited_review at line 2: payout "order-1001", attempt 1, review in the journal, 1500.00 RUB in the journal
	// unmatched at line 3: reference "order-7", 20.00 RUB on the statement
	// 1 of 2 debits are payouts'
}
