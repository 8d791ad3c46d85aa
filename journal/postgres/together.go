package postgres

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/payoutkit/payout/dispatch"
	"github.com/payoutkit/payout/internal/gather"
)

// What a process takes on, or commits, at once is written by one statement: a transaction
// costs the server several times what it writes of a payout. What can't be written with
// others is written alone.

// commit is one of those that are made at once.
type commit struct {
	record
	outcome
	number int64 // of its event; 0: it was passed over
}

// insertion is one of those that are made at once.
type insertion struct {
	taken
	outcome
	inserted bool
}

// outcome is that of one of many.
type outcome struct {
	alone bool // nothing was written, for the sake of another one: it is to be made alone
	err   error
}

// ended is the error of one whose context has ended.
func ended(began bool, err error) error {
	if !began {
		return fmt.Errorf("%w: %w", dispatch.ErrNotBegun, err)
	}
	return err
}

// gathers sees to it that what is made at once is made together.
func (j *Journal) gathers() {
	j.commits = gather.Calls[*commit]{Make: j.commitMany, Key: func(c *commit) string { return c.payout.Reference }}
	j.inserts = gather.Calls[*insertion]{Make: j.insertMany, Key: func(in *insertion) string { return in.payout.Reference }}
}

func (j *Journal) commitMany(ctx context.Context, all []*commit) {
	numbers := make(map[string]int64, len(all))
	err := j.each(ctx, j.pool, j.sql.commitMany, j.commitsOf(all), func(reference string, number int64) { numbers[reference] = number })
	for _, c := range all {
		if c.settle(err); err == nil { // rows may come before the commit fails
			c.number = numbers[c.payout.Reference]
		}
	}
}

func (j *Journal) insertMany(ctx context.Context, all []*insertion) {
	inserted, err := j.insertAll(ctx, j.pool, column(all, func(in *insertion) taken { return in.taken }), patience)
	for _, in := range all {
		if in.settle(err); err == nil {
			in.inserted = inserted[in.payout.Reference]
		}
	}
}

// settle notes what the statement for many means for one of them.
func (o *outcome) settle(err error) {
	if o.alone = rolledBack(err) || errors.Is(known(err), dispatch.ErrReferenceTaken); !o.alone {
		o.err = known(err)
	}
}

// each makes a statement that returns references, each with a number.
func (j *Journal) each(ctx context.Context, q querier, statement named, arguments map[string]any, do func(string, int64)) error {
	rows, err := q.Query(ctx, statement.sql, statement.arguments(arguments)...)
	if err != nil {
		return err
	}
	var reference, sync string
	var number int64
	_, err = pgx.ForEachRow(rows, []any{&reference, &number, &sync}, func() error {
		do(reference, number)
		return nil
	})
	return err
}
