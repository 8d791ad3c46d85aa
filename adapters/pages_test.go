package adapters_test

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/adapters/all2pay"
	"github.com/payoutkit/payout/adapters/bereke"
	"github.com/payoutkit/payout/adapters/connpay"
)

var update = flag.Bool("update", false, "write what is generated into the banks' pages")

// What a bank's page says of its abilities and fields is what Info and Supports say: a
// change of either shows here.
//
//	go test ./adapters -run TestBankPages -update
func TestBankPages(t *testing.T) {
	for name, open := range map[string]func() (payout.Provider, error){
		"all2pay": func() (payout.Provider, error) {
			return all2pay.New(all2pay.Config{BaseURL: all2pay.Production, UserName: "user", Password: secret(password)})
		},
		"bereke": func() (payout.Provider, error) {
			return bereke.New(bereke.Config{BaseURL: bereke.Production, UserName: "user", Password: secret(password)})
		},
		"connpay": func() (payout.Provider, error) {
			return connpay.New(connpay.Config{
				BaseURL: connpay.Production, Login: "user", PrivateKey: keyPEM(), Control: secret(control),
				Endpoint: connpay.Endpoint{ID: "39915", Currencies: []payout.Currency{payout.USD}},
			})
		},
	} {
		t.Run(name, func(t *testing.T) {
			p, err := open()
			require.NoError(t, err)
			file := "../docs/banks/" + name + ".md"
			page, err := os.ReadFile(file)
			require.NoError(t, err)
			const start, end = "<!-- capabilities: start -->\n", "<!-- capabilities: end -->\n"
			head, rest, found := strings.Cut(string(page), start)
			_, tail, foundEnd := strings.Cut(rest, end)
			require.True(t, found && foundEnd, "%s has no marks", file)
			want := head + start + capabilities(payout.NewClient(p)) + end + tail
			if *update {
				require.NoError(t, os.WriteFile(file, []byte(want), 0o600))
				return
			}
			require.Equal(t, want, string(page), "go test ./adapters -run TestBankPages -update")
		})
	}
}

// capabilities are what Info and Supports say of a provider without options, as tables.
func capabilities(c *payout.Client) string {
	info := c.Info()
	var b strings.Builder
	row := func(cells ...string) { fmt.Fprintf(&b, "| %s |\n", strings.Join(cells, " | ")) }

	row("what `Info` and `Supports` say", "")
	row("---", "---")
	for _, r := range info.Amounts {
		row("amounts", fmt.Sprintf("%s to %s", r.Min, r.Max))
	}
	row("references", fmt.Sprintf("at most %d characters: %s (%s)", info.Reference.Max, alphabet(info.Reference), info.Reference.Doc))
	row("descriptions", fmt.Sprintf("at most %d characters", info.Description))
	row("`Source.SavedCard`", yes(info.SourceCards))
	row("a second order under one reference", map[payout.Dedup]string{
		payout.DedupNone: "not known: it may be paid again", payout.DedupRefuses: "is refused", payout.DedupReplays: "is answered with the first",
	}[info.Dedup])
	row("\"not found\"", map[bool]string{false: "proves nothing", true: "proves that there is none"}[info.Absence.Proves])
	row("asked about", schedule(info.Polling))
	for _, a := range []payout.Ability{payout.AbilityPing, payout.AbilityBalances, payout.AbilitySaveCard, payout.AbilitySaveSourceCard, payout.AbilityCallback} {
		what := yes(c.Supports(a))
		if slices.Contains(info.Off, a) {
			what = "if the configuration turns it on"
		}
		row("`"+string(a)+"`", what)
	}

	b.WriteString("\n")
	row("destination", "field", "", "at the bank")
	row("---", "---", "---", "---")
	for _, k := range info.Destinations {
		if len(k.Fields()) == 0 {
			row("`"+k.Name()+"`", "", k.Doc(), "")
		}
		for _, f := range k.Fields() {
			row("`"+k.Name()+"`", field(f.Name, f.Required), f.Doc, at(info, "destination."+f.Name))
		}
	}

	b.WriteString("\n")
	row("request", "at the bank")
	row("---", "---")
	for _, name := range slices.Sorted(maps.Keys(info.Fields)) {
		if !strings.HasPrefix(name, "destination.") && !strings.HasPrefix(name, "options.") {
			row("`"+name+"`", at(info, name))
		}
	}
	for _, k := range info.Options {
		for _, f := range k.Fields() {
			name := "options." + k.Name() + "." + f.Name
			row("`"+name+"`", at(info, name)+": "+f.Doc)
		}
	}
	return b.String()
}

func yes(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

func field(name string, required bool) string {
	if required {
		return "`" + name + "`, required"
	}
	return "`" + name + "`"
}

func at(info payout.Info, name string) string {
	f, known := info.Fields[name]
	if !known {
		return "is not sent"
	}
	return "`" + strings.ReplaceAll(f.Name, ", ", "`, `") + "` (" + f.Doc + ")"
}

func alphabet(r payout.ReferenceRule) string {
	rest, _ := strings.CutPrefix(r.Alphabet, payout.Alphanumeric)
	if r.Alphabet == "" {
		rest = "-_"
	}
	return "letters, digits, `" + strings.Join(strings.Split(rest, ""), "` `") + "`"
}

// schedule says when a payout is asked about, up to the step that never ends.
func schedule(p payout.Polling) string {
	if len(p) == 0 {
		p = payout.DefaultPolling()
	}
	var out []string
	for i, s := range p {
		every := "every " + short(s.Every)
		if i < len(p)-1 {
			every += " for " + short(s.For)
		}
		out = append(out, every)
	}
	return strings.Join(out, ", then ")
}

// short is 5m0s without what is nothing.
func short(d time.Duration) string {
	text := d.String()
	for _, nothing := range []string{"m0s", "h0m"} {
		if strings.HasSuffix(text, nothing) {
			text = text[:len(text)-2]
		}
	}
	return text
}
