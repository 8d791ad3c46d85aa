package reconcile_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/journal/reconcile"
)

// read runs a statement against an empty journal, in which nothing is found: what was
// read is in the findings.
func read(t *testing.T, l reconcile.Layout, text string) *reconcile.Report {
	t.Helper()
	c := config(journal(t))
	c.Layout = l
	return run(t, c, text)
}

// Statements as banks write them.
func TestLayouts(t *testing.T) {
	moscow := time.FixedZone("MSK", 3*60*60)
	cyrillic := reconcile.Columns{Reference: "Номер заказа", Amount: "Сумма", Currency: "Валюта", Time: "Дата"}
	columns := layout().Columns
	for name, c := range map[string]struct {
		layout reconcile.Layout
		text   string
		credit bool
		money  string
		at     string // UTC
	}{
		"plain": {layout(), "reference,amount,currency,time\np-1,-1500.00,RUB,2026-11-15T12:00:01Z\n", false, "1500.00 RUB", "2026-11-15T12:00:01Z"},
		"with a byte order mark, without a last line break": {layout(), "\ufeffreference,amount,currency,time\r\np-1,-1500.00,RUB,2026-11-15T12:00:01Z", false, "1500.00 RUB", "2026-11-15T12:00:01Z"},
		"Windows-1251, comma, groups, after a title, as an export of 1C": {
			reconcile.Layout{
				Columns: cyrillic, Skip: 2, Delimiter: ';', Charset: reconcile.Windows1251, DecimalComma: true, Group: ' ',
				Currencies: map[string]payout.Currency{"RUR": payout.RUB}, Debits: reconcile.DebitsPositive,
				TimeLayout: "02.01.2006 15:04:05", Zone: moscow,
			},
			// "Выписка\r\n", "\"\r\n": nothing is read into what is skipped
			"\xc2\xfb\xef\xe8\xf1\xea\xe0\r\n\"\r\n" +
				// Дата;Номер заказа;Назначение;Сумма;Валюта
				"\xc4\xe0\xf2\xe0;\xcd\xee\xec\xe5\xf0 \xe7\xe0\xea\xe0\xe7\xe0;\xcd\xe0\xe7\xed\xe0\xf7\xe5\xed\xe8\xe5;\xd1\xf3\xec\xec\xe0;\xc2\xe0\xeb\xfe\xf2\xe0\r\n" +
				"15.11.2026 15:00:01;p-1;\"\xce\xce\xce \"\"\xd0\xee\xec\xe0\xf8\xea\xe0\"\"\r\n\xe8 \xe4\xf0.\";1 234 567,80;RUR\r\n",
			false, "1234567.80 RUB", "2026-11-15T12:00:01Z",
		},
		"minor units, one currency": {
			reconcile.Layout{
				Columns: reconcile.Columns{Reference: "reference", Amount: "amount", Time: "time"}, Minor: true,
				Currency: payout.JPY, Debits: reconcile.DebitsNegative,
			}, "reference,amount,time\np-1,-1500,2026-11-15T12:00:01Z\n", false, "1500 JPY", "2026-11-15T12:00:01Z",
		},
		"minor units in groups": {
			reconcile.Layout{Columns: columns, Minor: true, Group: '.', Debits: reconcile.DebitsNegative},
			"reference,amount,currency,time\np-1,-1.500,RUB,2026-11-15T12:00:01Z\n", false, "15.00 RUB", "2026-11-15T12:00:01Z",
		},
		"a currency's number": {layout(), "reference,amount,currency,time\np-1,-1500.00,643,2026-11-15T12:00:01Z\n", false, "1500.00 RUB", "2026-11-15T12:00:01Z"},
		"a credit":            {layout(), "reference,amount,currency,time\np-1,0.01,RUB,2026-11-15T12:00:01Z\n", true, "0.01 RUB", "2026-11-15T12:00:01Z"},
		"a credit with a minus": {
			reconcile.Layout{Columns: columns, Debits: reconcile.DebitsPositive},
			"reference,amount,currency,time\np-1,-0.01,RUB,2026-11-15T12:00:01Z\n", true, "0.01 RUB", "2026-11-15T12:00:01Z",
		},
		"a column of debits": {
			reconcile.Layout{Columns: reconcile.Columns{Reference: "r", Debit: "d", Credit: "c", Time: "t"}, Currency: payout.RUB, TimeLayout: time.DateOnly},
			"r,d,c,t\np-1,1500.00,0.00,2026-11-15\n", false, "1500.00 RUB", "2026-11-15T00:00:00Z",
		},
		"a column of credits": {
			reconcile.Layout{Columns: reconcile.Columns{Reference: "r", Debit: "d", Credit: "c", Time: "t"}, Currency: payout.RUB, TimeLayout: time.DateOnly},
			"r,d,c,t\np-1,,1500.00,2026-11-15\n", true, "1500.00 RUB", "2026-11-15T00:00:00Z",
		},
		"spaces around, lines of nothing": {layout(), "reference , amount,currency,time\n\n,,,\n p-1 ,\t-1500.00 ,RUB, 2026-11-15T12:00:01Z\n", false, "1500.00 RUB", "2026-11-15T12:00:01Z"},
		"quotes that mean nothing": {
			reconcile.Layout{Columns: columns, Unquoted: true, Delimiter: '\t', Debits: reconcile.DebitsNegative},
			"reference\tamount\tcurrency\ttime\tnote\n\np-1\t-1500.00\tRUB\t2026-11-15T12:00:01Z\t\"OOO \"R\"", false, "1500.00 RUB", "2026-11-15T12:00:01Z",
		},
	} {
		t.Run(name, func(t *testing.T) {
			r := read(t, c.layout, c.text)
			require.Empty(t, r.Problems)
			require.Len(t, r.Findings, 1)
			f := r.Findings[0]
			assert.Equal(t, []any{"p-1", c.money, c.at, c.credit},
				[]any{f.BankReference, f.Amount.String(), f.At.UTC().Format(time.RFC3339), f.Kind == reconcile.UnmatchedCredit})
		})
	}
}

