package conformance_test

import (
	"testing"

	"go.uber.org/goleak"
)

// TestMain fails where a test leaves a goroutine behind, other than those that are left
// behind on purpose, until all is over.
func TestMain(m *testing.M) { goleak.VerifyTestMain(ending{m}) }

var over = make(chan struct{})

type ending struct{ tests interface{ Run() int } }

func (e ending) Run() int {
	defer close(over)
	return e.tests.Run()
}
