package batch_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
)

// card is what the constant right asks for.
func card() payout.Request {
	return payout.Request{
		Reference:   "p-1",
		Amount:      payout.MustMoney("1500.00 RUB"),
		Destination: payout.Card{Number: payout.NewSecret("4111111111111111")},
		Recipient:   payout.Recipient{Name: payout.NewSecret("IVAN PETROV")},
		Description: "October",
	}
}

func TestFormsOfOneRow(t *testing.T) {
	t.Parallel()
	for name, file := range map[string]string{
		"plain":           header + right,
		"byte order mark": "\ufeff" + header + right,
		"CRLF": "reference,amount,currency,destination,card.number,recipient.name,description\r\n" +
			"p-1,1500.00,RUB,card,4111111111111111,IVAN PETROV,October\r\n",
		"another order": "description,card.number,destination,recipient.name,currency,reference,amount\n" +
			"October,4111111111111111,card,IVAN PETROV,RUB,p-1,1500.00\n",
		"quoted": `"reference",amount,currency,"destination",card.number,recipient.name,description` + "\n" +
			`"p-1","1500.00",RUB,"card","4111111111111111","IVAN PETROV","October"` + "\n",
		"columns that nobody needs": "reference,amount,currency,destination,card.number,recipient.name,description,sbp.phone,source,metadata.a\n" +
			"p-1,1500.00,RUB,card,4111111111111111,IVAN PETROV,October,,,\n",
		"empty lines":            "\n\r\n" + header + "\n\n" + right + "\n,,,,,,\n\r\n",
		"zeros that say nothing": header + "p-1,001500.000,RUB,card,4111111111111111,IVAN PETROV,October\n",
	} {
		t.Run(name, func(t *testing.T) {
			row := one(t, file)
			require.NoError(t, row.Err)
			require.Equal(t, card(), row.Request)
			require.Equal(t, "p-1", row.Reference)
		})
	}
}

func TestQuotesHoldCommasAndQuotes(t *testing.T) {
	t.Parallel()
	row := one(t, header+`p-1,1500.00,RUB,card,4111111111111111,IVAN PETROV,"Courier, ""week"" 44, "" ok"`+"\n")
	require.NoError(t, row.Err)
	require.Equal(t, `Courier, "week" 44, " ok`, row.Request.Description)
}

func TestEveryColumn(t *testing.T) {
	t.Parallel()
	row := one(t, "reference,amount,currency,destination,saved_card.id,source,description,language,return_url,fail_url,callback_url,metadata.order,metadata.team,metadata.none\n"+
		"p-1,7,JPY,saved_card,b-1,b-2,Текст,ru,https://a.example/r,https://a.example/f,https://a.example/c,77,x,\n")
	require.NoError(t, row.Err)
	require.Equal(t, payout.Request{
		Reference:   "p-1",
		Amount:      payout.MustMoney("7 JPY"),
		Destination: payout.SavedCard{ID: "b-1"},
		Source:      payout.Source{SavedCard: "b-2"},
		Description: "Текст",
		Language:    "ru",
		ReturnURL:   "https://a.example/r",
		FailURL:     "https://a.example/f",
		CallbackURL: "https://a.example/c",
		Metadata:    map[string]string{"order": "77", "team": "x"},
	}, row.Request)
}

func TestLinesAreThoseOfTheFile(t *testing.T) {
	t.Parallel()
	all := rows(t, open(t, "\n"+header+ // 2
		"p-3,1.00,RUB,card,4111111111111111,A B,x\n"+ // 3
		"\n\n"+
		"p-6,1.00,RUB,card,4111111111111111,A B,\"x, \"\"y\"\"\"\n"+ // 6
		"p-7,wrong,RUB,card,4111111111111111,A B,x\n"+ // 7
		",,,,,,\n"+
		"p-9,1.00,RUB,card,4111111111111111,A B,\"x\n")) // 9
	var lines []int
	for _, row := range all {
		lines = append(lines, row.Line)
		require.Equal(t, row.Line, row.LastLine)
	}
	require.Equal(t, []int{3, 6, 7, 9}, lines)
	require.EqualError(t, all[2].Err, "line 7: column 2 (amount): must be digits with at most one dot, such as 1500.00")
}

func TestAFileWithoutRows(t *testing.T) {
	t.Parallel()
	require.Empty(t, rows(t, open(t, header)))
}
