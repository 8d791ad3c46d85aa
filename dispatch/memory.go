package dispatch

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Memory is a [Journal] in memory: for tests, demonstrations and simulations. It
// forgets everything when the process ends, and with that the promise.
type Memory struct {
	mu      sync.Mutex
	epoch   int64
	entries map[string]Entry
	history map[string][]Event
	taken   map[taken]string // whose it is
	used    map[string]Used
	shown   map[string]Shown // by account
	holds   map[string]Hold
	feed    []Changed
	due     [3]agenda // to ask about, the unknown ones first, and to send
}

// taken is a reference at an account, without regard to case.
type taken struct{ account, reference string }

// NewMemory returns an empty journal.
func NewMemory() *Memory {
	return &Memory{
		entries: map[string]Entry{}, history: map[string][]Event{}, taken: map[taken]string{},
		used: map[string]Used{}, shown: map[string]Shown{}, holds: map[string]Hold{},
	}
}

// Epoch implements [Journal].
func (m *Memory) Epoch(ctx context.Context) (int64, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	m.epoch++
	return m.epoch, nil
}

// Doubt implements [Journal]: there is never any.
func (m *Memory) Doubt(ctx context.Context) (Doubt, error) { return Doubt{}, ctx.Err() }

// Insert implements [Journal].
func (m *Memory) Insert(ctx context.Context, e Entry) (Entry, bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return Entry{}, false, fmt.Errorf("%w: %w", ErrNotBegun, err)
	}
	if have, ok := m.entries[e.Reference]; ok {
		return have.copied(), false, nil
	}
	e = e.copied()
	e.Version = 1
	if err := m.take(e); err != nil {
		return Entry{}, false, err
	}
	m.put(e)
	return e.copied(), true, nil
}

// take gives an entry the references of its attempts, or none if another one has one.
func (m *Memory) take(e Entry) error {
	seen := map[taken]bool{}
	for _, a := range e.Attempts {
		key := taken{a.Account, strings.ToLower(a.Reference)}
		if owner, has := m.taken[key]; seen[key] || has && owner != e.Reference {
			return ErrReferenceTaken
		}
		seen[key] = true
	}
	for key := range seen {
		m.taken[key] = e.Reference
	}
	return nil
}

func (m *Memory) put(e Entry) {
	m.entries[e.Reference] = e
	for i := range m.due {
		at := time.Time{}
		if i == e.queue() {
			at = e.Due
		}
		m.due[i].set(e.Reference, at)
	}
}

// copied returns a copy that shares nothing.
func (e Entry) copied() Entry {
	e = e.clone()
	e.Sealed = slices.Clone(e.Sealed)
	return e
}

func (ev Event) copied() Event {
	ev.Inquiries = slices.Clone(ev.Inquiries)
	ev.Planned.Reserved = slices.Clone(ev.Planned.Reserved)
	ev.Outcome.Violations = slices.Clone(ev.Outcome.Violations)
	ev.Alarms = slices.Clone(ev.Alarms)
	return ev
}

// queue is the agenda that an entry belongs to.
func (e Entry) queue() int {
	switch {
	case e.Work() == Send:
		return 2
	case e.State == StateUnknown || e.State == StateSending:
		return 0
	default:
		return 1
	}
}

// Load implements [Journal].
func (m *Memory) Load(ctx context.Context, reference string) (Entry, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return Entry{}, err
	}
	e, ok := m.entries[reference]
	if !ok {
		return Entry{}, ErrNoEntry
	}
	return e.copied(), nil
}

// FindAttempt implements [Journal].
func (m *Memory) FindAttempt(ctx context.Context, account, reference string) (Entry, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return Entry{}, err
	}
	owner, ok := m.taken[taken{account, strings.ToLower(reference)}]
	if !ok {
		return Entry{}, ErrNoEntry
	}
	return m.entries[owner].copied(), nil
}

