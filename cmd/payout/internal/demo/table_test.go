package demo

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/batch"
	"github.com/payoutkit/payout/dispatch"
)

// Whatever a row holds, no line is too long and nothing of it is left out.
func TestNoLineIsTooLong(t *testing.T) {
	t.Parallel()
	for name, r := range map[string]Result{
		"as long as in the sample": {
			Reference: "pay-001", Provider: "all2pay", Attempts: 1, Took: 127 * time.Millisecond,
			Payout: payout.Payout{Amount: payout.MustMoney("25000000.00 RUB"), Destination: "bank_account ******7890", Status: payout.StatusFailed, Failure: payout.Failure{Reason: payout.ReasonDestinationRestricted}},
		},
		"a UUID": {
			Reference: "550e8400-e29b-41d4-a716-4466554a000f", Provider: "connpay", Took: 15 * time.Second, Lost: true, Attempts: 12,
			Earlier: []Earlier{{"all2pay", dispatch.StateFailed, payout.ReasonInsufficientFunds}, {strings.Repeat("long ", 30), dispatch.StateReview, payout.ReasonUnknown}},
			Stopped: errors.New(strings.Repeat("some words ", 20)),
			Payout:  payout.Payout{Amount: payout.MustMoney("9999999999.99 RUB"), Destination: "bank_account ******7890", Status: payout.StatusFailed, Failure: payout.Failure{Reason: payout.ReasonDestinationRestricted}},
		},
		"a long reference": {
			Reference: strings.Repeat("r", 90), Provider: "all2pay",
			Payout: payout.Payout{Amount: payout.MustMoney("1 JPY"), Destination: "card ******1111", Status: payout.StatusActionRequired},
		},
		"a very long reference": {
			Reference: strings.Repeat("r", 255), Provider: "all2pay",
			Payout: payout.Payout{Amount: payout.MustMoney("1 JPY"), Destination: "wallet " + strings.Repeat("w", 120), Status: payout.StatusUnknown},
		},
		"a long error": {
			Reference: "p", Malformed: true, LastLine: 7,
			Unpaid: &batch.RowError{Line: 7, Problems: []batch.Problem{{Column: 1, Name: strings.Repeat("n", 250), Rule: strings.Repeat("some words ", 40)}}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			var out strings.Builder
			newPrinter(&out, false).result(r)
			for l := range strings.Lines(out.String()) {
				require.LessOrEqual(t, utf8.RuneCountInString(l), width+1, l)
			}
			bare := strings.Join(strings.Fields(out.String()), "")
			facts := []string{r.Reference, r.Provider, r.Payout.Destination, words(r.status()), r.note()}
			for _, err := range []error{r.Unpaid, r.Stopped} {
				if err != nil {
					facts = append(facts, err.Error())
				}
			}
			if r.Attempts > 0 {
				facts = append(facts, fmt.Sprint(r.Provider, r.Attempts))
			}
			for _, e := range r.Earlier {
				facts = append(facts, fmt.Sprintf("%s at %s: %s", e.State, e.Provider, words(e.Reason.String())))
			}
			for _, fact := range facts {
				require.Contains(t, bare, strings.Join(strings.Fields(fact), ""))
			}
		})
	}
}

func TestTable(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	tbl := table{{"", 4, false}, {"", 5, true}, {"", 3, false}}
	for _, cells := range [][]string{
		{"a", "1", "x"},
		{"ab", "12345", "xyz"},
		{"abcd", "123456", "x"},
		{"abcdef", "1", "x"},
		{"abcdef", "12", "x"},
		{"abc", "", "x"},
		{"a", "", strings.Repeat("n", 95)},
		{"a", strings.Repeat("n", 95), "x"},
		{"a", "", strings.Repeat("n", 96)},
		{strings.Repeat("n", 99), "1", "x"},
	} {
		tbl.print(&out, cells...)
	}
	require.Equal(t, strings.Join([]string{
		"a        1 x",
		"ab   12345 xyz",
		"abcd 123456",
		"           x",
		"abcdef   1 x",
		"abcdef  12 x",
		"abc        x",
		"a",
		"     " + strings.Repeat("n", 95),
		"a    " + strings.Repeat("n", 95),
		"           x",
		"a",
		strings.Repeat("n", 96),
		strings.Repeat("n", 99),
		"         1 x",
		"",
	}, "\n"), out.String())
}

func TestWrap(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	wrap(&out, "  ", "a "+strings.Repeat("b", 200)+" c")
	wrap(&out, "", "")
	require.Equal(t, "  a\n  "+strings.Repeat("b", 98)+"\n  "+strings.Repeat("b", 98)+"\n  bbbb c\n\n", out.String())
}
