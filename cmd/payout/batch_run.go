package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/payoutkit/payout/batch"
	"github.com/payoutkit/payout/cmd/payout/internal/app"
	"github.com/payoutkit/payout/cmd/payout/internal/run"
)

const runHelp = `Checks a file, has what it comes to confirmed, pays its rows and shows what becomes of
them. If a row is wrong nothing is sent, unless --only-right is given; if rows pay an
amount to a destination that an earlier batch has paid it to, or are new and pay one for
which this batch has taken a payout that the file does not have any more, such as before
its amount was corrected, they have to be confirmed, each by its line or all of them, with
--again.

What the rows come to is confirmed at the terminal, or by --confirm with the very sums
that "batch check" prints: --confirm "1500.00 RUB, 20.00 USD".

An interrupt stops the taking of rows; what is being sent is sent to its end and
written down. A second one leaves at once, and nothing is lost either: "batch resume"
goes on, after any end of this command whatever.

The results are written to FILE.results.csv, or where --results says. The exit status
is 1 if not every row is paid: see the results.`

// runFlags are those of run and resume.
type runFlags struct {
	registry
	onlyRight      bool
	again, confirm string
	results        string
	patience       time.Duration
}

func (f *runFlags) flags(c *cobra.Command) {
	f.registry.flags(c)
	c.Flags().BoolVar(&f.onlyRight, "only-right", false, "pay the right rows, though others are wrong")
	c.Flags().StringVar(&f.results, "results", "", "where to write what became of the rows; by default FILE.results.csv")
	c.Flags().DurationVar(&f.patience, "patience", 0, "how long to wait for the last payouts; by default until their fate is known")
}

func batchRunCommand(g *global) *cobra.Command {
	var f runFlags
	c := &cobra.Command{
		Use:     "run FILE",
		Short:   "Pay a file of payouts",
		Long:    runHelp,
		Example: "  payout batch run payouts.csv --config bench/payout.yaml --batch salaries-2026-11 --confirm \"4500.00 RUB\"",
		Args:    cobra.ExactArgs(1),
		RunE:    func(c *cobra.Command, args []string) error { return g.pay(c, args[0], &f, false) },
	}
	f.flags(c)
	c.Flags().StringVar(&f.again, "again", "", "rows that may pay the same again, or correct what was taken: their lines, or all")
	c.Flags().StringVar(&f.confirm, "confirm", "", "what the rows come to")
	return c
}

func batchResumeCommand(g *global) *cobra.Command {
	var f runFlags
	c := &cobra.Command{
		Use:   "resume FILE",
		Short: "Go on with a file of payouts that was confirmed before",
		Long: "Goes on with a file whose run was interrupted, killed or left. Rows that were sent are not sent again; a\n" +
			"row that the confirmed run did not have is an error, and nothing is sent.",
		Example: "  payout batch resume payouts.csv --config bench/payout.yaml --batch salaries-2026-11",
		Args:    cobra.ExactArgs(1),
		RunE:    func(c *cobra.Command, args []string) error { return g.pay(c, args[0], &f, true) },
	}
	f.flags(c)
	return c
}

// pay is run and resume.
func (g *global) pay(c *cobra.Command, path string, f *runFlags, resume bool) (err error) {
	errs := &aside{out: c.ErrOrStderr()}
	a, err := g.loadToDrive(errs, false)
	if err != nil {
		return err
	}
	o, err := f.options(a)
	if err != nil {
		return err
	}
	file, err := openRegistry(path)
	if err != nil {
		return err
	}
	defer file.Close()
	if f.results == "" {
		f.results = defaultResults(path)
	}
	if err := outputs(a, path, output{"--results", f.results}); err != nil {
		return err
	}
	ahead := a.File.Batch.Ahead
	if ahead <= 0 {
		ahead = 10_000
	}
	a.JournalCache = 16 << 20 // a file of a million rows takes some memory already
	tracker := run.NewTracker(ahead)
	d, err := a.Open(c.Context(), tracker)
	if err != nil {
		return err
	}
	begun := false
	defer func() {
		err = errors.Join(err, d.Close())
		if begun {
			err = brokeOff("the run did not come to its end; "+g.goOn(path, f), err)
		}
	}()
	says := g.steps(c)
	checking := batch.Checking{
		Options: o, Progress: says.of("checking the file", 0), Accept: accepts(c.Context(), d.Check, d.Journal),
	}
	if checking.Standing, err = stood(context.WithoutCancel(c.Context()), a, d.Journal); err != nil {
		return err
	}
	if !resume {
		checking.Earlier = run.Earlier(d.Journal)
	}
	again, err := rowsOf(f.again)
	if err != nil {
		return err
	}
	unconfirmed := 0 // the first line that pays the same again
	checking.Overlapping = func(o batch.Overlap) error {
		if unconfirmed == 0 && !again[o.Line] && f.again != "all" {
			unconfirmed = o.Line
		}
		return nil
	}
	report, err := batch.Check(c.Context(), file, file.size, checking)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	if err := g.printCheck(c, path, report, d.Journal); err != nil {
		return err
	}
	if report.Wrong > 0 && !f.onlyRight {
		return errors.New("nothing was sent: correct the file, or pay the right rows with --only-right")
	}
	if report.Right == 0 {
		return errors.New("nothing was sent: there is no right row")
	}
	if resume {
		err = confirmedBefore(c.Context(), report, d, says)
	} else {
		err = f.confirmed(c, report, unconfirmed, d, says)
	}
	if err != nil {
		return err
	}
	begun = true
	return g.drive(c, path, f, d, report, tracker, errs, says)
}

