package provider_test

import (
	"testing"

	"go.uber.org/goleak"
)

// No test of this package leaves a goroutine behind: a Link that was closed and
// whose calls have returned has none.
func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }
