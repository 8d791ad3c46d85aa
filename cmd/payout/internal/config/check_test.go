package config_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout/cmd/payout/internal/config"
)

const journalAndBank = "journal: {sqlite: payouts.db}\nproviders: [{bereke: {}}]\n"

// What would fail on the day when it is needed is said beforehand, with its line.
func TestCheck(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"no journal": {"workers: 1\n", "payout.yaml: journal: the configuration names none: set journal.sqlite or journal.postgres"},
		"two journals": {"workers: 1\njournal:\n  sqlite: a.db\n  postgres: {url: {env: URL}}\n",
			"payout.yaml:2: journal: sqlite and postgres are both set: a payout has one journal"},
		"river without postgres": {"journal: {sqlite: a.db, river: {schema: river}}\n",
			"payout.yaml:1: journal: river is set, and postgres is not: its jobs are in the journal's database"},
		"river without keyset": {"journal: {postgres: {url: {env: URL}}, river: {schema: river}}\n",
			"payout.yaml:1: journal: river is set, and keyset is not: a worker on another machine has to open what this one seals"},
		"a statement without times": {journalAndBank + "statements:\n  bereke:\n    columns: {reference: r, amount: a, currency: c}\n    debits: negative\n",
			"payout.yaml:4: statements.bereke.columns.time: is required"},
		"a statement of nobody, and without times": {journalAndBank + "statements:\n  berke:\n    columns: {reference: r, amount: a, currency: c}\n    debits: negative\n",
			"payout.yaml:4: statements.berke: is not among the providers\npayout.yaml:4: statements.berke.columns.time: is required"},
		"a wide delimiter": {journalAndBank + "statements:\n  bereke: {delimiter: \";;\"}\n",
			"payout.yaml:4: statements.bereke.delimiter: must be one character"},
		"a statement that comes by an anchor": {"journal: {sqlite: payouts.db}\nstatements: {<<: {bereke: {delimiter: \";;\"}}}\nproviders: [{bereke: {}}]\n",
			"payout.yaml: statements.bereke.delimiter: must be one character"},
	} {
		t.Run(name, func(t *testing.T) {
			f, err := config.Parse("payout.yaml", []byte(c.text))
			require.NoError(t, err)
			require.EqualError(t, f.Check(), c.want)
		})
	}
	for _, text := range []string{string(config.Example), journalAndBank} {
		f, err := config.Parse("payout.yaml", []byte(text))
		require.NoError(t, err)
		require.NoError(t, f.Check())
	}
}

// Each line says whose it is: the second is read alone.
func TestEveryErrorNamesItsProvider(t *testing.T) {
	f, err := config.Parse("payout.yaml", []byte("providers: [{connpay: {name: eu, endpoint: \"1\", private_key: {env: NOPE}, control: {env: NEITHER}}}]\n"))
	require.NoError(t, err)
	_, err = f.Accounts(f.Sources(environment))
	require.EqualError(t, err, "providers: eu: private_key: the environment has no NOPE\nproviders: eu: control: the environment has no NEITHER")
}
