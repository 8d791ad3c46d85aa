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

func main() { os.Exit(run()) }

func run() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	// The first signal is a wish, the second one ends the process as if we did not listen.
	defer context.AfterFunc(ctx, func() {
		stop()
		fmt.Fprintln(os.Stderr, "payout: interrupted: nothing more is sent; interrupt again to leave at once")
	})()
	root := &cobra.Command{
		Use:           "payout",
		Short:         "Send money to people through several banks, each payout at most once",
		Long:          "Send money to people through several banks, each payout at most once.\n\n" + exitCodes,
		SilenceUsage:  true,
		SilenceErrors: true,
	}
	root.AddCommand(demoCommand())
	root.AddCommand(newAdapterCommand())
	root.AddCommand(sandboxCommand())
	err := root.ExecuteContext(ctx)
	switch {
	case err == nil:
		return exitOK
	case errors.Is(err, demo.ErrFindings), errors.As(err, new(findings)):
		fmt.Fprintln(os.Stderr, "payout:", err)
		return exitFindings
	default:
		fmt.Fprintln(os.Stderr, "payout:", err)
		return exitUsage
	}
}

// findings is that a command did its work and found what a person must look at.
type findings string

func (f findings) Error() string { return string(f) }
