package batch_test

import (
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/batch"
)

func TestHeaderThatIsWrong(t *testing.T) {
	t.Parallel()
	const noHeader = "line 1: is no header: a registry begins with the names of its columns, such as reference,amount,currency,destination"
	for _, c := range []struct{ name, file, want string }{
		{"empty", "", "line 1: is missing: the file holds nothing"},
		{"empty lines", "\n\n,,\n", "line 1: is missing: the file holds nothing"},
		{"a mark alone", "\ufeff", "line 1: is missing: the file holds nothing"},
		{"no header", "p-1,1500.00,RUB,card,4111111111111111\n", noHeader},
		{"commas and semicolons", "reference,amount,currency;destination;card.number\n", "line 1: has both commas and semicolons between its names"},
		{"tabs", "reference\tamount\tcurrency\tdestination\n", noHeader + "; they are separated by commas or semicolons, not tabs"},
		{"XLSX", "PK\x03\x04\x14\x00\x06\x00\n", "line 1: is no CSV but a ZIP archive, such as XLSX: save it as CSV in UTF-8"},
		{"UTF-16", "\xff\xfer\x00e\x00f\x00\n\x00", "line 1: is in UTF-16: save the file as CSV in UTF-8"},
		{"very long", strings.Repeat("reference,amount,", 1<<16), noHeader},
		{"missing", "reference,amount,card.number\n", "line 1: column currency: is missing; column destination: is missing"},
		{
			"unknown", "reference,amount,currency,destination,nonsense\n",
			`line 1: column 5 ("nonsense"): is not a column of a registry`,
		},
		{
			"another spelling", "Reference,amount, currency,destination\n",
			`line 1: column reference: is missing; column currency: is missing; ` +
				`column 1 ("Reference"): is not a column of a registry; it is written reference; ` +
				`column 3 (" currency"): is not a column of a registry; it is written currency`,
		},
		{
			"unknown field of a kind", "reference,amount,currency,destination,card.pan\n",
			`line 1: column 5 ("card.pan"): is not a column of a registry; card has number, holder, expiry`,
		},
		{
			"twice", "reference,amount,currency,destination,amount,metadata.a,metadata.a\n",
			`line 1: column 5 ("amount"): stands twice: column 2 has this name too; ` +
				`column 7 ("metadata.a"): stands twice: column 6 has this name too`,
		},
		{"no name", "reference,amount,currency,destination,\n", "line 1: column 5: has no name"},
		{
			"metadata without a name", "reference,amount,currency,destination,metadata.\n",
			`line 1: column 5 ("metadata."): must have 1 to 64 characters after the dot, without control characters and without spaces around`,
		},
		{
			"metadata with a control character", "reference,amount,currency,destination,metadata.a\x1bb\n",
			`line 1: column 5: must have 1 to 64 characters after the dot, without control characters and without spaces around`,
		},
		{
			"a row among the names", "reference,amount,currency,destination,IVAN,10.00,RUB\n",
			"line 1: column 5: is not a column of a registry; column 6: is not a column of a registry; column 7: is not a column of a registry",
		},
		{
			"CR alone", "reference,amount,currency,destination,recipient.name\rp1,1,RUB,card,IVAN\rp2,2,RUB,card,OLEG",
			"line 1: has line ends of CR alone in it: a line ends in LF or CRLF",
		},
		{
			"a quote that stays open", "reference,amount,currency,\"destination\n" + right,
			"line 1: column 4: begins with a quote and has no closing one on its line, and a field can't hold a line break",
		},
		{"cut off", "reference,amount,currency,destination", "line 1: has no line break at its end: the file may have been cut off"},
		{"below empty lines", "\n\nreference,amount,currency\n", "line 3: column destination: is missing"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, err := batch.NewReader(strings.NewReader(c.file), payout.Kinds()...)
			require.Nil(t, r)
			require.EqualError(t, err, c.want)
			var e *batch.RowError
			require.ErrorAs(t, err, &e)
			require.ErrorIs(t, err, payout.ErrInvalid)
		})
	}
}

func TestFileThatCannotBeRead(t *testing.T) {
	t.Parallel()
	broken := errors.New("the disk is on fire")
	_, err := batch.NewReader(iotest.ErrReader(broken), payout.Kinds()...)
	require.ErrorIs(t, err, broken)

	// A line that was read in part is no row, though it looks like a whole one.
	r, err := batch.NewReader(io.MultiReader(
		strings.NewReader(header+right+"p-2,1.00,RUB,card,4111111111111111,A B,x"), iotest.ErrReader(broken),
	), payout.Kinds()...)
	require.NoError(t, err)
	row, err := r.Next()
	require.NoError(t, err)
	require.Equal(t, "p-1", row.Reference)
	for range 2 {
		row, err = r.Next()
		require.ErrorIs(t, err, broken)
		require.Empty(t, row)
	}
}

func TestKindsThatCannotBeToldApart(t *testing.T) {
	t.Parallel()
	card := payout.Card{}.Kind()
	for name, kinds := range map[string][]payout.Kind{
		"none":                nil,
		"the zero kind":       {card, {}},
		"twice":               {card, card},
		"named like a person": {payout.Recipient{}.Kind()},
		"named like metadata": {metadataKind},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := batch.NewReader(strings.NewReader(header), kinds...)
			require.ErrorContains(t, err, "batch")
		})
	}
}

type metadata struct{ Name string }

var metadataKind = payout.NewKind("metadata", "a kind with an unlucky name",
	payout.Text(payout.Field{Name: "name"}, func(m *metadata) *string { return &m.Name }))

func (metadata) Kind() payout.Kind { return metadataKind }
