package demo

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/batch"
	"github.com/payoutkit/payout/dispatch"
)

// What the journal's entries and histories mean for a row.
func TestFate(t *testing.T) {
	t.Parallel()
	dry := payout.Failure{Reason: payout.ReasonInsufficientFunds, Code: "116"}
	declined := payout.Failure{Reason: payout.ReasonDeclined}
	// at is an attempt at "first" or "second".
	at := func(provider string, state dispatch.State, sent int, f payout.Failure) dispatch.Attempt {
		return dispatch.Attempt{Provider: provider, Reference: "r-" + provider, ProviderID: "id-" + provider, State: state, Transmissions: sent, Failure: f}
	}
	failed := at("first", dispatch.StateFailed, 1, dry)
	notDone := []Earlier{{"first", dispatch.StateFailed, payout.ReasonInsufficientFunds}}
	says := func(kind dispatch.EventKind, s payout.Status) dispatch.Event {
		return dispatch.Event{Kind: kind, Outcome: dispatch.Outcome{Answered: true, Status: s}}
	}
	interrupt := &payout.Error{Kind: payout.ErrNotSent, Err: context.Canceled}
	late := noRoute{[]dispatch.Choice{{Route: "first", Why: "the provider is held: person"}}}
	for _, c := range []struct {
		name      string
		state     dispatch.State
		attempts  []dispatch.Attempt
		history   []dispatch.Event
		withdrawn error
		failed    map[place]error // of Create
		want      Result
		status    string
	}{
		{
			"paid", dispatch.StatePaid, []dispatch.Attempt{at("first", dispatch.StatePaid, 1, payout.Failure{})}, nil, nil, nil,
			Result{Provider: "first", Attempts: 1, Payout: payout.Payout{ProviderID: "id-first", Status: payout.StatusPaid}}, "paid",
		},
		{
			"paid by the second", dispatch.StatePaid, []dispatch.Attempt{failed, at("second", dispatch.StatePaid, 1, payout.Failure{})}, nil, nil, nil,
			Result{Provider: "second", Attempts: 2, Earlier: notDone, Payout: payout.Payout{ProviderID: "id-second", Status: payout.StatusPaid}}, "paid",
		},
		{
			"paid by the first after all", dispatch.StatePaid, []dispatch.Attempt{at("first", dispatch.StatePaid, 1, payout.Failure{}), at("second", dispatch.StateFailed, 1, dry)}, nil, nil, nil,
			Result{
				Provider: "first", Attempts: 2, Earlier: []Earlier{{"second", dispatch.StateFailed, payout.ReasonInsufficientFunds}},
				Payout: payout.Payout{ProviderID: "id-first", Status: payout.StatusPaid},
			}, "paid",
		},
		{
			"paid where the first could not be reached", dispatch.StatePaid,
			[]dispatch.Attempt{at("first", dispatch.StateUnsent, 0, payout.Failure{}), at("second", dispatch.StatePaid, 1, payout.Failure{})}, nil, nil, nil,
			Result{Provider: "second", Attempts: 1, Payout: payout.Payout{ProviderID: "id-second", Status: payout.StatusPaid}}, "paid",
		},
		{
			"paid, asked since nobody said what became of the sending", dispatch.StatePaid,
			[]dispatch.Attempt{at("first", dispatch.StatePaid, 1, payout.Failure{})}, []dispatch.Event{{Kind: dispatch.EventAged}}, nil, nil,
			Result{Provider: "first", Attempts: 1, Lost: true, Payout: payout.Payout{ProviderID: "id-first", Status: payout.StatusPaid}}, "paid",
		},
		{
			"returned", dispatch.StateReturned, []dispatch.Attempt{at("first", dispatch.StateReturned, 1, payout.Failure{})}, nil, nil, nil,
			Result{Provider: "first", Attempts: 1, Payout: payout.Payout{ProviderID: "id-first", Status: payout.StatusReturned}}, "returned",
		},
		{
			"with a person", dispatch.StateReview, []dispatch.Attempt{at("first", dispatch.StateUnknown, 1, payout.Failure{})}, nil, nil, nil,
			Result{Provider: "first", Attempts: 1, Payout: payout.Payout{ProviderID: "id-first", Status: payout.StatusReview}}, "review a_person_must_look",
		},
		{
			"failed", dispatch.StateFailed, []dispatch.Attempt{failed, at("second", dispatch.StateFailed, 1, declined)}, nil, nil, nil,
			Result{Provider: "second", Attempts: 2, Earlier: notDone, Payout: payout.Payout{ProviderID: "id-second", Status: payout.StatusFailed, Failure: declined}},
			"failed declined",
		},
		{
			"failed just before it was given up", dispatch.StateFailed, []dispatch.Attempt{failed}, nil, late, nil,
			Result{Provider: "first", Attempts: 1, Payout: payout.Payout{ProviderID: "id-first", Status: payout.StatusFailed, Failure: dry}},
			"failed insufficient_funds",
		},
		{
			"failed, and interrupted before the next", dispatch.StateCancelled, []dispatch.Attempt{failed}, nil, interrupt, nil,
			Result{Provider: "first", Attempts: 1, Stopped: interrupt, Payout: payout.Payout{ProviderID: "id-first", Status: payout.StatusFailed, Failure: dry}},
			"failed insufficient_funds",
		},
		{
			"failed after a lost answer", dispatch.StateFailed, []dispatch.Attempt{failed},
			[]dispatch.Event{{Kind: dispatch.EventCreated}}, nil, map[place]error{{"first", "r-first"}: payout.ErrOutcomeUnknown},
			Result{Provider: "first", Attempts: 1, Lost: true, Payout: payout.Payout{ProviderID: "id-first", Status: payout.StatusFailed, Failure: dry}},
			"failed insufficient_funds",
		},
		{
			"refused", dispatch.StateFailed, []dispatch.Attempt{at("first", dispatch.StateFailed, 1, payout.Failure{})}, nil, nil,
			map[place]error{{"first", "r-first"}: payout.ErrRefused},
			Result{Provider: "first", Attempts: 1, Unpaid: payout.ErrRefused, Payout: payout.Payout{ProviderID: "id-first"}}, "refused malformed_for_the_bank",
		},
		{
			"invalid everywhere", dispatch.StateFailed,
			[]dispatch.Attempt{at("first", dispatch.StateUnsent, 0, payout.Failure{}), at("second", dispatch.StateUnsent, 0, payout.Failure{})}, nil, nil,
			map[place]error{{"first", "r-first"}: payout.ErrUnsupported, {"second", "r-second"}: payout.ErrInvalid},
			Result{Unpaid: payout.ErrInvalid}, "not_sent invalid",
		},
		{
			"never reached", dispatch.StateCancelled, []dispatch.Attempt{at("first", dispatch.StateUnsent, 0, payout.Failure{})}, nil, late,
			map[place]error{{"first", "r-first"}: payout.ErrNotSent},
			Result{Unpaid: payout.ErrNotSent}, "not_sent no_connection",
		},
		{
			"unauthorized", dispatch.StateCancelled, []dispatch.Attempt{at("first", dispatch.StateUnsent, 0, payout.Failure{})}, nil, late,
			map[place]error{{"first", "r-first"}: payout.ErrUnauthorized},
			Result{Provider: "first", Unpaid: payout.ErrUnauthorized}, "refused unauthorized",
		},
		{
			"interrupted while nothing could be reached", dispatch.StateCancelled, []dispatch.Attempt{at("first", dispatch.StateUnsent, 0, payout.Failure{})}, nil, interrupt,
			map[place]error{{"first", "r-first"}: payout.ErrNotSent},
			Result{Unpaid: interrupt}, "not_sent interrupted",
		},
		{"no route was free", dispatch.StateCancelled, nil, nil, late, nil, Result{Unpaid: late}, "not_sent no_route_free"},
		{"no route was left", dispatch.StateFailed, nil, nil, nil, nil, Result{Unpaid: noRoute{}}, "not_sent no_route_free"},
		{
			"pending", dispatch.StateOpen, []dispatch.Attempt{at("first", dispatch.StateOpen, 1, payout.Failure{})},
			[]dispatch.Event{says(dispatch.EventCreated, payout.StatusActionRequired), says(dispatch.EventFound, payout.StatusPending), {Kind: dispatch.EventFound}},
			late, nil,
			Result{Provider: "first", Attempts: 1, Payout: payout.Payout{ProviderID: "id-first", Status: payout.StatusPending}}, "pending",
		},
		{
			"waiting for someone", dispatch.StateOpen, []dispatch.Attempt{at("first", dispatch.StateOpen, 1, payout.Failure{})},
			[]dispatch.Event{says(dispatch.EventCreated, payout.StatusActionRequired), says(dispatch.EventFound, payout.StatusUnknown)},
			late, nil,
			Result{Provider: "first", Attempts: 1, Payout: payout.Payout{ProviderID: "id-first", Status: payout.StatusActionRequired}}, "action_required",
		},
		{
			"declined, and not yet confirmed", dispatch.StateClosed, []dispatch.Attempt{at("first", dispatch.StateClosed, 1, declined)},
			[]dispatch.Event{says(dispatch.EventFound, payout.StatusPending), says(dispatch.EventCreated, payout.StatusFailed)}, late, nil,
			Result{Provider: "first", Attempts: 1, Payout: payout.Payout{ProviderID: "id-first", Status: payout.StatusUnknown}}, "unknown",
		},
		{
			"unknown", dispatch.StateUnknown, []dispatch.Attempt{at("first", dispatch.StateUnknown, 1, payout.Failure{})},
			[]dispatch.Event{{Kind: dispatch.EventCreated}}, interrupt, nil,
			Result{Provider: "first", Attempts: 1, Lost: true, Payout: payout.Payout{ProviderID: "id-first", Status: payout.StatusUnknown}}, "unknown",
		},
		{
			"being sent", dispatch.StateSending, []dispatch.Attempt{at("first", dispatch.StateSending, 1, payout.Failure{})}, nil, interrupt, nil,
			Result{Provider: "first", Attempts: 1, Payout: payout.Payout{ProviderID: "id-first", Status: payout.StatusUnknown}}, "unknown",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			k := &desk{watch: newWatch()}
			k.watch.created = c.failed
			var got Result
			k.read(&got, batch.Row{}, dispatch.Entry{State: c.state, Attempts: c.attempts}, c.history, c.withdrawn)
			require.Equal(t, c.want, got)
			status := got.status()
			if r := got.reason(); r != "" {
				status += " " + r
			}
			require.Equal(t, c.status, status)
		})
	}
}
