package rbs_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
)

// find asks about p-1 and returns what the client makes of a changed answer.
func find(t *testing.T, e edition, change map[string]string) payout.Payout {
	t.Helper()
	bank, client, _ := e.scripted(t)
	bank.Say(200, e.answer(change))
	p, err := client.Find(t.Context(), e.request("p-1").Ref())
	require.NoError(t, err)
	return p
}

// #11: a masked number has three names. #12: masks differ. Whatever comes is masked
// once more.
func TestMasks(t *testing.T) {
	both(t, func(t *testing.T, e edition) {
		for _, tt := range []struct{ target, list, want string }{
			{target: `{"maskedPan":"411111XXXXXX1111"}`, want: "card ******1111"},
			{target: `{"maskedPan":"4402XXXXXXXX2639"}`, want: "card ******2639"},
			{target: `{"maskedPan":"411111**1111"}`, want: "card ******1111"},
			{target: `{"maskedPan":"4111111111111111"}`, want: "card 411111******1111"},
			{target: `{"maskedPan":"card 4111111111111111 of IVAN"}`, want: "card ******"},
			{list: `[{"pan":"411111XXXXXX1111"}]`, want: "card ******1111"},
			{list: `[{"panMaskedTo":"411111XXXXXX1111"}]`, want: "card ******1111"},
			{list: `[{"operationType":"P2P_VERIFY"},{"pan":"4111 1111 1111 1111"}]`, want: "card 411111******1111"},
			{target: `{"maskedPan":"411111XXXXXX1111"}`, list: `[{"pan":"555555XXXXXX4444"}]`, want: "card ******1111"},
			{target: `{"maskedPhone":"+7 926 *** ** 49"}`, want: "sbp ******49"},
			{target: `{"maskedPhone":"79261214249"}`, want: "sbp ******49"},
			{target: `{"maskedPan":null}`, want: ""},
			{target: "null", want: ""},
		} {
			p := find(t, e, map[string]string{"target": tt.target, "operationList": tt.list, "orderStatus": "0"})
			require.Equal(t, tt.want, p.Destination, "%s %s", tt.target, tt.list)
		}
	})
}

// #9: operationDate or datetime, a number or a string. #10: milliseconds.
func TestDates(t *testing.T) {
	at := time.Date(2022, 10, 10, 15, 7, 42, 47e6, time.UTC) // 1665414462047
	both(t, func(t *testing.T, e edition) {
		for list, want := range map[string]time.Time{
			`[{"operationDate":1665414462047}]`:                              at,
			`[{"operationDate":"1665414462047"}]`:                            at,
			`[{"datetime":"1665414462047"}]`:                                 at,
			`[{"datetime":1665414462047}]`:                                   at,
			`[{"operationDate":1665414462047,"datetime":"1764146590137"}]`:   at,
			`[{"operationDate":1665414462}]`:                                 {}, // seconds?
			`[{"operationDate":"2022-10-10T15:07:42Z"}]`:                     {},
			`[{"operationDate":1665414462047.5}]`:                            {},
			`[{"operationDate":null}]`:                                       {},
			`[{}]`:                                                           {},
			`[{"operationDate":"yesterday","datetime":"1665414462047"}]`:     at,
			`[{"operationDate":99999999999999999,"datetime":1665414462047}]`: at,
		} {
			p := find(t, e, map[string]string{"operationList": list, "creationDate": "1665414462047", "orderStatus": "0"})
			require.Len(t, p.Operations, 1)
			require.Equal(t, want, p.Operations[0].At, list)
			require.Equal(t, at, p.CreatedAt)
		}
	})
}

// #52: orderParams hold anything; what is no text was not ours.
func TestParams(t *testing.T) {
	both(t, func(t *testing.T, e edition) {
		p := find(t, e, map[string]string{
			"orderParams": `{"text":"456","number":456,"yes":true,"nothing":null,"list":["1"],"object":{"a":"b"}}`,
		})
		require.Equal(t, map[string]string{"text": "456", "number": "456"}, p.Metadata)
		require.Empty(t, find(t, e, map[string]string{"orderParams": "null"}).Metadata)
	})
}
