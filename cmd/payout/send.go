package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/cmd/payout/internal/app"
	"github.com/payoutkit/payout/dispatch"
)

const sendHelp = `Sends one payout, and waits until its fate is known or --patience has passed. It is
written down before anything is sent: the same command again, with the same reference
and content, sends nothing anew, and shows what became of it.

%s

The exit status is 0 if it is paid, and 1 if it is not, or if that is not known: see what
is printed. Never pay in another way what is neither failed nor cancelled.`

func sendCommand(g *global) *cobra.Command {
	var f requestFlags
	var patience time.Duration
	c := &cobra.Command{
		Use:   "send",
		Short: "Send one payout",
		Long:  fmt.Sprintf(sendHelp, fmt.Sprintf(requestHelp, "send")),
		Example: "  printf 'card.number=4111111111111111\\nrecipient.name=IVAN PETROV\\n' | payout send --config bench/payout.yaml --reference order-1 \\\n" +
			"    --amount 1500.00 --currency RUB --destination card",
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) (err error) {
			a, err := g.loadToDrive(&aside{out: c.ErrOrStderr()}, true)
			if err != nil {
				return err
			}
			req, err := f.request(c, a.Kinds())
			if err != nil {
				return err
			}
			d, err := a.Open(c.Context())
			if err != nil {
				return err
			}
			sent := false
			defer func() {
				if err = errors.Join(err, d.Close()); sent {
					err = brokeOff("it may have been sent, and must not be paid in another way: see payout status "+req.Reference, err)
				}
			}()
			if _, err := d.Tend(c.Context()); err != nil {
				return err
			}
			ticket, err := settle(c.Context(), d, req, patience)
			sent = !unsent(err)
			if err != nil {
				return err
			}
			t := g.table(c, entryColumns...)
			t.entry(ticket.Entry)
			if err := t.end(); err != nil {
				return err
			}
			if !ticket.Action.IsZero() {
				fmt.Fprintf(c.ErrOrStderr(), "payout: somebody must act: %s\n", ticket.Action.URL.Reveal())
			}
			if ticket.State != dispatch.StatePaid {
				return unpaid(ticket.Entry)
			}
			return nil
		},
	}
	f.flags(c)
	c.Flags().DurationVar(&patience, "patience", time.Minute, "how long to wait for its fate")
	return c
}

// settle submits a payout and drives it, and nothing else in the journal, until there is
// nothing to do for it but to wait longer than patience.
func settle(ctx context.Context, d *app.Desk, req payout.Request, patience time.Duration) (dispatch.Ticket, error) {
	ticket, err := d.Submit(ctx, req, dispatch.AwaitAnswer())
	if err != nil {
		return ticket, err
	}
	wait, done := context.WithTimeout(ctx, patience)
	defer done()
	for !settled(ticket.State) {
		next, _, err := d.Step(wait, req.Reference)
		if wait.Err() != nil || next.IsZero() {
			break
		}
		_ = err // it is in the entry, and says nothing about the payout: step again at next
		timer := time.NewTimer(max(time.Until(next), time.Millisecond))
		select {
		case <-wait.Done():
		case <-timer.C:
		}
		timer.Stop()
		if ticket, err = d.Status(context.WithoutCancel(ctx), req.Reference); err != nil {
			return ticket, err
		}
	}
	return d.Status(context.WithoutCancel(ctx), req.Reference)
}

// settled reports whether waiting longer changes nothing.
func settled(s dispatch.State) bool { return s.Final() || s == dispatch.StateReview }

func explainCommand(g *global) *cobra.Command {
	var f requestFlags
	c := &cobra.Command{
		Use:   "explain",
		Short: "Show where a payout would go, and why not elsewhere",
		Long: "Shows every route, whether it would be taken, and why not. Nothing is sent and nothing is written.\n\n" +
			fmt.Sprintf(requestHelp, "explain"),
		Example: "  printf 'card.number=4111111111111111\\nrecipient.name=IVAN PETROV\\n' | payout explain --config bench/payout.yaml --reference order-1 \\\n" +
			"    --amount 1500.00 --currency RUB --destination card",
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) (err error) {
			a, err := g.load(c)
			if err != nil {
				return err
			}
			req, err := f.request(c, a.Kinds())
			if err != nil {
				return err
			}
			d, err := a.Open(c.Context())
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, d.Close()) }()
			if _, err := d.Tend(c.Context()); err != nil {
				return err
			}
			choices, err := d.Explain(c.Context(), req)
			if err != nil {
				return err
			}
			t := g.table(c, "ROUTE", "PROVIDER", "TAKEN", "WHY")
			taken := false
			for _, choice := range choices {
				word := "no"
				if choice.Taken {
					word, taken = "yes", true
				}
				t.row(map[string]any{"route": choice.Route, "provider": choice.Provider, "taken": choice.Taken, "why": choice.Why},
					choice.Route, choice.Provider, word, choice.Why)
			}
			if err := t.end(); err != nil {
				return err
			}
			if !taken {
				return findings("no route would be taken now")
			}
			return nil
		},
	}
	f.flags(c)
	return c
}
