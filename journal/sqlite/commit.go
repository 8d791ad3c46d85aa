package sqlite

import (
	"context"
	"database/sql"

	"github.com/payoutkit/payout/dispatch"
	"github.com/payoutkit/payout/journal/internal/stored"
)

// Insert implements [dispatch.Journal].
func (j *Journal) Insert(ctx context.Context, e dispatch.Entry) (dispatch.Entry, bool, error) {
	e.Version = 1
	row, err := stored.FromEntry(e)
	if err != nil {
		return dispatch.Entry{}, false, err
	}
	inserted, have := false, row
	err = j.writer.write(ctx, func(tx *transaction) error {
		var err error
		inserted, have, err = tx.insert(e, row)
		return err
	})
	if err != nil {
		return dispatch.Entry{}, false, err
	}
	e, err = have.Entry()
	return e, inserted, err
}

func (tx *transaction) insert(e dispatch.Entry, row stored.Payout) (bool, stored.Payout, error) {
	var fresh []dispatch.Attempt
	if len(e.Attempts) > 0 { // of one that was imported
		var have stored.Payout
		if ok, err := tx.get(tx.st.load, []any{row.Reference}, payoutFields(&have)...); err != nil || ok {
			return false, have, err
		}
		var err error
		if fresh, err = tx.references(e); err != nil {
			return false, row, err
		}
	}
	n, err := tx.exec(tx.st.insert, row.Reference, row.Version, row.State, row.Queue, row.Due, row.CreatedAt, row.Amount, row.Currency,
		string(row.Document), row.Sealed)
	if err != nil {
		return false, row, err
	}
	if n == 1 {
		tx.counted(e.State, 1)
		return true, row, tx.take(e.Reference, fresh)
	}
	var have stored.Payout
	_, err = tx.get(tx.st.load, []any{row.Reference}, payoutFields(&have)...)
	return false, have, err
}

// take writes the references of attempts.
func (tx *transaction) take(reference string, fresh []dispatch.Attempt) error {
	for _, a := range fresh {
		if _, err := tx.exec(tx.st.attempt, a.Account, stored.ReferenceKey(a.Reference), reference, a.Provider); err != nil {
			return err
		}
	}
	return nil
}

// Commit implements [dispatch.Journal].
func (j *Journal) Commit(ctx context.Context, c dispatch.Change) error {
	p, err := prepared(c)
	if err != nil {
		return err
	}
	return j.writer.write(ctx, func(tx *transaction) error { return tx.commit(p) })
}

// change is a commit with its rows.
type change struct {
	dispatch.Change
	row   stored.Payout
	event stored.Event
}

func prepared(c dispatch.Change) (p change, err error) {
	p.Change = c
	p.Entry.Version++
	if p.row, err = stored.FromEntry(p.Entry); err == nil {
		p.event, err = stored.FromChange(c)
	}
	return p, err
}

// found is what is there of a payout before a change.
type found struct {
	rowid, version, createdAt, amount int64
	state                             dispatch.State
	currency                          string
	erased                            bool
}

func (tx *transaction) find(reference string) (f found, ok bool, err error) {
	var state string
	ok, err = tx.get(tx.st.find, []any{reference}, &f.rowid, &f.version, &state, &f.createdAt, &f.amount, &f.currency, &f.erased)
	if err == nil && ok {
		err = f.state.UnmarshalText([]byte(state))
	}
	return f, ok, err
}

