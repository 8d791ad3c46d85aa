package provider_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
)

// proves checks what an error says about money, that only ErrNotSent may be sent
// again, and that it is one of ours from top to bottom, so that no text of a lower
// layer can be in it.
func proves(t testing.TB, err error, kind payout.ErrorKind) *payout.Error {
	t.Helper()
	require.Error(t, err)
	var e *payout.Error
	require.ErrorAs(t, err, &e)
	require.Equal(t, kind.Error(), payout.KindOf(err).Error(), "%v (%T %v)", err, e.Err, e.Err)
	assert.Equal(t, kind.Error(), e.Kind.Error())
	assert.Equal(t, kind == payout.ErrNotSent, payout.SafeToRetry(err))
	quoted, jsonErr := json.Marshal(e)
	require.NoError(t, jsonErr)
	for _, secret := range secrets {
		assert.NotContains(t, fmt.Sprintf("%v %+v %#v %s %q", err, err, err, err, err)+string(quoted), secret)
	}
	return e
}

// secrets are in what the tests send and are sent.
var secrets = []string{"4111111111111111", "s3cret-password"}
