package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"github.com/payoutkit/payout/batch"
	"github.com/payoutkit/payout/cmd/payout/internal/app"
	"github.com/payoutkit/payout/cmd/payout/internal/report"
	"github.com/payoutkit/payout/cmd/payout/internal/run"
	"github.com/payoutkit/payout/dispatch"
)

const reportHelp = `Tells from the journal what became of the rows of a file: outcomes by bank with exact
sums, how long payouts took and when they were done, what banks refused and what was
tried next, and what a person has to look at. It sends nothing, and may be asked for
while a run is under way.

With --html it writes a page with tables and charts, which loads nothing and opens from
disk; with --csv the results of all rows. Both hold masked destinations and no names,
and they are whole or not there. With --json the report is one object.

The exit status is 1 if something needs a person: a payout in review, money that came
back, an alarm, a row that is wrong or says something else than what was submitted.`

func batchReportCommand(g *global) *cobra.Command {
	var r registry
	var page, results, zone string
	c := &cobra.Command{
		Use:     "report FILE",
		Short:   "Tell what became of a file of payouts, also as a page",
		Long:    reportHelp,
		Example: "  payout batch report payouts.csv --config bench/payout.yaml --batch salaries-2026-11 --html report.html",
		Args:    cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) (err error) {
			location, err := time.LoadLocation(zone)
			if err != nil {
				return fmt.Errorf("--zone: %q is none: it must be like Europe/Moscow", zone)
			}
			a, err := g.load(c)
			if err != nil {
				return err
			}
			defer a.Close()
			o, err := r.options(a)
			if err != nil {
				return err
			}
			file, err := openRegistry(args[0])
			if err != nil {
				return err
			}
			defer file.Close()
			if err := outputs(a, args[0], output{"--html", page}, output{"--csv", results}); err != nil {
				return err
			}
			var told report.Report
			if err := writeFile(results, func(w io.Writer) (err error) {
				told, err = tell(c.Context(), a, file, args[0], o, w, g.steps(c))
				return err
			}); err != nil {
				return err
			}
			if page != "" {
				if err := writeFile(page, func(w io.Writer) error { return report.WriteHTML(w, told, location) }); err != nil {
					return err
				}
			}
			if err := g.printReport(c, told); err != nil {
				return err
			}
			if told.Person > 0 {
				return findings(fmt.Sprintf("a person must look at %d of them", told.Person))
			}
			return nil
		},
	}
	r.flags(c)
	c.Flags().StringVar(&page, "html", "", "write a page with tables and charts")
	c.Flags().StringVar(&results, "csv", "", "write what became of each row")
	c.Flags().StringVar(&zone, "zone", "UTC", "the time zone of the page, such as Europe/Moscow")
	return c
}

// tell reads a file and the journal, and writes what became of each row.
func tell(ctx context.Context, a *app.App, file *opened, path string, o batch.Options, w io.Writer, says steps) (_ report.Report, err error) {
	// Checked first: which card numbers are suspect is known when all of it was read.
	checked, err := batch.Check(ctx, file, file.size, batch.Checking{Options: o, Progress: says.of("checking the file", 0)})
	if err != nil {
		return report.Report{}, fmt.Errorf("%s: %w", path, err)
	}
	reader, err := checked.Reader()
	if err != nil {
		return report.Report{}, fmt.Errorf("%s: %w", path, err)
	}
	j, err := a.ReadJournal(ctx)
	if err != nil {
		return report.Report{}, err
	}
	defer func() { err = errors.Join(err, j.Close()) }()
	g := report.NewGatherer(o.Batch, filepath.Base(path), time.Now())
	n, told := 0, says.of("reading what became of the rows", checked.Rows)
	err = run.Results(ctx, reader, j, new(run.Refusals), w, func(f run.Fate) error {
		n++
		told(n)
		return gather(ctx, g, j, f)
	})
	if err != nil {
		return report.Report{}, fmt.Errorf("%s: %w", path, err)
	}
	return g.Report(), nil
}

// gather counts one row.
func gather(ctx context.Context, g *report.Gatherer, j dispatch.Journal, f run.Fate) error {
	if f.Row.Err != nil {
		g.Wrong(f.Row)
		return nil //nolint:nilerr // it is the row's, and counted
	}
	if !f.Known {
		return g.Missing(f.Row)
	}
	history, err := j.History(ctx, f.Row.Reference)
	if err != nil {
		return err
	}
	return g.Payout(f.Row, f.Entry, history)
}

// printReport prints the outcomes.
func (g *global) printReport(c *cobra.Command, r report.Report) error {
	if g.json {
		return encoder(c.OutOrStdout()).Encode(r)
	}
	t := g.table(c, "BANK", "OUTCOME", "PAYOUTS", "SUM")
	for _, s := range r.Shares {
		t.row(s, s.Provider, s.Outcome, s.Payouts, s.Sum)
	}
	if r.Wrong > 0 {
		t.row(nil, "", "wrong", r.Wrong, "")
	}
	if err := t.end(); err != nil {
		return err
	}
	out := c.OutOrStdout()
	fmt.Fprintf(out, "%s: %d rows, %d paid, %d failed, %d for a person", r.File, r.Rows, r.Counts[report.Paid], r.Counts[report.Failed], r.Person)
	if n := r.NotBegun(); n > 0 {
		fmt.Fprintf(out, ", %d not sent yet", n)
	}
	if len(r.Times) > 0 {
		ms := func(n int64) time.Duration { return time.Duration(n) * time.Millisecond }
		fmt.Fprintf(out, "\nhalf of them took %s at most, 99 %% of them %s", ms(r.Times[0].Median), ms(r.Times[0].P99))
	}
	_, err := fmt.Fprintln(out)
	return err
}
