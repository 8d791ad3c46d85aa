package dispatch

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
)

// What is read of a sealed request is written and read as the same; what can't be read is
// an error that quotes nothing of it.
func FuzzDecodeRequest(f *testing.F) {
	ks := kindsOf(nil)
	whole, err := ks.encode(payout.Request{
		Reference: "p-1", Amount: payout.MustMoney("12.34 RUB"), Destination: payout.Card{Number: payout.NewSecret("4111111111111111")},
		Recipient: payout.Recipient{Name: payout.NewSecret("IVAN PETROV")}, Metadata: map[string]string{"a": "b"},
	})
	require.NoError(f, err)
	f.Add(whole)
	for _, text := range []string{
		`{}`, `{"destination":{"kind":"4111111111111111"}}`, `{"destination":{"kind":"card"},"recipient":{"kind":"card"}}`,
		`{"destination":{"kind":"recipient"},"recipient":{"kind":"recipient"}}`, `{"destination":{"kind":"card"},"recipient":{"kind":"recipient"},"options":[{"kind":"card"}]}`,
		`{"amount":{"amount":"4111111111111111","currency":"IVAN"}}`, `{"reference":4111111111111111}`, "4111111111111111",
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		req, err := ks.decode(text)
		if err != nil {
			require.Zero(t, req)
			require.Contains(t, []string{errKind.Error(), "dispatch: a sealed request that can't be read"}, err.Error())
			return
		}
		again, err := ks.encode(req)
		require.NoError(t, err)
		same, err := ks.decode(again)
		require.NoError(t, err)
		require.Equal(t, req, same)
	})
}
