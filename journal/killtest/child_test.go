package killtest_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/dispatch"
	"github.com/payoutkit/payout/journal/seal"
)

// task is what a child is to do.
type task struct {
	Journal string // which of the journals, and where it is
	Where   string
	Keyset  string // its file; "": nothing is sealed
	Banks   map[string]link
	// Submit is how much of the list to submit: that and what is left of the lives before.
	Submit int
	// Settle: end when there is nothing more to wait for.
	Settle bool
}

// reports are lines on a pipe. What was written before a SIGKILL arrives.
type reports struct {
	dispatch.Observer
	mu sync.Mutex
	w  io.Writer
}

func (r *reports) say(words ...string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	_, _ = io.WriteString(r.w, strings.Join(words, " ")+"\n") // one write
}

// Moved implements [dispatch.Observer]: the journal has acknowledged a commit.
func (r *reports) Moved(_ context.Context, m dispatch.Moved) {
	r.say("moved", m.Reference, m.Event.String(), m.To.String())
}

// child is the process that is killed.
func child(in io.Reader, out io.Writer) (err error) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	var k task
	if err := json.NewDecoder(in).Decode(&k); err != nil {
		return err
	}
	j, closeJournal, err := kindOf(k.Journal).open(ctx, k.Where)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, closeJournal()) }()
	providers, err := clients(k.Banks)
	if err != nil {
		return err
	}
	report := &reports{Observer: dispatch.NoObserver(), w: out}
	c := dispatch.Config{
		Journal: j, Providers: providers, Routes: routes(), Times: times(providers), Observer: report,
		Keys:  dispatch.Keys{Versions: map[uint32]payout.Secret{0: payout.NewSecret("a key of thirty-two bytes, for tests")}},
		Rates: dispatch.Rates{SendsPerSecond: 1000, AsksPerSecond: 1000, Unknowns: 20},
	}
	if c.Sealer, err = sealerOf(ctx, k, j); err != nil {
		return err
	}
	d, err := dispatch.New(c)
	if err != nil {
		return err
	}
	report.say("begun")
	var running sync.WaitGroup
	defer running.Wait()
	defer cancel()
	running.Go(func() { _ = d.Run(ctx) }) // its error is why ctx ended
	for i := range k.Submit {
		if err := submit(ctx, d, order(i), report); err != nil {
			return err
		}
	}
	if !k.Settle {
		select {} // until it is killed
	}
	return settle(ctx, j, k.Submit > 0)
}

// sealerOf returns the sealer, or nil.
func sealerOf(ctx context.Context, k task, j dispatch.Journal) (dispatch.Sealer, error) {
	if k.Keyset == "" {
		return nil, nil
	}
	master, err := seal.Load(ctx, seal.File(k.Keyset))
	if err != nil {
		return nil, err
	}
	return seal.Each(master, j.(seal.KeyStore), nil), nil
}

// submit submits a payout until it is taken, and says so before anything else happens.
func submit(ctx context.Context, d *dispatch.Dispatcher, r payout.Request, report *reports) error {
	if t, err := d.Status(ctx, r.Reference); err == nil && t.State != dispatch.StatePlanned && t.State != dispatch.StateAwaiting {
		return nil // nothing more of it is to be sent for now, and every line brings the end nearer
	}
	for {
		_, err := d.Submit(ctx, r)
		switch {
		case err == nil:
			report.say("ack", r.Reference)
			return nil
		case errors.Is(err, payout.ErrInvalid), errors.Is(err, payout.ErrConflict), errors.Is(err, payout.ErrUnsupported):
			return fmt.Errorf("submit %s: %w", r.Reference, err)
		}
	}
}

// settle waits until each payout has ended, or is a person's; those that wait for their
// requests are not waited for if nothing is submitted.
func settle(ctx context.Context, j dispatch.Journal, submitted bool) error {
	const (
		patience = 3 * time.Minute // in which nothing comes to its end; who finds no route waits a minute at most
		calm     = 4 * time.Second // in which what is in review is asked about again
	)
	look := time.NewTicker(50 * time.Millisecond)
	defer look.Stop()
	since, before := time.Now(), ""
	for {
		<-look.C
		count, err := j.Count(ctx, dispatch.Filter{})
		if err != nil {
			return err
		}
		if now := fmt.Sprint(count); now != before {
			since, before = time.Now(), now
		}
		open := int64(0)
		for state, n := range count {
			if !state.Final() && state != dispatch.StateReview && (submitted || state != dispatch.StateAwaiting) {
				open += n
			}
		}
		switch rest := time.Since(since); {
		case open == 0 && rest > calm:
			return nil
		case rest > patience:
			holds, err := j.Holds(ctx)
			some, listErr := j.List(ctx, dispatch.Filter{States: []dispatch.State{dispatch.StatePlanned, dispatch.StateUnknown, dispatch.StateOpen}, Limit: 3})
			return fmt.Errorf("nothing has changed for %v: %s; holds: %+v; the first: %+v; %w", patience, before, holds, some, errors.Join(err, listErr))
		}
	}
}
