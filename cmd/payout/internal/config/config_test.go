package config_test

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/cmd/payout/internal/config"
	"github.com/payoutkit/payout/dispatch"
	"github.com/payoutkit/payout/journal/reconcile"
)

func environment(name string) (string, bool) {
	text, ok := map[string]string{
		"ALL2PAY_PASSWORD": "secret-1", "BEREKE_PASSWORD": "secret-2", "CONNPAY_CONTROL": "secret-3",
	}[name]
	return text, ok
}

// folder holds what the example names.
func folder(t *testing.T, text []byte) string {
	t.Helper()
	dir := t.TempDir()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	require.NoError(t, err)
	for name, content := range map[string][]byte{
		"payout.yaml":     text,
		"fingerprint.key": []byte(strings.Repeat("k", 40) + "\n"),
		"batch.key":       []byte(strings.Repeat("b", 40) + "\n"),
		"connpay.key":     pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key)}),
	} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), content, 0o600))
	}
	return filepath.Join(dir, "payout.yaml")
}

func TestExample(t *testing.T) {
	f, err := config.Load(folder(t, config.Example))
	require.NoError(t, err)
	s := f.Sources(environment)
	accounts, err := f.Accounts(s)
	require.NoError(t, err)
	var names []string
	var clients []*payout.Client
	for _, a := range accounts {
		names = append(names, a.Info().Name)
		clients = append(clients, payout.NewClient(a))
	}
	require.Equal(t, []string{"all2pay-main", "bereke-transit", "connpay-eu"}, names)
	c, err := f.Dispatch(s)
	require.NoError(t, err)
	require.Equal(t, strings.Repeat("k", 40), c.Keys.Versions[1].Reveal(), "a file ends with a line break, and the key does not")
	key, err := f.BatchKey(s)
	require.NoError(t, err)
	require.Equal(t, strings.Repeat("b", 40), key.Reveal())
	l, err := f.Layout("bereke-transit")
	require.NoError(t, err)
	require.Equal(t, reconcile.Columns{Reference: "orderNumber", Amount: "amount", Currency: "currency", Time: "date"}, l.Columns)
	require.Equal(t, ';', l.Delimiter)
	require.Equal(t, "Asia/Almaty", l.Zone.String())
	_, err = f.Layout("connpay-eu")
	require.EqualError(t, err, "statements.connpay-eu: is required: how the bank writes its statement")
	require.Len(t, c.Routes, 3)
	require.Equal(t, payout.MustMoney("5000000.00 RUB"), c.Routes[0].Limits[0].Amount)
	require.Equal(t, dispatch.Daily, c.Routes[0].Limits[0].Period)
	require.Equal(t, "Europe/Moscow", c.Routes[0].Limits[0].Zone.String())
	require.Equal(t, []payout.Reason{payout.ReasonInsufficientFunds, payout.ReasonLimitExceeded, payout.ReasonDestinationInvalid}, c.NextRoute)
	require.InDelta(t, 20, c.Rates.AsksPerSecond, 0)
	c.Journal, c.Providers = dispatch.NewMemory(), clients
	_, err = dispatch.New(c)
	require.NoError(t, err)
}

// Everything that the example only mentions can be set, too.
func TestEveryLineOfTheExample(t *testing.T) {
	var lines []string
	for line := range strings.Lines(string(config.Example)) {
		trimmed := strings.TrimSpace(line)
		for _, setting := range []string{"witness:", "keyset:", "signing_key:", "http:", "proved:"} {
			if strings.HasPrefix(trimmed, "# "+setting) {
				line = strings.Replace(line, "# ", "", 1)
			}
		}
		lines = append(lines, line)
	}
	f, err := config.Parse("payout.yaml", []byte(strings.Join(lines, "")))
	require.NoError(t, err)
	require.Equal(t, "/mnt/other/payouts.witness", f.Journal.Witness)
	require.Equal(t, 5*time.Minute, f.Providers[1].Bereke.Proved.After)
	require.Equal(t, "all2pay.key", f.Providers[0].All2Pay.SigningKey.File)
}

