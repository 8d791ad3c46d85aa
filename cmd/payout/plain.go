package main

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/payoutkit/payout"
)

// senders are the commands that may send something.
var senders = []string{"payout send", "payout batch run", "payout batch resume", "payout worker", "payout conformance", "payout demo"}

// plain is an error's text. The library's errors say that nothing was sent, of the call:
// of a command that never sends it would be read as the payout's fate.
func plain(c *cobra.Command, err error) string {
	text := err.Error()
	if slices.Contains(senders, c.CommandPath()) {
		return text
	}
	for _, kind := range []error{payout.ErrInvalid, payout.ErrUnsupported} {
		text = strings.ReplaceAll(text, "payout: "+kind.Error()+": ", "")
		text = strings.ReplaceAll(text, kind.Error()+": ", "")
	}
	return text
}
