// Package dispatch brings payouts to banks, each at most once, and knows or asks what
// became of every one, whatever fails: calls, processes, machines, banks.
//
// A platform submits a payout and is done with it:
//
//	d, err := dispatch.New(dispatch.Config{Journal: journal, Providers: clients, Routes: routes, Keys: keys})
//	go d.Run(ctx)
//	ticket, err := d.Submit(ctx, request)
//
// # What carries the promise
//
// The [Journal], never the loop. Before the first byte of a request leaves, the intent
// to send it is committed; a commit compares versions, so that of all who want to send
// only one does. The clock is read again right before that byte, and after
// [Times].SendWindow nothing leaves: from then on, plus the longest call, it is certain
// that nothing of the intent is under way, whoever made it and however long it slept.
//
// What came of a sending is evidence, and what it proves is in [Next], which is the
// whole life of a payout as a pure function. Whatever is not proved to be unsent or
// refused is unknown, and unknown is asked about, never sent again and never sent
// elsewhere. What nobody can prove goes to a person, see [Dispatcher.Resolve].
//
// # Who drives
//
// [Dispatcher.Step] does the next thing for one payout, with at most one call to a
// bank. A driver decides only when to call it: [Dispatcher.Run] is the embedded one; a
// job engine may be another. Steps may be repeated, lost, and made at the same time.
//
// # What it needs of the platform
//
// One reference for each intended payout, kept by the platform before Submit; the
// same content again under the same reference is the same payout. Keys that outlive
// every payout. Somebody who looks at what is in review, and at alarms.
package dispatch