func TestWrong(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"a misspelt setting":         {"routes:\n  - provider: a\n    limit: []\n", `payout.yaml:3: there is no setting "limit" here`},
		"two of them":                {"a: 1\nb: 2\n", "payout.yaml:1: there is no setting \"a\" here\npayout.yaml:2: there is no setting \"b\" here"},
		"a secret in clear":          {"providers:\n  - all2pay:\n      password: hunter2\n", "payout.yaml:3: must be {env: NAME} or {file: PATH}: a secret itself is never written here"},
		"a secret in a list":         {"providers:\n  - all2pay:\n      password: [hunter2]\n", "payout.yaml:3: must be {env: NAME} or {file: PATH}: a secret itself is never written here"},
		"a secret under its name":    {"providers:\n  - all2pay:\n      password: {value: hunter2}\n", "payout.yaml:3: must be {env: NAME} or {file: PATH}"},
		"a secret in a wrong place":  {"workers: hunter2\n", "payout.yaml:1: is a text, and must be a number"},
		"a secret that is a list":    {"keys: hunter2\n", "payout.yaml:1: is a text, and must be a group of settings"},
		"an amount without currency": {"routes:\n  - match: {min: 10.00}\n", `payout.yaml:2: must be an amount with its currency, such as "10.50 EUR"`},
		"an amount of half a cent":   {"routes:\n  - match: {min: 10.005 EUR}\n", `payout.yaml:2: must be an amount with its currency, such as "10.50 EUR"`},
		"no currency":                {"routes:\n  - match: {currencies: [EURO]}\n", "payout.yaml:2: must be a currency of ISO 4217, such as EUR"},
		"no period":                  {"routes:\n  - limits: [{period: weekly}]\n", "payout.yaml:2: must be daily, forever, hourly or monthly"},
		"no zone":                    {"routes:\n  - limits: [{zone: Moscow}]\n", "payout.yaml:2: must be a time zone, such as Europe/Moscow"},
		"no reason":                  {"next_route: [unlucky]\n", "payout.yaml:1: must be cancelled, declined, destination_invalid, destination_restricted, expired, fraud_control, insufficient_funds or limit_exceeded"},
		"no duration":                {"times: {send_window: 10}\n", "payout.yaml:1: is a number, and must be a duration such as 10s"},
		"a setting twice":            {"workers: 1\nworkers: 2\n", `payout.yaml:2: mapping key "workers" already defined at line 1`},
		"a secret with a star":       {"providers:\n  - all2pay:\n      password: *hunter2\n", "payout.yaml: has a * before something that is no anchor: a text that begins with * must stand in quotes"},
		"a secret with a tag":        {"workers: !!int hunter2\n", "payout.yaml: has a value that is not of the type which its tag (!!) says"},
		"a secret for a name":        {"keys: {versions: {[hunter2]: 1}}\n", "payout.yaml:1: is a list, and must be a number"},
		"two documents":              {"workers: 1\n---\nworkers: 2\n", "payout.yaml: has a second document, which nobody would read"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := config.Parse("payout.yaml", []byte(c.text))
			require.EqualError(t, err, c.want)
			require.NotContains(t, err.Error(), "hunter2")
		})
	}
}

func TestWrongProviders(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"no adapter":   {"providers: [{}]\n", "providers: number 1: must name one adapter: all2pay, bereke or connpay"},
		"two adapters": {"providers: [{all2pay: {name: a}, bereke: {name: b}}]\n", "providers: a: must name one adapter: all2pay, bereke or connpay"},
		"no variable":  {"providers: [{all2pay: {url: \"https://x\", user_name: u, password: {env: NOPE}}}]\n", "providers: all2pay: password: the environment has no NOPE"},
		"no password":  {"providers: [{bereke: {url: \"https://x\", user_name: u}}]\n", "providers: bereke: password: is required: {env: NAME} or {file: PATH}"},
		"no url":       {"providers: [{bereke: {user_name: u, password: {env: BEREKE_PASSWORD}}}]\n", "providers: bereke: "},
		"proxy":        {"providers: [{bereke: {url: \"https://x\", user_name: u, password: {env: BEREKE_PASSWORD}, http: {proxy: \"http://u:hunter2@p:1\"}}}]\n", "http.proxy: must be an address such as"},
		"half of a pair": {"providers: [{bereke: {url: \"https://x\", user_name: u, password: {env: BEREKE_PASSWORD}, http: {certificate: c.pem}}}]\n",
			"http.certificate, http.certificate_key: go together"},
		"no destination": {"providers: [{connpay: {url: \"https://x\", login: u, private_key: {env: CONNPAY_CONTROL}, endpoint: \"1\", group: \"2\", destinations: [pigeon], balance: mine}}]\n",
			`destinations: "pigeon" is none: must be bank_account, `},
	} {
		t.Run(name, func(t *testing.T) {
			f, err := config.Parse("payout.yaml", []byte(c.text))
			require.NoError(t, err)
			_, err = f.Accounts(f.Sources(environment))
			require.ErrorContains(t, err, c.want)
			require.NotContains(t, err.Error(), "hunter2")
			require.NotContains(t, err.Error(), "secret-")
		})
	}
}
