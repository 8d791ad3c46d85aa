package newbank_test

import (
	"bytes"
	"errors"
	"io"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/examples/newbank"
	"github.com/payoutkit/payout/examples/newbank/newbanktest"
	"github.com/payoutkit/payout/provider"
	"github.com/payoutkit/payout/sandbox/bank"
)

// What the suite can't know of one bank: its own rules, its own words.

func open(t *testing.T) (*bank.Server, *payout.Client) {
	t.Helper()
	b, err := newbanktest.Start(merchant, key)
	require.NoError(t, err)
	t.Cleanup(b.Close)
	p, err := newbank.New(newbank.Config{BaseURL: b.URL(), Merchant: merchant, Key: payout.NewSecret(key), HTTP: provider.HTTP{Roots: b.Roots()}})
	require.NoError(t, err)
	t.Cleanup(p.CloseIdleConnections)
	return b, payout.NewClient(p)
}

func TestNewNamesWhatIsWrong(t *testing.T) {
	_, err := newbank.New(newbank.Config{BaseURL: newbank.Test, Merchant: "shop", Key: payout.NewSecret("short")})
	var e *payout.Error
	require.True(t, errors.As(err, &e))
	assert.Equal(t, payout.ErrInvalid, payout.KindOf(err))
	assert.Equal(t, []string{"merchant", "key"}, []string{e.Violations[0].Field, e.Violations[1].Field})
}

// newbank:17
func TestNumberIsOfTheCurrencysCountry(t *testing.T) {
	b, client := open(t)
	_, err := client.Create(t.Context(), payout.Request{
		Reference: "p-1", Amount: payout.MustMoney("1500 XOF"), Destination: wallet("21620123456"),
	})
	assert.ErrorIs(t, err, payout.ErrInvalid)
	assert.ErrorContains(t, err, "newbank:17")
	assert.Empty(t, b.Requests())
}

// newbank:29-34. The codes of rejected are the suite's: see harness.
func TestStates(t *testing.T) {
	for _, row := range []struct {
		act    bank.Act
		status payout.Status
		reason payout.Reason
	}{
		{bank.Say(bank.Registered, "accepted"), payout.StatusPending, 0},
		{bank.Say(bank.Pending, "processing"), payout.StatusPending, 0},
		{bank.Decline("expired"), payout.StatusFailed, payout.ReasonExpired},
		{bank.Decline("a new one"), payout.StatusFailed, payout.ReasonUnknown},
		{bank.Pay().Then(bank.Return()), payout.StatusReturned, 0},
	} {
		b, client := open(t)
		b.Script(bank.Script{Operation: bank.Create, Act: row.act})
		p, err := client.Create(t.Context(), payout.Request{
			Reference: "p-1", Amount: payout.MustMoney("12.500 TND"), Destination: wallet("21620123456"),
		})
		require.NoError(t, err)
		assert.Equal(t, payout.StatusPending, p.Status)
		p, err = client.Find(t.Context(), p.Ref())
		require.NoError(t, err)
		assert.Equal(t, row.status, p.Status)
		assert.Equal(t, row.reason, p.Failure.Reason)
	}
}

// A 404 that is not the bank's own proves nothing, though Info says that the bank's
// proves absence (newbank:36, 42).
func TestOnlyTheBanksNotFound(t *testing.T) {
	b, client := open(t)
	ref := payout.Ref{Reference: "p-1", Amount: payout.MustMoney("12.500 TND")}
	_, err := client.Find(t.Context(), ref)
	assert.ErrorIs(t, err, payout.ErrNotFound)

	for _, page := range []bank.Reply{
		bank.HTTP(404, "text/html", "<html></html>"), bank.HTTP(404, "application/json", "{}"),
		bank.HTTP(404, "application/json", `{"error":"unknown_transfer","id":"17"}`),
		bank.HTTP(200, "application/json", `{"error":"unknown_transfer"}`),
	} {
		b.ClearScripts()
		b.Script(bank.Script{Operation: bank.Status, Reply: page})
		_, err = client.Find(t.Context(), ref)
		assert.ErrorIs(t, err, payout.ErrOutcomeUnknown)
	}
}

// newbank:54: the signature covers the body.
func TestNoticesAreSigned(t *testing.T) {
	_, client := open(t)
	notice := newbanktest.Notice(key, payout.Payout{Reference: "p-1", ProviderID: "17"})
	raw, err := io.ReadAll(notice.Body)
	require.NoError(t, err)

	notice.Body = io.NopCloser(bytes.NewReader(raw))
	ref, err := client.ReadCallback(notice)
	require.NoError(t, err)
	assert.Equal(t, payout.Ref{Reference: "p-1", ProviderID: "17"}, ref)

	notice.Body = io.NopCloser(bytes.NewReader(bytes.ReplaceAll(raw, []byte("p-1"), []byte("p-2"))))
	_, err = client.ReadCallback(notice)
	assert.ErrorIs(t, err, payout.ErrUnauthorized)

	_, err = client.ReadCallback(newbanktest.Notice("a key that somebody else made up here", payout.Payout{Reference: "p-1"}))
	assert.ErrorIs(t, err, payout.ErrUnauthorized)
}
