package main

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/dispatch"
)

func listCommand(g *global) *cobra.Command {
	var f struct {
		states, provider, prefix, from, before, least, most, after string
		limit                                                      int
		count                                                      bool
	}
	c := &cobra.Command{
		Use:   "list",
		Short: "List or count payouts",
		Long: "Lists payouts from the journal in the order of their references, or counts them by state.\n\n" +
			"States: unknown, planned, awaiting_request, sending, open, closed, paid, failed, returned, review,\ncancelled.",
		Example: "  payout list --config bench/payout.yaml --state review,unknown\n  payout list --config bench/payout.yaml --from 2026-11-01 --count",
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			filter := dispatch.Filter{Provider: f.provider, Prefix: f.prefix, After: f.after, Limit: f.limit}
			for name := range strings.SplitSeq(f.states, ",") {
				var s dispatch.State
				if name == "" {
					continue
				}
				if err := s.UnmarshalText([]byte(name)); err != nil {
					return fmt.Errorf("--state: %q is none: see --help", name)
				}
				filter.States = append(filter.States, s)
			}
			for _, t := range []struct {
				flag, text string
				into       *time.Time
			}{{"--from", f.from, &filter.CreatedFrom}, {"--before", f.before, &filter.CreatedBefore}} {
				if t.text == "" {
					continue
				}
				at, err := moment(t.text)
				if err != nil {
					return fmt.Errorf("%s: %w", t.flag, err)
				}
				*t.into = at
			}
			for _, m := range []struct {
				flag, text string
				into       *payout.Money
			}{{"--min", f.least, &filter.Min}, {"--max", f.most, &filter.Max}} {
				if m.text == "" {
					continue
				}
				amount, err := payout.ParseMoney(m.text)
				if err != nil {
					return fmt.Errorf("%s: must be an amount with its currency, such as \"10.50 EUR\"", m.flag)
				}
				*m.into = amount
			}
			a, err := g.load(c)
			if err != nil {
				return err
			}
			j, err := a.ReadJournal(c.Context())
			if err != nil {
				return err
			}
			defer func() { _ = j.Close() }() // it was only read
			if f.count {
				return g.count(c, j, filter)
			}
			entries, err := j.List(c.Context(), filter)
			if err != nil {
				return err
			}
			t := g.table(c, entryColumns...)
			for _, e := range entries {
				t.entry(e)
			}
			if err := t.end(); err != nil {
				return err
			}
			if len(entries) == f.limit {
				fmt.Fprintf(c.ErrOrStderr(), "payout: there may be more: --after %s\n", entries[len(entries)-1].Reference)
			}
			return nil
		},
	}
	c.Flags().StringVar(&f.states, "state", "", "only those in one of these states, separated by commas")
	c.Flags().StringVar(&f.provider, "provider", "", "only those with an attempt through this provider")
	c.Flags().StringVar(&f.prefix, "prefix", "", "only those whose reference begins so")
	c.Flags().StringVar(&f.from, "from", "", "only those submitted at this time or later, such as 2026-11-01 or 2026-11-01T15:04:05Z")
	c.Flags().StringVar(&f.before, "before", "", "only those submitted before this time")
	c.Flags().StringVar(&f.least, "min", "", `only those of this amount or more, such as "10.50 EUR"`)
	c.Flags().StringVar(&f.most, "max", "", "only those of this amount or less")
	c.Flags().StringVar(&f.after, "after", "", "only references after this one")
	c.Flags().IntVar(&f.limit, "limit", 100, "at most so many")
	c.Flags().BoolVar(&f.count, "count", false, "count them by state instead")
	return c
}

func (g *global) count(c *cobra.Command, j dispatch.Journal, f dispatch.Filter) error {
	counts, err := j.Count(c.Context(), f)
	if err != nil {
		return err
	}
	var states []dispatch.State
	for s := range counts {
		states = append(states, s)
	}
	slices.Sort(states)
	t := g.table(c, "STATE", "PAYOUTS")
	for _, s := range states {
		t.row(map[string]any{"state": s.String(), "payouts": counts[s]}, strings.ReplaceAll(s.String(), "_", " "), strconv.FormatInt(counts[s], 10))
	}
	return t.end()
}

// moment reads a time, or the beginning of a day in UTC.
func moment(text string) (time.Time, error) {
	for _, layout := range []string{time.RFC3339, time.DateOnly} {
		if at, err := time.Parse(layout, text); err == nil {
			return at, nil
		}
	}
	return time.Time{}, fmt.Errorf("%q is no time: it must be like 2026-11-01 or 2026-11-01T15:04:05Z", text)
}
