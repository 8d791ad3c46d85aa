package batch

import (
	"context"
	"slices"
	"strings"
)

// corrections are what a batch has taken for the destinations of its new rows, and the
// file does not have: a row that was corrected after it had been taken is a new row.
type corrections struct {
	none  bool // nothing of the batch was taken: most files are of a new one
	keys  []OverlapKey
	block map[OverlapKey][]string // of the rows of one block
	// often are those that were taken under many references. They are asked for once:
	// where all rows pay one destination, each block would ask for the whole batch.
	often map[OverlapKey][]string
}

// many is how many references of one destination are many; and how many of those that
// the file does not have are told.
const many = 100

// begin finds out whether there can be any.
func (c *corrections) begin(ctx context.Context, earlier Earlier, batch OverlapKey) error {
	*c = corrections{none: true}
	if earlier == nil || batch.IsZero() {
		return nil
	}
	found, err := earlier.References(ctx, []OverlapKey{batch})
	c.none = len(found) == 0
	return err
}

// ask asks about the right rows of a block that were not taken before; known is what was
// taken under their overlap keys. What was taken before is taken again under its own
// reference, and corrects nothing.
func (c *corrections) ask(ctx context.Context, k *checker, b *block, known map[OverlapKey][]string) error {
	if c.none {
		return nil
	}
	c.keys = c.keys[:0]
	clear(c.block)
	for i := range b.rows {
		row := &b.rows[i]
		if row.payee = (OverlapKey{}); len(row.all) > 0 || taken(known[row.overlap], row) {
			continue
		}
		if row.payee = b.keyed.payee(b.plan, &row.verdict); row.payee.IsZero() {
			continue
		}
		if _, asked := c.often[row.payee]; !asked {
			c.keys = append(c.keys, row.payee)
		}
	}
	if len(c.keys) == 0 {
		return nil
	}
	found, err := k.Earlier.References(ctx, c.keys)
	if err != nil {
		return err
	}
	if c.block == nil {
		c.block, c.often = map[OverlapKey][]string{}, map[OverlapKey][]string{}
	}
	for key, references := range found {
		others := k.others(references)
		if len(references) > many {
			c.often[key] = slices.Clone(others[:min(len(others), many)])
		} else {
			c.block[key] = others
		}
	}
	return nil
}

// of is what was found for a destination.
func (c *corrections) of(payee OverlapKey) []string {
	if payee.IsZero() {
		return nil
	}
	if others, ok := c.often[payee]; ok {
		return others
	}
	return c.block[payee]
}

// taken reports whether a row's own reference is among some.
func taken(references []string, row *blockRow) bool {
	if len(references) == 0 {
		return false
	}
	own := row.text()
	return slices.ContainsFunc(references, func(r string) bool { return strings.EqualFold(r, own) })
}
