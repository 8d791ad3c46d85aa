package move

import (
	"context"
	"fmt"
	"iter"
	"strconv"
	"time"

	"github.com/payoutkit/payout/dispatch"
	"github.com/payoutkit/payout/journal"
	"github.com/payoutkit/payout/journal/internal/stored"
)

// Options of a move. The zero Options are good.
type Options struct {
	// Progress is told now and then how far the move is. nil: nobody is.
	Progress func(Progress)
	// By is who moves the journal, for its history.
	By string
	// Now tells the time. nil: time.Now.
	Now func() time.Time
}

// Progress is how far a move is.
type Progress struct {
	Table string
	Rows  int64
	Done  bool // all rows of the table have arrived, and are the same in both places
}

// Report is what a move has done.
type Report struct {
	From, To string
	Lineage  string
	Tables   []Carried
	// InFlight is how many payouts were being sent, and are unknown now.
	InFlight int
	// Cursor is the place in the new journal's feed after all that came along, for who has
	// read the old one's to its end. "": the old cursor goes on.
	Cursor dispatch.Cursor
	// Already says that there was nothing left to do: an earlier move had come to its end.
	Already bool
}

// Carried is a table that has arrived.
type Carried struct {
	Table string
	Rows  int64
}

// Move ends the journal at from, and has it go on at to. Where there is something at to
// already, the error is [journal.ErrExists], and nothing has happened. If the journal was
// moved elsewhere, it is [journal.ErrMoved]. After any other error, move again.
func Move(ctx context.Context, from Source, to Target, o Options) (Report, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	m := &moving{from: from, to: to, options: o, now: o.Now(), places: from.Places() && to.Places()}
	m.report = Report{From: from.Name(), To: to.Name()}
	if err := m.move(ctx); err != nil {
		return Report{}, fmt.Errorf("move %s to %s: %w", from.Name(), to.Name(), err)
	}
	return m.report, nil
}

// moving is a move under way.
type moving struct {
	from    Source
	to      Target
	options Options
	now     time.Time
	places  bool
	aged    []stored.Aged
	last    int64 // the greatest number of an event
	report  Report
}

func (m *moving) move(ctx context.Context) error {
	old, err := m.from.State(ctx)
	switch {
	case err != nil:
		return err
	case m.from.Name() == m.to.Name():
		return fmt.Errorf("it is there: %w", journal.ErrExists)
	case old.MovedTo != "" && old.MovedTo != m.to.Name():
		return fmt.Errorf("%w: %s", journal.ErrMoved, old.MovedTo)
	}
	// What can go wrong without the old journal being ended should do so before.
	finished, err := m.to.Prepare(ctx, old.Lineage)
	if err != nil {
		return err
	}
	m.report.Lineage, m.report.Already = old.Lineage, finished
	switch {
	case finished && old.MovedTo == "":
		return fmt.Errorf("a copy of this journal: %w", journal.ErrExists)
	case finished:
		return nil
	case old.MovedTo == "":
		if err := m.from.Tombstone(ctx, m.to.Name()); err != nil {
			return err
		}
		if old, err = m.from.State(ctx); err != nil {
			return err
		}
	}
	for _, t := range stored.Tables() {
		if err := m.carry(ctx, t); err != nil {
			return fmt.Errorf("%s: %w", t.Name, err)
		}
	}
	note, err := stored.Note{By: m.options.By, From: m.from.Name(), To: m.to.Name()}.Document()
	if err != nil {
		return err
	}
	m.report.InFlight = len(m.aged)
	if !m.places {
		m.report.Cursor = dispatch.Cursor(strconv.FormatInt(m.last, 10))
	}
	return m.to.Finish(ctx, stored.Arrival{Journal: old, Places: m.places, At: stored.Micros(m.now), Aged: m.aged, Note: note})
}

// carry brings a table over, and compares what has arrived with what has left.
func (m *moving) carry(ctx context.Context, t stored.Table) error {
	columns := t.Carried(m.places)
	var left, arrived stored.Sum
	err := m.to.Load(ctx, t, columns, m.leaving(t, &left, m.from.Rows(ctx, t, columns)))
	if err != nil {
		return err
	}
	for row, err := range m.to.Rows(ctx, t, columns) {
		if err != nil {
			return err
		}
		if err := arrived.Add(row); err != nil {
			return err
		}
	}
	if left != arrived {
		return fmt.Errorf("what has arrived is not what has left: %d rows left, and %d arrived", left.Rows, arrived.Rows)
	}
	m.report.Tables = append(m.report.Tables, Carried{t.Name, left.Rows})
	m.tell(Progress{t.Name, left.Rows, true})
	return nil
}

// often is after how many rows the progress is told.
const often = 100_000

// leaving are the rows that leave. They are summed up, and what was being sent is noted.
func (m *moving) leaving(t stored.Table, sum *stored.Sum, rows iter.Seq2[[]any, error]) iter.Seq2[[]any, error] {
	return func(yield func([]any, error) bool) {
		for row, err := range rows {
			if err == nil {
				err = sum.Add(row)
			}
			if err == nil {
				err = m.look(t, row)
			}
			if !yield(row, err) || err != nil {
				return
			}
			if sum.Rows%often == 0 {
				m.tell(Progress{t.Name, sum.Rows, false})
			}
		}
	}
}

// look notes what has to be known of a row that leaves.
func (m *moving) look(t stored.Table, row []any) error {
	switch t.Name {
	case "payouts":
		return m.age(stored.PayoutOf(row))
	case "events":
		m.last = max(m.last, row[0].(int64))
	}
	return nil
}

func (m *moving) tell(p Progress) {
	if m.options.Progress != nil {
		m.options.Progress(p)
	}
}