// Nothing is guessed and nothing rounded: a row that does not keep to the layout is
// listed, and the others are read.
func TestProblems(t *testing.T) {
	major := "must be an optional minus, digits, and optionally the decimal sign and digits"
	columns := reconcile.Columns{Reference: "r", Debit: "d", Credit: "c", Time: "t"}
	sides := reconcile.Layout{Columns: columns, Currency: payout.RUB, TimeLayout: time.DateOnly}
	with := func(change func(*reconcile.Layout)) reconcile.Layout {
		l := layout()
		change(&l)
		return l
	}
	comma := with(func(l *reconcile.Layout) { l.DecimalComma, l.Delimiter = true, ';' })
	grouped := with(func(l *reconcile.Layout) { l.Group = ' ' })
	minor := with(func(l *reconcile.Layout) { l.Minor = true })
	plain := layout()
	for _, c := range []struct {
		layout reconcile.Layout
		row    string
		want   string
	}{
		{plain, "p-1,,RUB,2026-11-15T12:00:01Z", "line 2: column 2 (amount): is required"},
		{plain, "p-1,0.00,RUB,2026-11-15T12:00:01Z", "line 2: column 2 (amount): must not be zero"},
		{plain, "p-1,+5,RUB,2026-11-15T12:00:01Z", "line 2: column 2 (amount): " + major},
		{plain, "p-1,5e3,RUB,2026-11-15T12:00:01Z", "line 2: column 2 (amount): " + major},
		{plain, "p-1,\"5,00\",RUB,2026-11-15T12:00:01Z", "line 2: column 2 (amount): " + major},
		{plain, "p-1,1 500.00,RUB,2026-11-15T12:00:01Z", "line 2: column 2 (amount): " + major},
		{plain, "p-1,-,RUB,2026-11-15T12:00:01Z", "line 2: column 2 (amount): " + major},
		{plain, "p-1,-5.001,RUB,2026-11-15T12:00:01Z", "line 2: column 2 (amount): has more decimals than its currency"},
		{plain, "p-1,-5.5,JPY,2026-11-15T12:00:01Z", "line 2: column 2 (amount): has more decimals than its currency"},
		{plain, "p-1,99999999999999999999,RUB,2026-11-15T12:00:01Z", "line 2: column 2 (amount): is too large"},
		{plain, "p-1,-1234567890123,JPY,2026-11-15T12:00:01Z", "line 2: column 2 (amount): is too large"},
		{plain, "p-1,-5,,2026-11-15T12:00:01Z", "line 2: column 3 (currency): is required"},
		{plain, "p-1,-5,rub,2026-11-15T12:00:01Z", "line 2: column 3 (currency): is no currency of ISO 4217 that can hold money, nor a word of the layout"},
		{plain, "p-1,-5,RUR,2026-11-15T12:00:01Z", "line 2: column 3 (currency): is no currency of ISO 4217 that can hold money, nor a word of the layout"},
		{plain, "p-1,-5,XAU,2026-11-15T12:00:01Z", "line 2: column 3 (currency): is no currency of ISO 4217 that can hold money, nor a word of the layout"},
		{plain, "p-1,-5,RUB,", `line 2: column 4 (time): must be a time such as "2006-01-02T15:04:05Z07:00"`},
		{plain, "p-1,-5,RUB,15.11.2026", `line 2: column 4 (time): must be a time such as "2006-01-02T15:04:05Z07:00"`},
		{plain, "p-1,-5,RUB,2026-11-31T12:00:01Z", `line 2: column 4 (time): must be a time such as "2006-01-02T15:04:05Z07:00"`},
		{plain, "p-\xff,-5,RUB,2026-11-15T12:00:01Z", "line 2: column 1 (reference): has letters that are not of the file's charset"},
		{plain, "p-1,-5,RUB", "line 2: has 3 columns, the header 4"},
		{plain, "p-1,-5,RUB,2026-11-15T12:00:01Z,x", "line 2: has 5 columns, the header 4"},
		{comma, "p-1;-5.00;RUB;2026-11-15T12:00:01Z", "line 2: column 2 (amount): " + major},
		{comma, "p-1;-5,0,0;RUB;2026-11-15T12:00:01Z", "line 2: column 2 (amount): " + major},
		{grouped, "p-1,-1 50.00,RUB,2026-11-15T12:00:01Z", "line 2: column 2 (amount): must have its digits in groups of three"},
		{grouped, "p-1,-1500 000.00,RUB,2026-11-15T12:00:01Z", "line 2: column 2 (amount): must have its digits in groups of three"},
		{grouped, "p-1,- 500.00,RUB,2026-11-15T12:00:01Z", "line 2: column 2 (amount): must have its digits in groups of three"},
		{grouped, "p-1,1  500.00,RUB,2026-11-15T12:00:01Z", "line 2: column 2 (amount): must have its digits in groups of three"},
		{grouped, "p-1,1\u00a0500.00,RUB,2026-11-15T12:00:01Z", "line 2: column 2 (amount): " + major},
		{grouped, "p-1,500.000 1,RUB,2026-11-15T12:00:01Z", "line 2: column 2 (amount): " + major},
		{minor, "p-1,-5.00,RUB,2026-11-15T12:00:01Z", "line 2: column 2 (amount): must be an optional minus and digits: a whole number of minor units"},
		{minor, "p-1,+5,RUB,2026-11-15T12:00:01Z", "line 2: column 2 (amount): must be an optional minus and digits: a whole number of minor units"},
		{minor, "p-1,1_000,RUB,2026-11-15T12:00:01Z", "line 2: column 2 (amount): must be an optional minus and digits: a whole number of minor units"},
		{minor, "p-1,9223372036854775808,RUB,2026-11-15T12:00:01Z", "line 2: column 2 (amount): is too large"},
		{sides, "p-1,-5.00,,2026-11-15", "line 2: column 2 (d): must not be negative: debits and credits have columns of their own"},
		{sides, "p-1,5.00,5.00,2026-11-15", "line 2: column 2 (d): must be more than zero, or the credit must, and not both"},
		{sides, "p-1,0.00,0.00,2026-11-15", "line 2: column 2 (d): must be more than zero, or the credit must, and not both"},
		{sides, "p-1,,,2026-11-15", "line 2: column 2 (d): must be more than zero, or the credit must, and not both"},
	} {
		t.Run(c.row, func(t *testing.T) {
			head, right := "reference,amount,currency,time\n", "p-2,-7,RUB,2026-11-15T12:00:01Z\n"
			switch {
			case c.layout.Columns.Debit != "":
				head, right = "r,d,c,t\n", "p-2,7,,2026-11-15\n"
			case c.layout.Delimiter == ';':
				head, right = strings.ReplaceAll(head, ",", ";"), strings.ReplaceAll(right, ",", ";")
			}
			r := read(t, c.layout, head+c.row+"\n"+right)
			require.Len(t, r.Problems, 1)
			assert.Equal(t, c.want, r.Problems[0].String())
			assert.False(t, r.Whole())
			assert.False(t, r.Unread)
			require.Len(t, r.Findings, 1, "the next row is read")
			assert.Equal(t, "p-2", r.Findings[0].BankReference)
		})
	}
}

