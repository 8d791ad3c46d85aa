package bench

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// A figure is the median time of an operation in one library, and its allocations.
type figure struct {
	nanoseconds float64
	allocations int64
}

// measureAll runs all libraries in each round one after the other, so that a
// slow phase of the machine meets all.
func measureAll(rounds int) [][]figure {
	times := make([][][]float64, len(operations))
	figures := make([][]figure, len(operations))
	for i, op := range operations {
		times[i] = make([][]float64, len(op.by))
		figures[i] = make([]figure, len(op.by))
	}
	for range rounds {
		for i, op := range operations {
			for j, c := range op.by {
				result := testing.Benchmark(func(b *testing.B) {
					b.ReportAllocs()
					c.run(b)
				})
				times[i][j] = append(times[i][j], float64(result.T.Nanoseconds())/float64(result.N))
				figures[i][j].allocations = result.AllocsPerOp()
			}
		}
	}
	for i := range figures {
		for j := range figures[i] {
			figures[i][j].nanoseconds = median(times[i][j])
		}
	}
	return figures
}

func moneyTable(rounds int) string {
	figures := measureAll(rounds)
	peers := []string{shopspring, rhymond, govalue, cockroach}
	var b strings.Builder
	fmt.Fprintf(&b, "| operation | allocations | %s |\n", strings.Join(peers, " | "))
	b.WriteString("| --- | --- | --- | --- | --- | --- |\n")
	for i, op := range operations {
		fmt.Fprintf(&b, "| %s | %d", op.name, figures[i][0].allocations)
		for _, peer := range peers {
			b.WriteString(" | ")
			j := slices.IndexFunc(op.by, func(c contestant) bool { return c.library == peer })
			if j < 0 {
				b.WriteString("-")
				continue
			}
			fmt.Fprintf(&b, "%.2f", figures[i][0].nanoseconds/figures[i][j].nanoseconds)
			if goal, set := op.goals[peer]; set {
				fmt.Fprintf(&b, " (goal %.2f)", goal)
			}
		}
		b.WriteString(" |\n")
	}
	return b.String()
}
