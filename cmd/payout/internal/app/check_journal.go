package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"github.com/payoutkit/payout/dispatch"
	"github.com/payoutkit/payout/journal"
)

// CheckJournal looks at the journal, as far as it can be read while another has it.
func (a *App) CheckJournal(ctx context.Context) []Finding {
	f := Finding{About: "journal", Check: "can be read", State: Good}
	j, err := a.ReadJournal(ctx)
	if err != nil {
		f.State, f.Says, f.Do = Bad, err.Error(), a.journalAdvice(err)
		return []Finding{f}
	}
	defer func() { _ = j.Close() }() // it was only read
	counts, err := j.Count(ctx, dispatch.Filter{})
	if err != nil {
		f.State, f.Says = Bad, err.Error()
		return []Finding{f}
	}
	var all int64
	for _, n := range counts {
		all += n
	}
	f.Says = fmt.Sprintf("%d payouts", all)
	if says, err := moved(ctx, j); err != nil {
		f.State, f.Says = Bad, err.Error()
	} else if says != "" {
		f.State, f.Says, f.Do = Bad, says, "use the configuration that it was moved to: nothing is sent from this one"
	}
	out := []Finding{f, doubted(ctx, j), a.keysOf(ctx, j)}
	for _, state := range []struct {
		of dispatch.State
		do string
	}{
		{dispatch.StateReview, "payout list --state review, and payout resolve"},
		{dispatch.StateUnknown, "a worker has to run: the banks are asked until it is known"},
		{dispatch.StateAwaiting, "submit them again: their requests were in a process that ended"},
	} {
		f := Finding{About: "journal", Check: state.of.String(), State: Good, Says: fmt.Sprintf("%d payouts", counts[state.of])}
		if counts[state.of] > 0 {
			f.State, f.Do = Warning, state.do
		}
		out = append(out, f)
	}
	return out
}

// journalAdvice is what helps against a journal that can't be read. To create one is right
// only where none ever was: a new one knows nothing of what was paid.
func (a *App) journalAdvice(err error) string {
	c := a.File.Journal
	switch {
	case c.Check() != nil:
		return "mend the configuration, and see what payout config check says"
	case errors.Is(err, journal.ErrMissing):
		return "if there never was one, create it once with payout journal init; if there was, mount or restore it, or name its place"
	case errors.Is(err, journal.ErrNewer):
		return "use the payout that wrote it, or a newer one"
	case errors.Is(err, journal.ErrMoved):
		return "name in the configuration where it went"
	case errors.Is(err, fs.ErrPermission):
		return "let this user read it, or be the user that the worker is"
	case c.Postgres != nil:
		return "check journal.postgres: the address, the schema, and what the role may do there"
	default:
		return "look at the file and its disk; if it is damaged restore it as docs/operations.md says"
	}
}

func doubted(ctx context.Context, j Journal) Finding {
	f := Finding{About: "journal", Check: "is whole", State: Good}
	switch d, err := j.Doubt(ctx); {
	case err != nil:
		f.State, f.Says = Bad, err.Error()
	case d.Number != 0:
		f.State, f.Says = Warning, d.Why
		f.Do = "it asks before it sends; when the banks' statements agree with it: payout journal trust"
	default:
		f.Says = "nothing says that commits are missing"
	}
	return f
}
