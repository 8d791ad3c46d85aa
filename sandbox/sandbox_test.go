package sandbox_test

import (
	"bytes"
	"crypto/tls"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/payoutkit/payout/sandbox"
	"github.com/payoutkit/payout/sandbox/bank"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// answer is what came back over HTTP.
type answer struct {
	status int
	header http.Header
	body   string
}

func (a answer) json(t *testing.T) map[string]any {
	t.Helper()
	var v map[string]any
	require.NoError(t, json.Unmarshal([]byte(a.body), &v), "body: %s", a.body)
	return v
}

// newClient trusts one bank and follows no redirect.
func newClient(t *testing.T, s *bank.Server) *http.Client {
	t.Helper()
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: s.Roots(), MinVersion: tls.VersionTLS12}}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{
		Transport:     transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

func send(t *testing.T, c *http.Client, method, url, body string, header http.Header) (answer, error) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	require.NoError(t, err)
	req.GetBody = nil // or net/http would send it again
	req.Header = header.Clone()
	resp, err := c.Do(req)
	if err != nil {
		return answer{}, err
	}
	defer func() { require.NoError(t, resp.Body.Close()) }()
	var b bytes.Buffer
	_, err = io.Copy(&b, resp.Body)
	return answer{resp.StatusCode, resp.Header, b.String()}, err
}

// moduleHeader is that of all2pay:183-184.
func moduleHeader() http.Header {
	return http.Header{
		"Content-Type": {"application/json; charset=UTF-8"},
		"Accept":       {"application/json; version=2.0"},
	}
}

func post(t *testing.T, c *http.Client, m *sandbox.Module, method, body string) answer {
	t.Helper()
	a, err := send(t, c, http.MethodPost, m.URL()+"/payouts/api/v2/"+method, body, moduleHeader())
	require.NoError(t, err)
	return a
}

func startAll2Pay(t *testing.T, cfg sandbox.ModuleConfig) (*sandbox.Module, *http.Client) {
	t.Helper()
	m, err := sandbox.StartAll2Pay(cfg)
	require.NoError(t, err)
	t.Cleanup(m.Close)
	return m, newClient(t, m.Server)
}

func startBereke(t *testing.T, cfg sandbox.ModuleConfig) (*sandbox.Module, *http.Client) {
	t.Helper()
	m, err := sandbox.StartBereke(cfg)
	require.NoError(t, err)
	t.Cleanup(m.Close)
	return m, newClient(t, m.Server)
}

// The request of all2pay:440-461, with what its document contradicts elsewhere put
// right: userName (all2pay:302), 643 (all2pay:32), the reference without an underscore
// kept as it is.
const all2payRequest = `{
"userName": "payout_api_username",
"password": "payout_api_password",
"orderNumber": "payout_1",
"amount": 1234,
"currency": "643",
"client": {
"name": "John Doe",
"clientId": "12345abc-d67e-8901-23fg-h45i67jk8901",
"email": "payee@mail.com",
"phone": "9991234567"
},
"target": {
"pan": "4111111111111111"
},
"jsonParams": {
"paramname1": "paramvalue1",
"paramname2": "paramvalue2"
}
}`

const statusRequest = `{"userName":"payout_api_username","password":"payout_api_password","orderNumber":"payout_1"}`

func TestAll2PayPaysToACard(t *testing.T) {
	m, c := startAll2Pay(t, sandbox.ModuleConfig{})
	a := post(t, c, m, "performPayout.do", all2payRequest)
	require.Equal(t, 200, a.status, a.body)
	v := a.json(t)
	// The sample of all2pay:462-494.
	assert.Equal(t, "0", v["errorCode"])
	assert.Equal(t, "Success", v["errorMessage"])
	assert.Equal(t, 1234.0, v["amount"])
	assert.Equal(t, 0.0, v["fee"])
	assert.Equal(t, "643", v["currency"])
	assert.Equal(t, "payout_1", v["orderNumber"])
	assert.Equal(t, "2", v["orderStatus"])
	assert.NotContains(t, v, "orderId")
	assert.Equal(t, map[string]any{"paramname1": "paramvalue1", "paramname2": "paramvalue2"}, v["orderParams"])
	assert.Equal(t, map[string]any{"clientId": "12345abc-d67e-8901-23fg-h45i67jk8901", "maskedPan": "411111XXXXXX1111"}, v["target"])
	operations := v["operationList"].([]any)
	require.Len(t, operations, 1)
	op := operations[0].(map[string]any)
	assert.Equal(t, "P2P_CREDIT", op["operationType"])
	assert.Equal(t, "Payout completed", op["resultCodeDescription"])
	assert.Equal(t, "411111XXXXXX1111", op["pan"])
	assert.IsType(t, 0.0, op["operationDate"])

	a = post(t, c, m, "getPayoutStatus.do", statusRequest)
	require.Equal(t, 200, a.status, a.body)
	v = a.json(t)
	// The sample of all2pay:588-629.
	assert.Equal(t, "2", v["orderStatus"])
	assert.Len(t, v["orderId"], 36)
	assert.Equal(t, 0.0, v["actionCode"])
	assert.Len(t, v["operationList"], 2)
	assert.Equal(t, "4111XXXXXXXX1111", v["target"].(map[string]any)["maskedPan"])

	require.Equal(t, 1, m.Ledger().Times("payout_1"))
	e := m.Ledger().Moved("payout_1")[0]
	assert.Equal(t, "12.34 RUB", e.Money.String())
	assert.Equal(t, "411111XXXXXX1111", e.Destination)
	assert.Equal(t, 1, m.Count(bank.Create, "payout_1"))
	assert.Empty(t, m.Refusals())
}
