package stored_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout/dispatch"
	"github.com/payoutkit/payout/journal/internal/stored"
)

// Whatever a row holds: it is an entry, which is stored and read as the same again, or an
// error. Nothing that can't be read becomes a payout that nobody has sent.
func FuzzEntry(f *testing.F) {
	whole, err := stored.FromEntry(dispatch.Entry{Reference: "r", State: dispatch.StatePaid, Attempts: []dispatch.Attempt{{State: dispatch.StatePaid}}})
	require.NoError(f, err)
	f.Add("paid", int64(100), "RUB", whole.Document)
	f.Add("planned", int64(0), "", whole.Document)
	f.Add("", int64(1), "rub", []byte(`{}`))
	f.Add("settled", int64(1), "RUB", whole.Document)
	f.Add("paid", int64(1), "RUB", []byte(`{"fingerprint":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=","attempts":[{"state":"settled"}]}`))
	f.Add("paid", int64(1), "RUB", []byte(`{"fingerprint":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=","attempts":[{"state":"paid","reserved":[{"bucket":"b","currency":"X"}]}]}`))
	f.Add("paid", int64(1), "RUB", []byte(`{"fingerprint":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=","send_until":-1,"checked":1,"inquiries":[{"seen":9223372036854775807}]}`))
	f.Add("review", int64(-1), "JPY", []byte(`{"review":"stranger","failure":{"reason":"expired","code":"7"},"destination":"card 411111******1111","key":2,`+
		`"fingerprint":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=","strikes":3,"deferred":4,"stopped":true,"decision":{"outcome":"paid","by":"me","at":5},`+
		`"attempts":[{"route":"r","provider":"p","account":"a","reference":"x","mark":"m","state":"open","transmissions":1,"epoch":2,"intent":3,"intent_at":4,"send_before":5,`+
		`"tries":6,"provider_id":"i","endpoint":"e","heard":true,"refused":true,"absent":{"times":1,"first":2,"last":3},"asked":7,"errors":8,"final_at":9,"next":10,`+
		`"reserved":[{"bucket":"b","currency":"RUB","amount":1,"max_amount":2,"max_currency":"RUB","max_count":3}]}]}`))
	f.Fuzz(func(t *testing.T, state string, amount int64, currency string, document []byte) {
		e, err := stored.Payout{Reference: "r", State: state, Amount: amount, Currency: currency, Document: document}.Entry()
		if err != nil {
			require.Equal(t, fields(dispatch.Entry{}), fields(e))
			return
		}
		require.Equal(t, state, e.State.String())
		require.Equal(t, amount, e.Amount.Minor())
		row, err := stored.FromEntry(e)
		require.NoError(t, err)
		again, err := row.Entry()
		require.NoError(t, err)
		require.Equal(t, fields(e), fields(again))
	})
}

// The same of events, and of holds.
func FuzzEvent(f *testing.F) {
	f.Add("found", "paid", []byte(`{"outcome":{"answered":true,"status":"paid","kind":"refused"},"amount":1,"currency":"RUB"}`))
	f.Add("found", "paid", []byte(`{"outcome":{"kind":"proved"},"planned":{"state":"planned","route":"r"}}`))
	f.Add("found", "settled", []byte(`{}`))
	f.Add("", "", []byte(`{"reason":"manual","since":1}`))
	f.Fuzz(func(t *testing.T, kind, state string, document []byte) {
		c, err := stored.Event{Reference: "r", Version: 2, Kind: kind, State: state, Document: document}.Changed()
		if err == nil {
			require.Equal(t, kind, c.Event.Kind.String())
			require.Equal(t, state, c.State.String())
		}
		h, err := stored.Hold("bank", document)
		if err != nil {
			require.Zero(t, h)
			return
		}
		text, err := stored.FromHold(h)
		require.NoError(t, err)
		again, err := stored.Hold("bank", text)
		require.NoError(t, err)
		require.Equal(t, h, again)
	})
}