func (tx *transaction) commit(p change) error {
	have, ok, err := tx.find(p.Entry.Reference)
	switch {
	case err != nil:
		return err
	case !ok:
		return dispatch.ErrNoEntry
	case have.version != p.Entry.Version-1:
		return dispatch.ErrStale
	}
	if have.erased {
		if p, err = p.erased(); err != nil {
			return err
		}
	}
	fresh, err := tx.references(p.Entry)
	if err != nil {
		return err
	}
	uses, err := tx.book(p.Reserve, p.Release)
	if err != nil {
		return err
	}
	shows, err := tx.shows(p.Shown)
	if err != nil {
		return err
	}

	// From here on everything is written.
	if err := tx.put(have, p.Entry.State, p.row); err != nil {
		return err
	}
	tx.mark.Event++
	ev := p.event
	if _, err := tx.exec(tx.st.event, tx.mark.Event, ev.Reference, ev.Version, ev.At, ev.Kind, ev.State, string(ev.Document)); err != nil {
		return err
	}
	if err := tx.take(p.Entry.Reference, fresh); err != nil {
		return err
	}
	if shows {
		if _, err := tx.exec(tx.st.show, p.Shown.Account, stored.Micros(p.Shown.Sent), stored.Micros(p.Shown.At)); err != nil {
			return err
		}
	}
	for bucket, used := range uses {
		*tx.used[bucket] = booked{used, true}
	}
	return nil
}

// put writes how a payout stands now.
func (tx *transaction) put(have found, s dispatch.State, row stored.Payout) error {
	args := []any{row.Version, row.Queue, row.Due, string(row.Document), row.Sealed}
	st := tx.st.stay
	switch {
	case row.CreatedAt != have.createdAt || row.Amount != have.amount || row.Currency != have.currency:
		st, args = tx.st.replace, append(args, row.State, row.CreatedAt, row.Amount, row.Currency)
	case s != have.state:
		st, args = tx.st.move, append(args, row.State)
	}
	if _, err := tx.exec(st, append(args, have.rowid)...); err != nil {
		return err
	}
	tx.counted(have.state, -1)
	tx.counted(s, 1)
	return nil
}

// references returns the attempts whose references are new, or ErrReferenceTaken.
func (tx *transaction) references(e dispatch.Entry) (fresh []dispatch.Attempt, err error) {
	type key struct{ account, reference string }
	seen := make(map[key]bool, len(e.Attempts))
	for _, a := range e.Attempts {
		k := key{a.Account, stored.ReferenceKey(a.Reference)}
		if seen[k] {
			return nil, dispatch.ErrReferenceTaken
		}
		seen[k] = true
		var owner string
		ok, err := tx.get(tx.st.owner, []any{k.account, k.reference}, &owner)
		switch {
		case err != nil:
			return nil, err
		case !ok:
			fresh = append(fresh, a)
		case owner != e.Reference:
			return nil, dispatch.ErrReferenceTaken
		}
	}
	return fresh, nil
}

// book returns how limits stand after a change, or ErrLimit. What is released is
// released first: the same change may take it again.
func (tx *transaction) book(reserve, release []dispatch.Use) (map[string]dispatch.Used, error) {
	if len(reserve)+len(release) == 0 {
		return nil, nil
	}
	after := map[string]dispatch.Used{}
	held := func(bucket string) (dispatch.Used, error) {
		if now, ok := after[bucket]; ok {
			return now, nil
		}
		b, err := tx.held(bucket)
		if err != nil {
			return dispatch.Used{}, err
		}
		return b.Used, nil
	}
	for _, u := range release {
		now, err := held(u.Bucket)
		if err != nil {
			return nil, err
		}
		after[u.Bucket] = dispatch.Used{Count: now.Count - 1, Minor: now.Minor - u.Amount.Minor()}
	}
	for _, u := range reserve {
		now, err := held(u.Bucket)
		switch {
		case err != nil:
			return nil, err
		case !now.Fits(u):
			return nil, dispatch.ErrLimit
		}
		after[u.Bucket] = dispatch.Used{Count: now.Count + 1, Minor: now.Minor + u.Amount.Minor()}
	}
	return after, nil
}

// shows reports whether an order that the bank has shown is news.
func (tx *transaction) shows(s dispatch.Shown) (bool, error) {
	if s.Account == "" {
		return false, nil
	}
	var sent, at sql.NullInt64
	if _, err := tx.get(tx.st.shown, []any{s.Account}, &sent, &at); err != nil {
		return false, err
	}
	newSent, newAt := stored.Micros(s.Sent), stored.Micros(s.At)
	return !sent.Valid || newSent > sent.Int64 || newSent == sent.Int64 && newAt > at.Int64, nil
}
