package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/batch"
	"github.com/payoutkit/payout/cmd/payout/internal/app"
	"github.com/payoutkit/payout/cmd/payout/internal/run"
	"github.com/payoutkit/payout/dispatch"
)

const batchHelp = `Pays registries: files of payouts, one a row, as CSV or XLSX. Their columns are the
library's own (reference, amount in major units, currency, destination and its fields)
or those of the banks' portal (creditPan, currency, amount in minor units, name); which,
is told by the header.

A file is checked whole before anything is sent for it. Where it has no references, they
are made from --batch, the id that you give to the batch, and from what each row says:
so a file that was re-sorted or saved anew asks for the same payouts, and the same file
under another id asks for new ones.`

func batchCommand(g *global) *cobra.Command {
	c := group(&cobra.Command{Use: "batch", Short: "Check, pay and follow files of payouts", Long: batchHelp})
	c.PersistentPreRun = func(*cobra.Command, []string) {
		// Most of what a large file takes is a table without pointers, which costs the
		// collector nothing; and waiting until there is as much rubbish would double it.
		const percent, usual = 25, 100
		if asked := debug.SetGCPercent(percent); asked != usual {
			debug.SetGCPercent(asked)
		}
	}
	c.AddCommand(batchCheckCommand(g), batchRunCommand(g), batchResumeCommand(g), batchReportCommand(g))
	return c
}

// registry are the flags that say what a file is.
type registry struct {
	batch, layout, encoding, sheet, currency string
}

func (r *registry) flags(c *cobra.Command) {
	c.Flags().StringVar(&r.batch, "batch", "", "your id of the batch; required where the file has no column reference")
	c.Flags().StringVar(&r.layout, "layout", "", "own or portal; by default the header tells")
	c.Flags().StringVar(&r.encoding, "encoding", "utf-8", "of a CSV file: utf-8 or windows-1251; it is never guessed")
	c.Flags().StringVar(&r.sheet, "sheet", "", "of an XLSX file, where it has several")
	c.Flags().StringVar(&r.currency, "currency", "", "the only one that rows may have")
}

func (r *registry) options(a *app.App) (o batch.Options, err error) {
	o = batch.Options{Kinds: a.Kinds(), Sheet: r.sheet, Batch: r.batch}
	layouts := map[string]batch.Layout{"": batch.LayoutByHeader, "own": batch.LayoutOwn, "portal": batch.LayoutPortal}
	encodings := map[string]batch.Encoding{"utf-8": batch.UTF8, "windows-1251": batch.Windows1251}
	var ok bool
	if o.Layout, ok = layouts[r.layout]; !ok {
		return o, errors.New("--layout: must be own or portal")
	}
	if o.Encoding, ok = encodings[strings.ToLower(r.encoding)]; !ok {
		return o, errors.New("--encoding: must be utf-8 or windows-1251")
	}
	if r.currency != "" {
		if o.Currency, err = payout.ParseCurrency(r.currency); err != nil {
			return o, errors.New("--currency: must be a code of ISO 4217, such as RUB")
		}
	}
	o.Key, err = a.File.BatchKey(a.Sources)
	return o, err
}

// opened is a file of payouts.
type opened struct {
	*os.File
	size int64
}

func openRegistry(path string) (*opened, error) {
	f, err := os.Open(path) // #nosec G304 -- the path is the operator's
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = fmt.Errorf("%s: is no file", path)
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return &opened{f, info.Size()}, nil
}

// accepts is what the banks' rules say of a row. One that the journal has was taken, and
// may be on its way, whatever the rules are by now.
func accepts(ctx context.Context, rules func(payout.Request) error, j run.Entries) func(payout.Request) error {
	return func(req payout.Request) error {
		err := rules(req)
		if err == nil {
			return nil
		}
		switch _, unknown := j.Load(ctx, req.Reference); {
		case unknown == nil:
			return nil
		case errors.Is(unknown, dispatch.ErrNoEntry):
			return err
		default:
			return unknown
		}
	}
}

// checked is what a file comes to, as it is printed.
type checked struct {
	Type     string   `json:"type"` // "checked"
	File     string   `json:"file"`
	Rows     int      `json:"rows"`
	Right    int      `json:"right"`
	Wrong    int      `json:"wrong"`
	Repeated int      `json:"repeated"`
	Overlaps int      `json:"overlaps"`
	Totals   []string `json:"totals"`
	Rounded  bool     `json:"rounded"`
	UnderWay tally    `json:"under_way"` // paid already, or still to be
	Ended    tally    `json:"ended"`     // ended otherwise
}