// Commit implements [Journal].
func (m *Memory) Commit(ctx context.Context, c Change) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("%w: %w", ErrNotBegun, err)
	}
	e := c.Entry.copied()
	have, ok := m.entries[e.Reference]
	switch {
	case !ok:
		return ErrNoEntry
	case have.Version != e.Version:
		return ErrStale
	}
	// What is released is released first: it may be taken again by the same commit.
	after := map[string]Used{}
	held := func(bucket string) Used {
		if now, ok := after[bucket]; ok {
			return now
		}
		return m.used[bucket]
	}
	for _, u := range c.Release {
		now := held(u.Bucket)
		after[u.Bucket] = Used{now.Count - 1, now.Minor - u.Amount.Minor()}
	}
	for _, u := range c.Reserve {
		now := held(u.Bucket)
		if !now.Fits(u) {
			return ErrLimit
		}
		after[u.Bucket] = Used{now.Count + 1, now.Minor + u.Amount.Minor()}
	}
	if err := m.take(e); err != nil {
		return err
	}
	for bucket, now := range after {
		m.used[bucket] = now
	}
	if c.Shown.newer(m.shown[c.Shown.Account]) {
		m.shown[c.Shown.Account] = c.Shown
	}
	e.Version++
	m.put(e)
	m.history[e.Reference] = append(m.history[e.Reference], c.Event.copied())
	m.feed = append(m.feed, Changed{
		Cursor: Cursor(strconv.Itoa(len(m.feed) + 1)), Reference: e.Reference, Version: e.Version, Event: c.Event.copied(),
		State: e.State, Review: e.Review, Failure: e.Failure, Amount: e.Amount,
	})
	return nil
}

// Due implements [Journal].
func (m *Memory) Due(ctx context.Context, w Work, now time.Time, limit int) ([]Due, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if w == Send {
		return m.due[2].until(now, limit, nil), nil
	}
	return m.due[1].until(now, limit, m.due[0].until(now, limit, nil)), nil
}

// Waiting implements [Journal].
func (m *Memory) Waiting(ctx context.Context, w Work, now time.Time, atMost int) (int, error) {
	due, err := m.Due(ctx, w, now, atMost)
	return len(due), err
}

// List implements [Journal].
func (m *Memory) List(ctx context.Context, f Filter) ([]Entry, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if err := f.Check(); err != nil {
		return nil, err
	}
	var out []Entry
	for _, e := range m.entries {
		if f.Matches(e) {
			out = append(out, e.copied())
		}
	}
	slices.SortFunc(out, func(a, b Entry) int { return cmp.Compare(a.Reference, b.Reference) })
	limit := f.Limit
	if limit <= 0 {
		limit = 100
	}
	return out[:min(len(out), limit)], nil
}

// Count implements [Journal].
func (m *Memory) Count(ctx context.Context, f Filter) (map[State]int64, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := cmp.Or(ctx.Err(), f.Check()); err != nil {
		return nil, err
	}
	out := map[State]int64{}
	for _, e := range m.entries {
		if f.counts(e) {
			out[e.State]++
		}
	}
	return out, nil
}

// Changes implements [Journal].
func (m *Memory) Changes(ctx context.Context, after Cursor, limit int) ([]Changed, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	n := 0
	if after != "" {
		var err error
		if n, err = strconv.Atoi(string(after)); err != nil || n < 0 || n > len(m.feed) {
			return nil, invalid("after", "is not a cursor of this journal")
		}
	}
	var out []Changed
	for _, c := range m.feed[n:min(len(m.feed), n+max(limit, 0))] {
		c.Event = c.Event.copied()
		out = append(out, c)
	}
	return out, nil
}

// History implements [Journal].
func (m *Memory) History(ctx context.Context, reference string) ([]Event, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	var out []Event
	for _, ev := range m.history[reference] {
		out = append(out, ev.copied())
	}
	return out, nil
}

// Used implements [Journal].
func (m *Memory) Used(ctx context.Context, bucket string) (Used, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.used[bucket], ctx.Err()
}

// Shown implements [Journal].
func (m *Memory) Shown(ctx context.Context, account string) (Shown, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.shown[account], ctx.Err()
}

// SetHold implements [Journal].
func (m *Memory) SetHold(ctx context.Context, h Hold) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return err
	}
	if h.Reason == NotHeld {
		delete(m.holds, h.Provider)
	} else {
		m.holds[h.Provider] = h
	}
	return nil
}

// Holds implements [Journal].
func (m *Memory) Holds(ctx context.Context) ([]Hold, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	var out []Hold
	for _, h := range m.holds {
		out = append(out, h)
	}
	slices.SortFunc(out, func(a, b Hold) int { return cmp.Compare(a.Provider, b.Provider) })
	return out, nil
}
