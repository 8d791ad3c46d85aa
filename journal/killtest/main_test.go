package killtest_test

import (
	"flag"
	"fmt"
	"os"
	"testing"

	"go.uber.org/goleak"

	"github.com/payoutkit/payout/internal/pgtest"
)

var (
	kills   = flag.Int("kills", 50, "how often the process is killed, for each journal")
	seed    = flag.Uint64("seed", 1, "of the faults, and of the moments")
	asChild = flag.Bool("child", false, "be the process that is killed; what it is to do comes on standard input")
)

// TestMain runs the tests, or is the process that they kill. It fails where a test leaves a
// goroutine behind.
func TestMain(m *testing.M) {
	flag.Parse()
	if *asChild {
		if err := child(os.Stdin, os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	goleak.VerifyTestMain(pgtest.Main(m))
}
