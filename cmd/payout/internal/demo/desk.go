package demo

import (
	"context"
	"errors"
	"log/slog"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/dispatch"
)

// desk is a dispatcher at work over the banks: its loop runs until the desk closes, or
// the context that it was opened with ends.
type desk struct {
	*dispatch.Dispatcher
	journal  journal
	accounts map[string]string // by provider
	watch    *watch
	stop     context.CancelFunc
	ended    chan struct{} // the loop has: nothing is being sent any more
}

func openDesk(ctx context.Context, banks *banks, logger *slog.Logger) (*desk, error) {
	j, key, err := banks.journal(context.WithoutCancel(ctx)) // what is not sent is reported, too
	if err != nil {
		return nil, err
	}
	providers := banks.clients()
	k := &desk{journal: j, accounts: map[string]string{}, watch: banks.watch, ended: make(chan struct{})}
	for _, p := range providers {
		k.accounts[p.Name()] = p.Info().Account
	}
	k.Dispatcher, err = dispatch.New(dispatch.Config{
		Journal: k.journal, Providers: providers, Routes: routes(),
		Keys:  dispatch.Keys{Current: 1, Versions: map[uint32]payout.Secret{1: key}},
		Times: times(providers), Rates: rates(), Observer: k.watch.commits(logger),
	})
	if err != nil {
		return nil, errors.Join(err, j.Close())
	}
	ctx, k.stop = context.WithCancel(ctx)
	go func() {
		defer close(k.ended)
		_ = k.Run(ctx) // its error is why ctx ended
	}()
	return k, nil
}

// rest returns when the loop has ended.
func (k *desk) rest() {
	k.stop()
	<-k.ended
}

// close ends the loop and closes the journal.
func (k *desk) close() error {
	k.rest()
	return k.journal.Close()
}

// payoutOf returns the payout that a bank's reference stands for: attempts after the
// first have one of their own. One that was not sent from here stands for itself.
func (k *desk) payoutOf(provider, reference string) string {
	e, err := k.journal.FindAttempt(context.Background(), k.accounts[provider], reference) // it is on this machine
	if err != nil {
		return reference
	}
	return e.Reference
}
