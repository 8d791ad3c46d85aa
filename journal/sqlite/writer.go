package sqlite

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"maps"
	"sync"
	"sync/atomic"

	"github.com/payoutkit/payout/dispatch"
	"github.com/payoutkit/payout/journal"
	"github.com/payoutkit/payout/journal/witness"
)

// largest is how many changes one transaction takes at most: enough for a sync to cost
// each of them little, and few enough for none of them to wait long.
const largest = 256

// writer writes one group of changes after the other. Its goroutine does, or, when
// nothing is being written, whoever comes with a change: two switches of goroutines are
// a tenth of what a commit alone takes.
type writer struct {
	path    string
	witness witness.Witness // nil: none
	db      *sql.DB         // of one connection
	pages   *pages

	mu     sync.Mutex
	queue  []*task
	closed bool
	wake   chan struct{} // capacity 1

	turn    sync.Mutex // of who writes
	running sync.WaitGroup

	unsettled atomic.Pointer[settling]                 // a group that may be visible and is not witnessed
	counts    atomic.Pointer[map[dispatch.State]int64] // how many payouts there are in each state; nil: see uncount

	// The rest belongs to the turn, once the goroutine has started.
	conn    *sql.Conn // nil: none, see reopen
	st      *statements
	recount bool         // counts are to be made anew
	mark    witness.Mark // of the last group that is durable
	movedTo string
	files   files
	gone    error // once the files are no longer the ones at their paths
}

// settling is a group whose commit has begun.
type settling struct{ done chan struct{} }

// task is something that waits for the writer: a change to be written with others, or
// something to be done between two groups.
type task struct {
	apply func(*transaction) error
	alone func(context.Context, *sql.Conn) error
	state atomic.Int32
	err   error
	done  chan struct{}
}

const (
	waiting int32 = iota
	begun
	withdrawn
)

// write has a change written, in a group with others, and returns when it is durable and
// witnessed. Its error is the one that apply returned, and then nothing of it is written,
// or one after which nobody knows. apply is called by whoever writes, perhaps more than
// once; it checks before it writes anything.
func (w *writer) write(ctx context.Context, apply func(*transaction) error) error {
	return w.do(ctx, &task{apply: apply})
}

// between has something done on the writer's connection while nothing else is.
func (w *writer) between(ctx context.Context, do func(context.Context, *sql.Conn) error) error {
	return w.do(ctx, &task{alone: do})
}

func (w *writer) do(ctx context.Context, t *task) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("%w: %w", dispatch.ErrNotBegun, err)
	}
	t.done = make(chan struct{})
	w.mu.Lock()
	if w.closed {
		w.mu.Unlock()
		return fmt.Errorf("journal %s: %w", w.path, journal.ErrClosed)
	}
	w.queue = append(w.queue, t)
	w.mu.Unlock()
	if w.turn.TryLock() {
		w.locked()
	}
	if t.state.Load() == waiting { // somebody else writes, or many came before it
		w.ring()
	}
	select {
	case <-t.done:
		return t.err
	case <-ctx.Done():
		if t.state.CompareAndSwap(waiting, withdrawn) {
			return fmt.Errorf("%w: %w", dispatch.ErrNotBegun, ctx.Err())
		}
		<-t.done // it is being written, and then it is known what became of it
		return t.err
	}
}

func (w *writer) ring() {
	select {
	case w.wake <- struct{}{}:
	default:
	}
}

func (w *writer) start() { w.running.Go(w.run) }

// run writes until the journal is closed.
func (w *writer) run() {
	for range w.wake {
		for wrote := true; wrote; {
			var closed bool
			w.turn.Lock()
			if wrote, closed = w.locked(); closed {
				return
			}
		}
	}
}

// locked writes a group, if something is waiting, and gives the turn back.
func (w *writer) locked() (wrote, closed bool) {
	defer w.turn.Unlock()
	tasks, closed := w.next()
	if closed || len(tasks) == 0 {
		return false, closed
	}
	ended := false
	defer func() {
		if !ended { // a witness panicked, say: those who wait are told that nobody knows
			w.uncount()
			w.drop()
			for _, t := range tasks {
				t.err = fmt.Errorf("journal %s: commit: it was broken off by a panic", w.path)
			}
		}
		for _, t := range tasks {
			close(t.done)
		}
	}()
	w.group(tasks)
	w.pages.written(len(tasks))
	ended = true
	return true, false
}

// next takes what is waiting, or the one that wants to be alone.
func (w *writer) next() (tasks []*task, closed bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.closed {
		for _, t := range w.queue {
			t.err = fmt.Errorf("journal %s: %w", w.path, journal.ErrClosed)
			close(t.done)
		}
		w.queue = nil
		return nil, true
	}
	n := 0
	for _, t := range w.queue {
		if len(tasks) == largest || len(tasks) > 0 && (t.alone != nil || tasks[0].alone != nil) {
			break
		}
		if n++; t.state.CompareAndSwap(waiting, begun) {
			tasks = append(tasks, t)
		}
	}
	w.queue = append(w.queue[:0:0], w.queue[n:]...)
	return tasks, false
}

