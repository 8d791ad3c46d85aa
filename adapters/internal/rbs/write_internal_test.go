package rbs

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
)

// A body that somebody gives a field which is in no table is not sent, wherever in it
// the field stands.
func TestNothingUnlistedIsWritten(t *testing.T) {
	m := &Module{dialect: Dialect{Adapter: "b"}}
	method := Method{Name: "m.do", Lines: "1-9", Params: map[string]string{"orderNumber": "2", "client.name": "3"}}
	type person struct {
		Name string `json:"name"`
		Age  int    `json:"age,omitempty"`
	}
	type body struct {
		OrderNumber string `json:"orderNumber"`
		Client      person `json:"client"`
		Tip         string `json:"tip,omitempty"`
		Language    string `json:"language,omitempty"`
	}
	good := body{OrderNumber: "p-1", Client: person{Name: "n"}}
	raw, err := m.write(method, good, nil)
	require.NoError(t, err)
	require.Equal(t, `{"orderNumber":"p-1","client":{"name":"n"}}`, string(raw))
	const unlisted = "request: has a parameter that no document was held against"
	for _, tt := range []struct {
		change func(*body)
		want   string
	}{
		{func(b *body) { b.Tip = "more" }, unlisted},
		{func(b *body) { b.Client.Age = 7 }, unlisted},
		{func(b *body) { b.Language = "en" }, "language: must be empty: m.do does not take it (language) (b:1-9)"},
	} {
		b := good
		tt.change(&b)
		_, err := m.write(method, b, nil)
		require.ErrorIs(t, err, payout.ErrInvalid)
		require.ErrorContains(t, err, tt.want)
	}
}
