package dispatch_test

import (
	"bytes"
	"log/slog"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/dispatch"
)

// A version of the key that is gone is an alarm at start, once, if something unfinished
// needs it.
func TestKeyMissing(t *testing.T) {
	d := opened(t, dispatch.Config{Keys: dispatch.Keys{Current: 1, Versions: testKeys.Versions}}, bank("a"))
	d.take(order("p-1"))
	d.take(order("p-2"))
	d.sends("p-0", "1.00 EUR")
	d.config.Keys = testKeys
	d.restart()
	d.take(order("p-3"))
	start := func() {
		orphans, err := d.Start(t.Context())
		require.NoError(t, err)
		assert.Zero(t, orphans)
	}
	start()
	assert.Empty(t, d.seen.alarms)

	d.config.Keys.Versions = map[uint32]payout.Secret{2: testKeys.Versions[2]}
	d.restart()
	start()
	assert.Equal(t, []dispatch.Alarm{{Kind: dispatch.AlarmKey, Reference: "p-1", Attempt: -1, KeyVersion: 1}}, d.seen.alarms)

	var b bytes.Buffer
	dispatch.LogObserver(slog.New(slog.NewTextHandler(&b, nil))).Alarm(t.Context(), d.seen.alarms[0])
	assert.Contains(t, b.String(), `alarm=key reference=p-1 provider="" attempt=0 key_version=1`)
}
