package batch_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
)

// A row that is wrong costs itself and nothing else.
func TestWrongRows(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, line, want string }{
		{"too few columns", "p-2,1.00,RUB,card", "has 4 columns, the header 7"},
		{"too many columns", "p-2,1.00,RUB,card,4111111111111111,A B,x,", "has 8 columns, the header 7"},
		{"an amount with a comma", "p-2,10,42,RUB,card,4111111111111111,A B,x", "has 8 columns, the header 7"},
		{"spaces alone", "   ", "has 1 columns, the header 7"},
		{
			"a bare quote", `p-2,1.00,RUB,card,4111111111111111,A B,5" pipe`,
			"column 7 (description): has a quote inside, and does not begin with one: quote the whole field and double the quotes in it",
		},
		{
			"text after a quote", `p-2,1.00,RUB,card,"4111111111111111"1,A B,x`,
			"column 5 (card.number): goes on after its closing quote: double the quotes inside a quoted field",
		},
		{
			"quotes not doubled", `p-2,1.00,RUB,card,4111111111111111,A B,"said "hi", then left"`,
			"column 7 (description): goes on after its closing quote: double the quotes inside a quoted field",
		},
		{"no reference", ",1.00,RUB,card,4111111111111111,A B,x", "column 1 (reference): is required"},
		{"no destination", "p-2,1.00,RUB,,4111111111111111,A B,x", "column 4 (destination): is required"},
		{
			"an unknown destination", "p-2,1.00,RUB,Card,,A B,x",
			"column 4 (destination): must be one of card, saved_card, encrypted_card, sbp, bank_account, wallet, crypto_wallet, hosted_page",
		},
		{"a check digit", "p-2,1.00,RUB,card,4111111111111112,A B,x", "column 5 (card.number): must have a valid check digit: one or more digits are wrong"},
		{"a card that a spreadsheet rounded", "p-2,1.00,RUB,card,4.11111E+15,A B,x", "column 5 (card.number): is in the scientific notation of a spreadsheet, which has lost its last digits: take it from where it came from, as text"},
		{"a control character", "p-2,1.00,RUB,card,4111111111111111,A\x00B,x", "column 6 (recipient.name): must not contain control characters"},
		{"an escape in the reference", "p\x1b[2J,1.00,RUB,card,4111111111111111,A B,x", "column 1 (reference): must not contain control characters"},
		{"a carriage return", "p-2,1.00,RUB,card,4111111111111111,A B,x\ry", "column 7 (description): must not contain control characters"},
		{"Windows-1251", "p-2,1.00,RUB,card,4111111111111111,\xc8\xe2\xe0\xed,x", "column 6 (recipient.name): must be valid UTF-8; of a file in Windows-1251 that has to be said"},
		{"a space around", "p-2,1.00,RUB,card,4111111111111111,A B ,x", "column 6 (recipient.name): must not begin or end with a space"},
		{"a long field", "p-2,1.00,RUB,card,4111111111111111,A B," + strings.Repeat("я", 1025), "column 7 (description): must be at most 1024 characters"},
		{"a long reference", strings.Repeat("p", 256) + ",1.00,RUB,card,4111111111111111,A B,x", "column 1 (reference): must be at most 255 characters"},
		{
			"everything", "p-2,x,RUR,cart,1,A B ,x\x01",
			"column 3 (currency): must be three letters of ISO 4217, such as RUB; " +
				"column 4 (destination): must be one of card, saved_card, encrypted_card, sbp, bank_account, wallet, crypto_wallet, hosted_page; " +
				"column 6 (recipient.name): must not begin or end with a space; " +
				"column 7 (description): must not contain control characters",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			all := rows(t, open(t, header+c.line+"\n"+right))
			require.Len(t, all, 2)
			require.EqualError(t, all[0].Err, "line 2: "+c.want)
			require.Equal(t, payout.Request{}, all[0].Request)
			require.ErrorIs(t, all[0].Err, payout.ErrInvalid)
			require.Equal(t, payout.ErrInvalid, payout.KindOf(all[0].Err))
			require.Equal(t, []string{"p-1"}, references(all), "the next row is read")
			require.Equal(t, 3, all[1].Line)
		})
	}
}

func TestReferencesThatStandTwice(t *testing.T) {
	t.Parallel()
	all := rows(t, open(t, header+
		"p-1,1.00,RUB,card,4111111111111111,A B,x\n"+
		"p-2,wrong,RUB,card,4111111111111111,A B,x\n"+
		"p-1,1.00,RUB,card,4111111111111111,A B,x\n"+
		"P-1,1.00,RUB,card,4111111111111111,A B,x\n"+
		"p-2,2.00,RUB,card,4111111111111111,A B,x\n"+
		"p-3,3.00,RUB,card,4111111111111111,A B,x\n"))
	require.Equal(t, []string{"p-1", "p-3"}, references(all))
	const twice = "column 1 (reference): stands twice: one reference is one payout, and line "
	require.EqualError(t, all[2].Err, "line 4: "+twice+"2 has it already")
	require.EqualError(t, all[3].Err, "line 5: "+twice+"2 has it already", "banks may not tell case apart")
	require.EqualError(t, all[4].Err, "line 6: "+twice+"3 has it already", "which of the two is meant is not for us to say")
}

// What somebody called a piece of metadata may be as private as a value.
func TestNamesOfMetadata(t *testing.T) {
	t.Parallel()
	const head = "reference,amount,currency,destination,metadata.team,metadata.Ivan Petrov\n"
	const broken = "goes on after its closing quote: double the quotes inside a quoted field"
	require.EqualError(t, one(t, head+"p-1,1.00,RUB,hosted_page,\"a\"b,\n").Err, "line 2: column 5 (metadata.team): "+broken)
	require.EqualError(t, one(t, head+"p-1,1.00,RUB,hosted_page,,\"a\"b\n").Err, "line 2: column 6 (metadata): "+broken)
}

// What stands in the first column of a wrong row may be anything.
func TestReferenceOfAWrongRow(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"p-2":                                  "p-2",
		"order_7.1:2/3#4":                      "order_7.1:2/3#4",
		"4111.1111:1111/1111":                  "******",
		"-20261231":                            "-20261231",
		"20261231":                             "20261231",
		"4111111111111111":                     "411111******1111",
		"4111-1111-1111-1111":                  "411111******1111",
		"+79261214249":                         "",
		"A4111111111111111B":                   "A411111******1111B",
		"79261214249":                          "******4249",
		"IVAN PETROV":                          "",
		"PETROV":                               "",
		"Петров":                               "",
		"p\x1b[2J":                             "",
		strings.Repeat("p", 65):                "",
		"550e8400-e29b-41d4-a716-4466554a000f": "550e8400-e29b-41d4-a716-4466554a000f",
	} {
		t.Run(text, func(t *testing.T) {
			for _, rest := range []string{",wrong,RUB,card,4111111111111111,A B,x\n", ",1.00,RUB\n", ",1.00,RUB,card,4111111111111111,A B,x\"y\n"} {
				row := one(t, header+text+rest)
				require.Error(t, row.Err)
				require.Equal(t, want, row.Reference)
			}
		})
	}
	require.Empty(t, one(t, "amount,currency,destination,reference\n"+`1.00,"RUB"x,card,p-2`+"\n").Reference, "behind a stray quote nothing is sure")
}
