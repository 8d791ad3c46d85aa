// Package bench measures this library against its peers: payout.Money against other types of money and decimals, a Create
// through each adapter against the bare request, the rest against what it is made of. It is a module of its own, so that the
// peers enter nobody else's module graph. There is nothing in it but tests.
//
// All of it in one run, as the tables in docs/performance.md:
//
//	go test ./bench -v -timeout 30m -ratios docs/performance.md
//
// Each operation by itself, for benchstat:
//
//	go test ./bench -run '^$' -bench . -count 10
//
// Two commits side by side, the benchmarks of any package:
//
//	bench/compare main HEAD ./bench 'Create$'
//
// What must not grow is held by tests: allocations, never times (allocations_test.go).
package bench
