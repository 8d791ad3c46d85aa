package river_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout/internal/planted"
)

// faults are mistakes that an engine can be written with. Each is planted into the source,
// and the test that is named has to find it.
var faults = []struct {
	name, file string // from the root of the repository
	old, new   string
	test, says string
}{
	{
		"the job and the payout in two transactions", "engine/river/submit.go",
		"if taken, err = e.config.Journal.InsertTx(ctx, tx, entries...); err != nil {",
		"if err = pgx.BeginFunc(ctx, e.pool, func(tx pgx.Tx) (err error) { taken, err = e.config.Journal.InsertTx(ctx, tx, entries...); return err }); err != nil {",
		"TestSubmitWithoutJob", "An error is expected but got nil",
	},
	{
		"a job that may run for longer than its worker is waited for", "engine/river/config.go",
		"must(c.RescueAfter > c.JobTimeout,",
		"must(true,",
		"TestNew", "a_job_that_is_rescued_while_it_runs",
	},
	{
		"no version is compared, and so no epoch either", "journal/postgres/commit_many.go",
		"AND version = c.version AND NOT erased",
		"AND NOT erased",
		"TestManyAtOnePayout", "how often money moved|paid:1. failed|Condition never satisfied",
	},
	{
		"a job for which nobody looks", "engine/river/sweep.go",
		"e.config.Dispatch.Now().Add(-time.Second)",
		"e.config.Dispatch.Now().Add(-1000*time.Hour)",
		"TestSweep", "Condition never satisfied",
	},
	{
		"a completed job counts", "engine/river/engine.go",
		"rivertype.JobStateRunning, rivertype.JobStateScheduled,",
		"rivertype.JobStateRunning, rivertype.JobStateScheduled, rivertype.JobStateCompleted,",
		"TestSweep", "Condition never satisfied",
	},
}

// TestPlantedFaults builds the tests with one mistake at a time, and has one of them look
// for it.
func TestPlantedFaults(t *testing.T) {
	for _, f := range faults {
		t.Run(f.name, func(t *testing.T) {
			t.Parallel()
			out := planted.Test(t, planted.Mistake{File: "../../" + f.file, Old: f.old, New: f.new}, ".", "-run", "^"+f.test+"$", "-patience", "10s")
			require.Contains(t, out, "--- FAIL: "+f.test)
			require.Regexp(t, f.says, out)
		})
	}
}
