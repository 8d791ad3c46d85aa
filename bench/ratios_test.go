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
	ratios = flag.String("ratios", "", "measure, and write the tables into this `file`, each between its two marks; - prints them only")
	rounds = flag.Int("rounds", 7, "how often each ratio is measured for -ratios; the median counts")
	only   = flag.String("only", "money,create,rates", "which tables -ratios makes")
)

// A table is a part of docs/performance.md that is measured.
type table struct {
	name string
	// benchtime is that of each measurement.
	benchtime string
	make      func(rounds int) string
}

var tables = []table{
	{"money", "100ms", moneyTable},
	{"create", "1000x", createTable},
	{"rates", "", ratesTable},
}

// TestMain fails where a test leaves a goroutine behind.
func TestMain(m *testing.M) {
	flag.Parse()
	if *ratios == "" {
		goleak.VerifyTestMain(m) // it ends the process
	}
	// go test runs in the package's folder; the path is one from the
	// repository's root.
	if err := os.Chdir(".."); err != nil {
		log.Fatal(err)
	}
	for _, name := range strings.Split(*only, ",") {
		i := slices.IndexFunc(tables, func(t table) bool { return t.name == name })
		if i < 0 {
			log.Fatalf("there is no table %q", name)
		}
		if err := flag.Set("test.benchtime", tables[i].benchtime); err != nil && tables[i].benchtime != "" {
			log.Fatal(err)
		}
		if err := write(*ratios, name, tables[i].make(*rounds)); err != nil {
			log.Fatal(err)
		}
	}
}

// write prints a table, and puts it into a file between its marks.
func write(path, name, table string) error {
	table += fmt.Sprintf("\nMeasured with %s on %s/%s, %d processors.\n", runtime.Version(), runtime.GOOS, runtime.GOARCH, runtime.NumCPU())
	fmt.Println(table)
	if path == "-" {
		return nil
	}
	document, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	start, end := "<!-- "+name+": start -->\n", "<!-- "+name+": end -->\n"
	head, rest, found := bytes.Cut(document, []byte(start))
	_, tail, foundEnd := bytes.Cut(rest, []byte(end))
	if !found || !foundEnd {
		return fmt.Errorf("%s has no marks %q and %q", path, start, end)
	}
	return os.WriteFile(path, slices.Concat(head, []byte(start), []byte(table), []byte(end), tail), 0o644)
}
