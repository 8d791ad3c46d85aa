// Package bench measures payout.Money against its peers, and holds the reader of telephone numbers against a library that
// knows them all. It is a module of its own, so that they enter nobody else's module graph. There is nothing in it but tests.
//
// Each operation by itself, for benchstat:
//
//	go test ./bench -run '^$' -bench . -count 10
//
// All of them in one run, as the table of ratios in docs/performance.md:
//
//	go test ./bench -ratios docs/performance.md
package bench
