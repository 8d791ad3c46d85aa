package bench

import (
	"bytes"
	"fmt"
	"log"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
)

// A rate is what a benchmark of another package says in its own units.
type rate struct {
	what    string
	command []string // of go
	figures []figureOf
}

// figureOf is one unit of a benchmark, in words.
type figureOf struct {
	unit  string
	words string // with one verb
	times float64
}

func benchmark(pkg, pattern, benchtime string) []string {
	return []string{"test", pkg, "-run", "^$", "-bench", pattern, "-benchtime", benchtime, "-benchmem"}
}

func suite(pkg string) []string {
	return []string{"test", pkg, "-count", "1", "-run", "TestConformance$"}
}

// seconds is the unit of what a test takes.
const seconds = "s"

var rates = []rate{
	{"Submit to paid, journal in memory", benchmark("./dispatch", "Dispatch$", "20000x"), []figureOf{
		{"payouts/s", "%.0f payouts a second", 1}, {"cpu-ns/payout", "%.2f ms of a processor each", 1e-6}, {"allocs/op", "%.0f allocations each", 1},
	}},
	{"a route chosen among 20", benchmark("./dispatch", "Choose$", "100000x"), []figureOf{{"ns/op", "%.1f µs", 1e-3}, {"allocs/op", "%.0f allocations", 1}}},
	{"Submit to paid, `journal/sqlite`", benchmark("./journal/sqlite", "Dispatch$", "20000x"), []figureOf{
		{"payouts/s", "%.0f payouts a second", 1}, {"of-bare", "%.2f of the bare journal's", 1},
	}},
	{"one worker on `journal/sqlite`", benchmark("./journal/sqlite", "OneWorker$", "1000x"), []figureOf{
		{"commits/s", "%.0f commits a second", 1}, {"of-syncs", "%.2f of the disk's syncs", 1},
	}},
	{"Submit to paid, `journal/postgres`", benchmark("./journal/postgres", "Dispatch$", "5000x"), []figureOf{{"payouts/s", "%.0f payouts a second", 1}}},
	{"`journal/postgres` alone, 64 workers", benchmark("./journal/postgres", "Journal$", "5000x"), []figureOf{{"payouts/s", "%.0f payouts a second, of three commits each", 1}}},
	{"a registry with references checked", benchmark("./batch", "Check/column_of_references$", "3x"), []figureOf{
		{"times-csv", "%.1f times encoding/csv", 1}, {"ns/row", "%.2f µs a row", 1e-3},
	}},
	{"a registry without", benchmark("./batch", "Check/derived_references$", "3x"), []figureOf{
		{"times-csv", "%.1f times encoding/csv", 1}, {"ns/row", "%.2f µs a row", 1e-3},
	}},
	{"a signed request to ConnPay", benchmark("./adapters/connpay", "SignedRequest$/2048/sample", "500x"), []figureOf{
		{"rsa-share", "%.2f of it is the RSA operation", 1},
	}},
	{"the conformance suite on all2pay", suite("./adapters/all2pay"), []figureOf{{seconds, "%.0f s", 1}}},
	{"on Bereke", suite("./adapters/bereke"), []figureOf{{seconds, "%.0f s", 1}}},
	{"on ConnPay", suite("./adapters/connpay"), []figureOf{{seconds, "%.0f s", 1}}},
}

// ratesTable runs the benchmarks of the other packages, once each: they compare by
// themselves what there is to compare.
func ratesTable(int) string {
	var b strings.Builder
	b.WriteString("| what | |\n| --- | --- |\n")
	for _, r := range rates {
		out, err := exec.Command("go", r.command...).Output()
		if err != nil {
			log.Fatalf("go %s: %v\n%s", strings.Join(r.command, " "), err, out)
		}
		found := unitsOf(out)
		var words []string
		for _, f := range r.figures {
			if figure, measured := found[f.unit]; measured {
				words = append(words, fmt.Sprintf(f.words, figure*f.times))
			}
		}
		if len(words) == 0 {
			words = []string{"not measured: what it needs is not on this machine"}
		}
		fmt.Fprintf(&b, "| %s | %s |\n", r.what, strings.Join(words, ", "))
	}
	return b.String()
}

var passed = regexp.MustCompile(`(?m)^ok\s+\S+\s+([0-9.]+)s`)

// unitsOf reads what go test prints: a benchmark's line is its name, how often it ran, and
// pairs of figure and unit.
func unitsOf(out []byte) map[string]float64 {
	found := map[string]float64{}
	if took := passed.FindSubmatch(out); took != nil {
		found[seconds], _ = strconv.ParseFloat(string(took[1]), 64)
	}
	for line := range bytes.Lines(out) {
		words := strings.Fields(string(line))
		if len(words) < 4 || !strings.HasPrefix(words[0], "Benchmark") {
			continue
		}
		for i := 2; i+1 < len(words); i += 2 {
			if figure, err := strconv.ParseFloat(words[i], 64); err == nil {
				found[words[i+1]] = figure
			}
		}
	}
	return found
}