func TestProblemsOfOneRow(t *testing.T) {
	r := read(t, layout(), header+"p-1,x,RUB,y\n")
	require.Len(t, r.Problems, 2)
	assert.Equal(t, []int{2, 4}, []int{r.Problems[0].Column, r.Problems[1].Column})
}

// Where nobody can tell which lines are rows, none is read, and nothing is called
// missing.
func TestUnread(t *testing.T) {
	row := "p-2,-7,RUB,2026-11-15T12:00:01Z\n"
	wide := "reference,amount,currency,time,note\n"
	for name, c := range map[string]struct {
		text, want string
	}{
		"an open quote":     {wide + "p-1,-7,RUB,2026-11-15T12:00:01Z,\"x\n" + row, "line 2: has a quote where none may be"},
		"a bare quote":      {wide + "p-1,-7,RUB,2026-11-15T12:00:01Z,x\"y\n" + row, "line 2: has a quote where none may be"},
		"after a quote":     {wide + "p-1,-7,RUB,2026-11-15T12:00:01Z,\"x\"y\n" + row, "line 2: has a quote where none may be"},
		"a record too long": {wide + row[:len(row)-1] + ",x\np-1,-7,RUB,2026-11-15T12:00:01Z,\"" + strings.Repeat("x\n", 4<<20) + "\"\n", "line 3: is longer than 1048576 bytes"},
		"another file": {header + strings.Repeat("p-1,-7,RUB,yesterday\n", 1001),
			"line 1001: so many rows do not keep to the layout that it must be another file's; nothing after this one was read"},
	} {
		t.Run(name, func(t *testing.T) {
			c2 := config(journal(t, entry("p-9", 6, attempt("p-9", 6))))
			r := run(t, c2, c.text)
			assert.True(t, r.Unread)
			assert.Contains(t, r.Problems[len(r.Problems)-1].String(), c.want)
			for _, f := range r.Findings {
				assert.Equal(t, 2, f.Line)
			}
		})
	}
	l := layout()
	l.Unquoted = true
	r := read(t, l, header+strings.Repeat("x", 2<<20)+"\n"+row)
	assert.True(t, r.Unread)
}

