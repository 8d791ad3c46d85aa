package batch_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/batch"
)

// The document's own example (all2pay:94), whose lines run together there.
const portalSample = "creditPan,currency,amount,name\n" +
	`"4111111111111111",EUR,"1000","test 1"` + "\n" +
	`"4111111111111111",USD,"234500","test 2"` + "\n"

func october() batch.Options { return batch.Options{Batch: "october", Key: key()} }

// "for example, 1000 is 10 euros 00 cents" (all2pay:93).
func TestThePortalsExample(t *testing.T) {
	t.Parallel()
	for name, o := range map[string]batch.Options{
		"by its header": october(),
		"said":          {Batch: "october", Key: key(), Layout: batch.LayoutPortal},
	} {
		t.Run(name, func(t *testing.T) {
			all := rows(t, openWith(t, portalSample, o))
			require.Len(t, all, 2)
			for i, want := range []struct{ amount, name string }{{"10.00 EUR", "test 1"}, {"2345.00 USD", "test 2"}} {
				require.NoError(t, all[i].Err)
				require.Equal(t, payout.MustMoney(want.amount), all[i].Request.Amount)
				require.Equal(t, want.name, all[i].Request.Description)
				require.Equal(t, payout.Card{Number: payout.NewSecret("4111111111111111")}, all[i].Request.Destination)
				require.Equal(t, all[i].Reference, all[i].Request.Reference)
			}
			require.NotEqual(t, all[0].Reference, all[1].Reference)
		})
	}
}

func TestThePortalsColumns(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, file, want string }{
		{"another order", "name,amount,creditPan,currency\ntest 1,1000,4111111111111111,EUR\n", ""},
		{"semicolons", "creditPan;currency;amount;name\n4111111111111111;EUR;1000;test 1\n", ""},
		{"missing", "creditPan,currency,amount\n", "line 1: column name: is missing"},
		{"one of ours", "creditPan,currency,amount,name,reference\n", `line 1: column 5 ("reference"): is not a column of a registry`},
		{"another case", "creditpan,currency,amount,name\n", `line 1: column creditPan: is missing; column 1 ("creditpan"): is not a column of a registry; it is written creditPan`},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, err := batch.Open(strings.NewReader(c.file), int64(len(c.file)), october())
			if c.want != "" {
				require.EqualError(t, err, c.want)
				return
			}
			require.NoError(t, err)
			all := rows(t, r)
			require.Equal(t, payout.MustMoney("10.00 EUR"), all[0].Request.Amount)
			require.Equal(t, "test 1", all[0].Request.Description)
		})
	}
}

func TestAmountsInMinorUnits(t *testing.T) {
	t.Parallel()
	const whole = "column 3 (amount): must be a whole number of minor units in digits, such as 150000 for 1500.00"
	for _, c := range []struct{ amount, currency, want, rule string }{
		{"1000", "EUR", "10.00 EUR", ""},
		{"1", "RUB", "0.01 RUB", ""},
		{"7", "JPY", "7 JPY", ""},
		{"125", "KWD", "0.125 KWD", ""},
		{"10.42", "RUB", "", whole},
		{"10.00", "RUB", "", whole},
		{"10.425", "RUB", "", whole},
		{`"10,42"`, "RUB", "", whole},
		{"1e3", "RUB", "", whole},
		{"0", "RUB", "", "column 3 (amount): must be more than zero"},
		{"-5", "RUB", "", "column 3 (amount): must be more than zero"},
		{"", "RUB", "", "column 3 (amount): is required"},
		{"9223372036854775808", "RUB", "", "column 3 (amount): is too large"},
	} {
		t.Run(c.amount+" "+c.currency, func(t *testing.T) {
			file := "creditPan,currency,amount,name\n4111111111111111," + c.currency + "," + c.amount + ",x\n"
			row := rows(t, openWith(t, file, october()))[0]
			if c.rule != "" {
				require.EqualError(t, row.Err, "line 2: "+c.rule)
				return
			}
			require.NoError(t, row.Err)
			require.Equal(t, payout.MustMoney(c.want), row.Request.Amount)
		})
	}
}

// The names are the file's, not ours.
func TestWhatIsWrongInAPortalsFile(t *testing.T) {
	t.Parallel()
	row := rows(t, openWith(t, "creditPan,currency,amount,name\n4111111111111112,RUR,1,\x00\n", october()))[0]
	require.EqualError(t, row.Err, "line 2: column 1 (creditPan): must have a valid check digit: one or more digits are wrong; "+
		"column 2 (currency): must be three letters of ISO 4217, such as RUB; column 4 (name): must not contain control characters")

	row = rows(t, openWith(t, portalSample, october()))[0]
	err := row.Locate([]payout.Violation{{Field: "destination.number", Rule: "r1"}, {Field: "recipient.name", Rule: "r2"}, {Field: "description", Rule: "r3"}})
	require.EqualError(t, err, "line 2: recipient.name: r2; column 1 (creditPan): r1; column 4 (name): r3")
}

// The template has no column for references.
func TestAPortalsFileNeedsABatch(t *testing.T) {
	t.Parallel()
	_, err := batch.Open(strings.NewReader(portalSample), int64(len(portalSample)), batch.Options{})
	require.EqualError(t, err, "line 1: has no references: they are derived from a batch id, and none was given")
	// Where cards are no destination, its columns mean nothing.
	_, err = batch.Open(strings.NewReader(portalSample), int64(len(portalSample)), batch.Options{Kinds: []payout.Kind{postalKind}})
	require.ErrorContains(t, err, "line 1: ")
}
