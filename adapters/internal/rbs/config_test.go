package rbs_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/adapters/all2pay"
	"github.com/payoutkit/payout/adapters/internal/adaptertest"
)

// Nothing is assumed about a second order or an order that is not found, until a
// configuration vouches for it and says what shows it.
func TestWhatAConfigurationVouchesFor(t *testing.T) {
	proved := payout.Absence{Proves: true, After: time.Hour, Times: 3, Evidence: "test run of 2026-07-06"}
	both(t, func(t *testing.T, e edition) {
		open := func(a account) (payout.Provider, error) {
			a.baseURL, a.password = "https://127.0.0.1:1", "p"
			return e.open(a)
		}
		p, err := open(account{})
		require.NoError(t, err)
		require.Equal(t, payout.DedupNone, p.Info().Dedup)
		require.Zero(t, p.Info().Absence)

		p, err = open(account{dedup: payout.DedupRefuses, evidence: "test run of 2026-07-06", absence: proved})
		require.NoError(t, err)
		require.Equal(t, payout.DedupRefuses, p.Info().Dedup)
		require.Equal(t, proved, p.Info().Absence)

		for want, a := range map[string]account{
			"dedup_evidence: is required: what shows that this account's bank treats a known orderNumber so": {dedup: payout.DedupReplays},
			"absence: must say after which time, and how often it has to be seen": {
				absence: payout.Absence{Proves: true, Evidence: "seen once"},
			},
			"absence.evidence: is required: what shows that this account's bank says 400/98 only of orders that will never be paid": {
				absence: payout.Absence{Proves: true, After: time.Hour, Times: 3},
			},
		} {
			_, err := open(a)
			require.Equal(t, []string{want}, rules(t, err))
		}
	})
}

// A status request names no merchant (all2pay:496-508): of a child's orders "not
// found" proves nothing, whatever a configuration says.
func TestAbsenceOfAChildsOrder(t *testing.T) {
	capture := adaptertest.NewCapture()
	t.Cleanup(capture.Close)
	c := all2pay.Config{
		BaseURL: capture.URL(), UserName: userName, Password: secret("p"), HTTP: capture.HTTP(), MerchantLogin: "child",
		Absence: payout.Absence{Proves: true, After: time.Hour, Times: 3, Evidence: "test run of 2026-07-06"},
	}
	_, err := all2pay.New(c)
	require.Equal(t, []string{"absence: can't be proved of a child merchant's orders: a status request does not name the merchant"}, rules(t, err))

	c.MerchantLogin = ""
	p, err := all2pay.New(c)
	require.NoError(t, err)
	t.Cleanup(p.CloseIdleConnections)
	req := all2payEdition.request("p-1")
	req.Options = []payout.Option{all2pay.Order{MerchantLogin: "child"}}
	_, err = payout.NewClient(p).Create(t.Context(), req)
	require.Equal(t, []string{"options.all2pay_order.merchant_login: can't be used where the configuration takes not found for a proof: " +
		"a status request does not name the merchant (merchantLogin) (all2pay:316-317)"}, rules(t, err))
	require.Empty(t, capture.Sent())
}

// What tells one account from another: a payout that was sent from one is asked about
// at no other.
func TestAccounts(t *testing.T) {
	for want, c := range map[string]all2pay.Config{
		"api.uat.all2pay.net/user":                     {BaseURL: all2pay.Test},
		"api.all2pay.net/user":                         {BaseURL: all2pay.Production},
		"api.uat.all2pay.net/user/card-1":              {BaseURL: all2pay.Test, SourceBindingID: "card-1"},
		"api.uat.all2pay.net/user/merchant/child":      {BaseURL: all2pay.Test, MerchantLogin: "child"},
		"api.uat.all2pay.net/user/merchant/a%2Fb/c%2F": {BaseURL: all2pay.Test, MerchantLogin: "a/b", SourceBindingID: "c/"},
	} {
		c.UserName, c.Password = "user", secret("p")
		p, err := all2pay.New(c)
		require.NoError(t, err)
		require.Equal(t, want, p.Info().Account)
	}
}
