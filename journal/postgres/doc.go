// Package postgres is the journal of payouts on PostgreSQL, for any number of processes
// on any number of machines.
//
//	pool, err := pgxpool.New(ctx, "postgres://...")
//	journal, err := postgres.Open(ctx, pool, postgres.Config{}) // once, before: postgres.Create
//
// The tables are in a schema of their own, in a database that may be the platform's:
// then [Journal.SubmitTx] commits the platform's own debit and its payout together.
//
// # What the safety rests on
//
// A commit is one statement, alone or with others that are made at the time, and compares
// versions: of all processes that want to move a payout on one does. It is acknowledged when it is on disk: each transaction has
// synchronous_commit on, whatever is configured, and a server that does not sync, or may
// tear pages, is refused. Nothing is committed on a server that was started again, or
// took over, before the journal has been compared with what the cluster says of itself,
// and with its witness: see [Journal.Doubt]. Leases, by contrast, only save work: see
// [Journal.Due].
//
// # What it needs
//
// PostgreSQL 15 or later, a role that may create the schema (Create) or that owns it, and
// the isolation level read committed. The pool belongs to the program: with as many
// connections as the dispatcher has workers nothing waits for one.
package postgres
