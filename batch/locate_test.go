package batch_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
)

func TestLocate(t *testing.T) {
	t.Parallel()
	row := one(t, "metadata.team,source,reference,amount,currency,destination,sbp.phone,sbp.bank_id,sbp.last_name,sbp.first_name,description\n"+
		"x,b-1,p-1,1.00,RUB,sbp,+79261214249,100000000111,Ким,Виктор,x\n")
	require.NoError(t, row.Err)
	err := row.Locate([]payout.Violation{
		{Field: "destination.last_name", Rule: "r1", Doc: "bank:7"},
		{Field: "destination.middle_name", Rule: "r2"},
		{Field: "source.saved_card", Rule: "r3"},
		{Field: "recipient.name", Rule: "r4"},
		{Field: "metadata.team", Rule: "r5"},
		{Field: "amount", Rule: "r6"},
		{Field: "destination", Rule: "r7"},
		{Field: "amount", Rule: "r8"},
		{Field: "routes", Rule: "r9"}, // is no column
	})
	require.EqualError(t, err, "line 2: column sbp.middle_name: r2; column recipient.name: r4; routes: r9; "+
		"column 1 (metadata.team): r5; column 2 (source): r3; column 4 (amount): r6; column 4 (amount): r8; "+
		"column 6 (destination): r7; column 9 (sbp.last_name): r1 (bank:7)")
	require.ErrorIs(t, err, payout.ErrInvalid)
	require.Equal(t, 2, err.Line)
	require.Equal(t, 2, err.LastLine)
	require.EqualError(t, row.Locate(nil), "line 2: ")
}
