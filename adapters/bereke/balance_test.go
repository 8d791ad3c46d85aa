package bereke_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/adapters/bereke"
	"github.com/payoutkit/payout/adapters/internal/adaptertest"
	"github.com/payoutkit/payout/sandbox"
)

// The balance of the transit account, of a configured corporate card, of the one that
// the question names.
func TestBalances(t *testing.T) {
	tenge := func(minor int64) payout.Money { return payout.FromMinor(minor, payout.KZT) }
	cfg := sandbox.ModuleConfig{Balance: tenge(49_925_200), Sources: map[string]payout.Money{corporate: tenge(7), other: tenge(8)}}
	for name, tt := range map[string]struct {
		config bereke.Config
		ask    payout.Source
		body   string
		want   payout.Money
	}{
		"transit":    {body: `{`, want: tenge(49_925_200)},
		"configured": {config: bereke.Config{SourceBindingID: corporate}, body: `{"source":{"bindingId":"` + corporate + `"},`, want: tenge(7)},
		"asked":      {ask: payout.Source{SavedCard: other}, body: `{"source":{"bindingId":"` + other + `"},`, want: tenge(8)},
	} {
		capture, client := captured(t, tt.config)
		sent := capture.By(t, func() { _, _ = client.Balances(t.Context(), tt.ask) })
		require.Equal(t, "POST /payouts/api/v2/getAmount.do", sent.Method+" "+sent.Target, name)
		require.Equal(t, tt.body+`"userName":"payout_api_username","password":"payout_api_password"}`, sent.Body, name)
		sent.RequireHeader(t, adaptertest.ModuleHeader)

		_, client = inSandbox(t, cfg, tt.config)
		before := time.Now()
		got, err := client.Balances(t.Context(), tt.ask)
		require.NoError(t, err, name)
		require.Len(t, got, 1, name)
		require.Equal(t, tt.want, got[0].Available, name)
		require.WithinRange(t, got[0].At, before, time.Now())
	}
}

// #33: one balance or a list; C is plus, D minus (bereke:160-161), anything else is
// not read at all.
func TestBalanceAnswers(t *testing.T) {
	const (
		plus  = `{"balanceAmount":49925200,"balanceCurrency":"398","balanceSign":"C"}` // bereke:182-186
		minus = `{"balanceAmount":"100","balanceCurrency":398,"balanceSign":"D"}`
	)
	capture, client := captured(t, bereke.Config{})
	for name, tt := range map[string]struct {
		status int
		list   string
		want   []int64
	}{
		"one":               {200, plus, []int64{49_925_200}},
		"a list":            {200, "[" + plus + "," + minus + "]", []int64{49_925_200, -100}},
		"below zero":        {200, minus, []int64{-100}},
		"nothing":           {200, `{"balanceAmount":0,"balanceCurrency":"398","balanceSign":"C"}`, []int64{0}},
		"none":              {200, "[]", nil},
		"null":              {200, "null", nil},
		"another sign":      {200, `{"balanceAmount":1,"balanceCurrency":"398","balanceSign":"X"}`, nil},
		"small letters":     {200, `{"balanceAmount":1,"balanceCurrency":"398","balanceSign":"d"}`, nil},
		"no sign":           {200, `{"balanceAmount":1,"balanceCurrency":"398"}`, nil},
		"twice negative":    {200, `{"balanceAmount":-1,"balanceCurrency":"398","balanceSign":"D"}`, nil},
		"negative and C":    {200, `{"balanceAmount":-1,"balanceCurrency":"398","balanceSign":"C"}`, nil},
		"no amount":         {200, `{"balanceCurrency":"398","balanceSign":"C"}`, nil},
		"no currency":       {200, `{"balanceAmount":1,"balanceSign":"C"}`, nil},
		"currency unheard":  {200, `{"balanceAmount":1,"balanceCurrency":"000","balanceSign":"C"}`, nil},
		"one of two broken": {200, "[" + plus + `,{"balanceAmount":1}]`, nil},
		"another status":    {500, plus, nil},
	} {
		capture.Say(tt.status, `{"errorCode":"0","balanceDescriptionList":`+tt.list+`}`)
		got, err := client.Balances(t.Context(), payout.Source{})
		if tt.want == nil {
			require.ErrorIs(t, err, payout.ErrOutcomeUnknown, name)
			require.Nil(t, got, name)
			continue
		}
		require.NoError(t, err, name)
		for i, minor := range tt.want {
			require.Equal(t, payout.FromMinor(minor, payout.KZT), got[i].Available, name)
		}
		require.Len(t, got, len(tt.want))
	}
	for body, kind := range map[string]payout.ErrorKind{
		`{"errorCode":"98"}`: payout.ErrRefused,
		`{"errorCode":"99"}`: payout.ErrOutcomeUnknown,
		`{}`:                 payout.ErrOutcomeUnknown,
		`<html>`:             payout.ErrOutcomeUnknown,
	} {
		capture.Say(400, body)
		_, err := client.Balances(t.Context(), payout.Source{})
		require.ErrorIs(t, err, kind, body)
	}
	capture.Say(401, `{"errorCode":"90"}`)
	_, err := client.Balances(t.Context(), payout.Source{})
	require.ErrorIs(t, err, payout.ErrUnauthorized)
}
