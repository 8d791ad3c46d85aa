package batch_test

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/batch"
)

// canaries are values that must never come out of a reader but in a right request.
var canaries = []string{"4111111111111111", "CANARYNAME", "79261214249"}

// leaks looks for canaries in whatever a caller may print of a wrong row.
func leaks(t *testing.T, row batch.Row) {
	t.Helper()
	for _, shown := range []string{row.Err.Error(), fmt.Sprintf("%v %+v %#v %q", row.Err, row.Err, row.Err, row.Err)} {
		for _, canary := range canaries {
			require.NotContains(t, shown, canary)
		}
	}
	require.NotContains(t, row.Reference, canaries[0])
	require.NotContains(t, row.Reference, canaries[2])
}

// Every column, with a value that breaks every rule that there is.
func TestNoErrorHoldsAValue(t *testing.T) {
	t.Parallel()
	head := []string{
		"reference", "amount", "currency", "destination", "source", "description", "language",
		"return_url", "fail_url", "callback_url", "metadata.note",
	}
	for _, k := range append(kinds(), payout.Recipient{}.Kind()) {
		names, _ := fields(k)
		head = append(head, names...)
	}
	spoil := map[string]func(string) string{
		"as it is":            func(s string) string { return s },
		"control character":   func(s string) string { return s + "\x01" },
		"spaces":              func(s string) string { return " " + s + " " },
		"not UTF-8":           func(s string) string { return "\xff" + s },
		"too long":            func(s string) string { return strings.Repeat(s, 300) },
		"many columns":        func(s string) string { return s + "," + s },
		"bare quote":          func(s string) string { return s + `"` + s },
		"text after a quote":  func(s string) string { return `"` + s + `"` + s },
		"open quote":          func(s string) string { return `"` + s },
		"a line break inside": func(s string) string { return `"` + s + "\n" + s + `"` },
	}
	wrong := 0
	for column := range head {
		for _, spoil := range spoil {
			for _, canary := range canaries {
				line := make([]string, len(head))
				line[0], line[1], line[2], line[3] = "p-1", "1.00", "RUB", "hosted_page"
				line[column] = spoil(canary)
				file := strings.Join(head, ",") + "\n" + strings.Join(line, ",") + "\n" + canary + "\n" + canary
				r, err := batch.NewReader(strings.NewReader(file), kinds()...)
				require.NoError(t, err)
				for _, row := range rows(t, r) {
					if row.Err != nil {
						leaks(t, row)
						wrong++
					}
				}
			}
		}
	}
	require.Greater(t, wrong, 3500)
}

// A file without a header has a row where the names should be.
func TestNoValueOfAFileWithoutHeader(t *testing.T) {
	t.Parallel()
	for _, line := range []string{
		"4111111111111111,CANARYNAME,79261214249\n",
		"4111111111111111,CANARYNAME,\"79261214249\n",
		"4111111111111111,CANARYNAME\"79261214249\n",
		"reference,CANARYNAME,4111111111111111\n",
		"4111111111111111;CANARYNAME;79261214249;1\n",
		"reference,amount,currency,destination,4111111111111111,79261214249\n",
		"reference,amount,currency,destination,A4111111111111111\n",
		"reference,amount,currency,destination,metadata.a,metadata.4111111111111111,metadata.4111111111111111\n",
		"4111111111111111,CANARYNAME,79261214249",
	} {
		_, err := batch.NewReader(strings.NewReader(line), kinds()...)
		require.Error(t, err)
		for _, canary := range canaries {
			require.NotContains(t, fmt.Sprintf("%v %+v %#v", err, err, err), canary, line)
		}
	}
}

func FuzzReader(f *testing.F) {
	head := "reference,amount,currency,destination,card.number,sbp.phone,recipient.name,description,metadata.a\n"
	for _, body := range []string{
		"p-1,1.00,RUB,card,4111111111111111,,CANARYNAME,x,y\n",
		"p-1,1.00,RUB,sbp,,79261214249,CANARYNAME,\"x, \"\"y\"\"\",\n\n,,\nP-1,1.00,RUB,card,4111111111111111,,,,\n",
		"4111111111111111,CANARYNAME,79261214249,\"a\"b,\n\"CANARYNAME\n79261214249\n",
		"p-1,10.425,XAU,card,4111111111111112,\x00,CANARYNAME\xff,x\r\n",
		"p-1,1.00,RUB,card,4111111111111111,,CANARYNAME,x,y",
	} {
		f.Add(body)
	}
	f.Fuzz(func(t *testing.T, body string) {
		r, err := batch.NewReader(strings.NewReader(head+body), payout.Kinds()...)
		require.NoError(t, err)
		lines := strings.Split(head+body, "\n")
		seen, last := map[string]bool{}, 1
		for {
			row, err := r.Next()
			if errors.Is(err, io.EOF) {
				break
			}
			require.NoError(t, err)
			// Each line is a row's, or holds nothing.
			require.Greater(t, row.Line, last)
			require.GreaterOrEqual(t, row.LastLine, row.Line)
			for _, between := range lines[last : row.Line-1] {
				require.Empty(t, strings.Trim(strings.TrimSuffix(between, "\r"), ","))
			}
			last = row.LastLine
			if row.Err != nil {
				leaks(t, row)
				require.Equal(t, payout.ErrInvalid, payout.KindOf(row.Err))
				require.Empty(t, row.Request.Reference)
				continue
			}
			require.Positive(t, row.Request.Amount.Sign())
			require.NotNil(t, row.Request.Destination)
			require.NotEmpty(t, row.Request.Reference)
			require.False(t, seen[strings.ToLower(row.Request.Reference)])
			seen[strings.ToLower(row.Request.Reference)] = true
		}
		for _, after := range lines[last:] {
			require.Empty(t, strings.Trim(strings.TrimSuffix(after, "\r"), ","))
		}
	})
}
