package main

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/dispatch"
)

func statusCommand(g *global) *cobra.Command {
	var history bool
	c := &cobra.Command{
		Use:     "status REFERENCE",
		Short:   "Show how a payout stands",
		Long:    "Shows how a payout stands, from the journal. With --history everything that happened to it.\nThe exit status is 1 if a person must look at it.",
		Example: "  payout status order-1 --config bench/payout.yaml\n  payout status order-1 --config bench/payout.yaml --history",
		Args:    cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			a, err := g.load(c)
			if err != nil {
				return err
			}
			j, err := a.ReadJournal(c.Context())
			if err != nil {
				return err
			}
			defer func() { _ = j.Close() }() // it was only read
			e, err := j.Load(c.Context(), args[0])
			if err != nil {
				return unknownReference(err, args[0])
			}
			t := g.table(c, entryColumns...)
			t.entry(e)
			if err := t.end(); err != nil {
				return err
			}
			if history {
				events, err := j.History(c.Context(), args[0])
				if err != nil {
					return err
				}
				if !g.json {
					fmt.Fprintln(c.OutOrStdout())
				}
				if err := g.history(c, e, events); err != nil {
					return err
				}
			}
			if e.State == dispatch.StateReview {
				return findings("a person must look: see payout resolve --help")
			}
			return nil
		},
	}
	c.Flags().BoolVar(&history, "history", false, "everything that happened to it")
	return c
}

func unknownReference(err error, reference string) error {
	if errors.Is(err, dispatch.ErrNoEntry) {
		return fmt.Errorf("the journal has no payout %q", reference)
	}
	return err
}

type shownEvent struct {
	At       time.Time `json:"at"`
	Event    string    `json:"event"`
	Provider string    `json:"provider,omitempty"`
	Status   string    `json:"status,omitempty"`
	Error    string    `json:"error,omitempty"`
	Reason   string    `json:"reason,omitempty"`
	Code     string    `json:"code,omitempty"`
	Broken   []string  `json:"broken,omitempty"` // rules
	By       string    `json:"by,omitempty"`
	Evidence string    `json:"evidence,omitempty"`
	Alarms   []string  `json:"alarms,omitempty"`
}

func (g *global) history(c *cobra.Command, e dispatch.Entry, events []dispatch.Event) error {
	t := g.table(c, "AT", "EVENT", "PROVIDER", "SAYS", "BY", "ALARMS")
	for _, ev := range events {
		s := shownEvent{At: ev.At, Event: ev.Kind.String(), By: ev.Decision.By, Evidence: ev.Decision.Evidence, Code: ev.Outcome.Code}
		n := ev.Attempt
		if ev.Kind == dispatch.EventIntended {
			s.Provider = ev.Planned.Provider
		} else if n >= 0 && n < len(e.Attempts) {
			s.Provider = e.Attempts[n].Provider
		}
		if ev.Kind == dispatch.EventCreated || ev.Kind == dispatch.EventLate || ev.Kind == dispatch.EventFound {
			if ev.Outcome.Answered {
				s.Status = ev.Outcome.Status.String()
				if ev.Outcome.Status == payout.StatusFailed {
					s.Reason, s.Code = ev.Outcome.Failure.Reason.String(), ev.Outcome.Failure.Code
				}
			} else {
				s.Error = ev.Outcome.Kind.Error()
				for _, v := range ev.Outcome.Violations {
					s.Broken = append(s.Broken, v.String())
				}
			}
		}
		for _, alarm := range ev.Alarms {
			s.Alarms = append(s.Alarms, string(alarm))
		}
		says := strings.TrimSpace(strings.Join([]string{s.Status, s.Error, s.Reason, s.Code, s.Evidence, list(s.Broken)}, " "))
		t.row(s, s.At.UTC().Format("2006-01-02 15:04:05.000"), s.Event, s.Provider, says, s.By, list(s.Alarms))
	}
	return t.end()
}
