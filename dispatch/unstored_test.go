package dispatch_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/dispatch"
)

// signed is an extra with a code that must not be kept.
type signed struct {
	By  string
	CVV payout.Secret
}

var signedKind = payout.NewKind("signed", "an extra with a code",
	payout.Text(payout.Field{Name: "by", Doc: "whose"}, func(s *signed) *string { return &s.By }),
	payout.Hidden(payout.Field{Name: "cvv", Doc: "the code", Unstored: true}, func(s *signed) *payout.Secret { return &s.CVV }),
)

func (signed) Kind() payout.Kind { return signedKind }

// A code that must not be kept is in nothing that the journal gets, not sealed and not
// hashed: after a restart the payout waits for its request, and takes it with any code.
func TestUnstored(t *testing.T) {
	b := bank("a")
	b.info.Options = []payout.Kind{signedKind}
	d := opened(t, dispatch.Config{Sealer: &wax{}}, b)
	req := order("p-1")
	req.Options = []payout.Option{signed{By: "A", CVV: payout.NewSecret("7391")}}
	d.take(req)
	d.restart()
	e := d.load("p-1")
	assert.Nil(t, e.Sealed)
	d.pass(time.Minute)
	_, _, err := d.Step(t.Context(), "p-1")
	require.NoError(t, err)
	require.Equal(t, "awaiting_request", d.load("p-1").State.String())

	req.Options = []payout.Option{signed{By: "A", CVV: payout.NewSecret("7392")}}
	assert.Equal(t, e.Fingerprint, d.take(req).Fingerprint)
	assert.Equal(t, "paid", d.step("p-1").State.String())
	assert.Equal(t, req.Options, b.last().Options)

	req = order("p-2")
	req.Options = []payout.Option{signed{By: "A"}}
	assert.NotNil(t, d.take(req).Sealed, "one without a code can be kept")
	req.Options = []payout.Option{signed{By: "B"}}
	_, err = d.Submit(t.Context(), req)
	require.ErrorIs(t, err, payout.ErrConflict)
}
