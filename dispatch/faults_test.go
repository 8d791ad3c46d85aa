package dispatch_test

import (
	"regexp"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout/internal/planted"
)

// faults are mistakes that a dispatcher can be written with. Each is planted into
// the source, and the simulation has to find it: one that can't find them proves
// nothing. What finds it is what the table says, in the words of the violation.
var faults = []struct {
	name, file string
	old, new   string
	seen       string
}{
	{
		"sent before the commit", "dispatcher.go",
		"if err := d.journal.Commit(ctx, c); err != nil {",
		"if err := d.journal.Commit(ctx, c); err != nil && c.Event.Kind != EventIntended {",
		`without an intent|intents|paid \d times|after its window|nobody will ever know|unsent`,
	},
	{
		"failover on an unknown outcome", "next.go",
		"\tdefault:\n\t\tc.identify(o)\n\t\tc.become(StateUnknown)\n\t}\n}",
		"\tdefault:\n\t\tc.confirm(payout.Failure{})\n\t}\n}",
		`paid \d times|failed in the journal, and was paid`,
	},
	{
		"closed by the refusal of a second transmission", "next.go",
		"only := a.Transmissions == 1",
		"only := true",
		`by what a bank said of a second transmission`,
	},
	{
		"no version is compared", "memory.go",
		"case have.Version != e.Version:",
		"case have.Version < 0:",
		`paid \d times|attempts alive|unsent, and the bank has it|no money moved|intents|limit|decided|after its window|never comes to rest|will ever know|was paid`,
	},
	{
		"no clock is read before the first byte", "send.go",
		"return !d.now().After(a.SendBefore)",
		"return true",
		`after its window`,
	},
	{
		"\"not found\" taken for a proof", "next_found.go",
		"case a.State == StateUnknown && a.ProviderID == \"\" && c.rules.absent(&a.Absent, c.rules.settled(*a), c.at):",
		"case a.State == StateUnknown:",
		`paid \d times|failed in the journal, and was paid`,
	},
	{
		"absence believed of a search that is down", "rules.go",
		"return x.Times >= r.answers() && !r.LaterSeen.Before(x.First)",
		"return x.Times >= r.answers()",
		`paid \d times|failed in the journal, and was paid`,
	},
	{
		"a stranger's order adopted", "next_found.go",
		"\tif o.Mark != \"\" {\n\t\treturn o.Mark != a.Mark\n\t}",
		"\tif true {\n\t\treturn false\n\t}",
		`no money moved|failed in the journal, and was paid|paid \d times`,
	},
	{
		"the next route without the question that confirms", "next.go",
		"a.State, a.Failure, a.Refused = StateClosed, f, refused",
		"a.State, a.Failure, a.Refused = StateFailed, f, refused",
		`paid \d times|failed in the journal, and was paid|nothing of its limit|limit`,
	},
	{
		"a decision starts another route", "next.go",
		"c.Decision, c.Stopped = d, true",
		"c.State, c.Stopped = StatePlanned, false",
		`after a person had decided|nothing of its limit|was paid`,
	},
	{
		"a limit released while the outcome is unknown", "next.go",
		"\ta.State, a.Failure = s, payout.Failure{}\n",
		"\ta.State, a.Failure = s, payout.Failure{}\n\tc.giveBack(a)\n",
		`nothing of its limit|limit`,
	},
	{
		"asked under another account", "step.go",
		"l, ok := d.lanes[a.Account]",
		"l, ok := d.routes[0].lane, true",
		`is asked about \S+, which was sent to`,
	},
	{
		"a late answer taken for one in time", "next.go",
		"c.late(ev.Outcome)",
		"c.created(ev.Outcome)",
		`paid \d times|was paid|no money moved|unsent|will ever know|alive|limit`,
	},
	{
		"a deadline taken for a failure", "next.go",
		"c.review(ReviewDeadline, AlarmDeadline)",
		"c.confirm(payout.Failure{})",
		`by a deadline|was paid|paid \d times`,
	},
	{
		"a panic taken for nothing sent", "send.go",
		"o, action, ours = Outcome{}, payout.Action{}, false",
		"o, action, ours = Outcome{Kind: payout.ErrNotSent}, payout.Action{}, false",
		`paid \d times|was paid|unsent`,
	},
	{
		"other content taken under an old reference", "keys.go",
		"return hmac.Equal(f.Sum[:], e.Fingerprint.Sum[:]) && req.Reference == e.Reference && req.Amount == e.Amount",
		"return hmac.Equal(nil, nil) && f.Version == e.Fingerprint.Version && req.Reference == e.Reference",
		`other content`,
	},
	{
		"two attempts alive, and nobody told", "settle.go",
		"case alive > 1:",
		"case alive > 9:",
		`attempts alive`,
	},
	{
		"attempts without end", "choose.go",
		"case e.sent() >= d.config.MaxAttempts:",
		"case false:",
		`was sent to \d banks|was sent \d+ times`,
	},
	{
		"what is final is never asked about again", "rules.go",
		"if at = at.Add(wait); at.After(now) && (a.Transmissions > 0 || a.Heard) {",
		"if at = at.Add(wait); false {",
		`nobody was told|was paid`,
	},
	{
		"a commit that failed does not end the epoch's sendings", "send.go",
		"if a := e.Attempts[e.current()]; a.Epoch == epoch && a.Intent == intent {",
		"if a := e.Attempts[e.current()]; a.Epoch != epoch || a.Intent != intent {",
		`unsent, and the bank has it|paid \d times|intents|was paid|holds nothing of its limit`,
	},
	{
		"in doubt, sent without asking", "doubt.go",
		"return !again || d.rules(e, n).Dedup == payout.DedupNone",
		"return again && d.rules(e, n).Dedup == payout.DedupNone",
		`paid \d times|was paid|does not know|unsent|no money moved|attempts at`,
	},
	{
		"in doubt, \"not found\" taken for a proof", "next_doubt.go",
		"q.Proved = q.Proved || r.absent(&q.Absent, r.LostUntil.Add(r.CallTimeout), c.at)",
		"q.Proved = true",
		`paid \d times|was paid|does not know`,
	},
}

