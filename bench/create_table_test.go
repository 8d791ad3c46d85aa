package bench

import (
	"fmt"
	"strings"
	"testing"
)

// createTable is BenchmarkCreate, so many times.
func createTable(rounds int) string {
	figures := make([]map[string][]float64, len(sendings))
	for range rounds {
		for i, s := range sendings {
			if figures[i] == nil {
				figures[i] = map[string][]float64{}
			}
			for unit, figure := range testing.Benchmark(func(b *testing.B) { create(b, s) }).Extra {
				figures[i][unit] = append(figures[i][unit], figure)
			}
		}
	}
	var b strings.Builder
	b.WriteString("| adapter | times the bare request (goal 1.10) | added | allocations added (goal 20) | connections |\n| --- | --- | --- | --- | --- |\n")
	for i, s := range sendings {
		f := func(unit string) float64 { return median(figures[i][unit]) }
		fmt.Fprintf(&b, "| %s | %.2f | %.0f µs | %.0f | %.0f |\n", s.name, f("x-bare"), f("added-ns/op")/1000, f("added-allocs/op"), f("dials"))
	}
	return b.String()
}
