package payout_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
)

func request() payout.Request {
	return payout.Request{
		Reference:   "payout-1",
		Amount:      payout.MustMoney("1500.00 RUB"),
		Destination: payout.Card{Number: payout.NewSecret("4111111111111111")},
		Recipient:   payout.Recipient{ID: "person-id", Name: payout.NewSecret(hidden)},
		Description: "description-text",
		Metadata:    map[string]string{"name": "metadata-value"},
	}
}

func TestRequestPrintsThreeFacts(t *testing.T) {
	r := request()
	const want = `payout "payout-1" 1500.00 RUB to card 411111******1111`
	require.Equal(t, want, r.String())
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%d"} {
		require.Equal(t, want, fmt.Sprintf(verb, r))
		require.Equal(t, want, fmt.Sprintf(verb, &r))
	}
	for _, handler := range []func(*bytes.Buffer) slog.Handler{
		func(b *bytes.Buffer) slog.Handler { return slog.NewTextHandler(b, nil) },
		func(b *bytes.Buffer) slog.Handler { return slog.NewJSONHandler(b, nil) },
	} {
		var b bytes.Buffer
		slog.New(handler(&b)).Info("m", "r", r)
		for _, part := range []string{"payout-1", "1500.00 RUB", "card 411111******1111"} {
			require.Contains(t, b.String(), part)
		}
		for _, part := range []string{"person-id", "description-text", "metadata-value"} {
			require.NotContains(t, b.String(), part)
		}
	}
	require.Equal(t, `payout "" 0 to `, payout.Request{}.String())
	require.Equal(t, `payout "a\nb" 0 to `, payout.Request{Reference: "a\nb"}.String())
}

func TestRequestRef(t *testing.T) {
	require.Equal(t, payout.Ref{Reference: "payout-1", Amount: payout.MustMoney("1500.00 RUB")}, request().Ref())
}

func TestPayoutRef(t *testing.T) {
	p := payout.Payout{Reference: "r", ProviderID: "id", Endpoint: "7", Amount: payout.MustMoney("1 JPY"), Status: payout.StatusPaid}
	require.Equal(t, payout.Ref{Reference: "r", ProviderID: "id", Endpoint: "7", Amount: payout.MustMoney("1 JPY")}, p.Ref())
}

// extra is an option of some bank.
type extra struct{ Purpose string }

func (extra) Kind() payout.Kind { return extraKind }

var extraKind = payout.NewKind("extra", "a bank's own extra",
	payout.Text(payout.Field{Name: "purpose", Doc: "purpose code", Required: true, Max: 3}, func(e *extra) *string { return &e.Purpose }))

func TestOptionOf(t *testing.T) {
	r := payout.Request{Options: []payout.Option{passbook{series: "A"}, &extra{Purpose: "119"}}}
	got, ok := payout.OptionOf[extra](r)
	require.True(t, ok)
	require.Equal(t, extra{Purpose: "119"}, got)
	book, ok := payout.OptionOf[passbook](r)
	require.True(t, ok)
	require.Equal(t, passbook{series: "A"}, book)

	for _, r := range []payout.Request{{}, {Options: []payout.Option{nil, (*extra)(nil), passbook{}}}} {
		got, ok := payout.OptionOf[extra](r)
		require.False(t, ok)
		require.Zero(t, got)
	}
}