// firstSeeds are the seeds shortly before those that see a mistake which few of them see.
var firstSeeds = map[string]uint64{
	"attempts without end":                                   28901,
	"absence believed of a search that is down":              3701,
	"a late answer taken for one in time":                    4601,
	"in doubt, \"not found\" taken for a proof":              2501,
	"a commit that failed does not end the epoch's sendings": 801,
	"closed by the refusal of a second transmission":         751,
}

// rare are mistakes that take so much to come together that the simulation hardly ever
// sees them. A test does.
var rare = []struct {
	name, file string
	old, new   string
	test       string
}{
	{
		"in doubt, asked about its own reference only", "doubt.go",
		"return 1 + len(d.keys.Versions)*(max(d.config.MaxAttempts, mostAttempts(accounts))-1)",
		"return 1",
		"TestDoubtFindsWhatWasSent",
	},
	{
		"in doubt, what is lost is taken to have arrived", "doubt.go",
		"return doubt.Since.Add(d.times.SendWindow + d.times.CallTimeout + l.info.Absence.After)",
		"return doubt.Since",
		"TestDoubtAsks",
	},
	{
		"in doubt, expired without asking", "step.go",
		"if d.inDoubt(e, doubt) ||",
		"if d.inDoubt(e, doubt) && d.now().Before(e.SendUntil) ||",
		"TestDoubtAsks",
	},
}

var violation = regexp.MustCompile(`(?m)^\s+simulation_test\.go:\d+: (.*)\n.*-seed \d+$`)

// TestPlantedFaults builds the package with one mistake at a time and has the simulation
// look for it, which lives through the same histories wherever it is.
func TestPlantedFaults(t *testing.T) {
	for _, f := range faults {
		t.Run(f.name, func(t *testing.T) {
			out := planted.Test(t, planted.Mistake{File: f.file, Old: f.old, New: f.new}, "../internal/simulation",
				"-run", "^TestHistories$", "-histories", "40000", "-first", strconv.FormatUint(firstSeeds[f.name], 10))
			m := violation.FindStringSubmatch(out)
			require.NotNil(t, m, "%s", out)
			require.Regexp(t, f.seen, m[1])
			t.Logf("seen by: %s", m[0])
		})
	}
	for _, f := range rare {
		t.Run(f.name, func(t *testing.T) {
			out := planted.Test(t, planted.Mistake{File: f.file, Old: f.old, New: f.new}, ".", "-run", "^"+f.test+"$")
			require.Contains(t, out, "--- FAIL: "+f.test)
		})
	}
}
