package rbs_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/adapters/internal/adaptertest"
)

// An order is asked for by its number, and by the bank's id only where that is known
// and the number is not found: a child merchant's order may hide so. What is then
// found is compared like any answer.
func TestFindByEither(t *testing.T) {
	const (
		id       = "0c3a16da-2835-7c75-b867-191207508f12"
		byNumber = `{"orderNumber":"p-1","userName":"payout_api_username","password":"payout_api_password"}`
		byID     = `{"orderId":"` + id + `","userName":"payout_api_username","password":"payout_api_password"}`
		notFound = `{"errorCode":"98"}`
	)
	both(t, func(t *testing.T, e edition) {
		bank, client, seen := e.scripted(t)
		ask := func(ref payout.Ref, numbered, identified string) (string, []string) {
			before := len(bank.Sent())
			bank.Answer(func(s adaptertest.Sent) (int, string) {
				answer := numbered
				if strings.Contains(s.Body, `"orderId"`) {
					answer = identified
				}
				if answer == notFound {
					return 400, answer
				}
				return 200, answer
			})
			p, err := client.Find(t.Context(), ref)
			var sent []string
			for _, s := range bank.Sent()[before:] {
				require.Equal(t, "/payouts/api/v2/getPayoutStatus.do", s.Target)
				sent = append(sent, s.Body)
			}
			return told(t, p, err), sent
		}
		ref := e.request("p-1").Ref()
		known := ref
		known.ProviderID = id
		paid, other := e.answer(nil), e.answer(map[string]string{"orderNumber": `"p-2"`})
		for name, tt := range map[string]struct {
			ref                  payout.Ref
			numbered, identified string
			want                 string
			sent                 []string
		}{
			"found":                         {ref, paid, "", "paid", []string{byNumber}},
			"not found":                     {ref, notFound, "", "error: not found", []string{byNumber}},
			"found, with an id":             {known, paid, "", "paid", []string{byNumber}},
			"found by its id":               {known, notFound, paid, "paid", []string{byNumber, byID}},
			"not found by either":           {known, notFound, notFound, "error: not found", []string{byNumber, byID}},
			"another order, found by an id": {known, notFound, other, "unknown", []string{byNumber, byID}},
			"an error that is no answer":    {known, "{}", paid, "error: outcome unknown", []string{byNumber}},
			"no answer by its id":           {known, notFound, "{}", "error: outcome unknown", []string{byNumber, byID}},
		} {
			got, sent := ask(tt.ref, tt.numbered, tt.identified)
			require.Equal(t, tt.want, got, name)
			require.Equal(t, tt.sent, sent, name)
		}
		require.Equal(t, []payout.AlarmKind{payout.AlarmReferenceDiffers}, seen.take())
	})
}

// The order that saved a card is no payout, whatever its status says, and whatever
// amount somebody asks for.
func TestSavedCardIsNoPayout(t *testing.T) {
	const credit = `[{"operationType":"P2P_CREDIT","resultCode":0,"amount":1234}]`
	both(t, func(t *testing.T, e edition) {
		for name, tt := range map[string]struct {
			change map[string]string
			want   string
		}{
			"by its type":               {map[string]string{"orderType": `"createTargetBindingId"`}, "unknown"},
			"in capitals":               {map[string]string{"orderType": `"CREATE_TARGET_BINDINGID"`}, "unknown"},
			"of a payer":                {map[string]string{"orderType": `"createSourceBindingId"`}, "unknown"},
			"by its card":               {map[string]string{"bindingId": `"b-1"`}, "unknown"},
			"declined":                  {map[string]string{"orderType": `"createTargetBindingId"`, "orderStatus": `"6"`}, "unknown"},
			"with a credit, by type":    {map[string]string{"orderType": `"createTargetBindingId"`, "operationList": credit}, "unknown"},
			"P2P_VERIFY alone":          {map[string]string{"operationList": `[{"operationType":"P2P_VERIFY","resultCode":0,"amount":1234}]`}, "unknown"},
			"a payout to a saved card":  {map[string]string{"target": `{"bindingId":"b-1"}`}, "paid"},
			"a card beside a credit":    {map[string]string{"bindingId": `"b-1"`, "operationList": credit}, "paid"},
			"a payout that says so":     {map[string]string{"orderType": `"performPayout"`}, "paid"},
			"a type that nobody listed": {map[string]string{"orderType": `"P2P"`, "operationList": credit}, "paid"},
		} {
			p := find(t, e, tt.change)
			require.Equal(t, tt.want, told(t, p, nil), name)
		}
	})
}