type tally struct {
	Rows   int      `json:"rows"`
	Totals []string `json:"totals"`
}

func listed(totals []payout.Money) []string {
	out := []string{}
	for _, m := range totals {
		out = append(out, m.String())
	}
	return out
}

// totals is what is confirmed: the sums, by currency.
func totals(r *batch.Report) string { return sums(r.Totals) }

func sums(totals []payout.Money) string {
	var all []string
	for _, m := range totals {
		all = append(all, m.String())
	}
	if len(all) == 0 {
		return "nothing"
	}
	return strings.Join(all, ", ")
}

// shownRows is how many wrong rows, and how many overlaps, are printed.
const shownRows = 50

// shownRepeats is how many rows are printed that say the same as another.
const shownRepeats = 5

// printCheck prints what a file comes to. j is nil if there is no journal yet.
func (g *global) printCheck(c *cobra.Command, path string, r *batch.Report, j run.Entries) error {
	out := c.OutOrStdout()
	if g.json {
		e := encoder(out)
		for _, row := range r.Problems {
			for _, p := range row.Problems {
				err := e.Encode(map[string]any{
					"type": "wrong", "line": row.Line, "last_line": row.LastLine, "column": p.Column, "name": p.Name, "rule": p.Rule,
					"masked": p.Masked, "problem": p.String(),
				})
				if err != nil {
					return err
				}
			}
		}
		for _, o := range r.Overlapping {
			corrected, err := standing(c.Context(), j, o.Corrected)
			if err != nil {
				return err
			}
			if err := e.Encode(map[string]any{
				"type": "overlap", "line": o.Line, "reference": o.Reference, "amount": o.Amount, "destination": o.Destination, "earlier": o.Earlier,
				"corrected": corrected,
			}); err != nil {
				return err
			}
		}
		for _, again := range r.Repeating {
			if err := e.Encode(map[string]any{"type": "repeated", "line": again.Line, "first": again.First}); err != nil {
				return err
			}
		}
		return e.Encode(checked{
			"checked", path, r.Rows, r.Right, r.Wrong, r.Repeated, r.Overlaps, listed(r.Totals), r.Rounded,
			tally{r.UnderWay.Rows, listed(r.UnderWay.Totals)}, tally{r.Ended.Rows, listed(r.Ended.Totals)},
		})
	}
	for i, row := range r.Problems {
		if i == shownRows {
			fmt.Fprintf(out, "... and %d more wrong rows\n", r.Wrong-shownRows)
			break
		}
		fmt.Fprintln(out, row)
		for _, p := range row.Problems {
			if p.Masked != "" {
				fmt.Fprintf(out, "    %s is %q\n", p.Name, p.Masked)
			}
		}
	}
	for i, o := range r.Overlapping {
		if i == shownRows {
			fmt.Fprintf(out, "... and %d more rows that pay the same again\n", r.Overlaps-shownRows)
			break
		}
		if err := printOverlap(c.Context(), out, o, j); err != nil {
			return err
		}
	}
	for i, again := range r.Repeating {
		if i == shownRepeats {
			fmt.Fprintf(out, "... and %d more rows that say the same as another\n", r.Repeated-shownRepeats)
			break
		}
		fmt.Fprintf(out, "line %d says the same as line %d, and is another payout\n", again.Line, again.First)
	}
	fmt.Fprintf(out, "%s: %d rows, %d right, %d wrong", path, r.Rows, r.Right, r.Wrong)
	if r.Overlaps > 0 {
		fmt.Fprintf(out, ", %d that pay an amount to a destination that it was paid to before, or correct what this batch has taken", r.Overlaps)
	}
	if r.Repeated > 0 {
		fmt.Fprintf(out, ", %d that say the same as another row", r.Repeated)
	}
	if r.Rounded {
		fmt.Fprint(out, "\ncard numbers were rounded by a spreadsheet: those that look so are wrong, whatever their last digits")
	}
	_, err := fmt.Fprintf(out, "\nthe right rows come to: %s\n", totals(r))
	for _, text := range standingOf(r) {
		fmt.Fprintln(out, text)
	}
	return err
}
