package batch

import (
	"context"
	"errors"
	"io"
	"runtime"
	"slices"
)

// block is some rows of a file on their way through a check. Of several blocks one is
// read, others are verified at the same time, and one is counted, in the order of the
// file: what is told of a file does not depend on how many processors there are.
type block struct {
	verifier
	rows     []blockRow
	fields   []string // of all its rows
	err      error    // what ended the file behind them; io.EOF is its end
	verified chan struct{}
}

type blockRow struct {
	number int // of the row among those of the file, from 0
	record
	verdict
	claim
	said         sum96      // everything but its reference, if that is needed
	stands, live bool       // a payout stands under its reference, and is paid or may be
	overlap      OverlapKey // if the rows are to be compared with earlier ones
	payee        OverlapKey // of a row that is new in a batch of which something was taken
}

// A block is full with so many rows, or with so many bytes of them: then a line that is
// as long as may be takes no more memory than it has to.
const (
	blockRows  = 1024
	blockBytes = 1 << 17
)

// pass is one reading of a file from its begin to its end.
type pass struct {
	*reader
	overlaps bool                  // the rows' overlap keys are needed
	repeated *repeats              // what rows say is needed; nil: it is not
	wanted   func(number int) bool // the rows that are looked at; nil: all of them
}

// run has count look at one block after another. It returns when nothing of it is under way
// any more.
func (p *pass) run(ctx context.Context, count func(*block) error) error {
	most := min(runtime.GOMAXPROCS(0), 8) + 4
	free, order := make(chan *block, most), make(chan *block, most)
	for range most {
		free <- &block{verifier: p.another(), rows: make([]blockRow, 0, blockRows), verified: make(chan struct{}, 1)}
	}
	stop := make(chan struct{})
	go func() {
		defer close(order)
		for {
			select {
			case <-stop:
				return
			case b := <-free:
				p.fill(b)
				go p.verify(b)
				order <- b
				if b.err != nil {
					return
				}
			}
		}
	}()
	defer func() {
		close(stop)
		for b := range order {
			<-b.verified
		}
	}()
	for b := range order {
		<-b.verified
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if err := count(b); err != nil {
			return err
		}
		if errors.Is(b.err, io.EOF) {
			return nil
		}
		if b.err != nil {
			return b.err
		}
		free <- b
	}
	return nil
}

// fill reads rows until the block is full, or the file ends.
func (p *pass) fill(b *block) {
	b.rows, b.fields = b.rows[:0], b.fields[:0]
	for size := 0; len(b.rows) < blockRows && size < blockBytes; {
		if b.err = p.next(); b.err != nil {
			return
		}
		number := p.number - 1
		if p.wanted != nil && !p.wanted(number) {
			continue
		}
		rec, begin := &p.record, len(b.fields)
		b.fields = append(b.fields, rec.fields...)
		fields := b.fields[begin:len(b.fields):len(b.fields)]
		for _, text := range fields {
			size += 1 + len(text)
		}
		b.rows = b.rows[:len(b.rows)+1]
		row := &b.rows[len(b.rows)-1]
		row.number, row.record = number, record{rec.line, rec.last, fields, slices.Clone(rec.faults)}
		row.stands, row.live = false, false
		row.all = nil // what was wrong with a row may be much: it is not kept for the next
	}
}

// verify verifies the rows but for their references.
func (p *pass) verify(b *block) {
	for i := range b.rows {
		row := &b.rows[i]
		b.examine(row.number, &row.record, &row.verdict, &row.claim)
		if len(row.all) > 0 {
			continue
		}
		if p.repeated != nil {
			row.said = b.said(p.repeated.seed, &row.verdict)
		}
		if p.overlaps {
			row.overlap = b.keyed.overlap(b.plan, &row.verdict)
		}
	}
	b.verified <- struct{}{}
}

// settle gives the rows their references. They are fetched first, since the memory
// answers many questions as fast as one.
func (p *pass) settle(b *block) {
	for i := range b.rows {
		p.references.lines.touch(b.rows[i].first)
	}
	for i := range b.rows {
		row := &b.rows[i]
		p.reader.settle(row.line, &row.verdict, &row.claim)
	}
}
