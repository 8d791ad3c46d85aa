package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/payoutkit/payout/cmd/payout/internal/app"
)

// Groups of commands in the help.
const (
	groupTry   = "try"
	groupSetUp = "set-up"
	groupPay   = "pay"
	groupLook  = "look"
	groupBuild = "build"
)

// global are the flags that every command has.
type global struct {
	config  string
	json    bool
	verbose bool
}

func (g *global) flags(root *cobra.Command) {
	f := root.PersistentFlags()
	f.StringVar(&g.config, "config", "payout.yaml", "the configuration")
	f.BoolVar(&g.json, "json", false, "print lines of JSON instead of text")
	f.BoolVarP(&g.verbose, "verbose", "v", false, "log every call to a bank and every step of a payout, on standard error")
}

// load reads the configuration and makes the providers.
func (g *global) load(c *cobra.Command) (*app.App, error) {
	return g.loadFrom(c, g.config)
}

func (g *global) loadFrom(c *cobra.Command, path string) (*app.App, error) {
	return loadWith(app.Options{
		Config: path, Logger: g.logger(c), Notice: func(says string) { fmt.Fprintln(c.ErrOrStderr(), "payout:", says) },
	})
}

func loadWith(o app.Options) (*app.App, error) {
	o.Lookup = os.LookupEnv
	return app.Load(o)
}

// table is what a command prints: a table for people, or an object of JSON a row.
type table struct {
	json *json.Encoder
	text *tabwriter.Writer
	errs []error
}

func (g *global) table(c *cobra.Command, columns ...string) *table {
	out := c.OutOrStdout()
	if g.json {
		return &table{json: encoder(out)}
	}
	t := &table{text: tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)}
	_, err := fmt.Fprintln(t.text, strings.Join(columns, "\t"))
	t.errs = append(t.errs, err)
	return t
}

// row prints cells, or the value that they stand for.
func (t *table) row(value any, cells ...any) {
	if t.json != nil {
		t.errs = append(t.errs, t.json.Encode(value))
		return
	}
	var texts []string
	for _, cell := range cells {
		text := fmt.Sprint(cell)
		if text == "" {
			text = "-"
		}
		texts = append(texts, strings.NewReplacer("\t", " ", "\n", " ").Replace(text))
	}
	_, err := fmt.Fprintln(t.text, strings.Join(texts, "\t"))
	t.errs = append(t.errs, err)
}

// end returns the first error of writing.
func (t *table) end() error {
	if t.text != nil {
		t.errs = append(t.errs, t.text.Flush())
	}
	return errors.Join(t.errs...)
}

func encoder(out io.Writer) *json.Encoder {
	e := json.NewEncoder(out)
	e.SetEscapeHTML(false)
	return e
}

// isTerminal reports whether a stream of the command is one.
func isTerminal(stream any) bool {
	file, ok := stream.(*os.File)
	return ok && term.IsTerminal(int(file.Fd())) // #nosec G115 -- descriptors are small
}