// confirmedBefore is an error if a row was not in the run that was confirmed.
func confirmedBefore(ctx context.Context, report *batch.Report, d *app.Desk, says steps) error {
	reader, err := report.Reader()
	if err != nil {
		return err
	}
	first, n, err := run.Unconfirmed(ctx, reader, d.Journal, 5, says.of("looking up what was confirmed", report.Rows))
	if err != nil || n == 0 {
		return err
	}
	return fmt.Errorf("nothing was sent: %d rows are not of a run that was confirmed, such as %s: use payout batch run", n, strings.Join(first, ", "))
}

// rowsOf are the lines that --again names.
func rowsOf(again string) (map[int]bool, error) {
	lines := map[int]bool{}
	if again == "" || again == "all" {
		return lines, nil
	}
	for text := range strings.SplitSeq(again, ",") {
		n, err := strconv.Atoi(strings.TrimSpace(text))
		if err != nil {
			return nil, errors.New("--again: must be lines separated by commas, or all")
		}
		lines[n] = true
	}
	return lines, nil
}

// confirmed has a person say that this is to be paid, and writes the rows down.
func (f *runFlags) confirmed(c *cobra.Command, report *batch.Report, unconfirmed int, d *app.Desk, says steps) error {
	if unconfirmed > 0 {
		return fmt.Errorf("nothing was sent: line %d, for one, pays what an earlier batch has paid, or corrects what this one has taken: confirm such rows with --again", unconfirmed)
	}
	sums := totals(report)
	switch in := c.InOrStdin(); {
	case f.confirm == sums:
	case f.confirm != "":
		return fmt.Errorf("nothing was sent: --confirm says %q, and the right rows come to %q", f.confirm, sums)
	case isTerminal(in):
		old := strings.Join(standingOf(report), ", ")
		if old != "" {
			old = " (" + old + ")"
		}
		fmt.Fprintf(c.ErrOrStderr(), "Pay %d rows, %s%s? Type yes to pay: ", report.Right, sums, old)
		answer, err := bufio.NewReader(io.LimitReader(in, 1<<10)).ReadString('\n')
		if err != nil || strings.TrimSpace(answer) != "yes" {
			return errors.New("nothing was sent: it was not confirmed")
		}
	default:
		return fmt.Errorf("nothing was sent: confirm it with --confirm %q", sums)
	}
	reader, err := report.Reader()
	if err != nil {
		return err
	}
	return run.Keep(c.Context(), reader, d.Journal, says.of("writing the rows down", report.Rows))
}

// drive pays the rows, shows how it gets on, and writes the results.
func (g *global) drive(c *cobra.Command, path string, f *runFlags, d *app.Desk, report *batch.Report, tracker *run.Tracker, errs *aside, says steps) error {
	reader, err := report.Reader()
	if err != nil {
		return err
	}
	runner := &run.Runner{Dispatcher: d, Reader: reader, Tracker: tracker, Patience: f.patience, Trouble: d.Troubled}
	stop := func() {}
	if !g.json {
		// Beside a log there are lines, too.
		var above io.Writer
		above, stop = run.Progress{
			Out: c.ErrOrStderr(), Total: report.Right, Tracker: tracker, Now: time.Now, Terminal: !g.verbose && isTerminal(c.ErrOrStderr()),
		}.Start()
		errs.to(above)
	}
	end, runErr := runner.Run(c.Context())
	errs.to(c.ErrOrStderr())
	stop()
	whole := context.WithoutCancel(c.Context())
	paid, writeErr := writeResults(whole, f.results, report, d, &runner.Refusals, says.of("writing the results", report.Rows))
	_, _, counts := tracker.Snapshot()
	if g.json {
		writeErr = errors.Join(writeErr, encoder(c.OutOrStdout()).Encode(map[string]any{
			"type": "end", "whole": end.Whole, "settled": end.Settled, "refused": end.Refused, "paid": paid, "results": f.results,
		}))
	} else if writeErr == nil {
		fmt.Fprintf(c.OutOrStdout(), "%s; the results are in %s\n", counts, f.results)
	}
	if err := errors.Join(runErr, writeErr); err != nil {
		return err
	}
	alarms := tracker.Alarms()
	for _, kind := range slices.Sorted(maps.Keys(alarms)) {
		fmt.Fprintf(c.ErrOrStderr(), "payout: alarm: %s, %d times\n", kind, alarms[kind])
	}
	switch {
	case !end.Whole || !end.Settled:
		return findings("not all of it is settled: " + g.goOn(path, f))
	case paid < report.Rows:
		return findings("not every row is paid: see the results")
	default:
		return nil
	}
}

func defaultResults(path string) string { return path + ".results.csv" }

// goOn says how to go on.
func (g *global) goOn(path string, f *runFlags) string {
	out := "go on with: payout batch resume " + path + " --config " + g.config
	results := f.results
	if results == defaultResults(path) {
		results = ""
	}
	for _, flag := range [][2]string{{"batch", f.batch}, {"layout", f.layout}, {"sheet", f.sheet}, {"currency", f.currency}, {"results", results}} {
		if flag[1] != "" {
			out += " --" + flag[0] + " " + flag[1]
		}
	}
	if f.encoding != "utf-8" {
		out += " --encoding " + f.encoding
	}
	if f.onlyRight {
		out += " --only-right"
	}
	return out
}

// writeResults writes what became of each row, and returns how many are paid.
func writeResults(ctx context.Context, path string, report *batch.Report, d *app.Desk, refused *run.Refusals, told func(rows int)) (paid int, err error) {
	reader, err := report.Reader()
	if err != nil {
		return 0, err
	}
	n := 0
	err = writeFile(path, func(w io.Writer) error {
		return run.Results(ctx, reader, d.Journal, refused, w, func(f run.Fate) error {
			n++
			told(n)
			if run.Paid(f.Result) {
				paid++
			}
			return nil
		})
	})
	return paid, err
}
