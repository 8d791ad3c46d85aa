// Package otelpayout reports payouts to OpenTelemetry: the calls to banks, seen by
// the [payout.Observer] of a client, and what a dispatcher does with a payout, seen by
// its [dispatch.Observer].
//
//	calls, err := otelpayout.ClientObserver(otelpayout.Config{Tracers: tp, Meters: mp})
//	steps, err := otelpayout.DispatchObserver(otelpayout.Config{Tracers: tp, Meters: mp})
//	client := payout.NewClient(provider, payout.WithObserver(calls))
//	d, err := dispatch.New(dispatch.Config{Providers: []*payout.Client{client}, Observer: steps, ...})
//
// A call that a step makes is a child of the step's span. Nothing is sent to a bank
// for it: no header carries the trace on.
//
// It needs OpenTelemetry's API only, takes its providers from the caller, and uses
// none of its global ones: a provider that is nil gets no spans, or no metrics.
//
// # What is shown
//
// References are on spans and their events, never on metrics, where each would be a
// series of its own. Amounts and masked destinations are on neither: traces go to more
// people than the journal does, who find them there by the reference. The text of an
// error is shown where it is a [payout.Error], which is made of words of the library;
// of others there is a word only. All of it goes to [Config.Logger], if there is one.
//
// # Spans
//
//	name              kind      attributes
//	payout <op>       client    payout.provider, payout.op, payout.reference, payout.destination.kind;
//	                            at its end payout.status, or error.type, payout.code and
//	                            http.response.status_code
//	payout step       internal  payout.reference; at its end payout.state, payout.work and payout.idle,
//	                            or error.type
//
// A span whose call or step had an error has the status Error.
//
// # Events on spans
//
// They are on the span of the context, such as that of the step, or the caller's own
// around Submit or Resolve. Without one they are lost; the metrics are not.
//
//	name              attributes
//	payout.moved      payout.reference, payout.event, payout.from, payout.to, payout.review,
//	                  payout.provider, payout.route, payout.attempt
//	payout.alarm      payout.alarm, payout.reference, payout.provider, payout.op, payout.attempt
//
// # Metrics
//
//	name                            instrument       unit          attributes
//	payout.client.call.duration     histogram        s             payout.provider, payout.op, error.type
//	payout.client.outcomes          counter          {call}        payout.provider, payout.op, payout.status, error.type
//	payout.client.alarms            counter          {alarm}       payout.alarm, payout.provider, payout.op
//	payout.dispatch.transitions     counter          {transition}  payout.event, payout.from, payout.to, payout.provider
//	payout.dispatch.final.duration  histogram        s             payout.to, payout.provider
//	payout.dispatch.reviews         counter          {payout}      payout.review, payout.provider
//	payout.dispatch.in_review       gauge            {payout}      payout.review
//	payout.dispatch.alarms          counter          {alarm}       payout.alarm, payout.provider
//
// The time to the final state counts from Submit. Reviews counts those that come in,
// under their first reason. How many are there now is known to the journal and to no
// process, least of all after a restart: [ReviewGauge] asks it.
//
// # Attributes
//
//	payout.provider   the instance's name; absent where there is none
//	payout.op         a payout.Op: create, find, save card, ...
//	payout.status     a payout.Status, of a create or find that brought an answer
//	error.type        absent without an error. The kind of a payout.Error: outcome_unknown, invalid,
//	                  unsupported, not_sent, refused, unauthorized, rate_limited, not_found, conflict.
//	                  Of steps also stale, limit, reference_taken, no_entry, canceled,
//	                  deadline_exceeded and, for all others, _OTHER
//	payout.event      a dispatch.EventKind: intended, created, found, ...
//	payout.from       a dispatch.State, before and after: planned, sending, open, paid, ...
//	payout.to
//	payout.review     a dispatch.Review: deadline, double, contradiction, stranger, provider, poison
//	payout.alarm      a payout.AlarmKind or dispatch.AlarmKind
//	payout.work       ask or send; payout.idle: nothing was due, or allowed
//	payout.attempt    counted from 1
package otelpayout
