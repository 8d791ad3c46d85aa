package postgres

import (
	"context"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/payoutkit/payout/dispatch"
	"github.com/payoutkit/payout/internal/gather"
	"github.com/payoutkit/payout/journal"
)

// Journal is a journal in a schema of a PostgreSQL database. It is safe for concurrent
// use, and so is the schema by any number of processes. The pool stays its owner's.
type Journal struct {
	pool    *pgxpool.Pool
	config  Config
	sql     statements
	lineage string
	holder  string // of leases
	// server is when the server was started that was looked at last: nothing is committed
	// on another. See checked.
	server  atomic.Pointer[time.Time]
	looking sync.Mutex // of who remembers one
	marks   *marks
	// What is made at once is made together.
	commits gather.Calls[*commit]
	inserts gather.Calls[*insertion]
}

var _ dispatch.Journal = (*Journal)(nil)

// Lineage names the journal, for as long as it lives and wherever it is moved.
func (j *Journal) Lineage() string { return j.lineage }

// statements are in the journal's schema.
type statements struct {
	facts, state, doubt, settle, trust, note, epoch, nonce, last string
	load, find, history, used, shown, allot                      string
	standing, due, waiting, changes, strange, number             string
	setHold, holds, putKey, key, sync                            string
	commit                                                       map[parts]named
	insert, commitMany                                           named
}

func newStatements(schema string) statements {
	in := within(schema)
	return statements{
		facts: factsSQL, state: in(stateSQL), doubt: in(doubtSQL), settle: in(settleSQL), trust: in(trustSQL), note: in(noteSQL),
		epoch: in(epochSQL), nonce: in(nonceSQL), last: in(lastSQL),
		insert: newNamed(in(insertSQL)), load: in(loadSQL), find: in(findSQL), history: in(historySQL), used: in(usedSQL), shown: in(shownSQL), allot: in(allotSQL),
		commit: commits(in), commitMany: newNamed(in(commitManySQL)), standing: in(standingSQL), due: in(dueSQL), waiting: in(waitingSQL), changes: in(changesSQL), strange: in(strangeSQL), number: in(numberSQL),
		setHold: in(setHoldSQL), holds: in(holdsSQL), putKey: in(putKeySQL), key: in(keySQL), sync: syncSQL,
	}
}

// within returns what puts a statement in a schema: {} is its name.
func within(schema string) func(string) string {
	name := pgx.Identifier{schema}.Sanitize()
	return func(statement string) string { return strings.ReplaceAll(statement, "{}", name) }
}

// durably has the transaction that it is part of wait for the disk when it commits,
// whatever the server, the database, the role or the session say.
const durably = `set_config('synchronous_commit', CASE current_setting('synchronous_commit') WHEN 'remote_apply' THEN 'remote_apply' ELSE 'on' END, true)`

// syncSQL is durably for a transaction of several statements. It holds locks that all
// processes wait for, so that the server ends it when nothing more is heard: its process
// may have been stopped, or cut off.
const syncSQL = `SELECT set_config('idle_in_transaction_session_timeout', '5s', true), ` + durably

// Codes with which our own statements end themselves.
const (
	codeServer = "PJ001" // another server, or isolation, than was looked at
	codeLimit  = "PJ002"
	codeMoved  = "PJ003"
	codeOther  = "PJ004" // another journal
)

var errOther = errors.New("postgres: the transaction is of a database with another journal")

var errServer = errors.New("postgres: the server is not the one that was looked at: it was started again, or another one took over")

// known returns what an error of the database means, if it is one that proves that
// nothing was written.
func known(err error) error {
	var e *pgconn.PgError
	if !errors.As(err, &e) {
		return err
	}
	switch {
	case e.Code == codeServer:
		return errServer
	case e.Code == codeLimit:
		return dispatch.ErrLimit
	case e.Code == codeMoved:
		return journal.ErrMoved
	case e.Code == codeOther:
		return errOther
	case e.Code == "23505" && e.ConstraintName == "attempts_pkey":
		return dispatch.ErrReferenceTaken
	}
	return err
}

// maxTries bounds how often a statement is made again.
const maxTries = 5

// again makes a statement that was rolled back for the sake of others again: a
// deadlock, or a conflict of serializable transactions. Any other error may mean that
// it happened, and is the caller's.
func again(ctx context.Context, do func(context.Context) error) error {
	for tries := 1; ; tries++ {
		if err := do(ctx); tries >= maxTries || !rolledBack(err) {
			return known(err)
		}
	}
}

// rolledBack reports whether a statement was rolled back for the sake of others: they were
// at the same, or had locked it for longer than it was to wait.
func rolledBack(err error) bool {
	var e *pgconn.PgError
	return errors.As(err, &e) && (e.Code == "40001" || e.Code == "40P01" || e.Code == "55P03")
}

// durable makes a transaction of several statements.
func (j *Journal) durable(ctx context.Context, do func(tx pgx.Tx) error) error {
	return again(ctx, func(ctx context.Context) error {
		return pgx.BeginTxFunc(ctx, j.pool, pgx.TxOptions{IsoLevel: pgx.ReadCommitted, AccessMode: pgx.ReadWrite}, func(tx pgx.Tx) error {
			if _, err := tx.Exec(ctx, j.sql.sync); err != nil {
				return err
			}
			return do(tx)
		})
	})
}
