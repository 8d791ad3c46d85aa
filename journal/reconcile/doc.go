// Package reconcile holds a bank's statement against the journal: did all that was
// debited belong to a payout, once, and was all that is called paid debited? It sees
// what nothing inside can: a payout that the bank has paid twice, and money that left
// by another way.
//
//	report, err := reconcile.Run(ctx, reconcile.Config{
//		Journal: journal, Account: client.Info().Account, Provider: client.Name(),
//		From: month, Before: month.AddDate(0, 1, 0),
//		Layout: reconcile.Layout{
//			Columns:    reconcile.Columns{Reference: "orderNumber", Amount: "Сумма", Currency: "Валюта", Time: "Дата"},
//			Delimiter:  ';', Charset: reconcile.Windows1251, DecimalComma: true,
//			Debits:     reconcile.DebitsNegative,
//			TimeLayout: "02.01.2006 15:04:05", Zone: moscow,
//		},
//		Observer: observer,
//	}, statement)
//
// It only reads: nothing in the journal changes, and nobody is paid or believed paid for
// what a statement says. A debit for a payout that is in review is the evidence that
// dispatch.Dispatcher.Resolve asks a person for.
//
// # What is matched
//
// A row belongs to the attempt that has its reference at the account, without regard to
// case. A statement that has the bank's own ids only is matched by them, with those that
// the journal knows from the bank's answers. References of attempts after a payout's
// first are not the payout's own; the report names the payout.
//
// The layout says all that there is to know about the file. A row that does not keep to
// it is listed, with line, column and rule, and not guessed at: then the report is not
// whole, see [Report.Whole]. No amount is rounded.
//
// # What it holds in memory
//
// About 100 bytes for each attempt that the statement has, and the findings. If rows are
// matched by the bank's ids, about 150 bytes for each payout through the provider in the
// period and [Config.Lookback] besides. Nothing grows with the journal, and no free text
// of the file is kept or shown: recipients' names and card numbers hide there.
package reconcile
