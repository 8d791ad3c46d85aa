package conformance

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/payoutkit/payout"
)

// Run runs every case as a subtest of t.
func Run(t *testing.T, h Harness) {
	t.Helper()
	if err := h.check(); err != nil {
		t.Fatal(err)
	}
	for _, c := range Cases() {
		t.Run(strings.ReplaceAll(c.Name, " ", "_"), func(t *testing.T) {
			r := h.verify(t.Context(), c)
			for _, note := range r.Notes {
				t.Log(note)
			}
			switch r.Verdict {
			case Excepted:
				t.Logf("does not apply: %s", r.Reason)
			case Broken:
				t.Errorf("%s\nrule: %s\nwhy it costs money: %s", strings.Join(r.Seen, "\n"), c.Rule, c.cost())
			}
		})
	}
}

// Verify runs the named cases, or all if none is named, outside of go test, and
// returns what it found. The error is about the harness or a name, or is that of ctx.
func Verify(ctx context.Context, h Harness, names ...string) (Report, error) {
	if err := h.check(); err != nil {
		return Report{}, err
	}
	cases := Cases()
	if len(names) > 0 {
		cases = nil
		for _, name := range names {
			c, ok := caseNamed(name)
			if !ok {
				return Report{}, fmt.Errorf("conformance: there is no case %q", name)
			}
			cases = append(cases, c)
		}
	}
	r := Report{Provider: h.describe(), At: time.Now().UTC()}
	for _, c := range cases {
		if err := context.Cause(ctx); err != nil {
			return r, err
		}
		r.Results = append(r.Results, h.verify(ctx, c))
	}
	return r, nil
}

// verify runs one case.
func (h Harness) verify(ctx context.Context, c Case) Result {
	r := Result{Case: c.Name, Rule: c.Rule, Cost: c.cost(), Money: c.Money, Verdict: Kept}
	if i := slices.IndexFunc(h.Exceptions, func(e Exception) bool { return e.Case == c.Name }); i >= 0 {
		r.Verdict, r.Reason = Excepted, h.Exceptions[i].Reason
		return r
	}
	begin := time.Now()
	t := execute(ctx, h, c)
	r.Seen, r.Notes = t.failures, t.notes
	r.Took = time.Since(begin)
	switch {
	case len(r.Seen) > 0:
		r.Verdict = Broken
	case t.notRun != "":
		r.Verdict, r.Reason = NotRun, t.notRun
	}
	return r
}

// check finds what is wrong with a harness before anything runs.
func (h Harness) check() error {
	switch {
	case h.New == nil:
		return errors.New("conformance: Harness.New is required")
	case h.Stranger == nil:
		return errors.New("conformance: Harness.Stranger is required")
	case h.NewBank == nil:
		return errors.New("conformance: Harness.NewBank is required")
	case len(h.Requests) == 0:
		return errors.New("conformance: Harness.Requests needs at least one payout that the bank would carry")
	}
	for _, e := range h.Exceptions {
		c, ok := caseNamed(e.Case)
		switch {
		case !ok:
			return fmt.Errorf("conformance: there is no case %q to except", e.Case)
		case c.Money:
			return fmt.Errorf("conformance: the case %q concerns money and can't be excepted", e.Case)
		case e.Reason == "":
			return fmt.Errorf("conformance: the exception of %q needs a reason", e.Case)
		}
	}
	return nil
}

func (h Harness) describe() payout.Info {
	p, err := h.New("https://127.0.0.1:1", nil)
	if err != nil {
		return payout.Info{}
	}
	return p.Info()
}
