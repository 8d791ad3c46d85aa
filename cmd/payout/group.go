package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"
)

// group is a command that does nothing but hold others: alone it shows its help, and any
// other word is an error. Without that, a script that misspells a word believes it done.
func group(c *cobra.Command) *cobra.Command {
	c.DisableFlagsInUseLine = true
	c.Args = func(c *cobra.Command, args []string) error {
		if len(args) > 0 {
			return unknownWord(c, args[0])
		}
		return nil
	}
	c.RunE = func(c *cobra.Command, _ []string) error { return c.Help() }
	return c
}

// isGroup reports whether a command is one.
func isGroup(c *cobra.Command) bool { return c.HasSubCommands() && c.DisableFlagsInUseLine }

// strictHelp has "help" refuse words that are no command.
func strictHelp(root *cobra.Command) {
	root.InitDefaultHelpCmd()
	help, _, _ := root.Find([]string{"help"}) // it is there: see above
	help.Run, help.RunE = nil, func(_ *cobra.Command, args []string) error {
		c, rest, err := root.Find(args)
		if err != nil {
			return err
		}
		if len(rest) > 0 {
			return unknownWord(c, rest[0])
		}
		return c.Help()
	}
}

// unknownWord is the error for a word after a command that has others.
func unknownWord(c *cobra.Command, word string) error {
	var known []string
	for _, sub := range c.Commands() {
		if sub.IsAvailableCommand() {
			known = append(known, sub.Name())
		}
	}
	if len(known) == 0 {
		return fmt.Errorf("unknown word %q after %q", word, c.CommandPath())
	}
	return fmt.Errorf("unknown command %q for %q: it has %s", word, c.CommandPath(), strings.Join(known, ", "))
}
