package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/payoutkit/payout/dispatch"
	"github.com/payoutkit/payout/journal"
	"github.com/payoutkit/payout/journal/internal/stored"
)

// Verify reads the whole journal, as it stands at one moment, and returns what is wrong
// with it: documents that can't be read, payouts and their histories, references and
// limits that do not agree. It does not look at the server's files, see amcheck and
// checksums for that. Payouts go on meanwhile. It returns nothing if nothing is wrong,
// and at most a thousand findings.
func (j *Journal) Verify(ctx context.Context) ([]journal.Finding, error) {
	v := &verification{ctx: ctx, j: j, in: within(j.config.Schema)}
	err := pgx.BeginTxFunc(ctx, j.pool, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}, func(tx pgx.Tx) error {
		v.tx = tx
		for _, check := range []func() error{v.payouts, v.references, v.events, v.limits, v.own, v.holds} {
			if err := check(); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("postgres: verify the journal: %w", err)
	}
	return v.Findings(), nil
}

type verification struct {
	stored.Audit
	ctx context.Context //nolint:containedctx // of one call
	j   *Journal
	in  func(string) string
	tx  pgx.Tx
}

// each calls row for each row, after scanning it.
func (v *verification) each(query string, into []any, row func() error) error {
	rows, err := v.tx.Query(v.ctx, v.in(query))
	if err != nil {
		return err
	}
	_, err = pgx.ForEachRow(rows, into, row)
	return err
}

func (v *verification) payouts() error {
	var p stored.Payout
	var last stored.Last
	err := v.each(`SELECT `+columns+`, (SELECT count(*) FROM {}.events e WHERE e.reference = p.reference),
			coalesce((SELECT max(e.version) FROM {}.events e WHERE e.reference = p.reference), 0),
			coalesce((SELECT e.state FROM {}.events e WHERE e.reference = p.reference ORDER BY e.version DESC LIMIT 1), '')
		FROM {}.payouts p`, []any{
		&p.Reference, &p.Version, &p.State, &p.Queue, &p.Due, &p.CreatedAt, &p.Amount, &p.Currency, &p.Document, &p.Sealed,
		&last.Number, &last.Version, &last.State,
	}, func() error {
		v.Payout(p, last)
		return v.owners(1000)
	})
	if err != nil {
		return err
	}
	return v.owners(1)
}

// owners looks up the references that were met, if there are so many, on another
// connection: what is there is never removed, so that it sees at least what this moment
// has.
func (v *verification) owners(atLeast int) error {
	met := v.Pending(atLeast)
	if len(met) == 0 {
		return nil
	}
	var accounts, keys []string
	for _, r := range met {
		accounts, keys = append(accounts, r.Account), append(keys, r.Key)
	}
	rows, err := v.j.pool.Query(v.ctx, v.in(`SELECT coalesce(t.payout, '') FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS a (account, key, n)
		LEFT JOIN {}.attempts t ON t.account = a.account AND t.reference_key = a.key ORDER BY a.n`), accounts, keys)
	if err != nil {
		return err
	}
	owners, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return err
	}
	for i, r := range met {
		v.Owner(r, owners[i])
	}
	return nil
}

func (v *verification) references() error {
	var n int64
	return v.each(`SELECT count(*) FROM {}.attempts`, []any{&n}, func() error {
		v.References(n)
		return nil
	})
}

func (v *verification) events() error {
	var id int64
	var ev stored.Event
	var known bool
	return v.each(`SELECT id, reference, version, at, kind, state, document::text, EXISTS (SELECT FROM {}.payouts p WHERE p.reference = e.reference) FROM {}.events e`,
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
	err := v.each(`SELECT bucket, count, minor FROM {}.limits`, []any{&bucket, &used.Count, &used.Minor}, func() error {
		v.Limit(bucket, used)
		return nil
	})
	v.Limits()
	return err
}

// own looks at the journal's own row. Epoch 0 is before the first.
func (v *verification) own() error {
	var epoch, last int64
	return v.each(`SELECT epoch, coalesce((SELECT max(number) FROM {}.epochs), 0) FROM {}.journal`, []any{&epoch, &last}, func() error {
		if last != epoch {
			v.Found("epochs", "", "the last one is %d, and the last that was begun %d", epoch, last)
		}
		return nil
	})
}

func (v *verification) holds() error {
	var provider string
	var document []byte
	return v.each(`SELECT provider, document::text FROM {}.holds`, []any{&provider, &document}, func() error {
		if _, err := stored.Hold(provider, document); err != nil {
			v.Found("hold", provider, "%v", err)
		}
		return nil
	})
}
