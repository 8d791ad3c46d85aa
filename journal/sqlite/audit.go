package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/payoutkit/payout/dispatch"
	"github.com/payoutkit/payout/journal"
	"github.com/payoutkit/payout/journal/internal/stored"
)

// Verify reads the whole journal, as it stands at one moment, and returns what is wrong
// with it: pages and indexes (PRAGMA integrity_check), documents that can't be read,
// payouts and their histories, references and limits that do not agree. Payouts go
// on meanwhile. It returns nothing if nothing is wrong, and at most a thousand findings.
func (j *Journal) Verify(ctx context.Context) (_ []journal.Finding, err error) {
	tx, err := j.scans.BeginTx(ctx, nil)
	if err != nil {
		return nil, j.wrong(err)
	}
	defer func() { err = errors.Join(err, tx.Rollback()) }()
	v := &verification{ctx: ctx, tx: tx}
	for _, check := range []func() error{v.pages, v.payouts, v.references, v.events, v.limits, v.own, v.holds} {
		if err := check(); err != nil {
			return nil, j.wrong(err)
		}
	}
	return v.Findings(), nil
}

// Verify is as of [Journal].
func (r *Reader) Verify(ctx context.Context) ([]journal.Finding, error) { return r.j.Verify(ctx) }

type verification struct {
	stored.Audit
	ctx context.Context //nolint:containedctx // of one call
	tx  *sql.Tx
}

// each calls row for each row, after scanning it.
func (v *verification) each(query string, into []any, row func() error) (err error) {
	rows, err := v.tx.QueryContext(v.ctx, query)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return err
		}
		if err := row(); err != nil {
			return err
		}
	}
	return rows.Err()
}

func (v *verification) pages() error {
	var says string
	return v.each(`PRAGMA integrity_check`, []any{&says}, func() error {
		if says != "ok" {
			v.Found("pages", "", "%s", says)
		}
		return nil
	})
}

func (v *verification) payouts() (err error) {
	owner, err := v.tx.PrepareContext(v.ctx, `SELECT payout FROM attempts WHERE account = ? AND reference_key = ?`)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, owner.Close()) }()
	var p stored.Payout
	var last stored.Last
	return v.each(`SELECT `+payoutColumns+`, (SELECT count(*) FROM events e WHERE e.reference = payouts.reference),
			coalesce((SELECT max(version) FROM events e WHERE e.reference = payouts.reference), 0),
			coalesce((SELECT state FROM events e WHERE e.reference = payouts.reference ORDER BY e.version DESC LIMIT 1), '')
		FROM payouts`, append(payoutFields(&p), &last.Number, &last.Version, &last.State), func() error {
		v.Payout(p, last)
		for _, r := range v.Pending(1) {
			var has string
			if err := owner.QueryRowContext(v.ctx, r.Account, r.Key).Scan(&has); err != nil && !errors.Is(err, sql.ErrNoRows) {
				return err
			}
			v.Owner(r, has)
		}
		return nil
	})
}

func (v *verification) references() error {
	var n int64
	return v.each(`SELECT count(*) FROM attempts`, []any{&n}, func() error {
		v.References(n)
		return nil
	})
}

func (v *verification) events() error {
	var id int64
	var ev stored.Event
	var known bool
	return v.each(`SELECT `+eventColumns+`, EXISTS (SELECT 1 FROM payouts p WHERE p.reference = events.reference) FROM events`,
		[]any{&id, &ev.Reference, &ev.Version, &ev.At, &ev.Kind, &ev.State, &ev.Document, &known}, func() error {
			v.Event(id, ev)
			if !known {
				v.Found("event", ev.Reference, "number %d is of a payout that is not there", id)
			}
			return nil
		})
}

func (v *verification) limits() error {
	var bucket string
	var used dispatch.Used
	err := v.each(`SELECT bucket, count, minor FROM limits`, []any{&bucket, &used.Count, &used.Minor}, func() error {
		v.Limit(bucket, used)
		return nil
	})
	v.Limits()
	return err
}

// own looks at the journal's own row.
func (v *verification) own() error {
	var epoch, last int64
	var begun bool
	err := v.tx.QueryRowContext(v.ctx, `SELECT epoch, coalesce((SELECT max(number) FROM epochs), -1), EXISTS (SELECT 1 FROM epochs WHERE number = epoch) FROM journal`).
		Scan(&epoch, &last, &begun)
	if err != nil {
		return fmt.Errorf("its own row: %w", err)
	}
	if !begun || last != epoch {
		v.Found("epochs", "", "the last one is %d, and the last that was begun %d", epoch, last)
	}
	return nil
}

func (v *verification) holds() error {
	var provider string
	var document []byte
	return v.each(`SELECT provider, document FROM holds`, []any{&provider, &document}, func() error {
		if _, err := stored.Hold(provider, document); err != nil {
			v.Found("hold", provider, "%v", err)
		}
		return nil
	})
}
