package repository

import (
	"encoding/json"
	"io"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const ours = "github.com/payoutkit/payout"

// The graph of the root module: what somebody who requires the library has to resolve,
// whatever they import of it. No driver, no engine, no command line, no file format.
var rootGraph = []string{
	"github.com/davecgh/go-spew",       // of testify
	"github.com/dghubble/oauth1",       // ConnPay's signature
	"github.com/google/go-cmp",         // of go-querystring's tests
	"github.com/google/go-querystring", // ConnPay's form
	"github.com/kr/pretty",             // of check.v1
	"github.com/pmezard/go-difflib",    // of testify
	"github.com/shopspring/decimal",    // Money's edge
	"github.com/stretchr/objx",         // of testify
	"github.com/stretchr/testify",      // tests and conformance
	"go.uber.org/goleak",               // tests and conformance
	"go.yaml.in/yaml/v3",               // of testify
	"golang.org/x/time",                // dispatch's rates
	"gopkg.in/check.v1",                // of yaml's tests
	"gopkg.in/yaml.v3",                 // of testify, before
	"pgregory.net/rapid",               // tests
}

func TestGraphOfTheRootModule(t *testing.T) {
	t.Parallel()
	have := strings.Fields(goCommand(t, ".", "off", "list", "-m", "-f", "{{if not .Main}}{{.Path}}{{end}}", "all"))
	require.Equal(t, rootGraph, have)
}

// What comes along with each public package of the root module: the modules of others
// that it is built of.
var closures = map[string][]string{
	"":                      {decimal},
	"adapters/all2pay":      {decimal},
	"adapters/bereke":       {decimal},
	"adapters/connpay":      {"github.com/dghubble/oauth1", "github.com/google/go-querystring", decimal},
	"conformance":           {decimal, leaks},
	"conformance/simulated": {decimal, leaks},
	"dispatch":              {decimal, rate},
	"dispatch/drivertest":   {decimal, rate},
	"dispatch/journaltest":  {decimal, rate},
	"provider":              {decimal},
	"sandbox":               {decimal},
	"sandbox/bank":          {decimal},
}

// What is heavy, by the beginning of its module's path, and the public packages that may
// bring it: nobody who imports another one gets it.
var heavy = map[string][]string{
	"modernc.org/":                 {"journal/sqlite"},
	"github.com/jackc/":            {"journal/postgres", "engine/river"},
	"github.com/riverqueue/":       {"engine/river"},
	"github.com/pressly/goose":     {"journal/sqlite", "journal/postgres", "engine/river"},
	"github.com/tink-crypto/":      {"journal/seal", "journal/sqlite", "journal/postgres", "engine/river"},
	"go.opentelemetry.io/":         {"observe/otel"},
	"github.com/xuri/":             {},
	"github.com/spf13/":            {},
	"github.com/stretchr/testify":  {},
	"github.com/go-analyze/charts": {},
}

const (
	decimal = "github.com/shopspring/decimal"
	leaks   = "go.uber.org/goleak"
	rate    = "golang.org/x/time"
)

func TestWhatEachPackageBringsAlong(t *testing.T) {
	t.Parallel()
	all := dependencies(t)
	have := map[string][]string{}
	for _, p := range publicPackages(t) {
		name := strings.TrimPrefix(strings.TrimPrefix(p.ImportPath, ours), "/")
		others := all.others(p.ImportPath)
		if all[p.ImportPath].Module.Path == ours {
			have[name] = others
		}
		for prefix, allowed := range heavy {
			if slices.ContainsFunc(others, func(m string) bool { return strings.HasPrefix(m, prefix) }) {
				require.Contains(t, allowed, name, "brings %s along", prefix)
			}
		}
	}
	require.Equal(t, closures, have)
	require.Contains(t, all.others(ours+"/journal/sqlite"), "modernc.org/sqlite", "what is looked for would be seen")
}

type dependency struct {
	ImportPath string
	Imports    []string
	Module     struct{ Path string }
}

// packages are all that the workspace is built of, by import path.
type packages map[string]dependency

func dependencies(t *testing.T) packages {
	t.Helper()
	all := packages{}
	dec := json.NewDecoder(strings.NewReader(goCommand(t, ".", "", "list", "-deps", "-json=ImportPath,Imports,Module", "work")))
	for {
		var d dependency
		err := dec.Decode(&d)
		if err == io.EOF {
			return all
		}
		require.NoError(t, err)
		all[d.ImportPath] = d
	}
}

// others are the modules of others that a package is built of.
func (p packages) others(path string) []string {
	modules, seen := map[string]bool{}, map[string]bool{}
	var reach func(string)
	reach = func(path string) {
		if seen[path] {
			return
		}
		seen[path] = true
		if m := p[path].Module.Path; m != "" && m != ours && !strings.HasPrefix(m, ours+"/") {
			modules[m] = true
		}
		for _, next := range p[path].Imports {
			reach(next)
		}
	}
	reach(path)
	return slices.Sorted(maps.Keys(modules))
}
