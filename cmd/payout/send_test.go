//go:build unix

package main

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout/cmd/payout/internal/simulate"
	"github.com/payoutkit/payout/dispatch"
)

// Only a payout that is proved not to be paid is called so: who reads it pays in another
// way.
func TestUnpaidIsSaidOfWhatIsProved(t *testing.T) {
	t.Parallel()
	for s := dispatch.StateUnknown; s < dispatch.StateUnsent; s++ {
		says := string(unpaid(dispatch.Entry{Reference: "order-1", State: s}))
		switch s {
		case dispatch.StatePaid:
		case dispatch.StateFailed, dispatch.StateCancelled:
			require.Equal(t, "it is "+s.String()+", and not paid", says)
		case dispatch.StateReturned:
			require.Contains(t, says, "came back")
		default:
			require.NotContains(t, says, ", and not paid")
			require.Contains(t, says, "it must not be paid in another way", s)
		}
	}
}

// sending is payout send for a payout of the test.
func (b bench) sending(t *testing.T, stdout *os.File, flags ...string) (says string, code int) {
	t.Helper()
	c := command(t, append([]string{"send", "--config", b.config, "--reference", "order-1", "--amount", "1500.00", "--currency", "RUB", "--destination", "card"}, flags...)...)
	c.Stdin = strings.NewReader("card.number=4111111111111111\nrecipient.name=IVAN PETROV\n")
	var failure bytes.Buffer
	if c.Stderr = &failure; stdout != nil {
		c.Stdout = stdout
	}
	code = ended(t, c.Run())
	return failure.String(), code
}

// A payout whose answer was lost is not called unpaid.
func TestSendOfUnknownFate(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	require.NoError(t, b.Inject(simulate.Fault{Bank: "all2pay", Name: "pending"}))
	says, code := b.sending(t, nil, "--patience", "1ms")
	require.Equal(t, 1, code)
	require.Contains(t, says, "it must not be paid in another way")
	require.NotContains(t, says, "not paid\n")
	says, code = b.sending(t, nil)
	require.Zero(t, code, says)
	b.once(t, 1)
}

// Status 2 says that nothing was sent: what breaks off later has another one.
func TestSendBreaksOffAfterSending(t *testing.T) {
	t.Parallel()
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Skip("there is no /dev/full here")
	}
	defer full.Close()
	b := newBench(t)
	says, code := b.sending(t, full, "--currency", "XTS")
	require.Equal(t, 2, code, says)
	b.once(t, 0)
	says, code = b.sending(t, full)
	require.Equal(t, 1, code, says)
	require.Contains(t, says, "payout: it may have been sent, and must not be paid in another way: see payout status order-1")
	require.Contains(t, says, "no space left")
	b.once(t, 1)
}

// Nor does a person's word that was taken end as one that changed nothing.
func TestCancelThatCanNotBeShown(t *testing.T) {
	t.Parallel()
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Skip("there is no /dev/full here")
	}
	defer full.Close()
	b := newBench(t)
	for _, bank := range []string{"all2pay", "reserve"} {
		_, failure, code := runs(t, "hold", bank, "--config", b.config, "--by", "me")
		require.Zero(t, code, failure)
	}
	_, code := b.sending(t, nil, "--patience", "10ms")
	require.Equal(t, 1, code)
	c := command(t, "cancel", "order-1", "--config", b.config, "--by", "me")
	c.Stdout = full
	require.Equal(t, 1, ended(t, c.Run()))
	out, _, _ := runs(t, "status", "order-1", "--config", b.config)
	require.Contains(t, out, "cancelled")
}