// close ends the goroutine, after the group that is being written.
func (w *writer) close() error {
	w.mu.Lock()
	w.closed = true
	w.mu.Unlock()
	w.ring()
	w.running.Wait()
	w.drop()
	return w.db.Close()
}

// group writes changes in one transaction. If one of them breaks it, each gets one of its
// own: nothing was committed then, and the others have nothing to do with it.
func (w *writer) group(tasks []*task) {
	ctx := context.Background() // what has begun is brought to its end
	err := w.reopen(ctx)
	switch {
	case err != nil:
	case tasks[0].alone != nil:
		tasks[0].err = tasks[0].alone(ctx, w.conn)
	default:
		if err = w.attempt(ctx, tasks); errors.Is(err, errBroken) && len(tasks) > 1 {
			for _, t := range tasks {
				w.group([]*task{t})
			}
			return
		}
	}
	if err == nil {
		return
	}
	for _, t := range tasks {
		t.err = fmt.Errorf("journal %s: commit: %w", w.path, err)
	}
}

// errBroken is that a change broke a transaction, which was rolled back before its commit.
var errBroken = errors.New("nothing was written")

// attempt makes one transaction. Its error is everybody's: also who was told by the
// transaction that he is late was told so by changes that did not happen.
func (w *writer) attempt(ctx context.Context, tasks []*task) (err error) {
	defer func() {
		if err != nil {
			w.drop()
		}
	}()
	if _, err := w.st.begin.ExecContext(ctx); err != nil {
		return err
	}
	tx := &transaction{ctx: ctx, conn: w.conn, st: w.st, mark: w.mark, movedTo: w.movedTo}
	for _, t := range tasks {
		if t.err = tx.do(t.apply); tx.failed != nil {
			return fmt.Errorf("%w: %w", errBroken, tx.failed)
		}
	}
	if err := tx.flush(); err != nil {
		return err
	}
	s := w.unsettle()
	defer s.settle(w)
	if _, err := w.st.commit.ExecContext(ctx); err != nil {
		w.uncount() // it may have happened
		return err
	}
	if err := w.files.stand(); err != nil {
		w.uncount()
		w.gone = err
		return err
	}
	w.movedTo = tx.movedTo
	w.count(tx.counts)
	return w.attest(ctx, tx.mark)
}

// count keeps how many payouts there are in each state: who asks gets a map that nobody
// writes.
func (w *writer) count(more map[dispatch.State]int64) {
	if len(more) == 0 {
		return
	}
	now := maps.Clone(*w.counts.Load())
	for s, n := range more {
		if now[s] += n; now[s] == 0 {
			delete(now, s)
		}
	}
	w.counts.Store(&now)
}

// uncount forgets the counts after a commit of which nobody knows: until they are counted
// anew, who asks counts himself.
func (w *writer) uncount() {
	w.recount = true
	w.counts.Store(nil)
}

// attest has the witness write what is durable now, before anybody is told.
func (w *writer) attest(ctx context.Context, m witness.Mark) error {
	if w.witness != nil && m != w.mark {
		if err := w.witness.Write(ctx, m); err != nil {
			return err
		}
	}
	w.mark = m
	return nil
}

// unsettle notes that a commit begins that readers may see before it is witnessed.
func (w *writer) unsettle() *settling {
	if w.witness == nil {
		return nil
	}
	s := &settling{make(chan struct{})}
	w.unsettled.Store(s)
	return s
}

func (s *settling) settle(w *writer) {
	if s != nil {
		w.unsettled.Store(nil)
		close(s.done)
	}
}

// settle waits until what a reader may have seen is witnessed. If the witness fails, who
// commits is told; the reader has seen what is in the journal.
func (w *writer) settle(ctx context.Context) error {
	s := w.unsettled.Load()
	if s == nil {
		return nil
	}
	select {
	case <-s.done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// reopen sees to it that there is a connection to write with. After a failure it is a new
// one, that knows nothing of the pages that the old one may have failed to write, and
// what is there is witnessed anew before anything is added.
func (w *writer) reopen(ctx context.Context) (err error) {
	if w.conn != nil || w.gone != nil {
		return w.gone
	}
	if w.conn, err = w.db.Conn(ctx); err != nil {
		return err
	}
	defer func() {
		if err != nil {
			w.drop()
		}
	}()
	if err := verify(ctx, w.conn); err != nil {
		return err
	}
	if w.st, err = prepare(ctx, w.conn); err != nil {
		return err
	}
	m, movedTo, err := stands(ctx, w.conn)
	if err != nil {
		return err
	}
	if w.files, err = filesAt(w.path); err != nil {
		return err
	}
	if w.recount {
		counts, err := counted(ctx, w.conn)
		if err != nil {
			return err
		}
		w.counts.Store(&counts)
		w.recount = false
	}
	w.movedTo = movedTo
	return w.attest(ctx, m)
}

// drop closes the connection, and with it what it has not committed.
func (w *writer) drop() {
	if w.conn == nil {
		return
	}
	if w.st != nil {
		w.st.close()
	}
	_ = w.conn.Raw(func(any) error { return driver.ErrBadConn }) // or it would be given out again
	_ = w.conn.Close()
	w.conn, w.st = nil, nil
}
