package sandbox_test

import (
	"fmt"
	"net/http"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/sandbox"
	"github.com/payoutkit/payout/sandbox/bank"
)

// The balance, the limit and the restricted card of all2pay:890-892.
func TestModuleDeclines(t *testing.T) {
	for name, test := range map[string]struct {
		cfg           sandbox.ModuleConfig
		code, message string
	}{
		"funds": {sandbox.ModuleConfig{Balance: payout.FromMinor(2*1234-1, payout.RUB)}, "116", "Insufficient funds"},
		"fee":   {sandbox.ModuleConfig{Balance: payout.FromMinor(2*1234+1, payout.RUB), Fee: payout.FromMinor(1, payout.RUB)}, "116", "Insufficient funds"},
		"limit": {sandbox.ModuleConfig{Limit: payout.FromMinor(2*1234-1, payout.RUB)}, "121", "Limit is depleted"},
	} {
		t.Run(name, func(t *testing.T) {
			m, c := startAll2Pay(t, test.cfg)
			require.Equal(t, "0", post(t, c, m, "performPayout.do", all2payRequest).json(t)["errorCode"])
			a := post(t, c, m, "performPayout.do", edit(t, all2payRequest, `payout_1`, `payout_2`))
			assert.Equal(t, 200, a.status)
			assert.Equal(t, map[string]any{"errorCode": test.code, "errorMessage": test.message}, a.json(t))
			assert.Equal(t, 0, m.Ledger().Times("payout_2"))
			v := post(t, c, m, "getPayoutStatus.do", edit(t, statusRequest, `payout_1`, `payout_2`)).json(t)
			assert.Equal(t, "0", v["errorCode"])
			assert.Equal(t, "6", v["orderStatus"])
			assert.Equal(t, test.code, fmt.Sprint(v["actionCode"]))
			assert.Equal(t, 1.0, v["operationList"].([]any)[1].(map[string]any)["resultCode"])
		})
	}
	m, c := startAll2Pay(t, sandbox.ModuleConfig{})
	m.Script(bank.Script{Act: bank.Decline("")})
	v := post(t, c, m, "performPayout.do", all2payRequest).json(t)
	assert.Equal(t, "0", v["errorCode"], "a decline without a row of its own is an order")
	assert.Equal(t, "6", v["orderStatus"])
	v = post(t, c, m, "getPayoutStatus.do", statusRequest).json(t)
	assert.Equal(t, 120.0, v["actionCode"])
}

func TestModuleDuplicates(t *testing.T) {
	for name, test := range map[string]struct {
		duplicates sandbox.Duplicates
		status     int
		code       string
		times      int
	}{
		"code 1":       {sandbox.RefuseWith1, 200, "1", 1},
		"400/98":       {sandbox.RefuseWith98, 400, "98", 1},
		"first answer": {sandbox.AnswerFirst, 200, "0", 1},
		"pay again":    {sandbox.PayAgain, 200, "0", 2},
	} {
		t.Run(name, func(t *testing.T) {
			m, c := startAll2Pay(t, sandbox.ModuleConfig{Duplicates: test.duplicates})
			first := post(t, c, m, "performPayout.do", all2payRequest)
			a := post(t, c, m, "performPayout.do", edit(t, all2payRequest, "1234,", "4321,"))
			assert.Equal(t, test.status, a.status)
			assert.Equal(t, test.code, a.json(t)["errorCode"])
			assert.Equal(t, test.times, m.Ledger().Times("payout_1"))
			if test.duplicates == sandbox.AnswerFirst {
				assert.Equal(t, first.body, a.body)
			}
		})
	}
}

// Every row of both tables, given before and after the bank has acted.
func TestModuleRows(t *testing.T) {
	for name, begin := range map[string]func(*testing.T, sandbox.ModuleConfig) (*sandbox.Module, *http.Client){
		"all2pay": startAll2Pay, "bereke": startBereke,
	} {
		m, c := begin(t, sandbox.ModuleConfig{})
		request := map[string]string{"all2pay": all2payRequest, "bereke": berekeRequest}[name]
		require.Len(t, m.Rows(), map[string]int{"all2pay": 34, "bereke": 27}[name])
		for i, row := range m.Rows() {
			for _, act := range []bank.Act{{}, bank.Nothing()} {
				reference := fmt.Sprint("row-", i, "-", act.Ignore)
				m.Script(bank.Script{Operation: bank.Create, Reference: reference, Act: act, Reply: row.Reply()})
				a := post(t, c, m, "performPayout.do", edit(t, request, "payout_1", reference))
				assert.Equal(t, row.HTTP, a.status, row.Doc)
				if row.Code != "" {
					assert.Equal(t, map[string]any{"errorCode": row.Code, "errorMessage": row.Message}, a.json(t), row.Doc)
				} else {
					assert.NotContains(t, a.json(t), "errorCode")
				}
				assert.Equal(t, !act.Ignore, m.Ledger().Times(reference) == 1, row.Doc)
			}
		}
	}
	m, c := startAll2Pay(t, sandbox.ModuleConfig{})
	m.Script(bank.Script{Reply: m.Reply(500, "99")})
	assert.Equal(t, "Order was not processed correctly. Please check order status manually",
		post(t, c, m, "performPayout.do", all2payRequest).json(t)["errorMessage"])
	assert.Equal(t, 1, m.Ledger().Times("payout_1"))
	m.ClearScripts()
	m.Script(bank.Script{Reply: m.Reply(418, "4")})
	a := post(t, c, m, "performPayout.do", edit(t, all2payRequest, "payout_1", "payout_2"))
	assert.Equal(t, []any{418, "4"}, []any{a.status, a.json(t)["errorCode"]})
}

func TestModuleManyAtOnce(t *testing.T) {
	m, c := startAll2Pay(t, sandbox.ModuleConfig{Balance: payout.FromMinor(30*1234, payout.RUB)})
	var calls sync.WaitGroup
	bodies := make([]string, 50)
	for i := range bodies {
		bodies[i] = edit(t, all2payRequest, "payout_1", fmt.Sprint("p-", i))
	}
	for _, body := range bodies {
		for range 2 {
			calls.Go(func() {
				a, err := send(t, c, http.MethodPost, m.URL()+"/payouts/api/v2/performPayout.do", body, moduleHeader())
				if assert.NoError(t, err) {
					assert.Equal(t, 200, a.status, a.body)
				}
			})
		}
	}
	calls.Wait()
	assert.Len(t, m.Ledger().Entries(), 30, "the money reached for so many")
	assert.Equal(t, int64(0), m.Ledger().Funds("").Balance)
	for i := range bodies {
		assert.LessOrEqual(t, m.Ledger().Times(fmt.Sprint("p-", i)), 1)
	}
	assert.Len(t, m.Orders(), 50)
}
