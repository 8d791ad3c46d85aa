package batch_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/batch"
)

func TestWindows1251(t *testing.T) {
	t.Parallel()
	// "Иван Ёлкин" and "№ 7" in Windows-1251, byte by byte.
	file := header + "p-1,1500.00,RUB,card,4111111111111111,\xc8\xe2\xe0\xed \xa8\xeb\xea\xe8\xed,\xb9 7\n" + right[:1] + "-2" + right[3:]
	all := rows(t, openWith(t, file, batch.Options{Encoding: batch.Windows1251}))
	require.NoError(t, all[0].Err)
	require.Equal(t, payout.NewSecret("Иван Ёлкин"), all[0].Request.Recipient.Name)
	require.Equal(t, "№ 7", all[0].Request.Description)
	require.NoError(t, all[1].Err)
	require.Equal(t, "October", all[1].Request.Description)
}

// Nothing is guessed: what was not said is an error, and what was said wrongly is
// one too.
func TestAnotherEncodingThanWasSaid(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, line string
		encoding   batch.Encoding
		want       string
	}{
		{
			"Windows-1251, not said", "p-1,1.00,RUB,card,4111111111111111,\xc8\xe2\xe0\xed,x", batch.UTF8,
			"line 2: column 6 (recipient.name): must be valid UTF-8; of a file in Windows-1251 that has to be said",
		},
		{
			"UTF-8, said to be Windows-1251", "p-1,1.00,RUB,card,4111111111111111,Иван,x", batch.Windows1251,
			"line 2: is in UTF-8, and the file was said to be in Windows-1251",
		},
		{
			"a byte that Windows-1251 does not have", "p-1,1.00,RUB,card,4111111111111111,\xe8\xe2\x98x,x", batch.Windows1251,
			"line 2: has a byte that is no character of Windows-1251",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			row := rows(t, openWith(t, header+c.line+"\n", batch.Options{Encoding: c.encoding}))[0]
			require.EqualError(t, row.Err, c.want)
		})
	}
	file := "\ufeff" + header + right
	_, err := batch.Open(strings.NewReader(file), int64(len(file)), batch.Options{Encoding: batch.Windows1251})
	require.EqualError(t, err, "the file begins with the mark of UTF-8, and was said to be in Windows-1251")
	require.ErrorIs(t, err, payout.ErrInvalid)
	file = "reference,amount,currency,destination,metadata.\xe8\xe2\x98x\n"
	_, err = batch.Open(strings.NewReader(file), int64(len(file)), batch.Options{Encoding: batch.Windows1251})
	require.EqualError(t, err, "line 1: has a byte that is no character of Windows-1251")
}

func TestSemicolons(t *testing.T) {
	t.Parallel()
	head := strings.ReplaceAll(header, ",", ";")
	for name, file := range map[string]string{
		"plain":       head + strings.ReplaceAll(right, ",", ";"),
		"mark, CRLF":  "\ufeff" + strings.ReplaceAll(head+strings.ReplaceAll(right, ",", ";"), "\n", "\r\n"),
		"quoted":      head + `"p-1";"1500.00";RUB;"card";4111111111111111;"IVAN PETROV";October` + "\n",
		"empty lines": ";;;;;;\n" + head + ";;;;;;\n" + strings.ReplaceAll(right, ",", ";") + "\n",
	} {
		t.Run(name, func(t *testing.T) {
			row := one(t, file)
			require.NoError(t, row.Err)
			require.Equal(t, card(), row.Request)
		})
	}
	row := one(t, head+`p-1;1500.00;RUB;card;4111111111111111;IVAN PETROV;a, b; and "c"`+"\n")
	require.ErrorContains(t, row.Err, "column 8: has a quote inside")
	row = one(t, head+`p-1;1500.00;RUB;card;4111111111111111;IVAN PETROV;"a, b; and ""c"""`+"\n")
	require.Equal(t, `a, b; and "c"`, row.Request.Description)
	// A decimal comma does not break the row there, and is no amount either.
	row = one(t, head+"p-1;10,42;RUB;card;4111111111111111;IVAN PETROV;x\n")
	require.EqualError(t, row.Err, "line 2: column 2 (amount): must be digits with at most one dot, such as 1500.00")
}