func TestNotTheFile(t *testing.T) {
	for text, want := range map[string]string{
		"":                               "line 1: the file ends before its header",
		"\n\n":                           "line 1: the file ends before its header",
		"amount,currency,time\n":         `line 1: the header has no column "reference"`,
		"Reference,amount,currency,time": `line 1: the header has no column "reference"`,
		"\nreference,amount,currency,amount,time\n": `line 2: the header has the column "amount" twice`,
		"reference\",amount":                        "line 1: has a quote where none may be",
	} {
		_, err := reconcile.Run(t.Context(), config(journal(t)), strings.NewReader(text))
		var wrong *reconcile.FileError
		require.ErrorAs(t, err, &wrong, text)
		require.ErrorContains(t, err, want)
	}
	c := config(journal(t))
	c.Layout.Skip = 3
	_, err := reconcile.Run(t.Context(), c, strings.NewReader("a\nb\n"))
	require.ErrorContains(t, err, "line 4: the file ends before its header")
}

func TestLayoutsThatCantBeMeant(t *testing.T) {
	for name, change := range map[string]func(*reconcile.Layout){
		"columns.reference": func(l *reconcile.Layout) { l.Columns.Reference = "" },
		"columns.time":      func(l *reconcile.Layout) { l.Columns.Time = "" },
		"columns.amount":    func(l *reconcile.Layout) { l.Columns.Amount = "" },
		"columns.credit":    func(l *reconcile.Layout) { l.Columns.Credit = "x" },
		"columns.currency":  func(l *reconcile.Layout) { l.Columns.Currency = "" },
		"debits":            func(l *reconcile.Layout) { l.Debits = 0 },
		"currency":          func(l *reconcile.Layout) { l.Columns.Currency, l.Currency = "", 959 },
		"currencies":        func(l *reconcile.Layout) { l.Currencies = map[string]payout.Currency{"AU": 959} },
		"skip":              func(l *reconcile.Layout) { l.Skip = -1 },
		"delimiter":         func(l *reconcile.Layout) { l.Delimiter = '"' },
		"charset":           func(l *reconcile.Layout) { l.Charset = 9 },
		"minor":             func(l *reconcile.Layout) { l.Minor, l.DecimalComma = true, true },
		"group":             func(l *reconcile.Layout) { l.Group = '.' },
	} {
		c := config(journal(t))
		change(&c.Layout)
		_, err := reconcile.Run(t.Context(), c, strings.NewReader(""))
		require.ErrorIs(t, err, payout.ErrInvalid, name)
		require.ErrorContains(t, err, "layout."+name+": ")
	}
	for _, change := range []func(*reconcile.Layout){
		func(l *reconcile.Layout) { l.Columns.Debit = "x" },
		func(l *reconcile.Layout) { l.Currency = payout.RUB },
		func(l *reconcile.Layout) { l.Columns.Amount, l.Columns.Debit = "", "x" },
	} {
		c := config(journal(t))
		change(&c.Layout)
		_, err := reconcile.Run(t.Context(), c, strings.NewReader(""))
		require.ErrorIs(t, err, payout.ErrInvalid)
	}
}
