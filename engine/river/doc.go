// Package river drives payouts by River, a job engine on PostgreSQL, with workers on any
// number of machines: the same [dispatch.Dispatcher], the same journal, another driver.
//
//	journal, err := postgres.Open(ctx, pool, postgres.Config{})
//	engine, err := river.New(river.Config{Pool: pool, Journal: journal, Dispatch: config})
//	go engine.Run(ctx) // on each machine
//	entry, err := engine.Submit(ctx, request)
//
// # What carries the promise
//
// The journal, as with any driver. River knows no fencing: a job that it takes for stuck
// it gives to another worker, and the first one may still be at it. So a job holds a
// reference and nothing else, and may be lost, repeated, late, and worked on twice: what
// a step may send is decided by the intent that it commits, and by the clock that is read
// right before the first byte. Requests are in the journal, sealed; an engine without a
// [dispatch.Sealer] is refused, since another machine could not send what this one took.
//
// # Who sees to a payout
//
// [Engine.Submit] writes the payout and its job in one transaction, which may be the
// caller's own: [Engine.SubmitTx]. A job makes steps until there is nothing to do for a
// while, and sleeps until there is. A payout that has nothing to do for long has no job:
// a sweep, which runs on one of the machines, makes one for every payout that is due and
// that no job sees to, or only one that is lost with its worker. It mends whatever else
// may have happened to jobs: that somebody deleted them, that they were lost in a moved
// database, that a person or a callback has made a payout due before its time.
//
// Each provider has a queue, so that a slow bank keeps nobody waiting but its own, and
// its rates are those of all machines together.
//
// River's tables are in a schema of their own: [Migrate] makes them. River UI shows them
// as those of any other program that uses River.
package river
