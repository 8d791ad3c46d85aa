package app

import (
	"fmt"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/dispatch"
)

// Keys are the dispatcher's: they tell whether a request is what stands in the journal.
func (a *App) Keys() (dispatch.Keys, error) {
	c, err := a.File.Dispatch(a.Sources)
	return c.Keys, err
}

// Rules is what a dispatcher of this configuration says of a request before it takes it
// on: see [dispatch.Dispatcher.Check]. No journal is needed for that.
func (a *App) Rules() (func(payout.Request) error, error) {
	c, err := a.File.Dispatch(a.Sources)
	if err != nil {
		return nil, err
	}
	c.Providers, c.Journal = a.Clients, dispatch.NewMemory()
	d, err := dispatch.New(c)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", a.File.Path(), err)
	}
	return d.Check, nil
}
