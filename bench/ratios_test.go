package bench

import (
	"bytes"
	"flag"
	"fmt"
	"log"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"

	"go.uber.org/goleak"
)

var (
	ratios = flag.String("ratios", "", "measure everything in one run, and write the table of ratios into this `file`, between its two marks")
	rounds = flag.Int("rounds", 7, "how often each operation is measured for -ratios; the median counts")
)

// TestMain fails where a test leaves a goroutine behind.
func TestMain(m *testing.M) {
	flag.Parse()
	if *ratios == "" {
		goleak.VerifyTestMain(m) // it ends the process
	}
	if err := flag.Set("test.benchtime", "100ms"); err != nil {
		log.Fatal(err)
	}
	// go test runs in the package's folder; the path is one from the
	// repository's root.
	if err := os.Chdir(".."); err != nil {
		log.Fatal(err)
	}
	if err := writeRatios(*ratios); err != nil {
		log.Fatal(err)
	}
}

const (
	startMark = "<!-- ratios: start -->\n"
	endMark   = "<!-- ratios: end -->\n"
)

func writeRatios(path string) error {
	document, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	head, rest, found := bytes.Cut(document, []byte(startMark))
	_, tail, foundEnd := bytes.Cut(rest, []byte(endMark))
	if !found || !foundEnd {
		return fmt.Errorf("%s has no marks %q and %q", path, startMark, endMark)
	}
	table := ratioTable(measureAll(*rounds))
	fmt.Print(table)
	return os.WriteFile(path, slices.Concat(head, []byte(startMark), []byte(table), []byte(endMark), tail), 0o644)
}

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
			slices.Sort(times[i][j])
			figures[i][j].nanoseconds = times[i][j][len(times[i][j])/2]
		}
	}
	return figures
}

func ratioTable(figures [][]figure) string {
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
	fmt.Fprintf(&b, "\nMeasured with %s on %s/%s, %d processors.\n", runtime.Version(), runtime.GOOS, runtime.GOARCH, runtime.NumCPU())
	return b.String()
}
