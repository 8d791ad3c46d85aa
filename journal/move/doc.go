// Package move carries a journal from one place to another: from SQLite to PostgreSQL,
// back, or from one of them to another of its kind.
//
//	from, err := sqlite.Export(ctx, "payouts.db", sqlite.Config{Witness: w})
//	to, err := postgres.Import(ctx, pool, postgres.Config{})
//	report, err := move.Move(ctx, from, to, move.Options{})
//
// # What can't happen
//
// That payouts go on in two places. The old journal is ended first, for good and for this
// one target: from then on it takes no commit, and can't be opened. The new one can't be
// opened until everything has arrived and was compared, row by row, with what had left.
//
// A move that was cut off, wherever, is run again, and goes on: to the same target and no
// other. Stop the workers first. On SQLite a move has the file for itself; on PostgreSQL a
// worker that still runs is refused its next commit, and what it was sending is asked
// about.
//
// # What comes along
//
// All of it: lineage, epochs, payouts, references at the banks, events with their numbers,
// limits, holds and their history, keys of payouts, doubts, and what happened to the
// journal itself. The witness of the old journal is that of the new one. A payout that was
// being sent is unknown in the new journal, and is asked about first; its history says so.
//
// # Cursors
//
// Events keep their numbers. A cursor of a journal on SQLite goes on right in the new one,
// wherever that is, and one of PostgreSQL does in another of PostgreSQL. On SQLite a
// cursor of PostgreSQL is refused, since events have another order there: who reads the
// feed brings it to its end before the move, and afterwards begins with the cursor that
// Report.Cursor is, or reads it again from the start.
package move
