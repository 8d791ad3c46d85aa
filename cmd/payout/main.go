// Command payout sends payouts through several banks. Its first command, demo,
// does so in simulated banks, with no account anywhere.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/payoutkit/payout/cmd/payout/internal/demo"
)

// Exit codes.
const (
	exitOK       = 0
	exitFindings = 1 // the command did its work and found what a person must look at
	exitUsage    = 2 // it could not do what was asked, and sent nothing
)

const exitCodes = `Exit status:
  0  done
  1  done, and there is something that a person must look at
  2  not done: a wrong flag or argument, a file that can't be read; nothing was sent`

func main() { os.Exit(execute()) }

func execute() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	// The first signal is a wish, the second one ends the process as if we did not listen.
	defer context.AfterFunc(ctx, func() {
		stop()
		fmt.Fprintln(os.Stderr, "payout: interrupted: nothing more is sent; interrupt again to leave at once")
	})()
	c, err := newCommand().ExecuteContextC(ctx)
	if err == nil {
		return exitOK
	}
	fmt.Fprintln(os.Stderr, "payout:", plain(c, err))
	if errors.Is(err, demo.ErrFindings) || errors.As(err, new(findings)) {
		return exitFindings
	}
	return exitUsage
}

// newCommand is the whole of it.
func newCommand() *cobra.Command {
	g := new(global)
	root := &cobra.Command{
		Use:           "payout",
		Short:         "Send money to people through several banks, each payout at most once",
		Long:          "Send money to people through several banks, each payout at most once.\n\n" + exitCodes,
		SilenceUsage:  true,
		SilenceErrors: true,
	}
	g.flags(root)
	root.AddGroup(
		&cobra.Group{ID: groupTry, Title: "To try it, without an account anywhere:"},
		&cobra.Group{ID: groupSetUp, Title: "To set it up:"},
		&cobra.Group{ID: groupPay, Title: "To pay:"},
		&cobra.Group{ID: groupLook, Title: "To look, and to decide:"},
		&cobra.Group{ID: groupBuild, Title: "To add a bank:"},
	)
	grouped := func(id string, commands ...*cobra.Command) {
		for _, c := range commands {
			c.GroupID = id
			root.AddCommand(c)
		}
	}
	grouped(groupTry, demoCommand(g), sandboxCommand(g))
	grouped(groupSetUp, configCommand(g), doctorCommand(g), balanceCommand(g), saveCardCommand(g), conformanceCommand(g))
	grouped(groupPay, batchCommand(g), sendCommand(g), workerCommand(g), callbacksCommand(g))
	grouped(groupLook, statusCommand(g), listCommand(g), explainCommand(g), cancelCommand(g), holdCommand(g), resolveCommand(g), reconcileCommand(g), journalCommand(g))
	grouped(groupBuild, newAdapterCommand())
	strictHelp(root)
	root.InitDefaultCompletionCmd()
	if completion, _, err := root.Find([]string{"completion"}); err == nil {
		group(completion)
	}
	return root
}

// findings is that a command did its work and found what a person must look at.
type findings string

func (f findings) Error() string { return string(f) }
