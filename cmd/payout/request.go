package main

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/batch"
)

// requestFlags describe one payout, by the columns that a registry has. What names a
// person or a card is read from standard input: the command line is seen by others and
// kept by shells.
type requestFlags struct {
	reference, amount, currency, destination string
	set                                      []string
}

const requestHelp = `The payout is described by the columns of a registry. What is secret is read from
standard input, a line "name=value" each, or asked for if that is a terminal:

  payout %s --reference order-1 --amount 1500.00 --currency RUB --destination card <<END
  card.number=4111111111111111
  recipient.name=IVAN PETROV
  END`

func (f *requestFlags) flags(c *cobra.Command) {
	c.Flags().StringVar(&f.reference, "reference", "", "your own unique name of the payout")
	c.Flags().StringVar(&f.amount, "amount", "", "in major units, such as 1500.00")
	c.Flags().StringVar(&f.currency, "currency", "", "its code, such as RUB")
	c.Flags().StringVar(&f.destination, "destination", "", "the kind of destination, such as card or sbp")
	c.Flags().StringArrayVar(&f.set, "set", nil, "another column, name=value, if it is not secret")
	for _, name := range []string{"reference", "amount", "currency", "destination"} {
		_ = c.MarkFlagRequired(name) // it is there: see above
	}
}

// request reads what was given, as one row of a registry.
func (f *requestFlags) request(c *cobra.Command, kinds []payout.Kind) (payout.Request, error) {
	columns := []string{"reference", "amount", "currency", "destination"}
	values := []string{f.reference, f.amount, f.currency, f.destination}
	add := func(pair, where string) error {
		name, value, ok := strings.Cut(pair, "=")
		switch {
		case !ok:
			return fmt.Errorf("%s: must be name=value", where)
		case slices.Contains(columns, name):
			return fmt.Errorf("%s: %s is given twice", where, name)
		}
		columns, values = append(columns, name), append(values, value)
		return nil
	}
	for _, pair := range f.set {
		if name, _, _ := strings.Cut(pair, "="); secretColumn(kinds, name) {
			return payout.Request{}, fmt.Errorf("--set %s: it is secret: give it on standard input", name)
		}
		if err := add(pair, "--set"); err != nil {
			return payout.Request{}, err
		}
	}
	if err := f.secrets(c, kinds, columns, add); err != nil {
		return payout.Request{}, err
	}
	var text bytes.Buffer
	w := csv.NewWriter(&text)
	_ = w.Write(columns) // into memory
	_ = w.Write(values)
	w.Flush()
	r, err := batch.NewReader(&text, kinds...)
	if err != nil {
		return payout.Request{}, err
	}
	row, err := r.Next()
	if err == nil {
		err = row.Err
	}
	return row.Request, err
}

// secrets reads what is secret.
func (f *requestFlags) secrets(c *cobra.Command, kinds []payout.Kind, have []string, add func(pair, where string) error) error {
	in := c.InOrStdin()
	if file, ok := in.(*os.File); ok && isTerminal(file) {
		return ask(file, c.ErrOrStderr(), wanted(kinds, f.destination, have), add)
	}
	lines := bufio.NewScanner(io.LimitReader(in, 1<<20))
	for n := 1; lines.Scan(); n++ {
		if lines.Text() == "" {
			continue
		}
		if err := add(lines.Text(), fmt.Sprintf("standard input, line %d", n)); err != nil {
			return err
		}
	}
	return lines.Err()
}

// ask asks for columns at a terminal, without showing what is typed.
func ask(in *os.File, out io.Writer, columns []string, add func(pair, where string) error) error {
	for _, name := range columns {
		fmt.Fprintf(out, "%s: ", name)
		text, err := term.ReadPassword(int(in.Fd())) // #nosec G115 -- descriptors are small
		fmt.Fprintln(out)
		if err != nil {
			return errors.New("the terminal can't be read")
		}
		if len(text) == 0 {
			continue
		}
		if err := add(name+"="+string(text), name); err != nil {
			return err
		}
	}
	return nil
}

// wanted are the secret columns of a destination that were not given.
func wanted(kinds []payout.Kind, destination string, have []string) (out []string) {
	for _, k := range append(slices.Clone(kinds), payout.Recipient{}.Kind()) {
		if k.Name() != destination && k.Name() != "recipient" {
			continue
		}
		for _, field := range k.Fields() {
			name := k.Name() + "." + field.Name
			if field.Secret && (field.Required || k.Name() == destination) && !slices.Contains(have, name) {
				out = append(out, name)
			}
		}
	}
	return out
}

// secretColumn reports whether a column must not be on a command line.
func secretColumn(kinds []payout.Kind, column string) bool {
	kind, field, _ := strings.Cut(column, ".")
	if kind == (payout.Recipient{}).Kind().Name() {
		return true
	}
	for _, k := range kinds {
		for _, f := range k.Fields() {
			if k.Name() == kind && f.Name == field && f.Secret {
				return true
			}
		}
	}
	return false
}

// given puts "name=value" into texts.
func given(texts map[string]string, pair, where string) error {
	name, value, ok := strings.Cut(pair, "=")
	if _, twice := texts[name]; !ok || twice {
		return fmt.Errorf("%s: must be name=value, each name once", where)
	}
	texts[name] = value
	return nil
}
