package config_test

import (
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"github.com/payoutkit/payout/cmd/payout/internal/config"
)

// planted is a secret that somebody has written into a configuration after all.
const planted = "hunter2secret"

// What is in no setting, or of another type, is an error with the file's name; what is
// taken reads as the same again; and no value ever stands in an error, wherever in the
// file it is: it may be a secret in the wrong place.
func FuzzParse(f *testing.F) {
	f.Add(string(config.Example))
	for _, text := range []string{
		"providers:\n  - all2pay:\n      password: hunter2secret\n", "providers: [{bereke: {password: {env: hunter2secret}}}]\n",
		"providers:\n  - all2pay:\n      password: *hunter2secret\n", "providers:\n  - all2pay:\n      password: !hunter2secret\n",
		"providers:\n  - all2pay:\n      password: &hunter2secret\n", "providers:\n  - all2pay:\n      password: \"hunter2secret\n",
		"providers:\n  - all2pay:\n      password: @hunter2secret\n", "providers:\n  - all2pay:\n      password: hunter2secret: x\n",
		"providers:\n  - all2pay:\n      password: !!binary hunter2secret\n", "providers:\n  - all2pay:\n      password: !!int hunter2secret\n",
		"providers:\n  - all2pay:\n      password: |hunter2secret\n", "providers:\n  - all2pay:\n      password: %hunter2secret\n",
		"workers: hunter2secret\n", "workers: !!int hunter2secret\n", "keys: {current: hunter2secret, versions: {1: hunter2secret}}\n",
		"keys: {versions: {hunter2secret: {file: x}}}\n", "times: {send_window: hunter2secret}\n", "routes: [{match: {min: hunter2secret}}]\n",
		"statements: {x: {delimiter: hunter2secret, zone: hunter2secret}}\n", "%hunter2secret\n---\n", "%TAG ! hunter2secret\n---\na: !x b\n", "<<: hunter2secret\n", "<<: {workers: hunter2secret}\n",
		"workers: 1\n---\nhunter2secret", "a: &a [*a]\n", "workers: .inf\n", "\x00hunter2secret", "[hunter2secret", "{hunter2secret", "hunter2secret", "- hunter2secret",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		file, err := config.Parse("payout.yaml", []byte(text))
		if err != nil {
			require.Nil(t, file)
			require.True(t, strings.HasPrefix(err.Error(), "payout.yaml:"), err)
			if strings.Contains(err.Error(), planted) {
				require.True(t, isName(text), "a value stands in the error: %v", err)
			}
			return
		}
		again, err := config.Parse("payout.yaml", []byte(text))
		require.NoError(t, err)
		require.Equal(t, file, again)
		// What is wrong beyond its form is told without a secret too, and nothing is read
		// but what the file names.
		sources := file.Sources(func(string) (string, bool) { return planted, true })
		sources.Folder = "/nonexistent"
		_, err = file.Dispatch(sources)
		require.NotContains(t, said(err), planted)
		_, err = file.Accounts(sources)
		if !strings.Contains(text, planted) {
			require.NotContains(t, said(err), planted)
		}
		for name := range file.Statements {
			_, err = file.Layout(name)
			if !strings.Contains(text, planted) {
				require.NotContains(t, said(err), planted)
			}
		}
	})
}

func said(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// isName reports whether the planted text is the name of a setting, or of an anchor.
func isName(text string) bool {
	d := yaml.NewDecoder(strings.NewReader(text))
	var names func(n *yaml.Node) bool
	names = func(n *yaml.Node) bool {
		for i, c := range n.Content {
			if n.Kind == yaml.MappingNode && i%2 == 0 && strings.Contains(c.Value, planted) || names(c) {
				return true
			}
		}
		return false
	}
	for {
		var n yaml.Node
		err := d.Decode(&n)
		switch {
		case errors.Is(err, io.EOF) || err != nil:
			return false
		case names(&n):
			return true
		}
	}
}
