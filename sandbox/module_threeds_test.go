package sandbox_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/sandbox"
	"github.com/payoutkit/payout/sandbox/bank"
)

// challenged makes a payout for which the issuer wants 3-D Secure, and returns the
// address of its page.
func challenged(t *testing.T, c *http.Client, m *sandbox.Module, reference string) string {
	t.Helper()
	m.Script(bank.Script{Operation: bank.Create, Reference: reference, Act: sandbox.Challenge()})
	v := post(t, c, m, "performPayout.do", edit(t, all2payRequest, "payout_1", reference)).json(t)
	assert.Equal(t, []any{"0", "5", reference, 1234.0}, []any{v["errorCode"], v["orderStatus"], v["orderNumber"], v["amount"]})
	// all2pay:426-439
	for _, name := range []string{"acsUrl", "info", "is3DSVer2", "mdOrder", "paReq", "termUrl", "shortUrl"} {
		assert.Contains(t, v, name)
	}
	assert.NotContains(t, v, "operationList")
	return v["acsUrl"].(string)
}

func TestPayoutWith3DSecure(t *testing.T) {
	now := newClock()
	m, c := startAll2Pay(t, sandbox.ModuleConfig{Bank: now.config(), Balance: payout.FromMinor(2000, payout.RUB)})
	b := browser{t, c}
	paid, poor, declined, late := challenged(t, c, m, "paid"), challenged(t, c, m, "poor"), challenged(t, c, m, "declined"), challenged(t, c, m, "late")
	assert.Empty(t, m.Ledger().Entries())
	for range 2 {
		assert.Equal(t, "5", statusOf(t, c, m, "paid")["orderStatus"])
	}

	page := b.open(paid)
	assert.Equal(t, []string{"12.34 RUB", "411111XXXXXX1111"}, []string{b.text(page, "amount"), b.text(page, "card")})
	for range 3 {
		a := b.submit(b.action(page), "code="+sandbox.ThreeDSCode+"&answer=confirm")
		require.Equal(t, http.StatusSeeOther, a.status)
		assert.Equal(t, "Done", b.text(b.open(a.header.Get("Location")), "status"))
	}
	assert.Equal(t, 1, m.Ledger().Times("paid"))
	assert.Equal(t, "2", statusOf(t, c, m, "paid")["orderStatus"])

	b.submit(poor, "code=12345678&answer=confirm")
	assert.Equal(t, 116.0, statusOf(t, c, m, "poor")["actionCode"], "the balance counts when it is confirmed")
	b.submit(declined, "code=12345678&answer=decline")
	assert.Equal(t, "6", statusOf(t, c, m, "declined")["orderStatus"])

	now.set(20*time.Minute - 1)
	assert.Equal(t, "5", statusOf(t, c, m, "late")["orderStatus"])
	now.set(20 * time.Minute)
	a := b.submit(late, "code=12345678&answer=confirm")
	assert.Equal(t, "The time for this is over", b.text(b.open(a.header.Get("Location")), "status"))
	assert.Equal(t, -2007.0, statusOf(t, c, m, "late")["actionCode"])
	assert.Len(t, m.Ledger().Entries(), 1)
}
