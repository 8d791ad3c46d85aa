package move_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/dispatch"
	"github.com/payoutkit/payout/journal"
)

// ledger is a bank that remembers what it paid. It pays whatever it is sent, also twice.
type ledger struct {
	mu    sync.Mutex
	paid  map[string]int
	lose  map[string]bool          // its answer about these is lost
	slow  map[string]bool          // these are paid when they are asked about for the second time
	asked map[string]int           // questions
	hold  map[string]chan struct{} // these wait in the middle of a call
	held  chan struct{}            // one waits
	info  payout.Info
}

func newLedger() *ledger {
	return &ledger{
		paid: map[string]int{}, lose: map[string]bool{}, slow: map[string]bool{}, asked: map[string]int{}, hold: map[string]chan struct{}{},
		held: make(chan struct{}, 1),
		info: payout.Info{
			Adapter: "ledger", Name: "ledger", Account: "ledger/1", Amounts: []payout.AmountRange{{Min: payout.MustMoney("0.01 EUR"), Max: payout.MustMoney("9999.99 EUR")}},
			Destinations: []payout.Kind{payout.Card{}.Kind()}, Polling: payout.Polling{{Every: time.Minute}},
		},
	}
}

func (l *ledger) Info() payout.Info { return l.info }

func (l *ledger) say(reference string, amount payout.Money) payout.Payout {
	p := payout.Payout{Reference: reference, ProviderID: "id-" + reference, Amount: amount, Status: payout.StatusPaid}
	if l.slow[reference] && l.asked[reference] < 2 {
		p.Status = payout.StatusPending
	}
	return p
}

func (l *ledger) Create(_ context.Context, req payout.Request) (payout.Payout, error) {
	l.mu.Lock()
	l.paid[req.Reference]++
	wait := l.hold[req.Reference]
	lose := l.lose[req.Reference]
	p := l.say(req.Reference, req.Amount)
	l.mu.Unlock()
	if wait != nil {
		l.held <- struct{}{}
		<-wait
	}
	if lose {
		return payout.Payout{}, &payout.Error{Kind: payout.ErrOutcomeUnknown}
	}
	return p, nil
}

func (l *ledger) Find(_ context.Context, ref payout.Ref) (payout.Payout, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.paid[ref.Reference] == 0 {
		return payout.Payout{}, &payout.Error{Kind: payout.ErrNotFound}
	}
	l.asked[ref.Reference]++
	return l.say(ref.Reference, ref.Amount), nil
}

// clock is a dispatcher's.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// openSealer hides nothing: there are no secrets here.
type openSealer struct{}

func (openSealer) Seal(_ context.Context, text []byte, _ string) ([]byte, error) { return text, nil }
func (openSealer) Open(_ context.Context, sealed []byte, _ string) ([]byte, error) {
	return sealed, nil
}

func dispatcher(t *testing.T, j dispatch.Journal, l *ledger, c *clock) *dispatch.Dispatcher {
	d, err := dispatch.New(dispatch.Config{
		Journal: j, Providers: []*payout.Client{payout.NewClient(l)}, Routes: []dispatch.Route{{Provider: "ledger"}}, Now: c.now, Sealer: openSealer{},
		Keys: dispatch.Keys{Current: 1, Versions: map[uint32]payout.Secret{1: payout.NewSecret("a key of the test, of 32 bytes and more")}},
	})
	require.NoError(t, err)
	return d
}

// A dispatcher whose journal is moved while it sends goes on in the new one, and pays
// nobody twice: what it was sending is asked about, what it had not sent is sent.
func TestDispatcherGoesOn(t *testing.T) {
	ways(t, func(t *testing.T, from, to *spot) {
		l, c, ctx := newLedger(), &clock{at: time.Now()}, t.Context() // a move reads the real clock
		const paid, open, unknown, sending, planned = "paid-1", "open-1", "unknown-1", "sending-1", "planned-1"
		all := []string{paid, open, unknown, sending, planned}
		l.slow[open], l.lose[unknown], l.hold[sending] = true, true, make(chan struct{})
		b, done, err := from.open(true)
		require.NoError(t, err)
		d := dispatcher(t, b, l, c)
		for i, r := range all {
			_, err := d.Submit(ctx, payout.Request{
				Reference: r, Amount: payout.FromMinor(int64(1000+i), payout.EUR), Destination: payout.Card{Number: payout.NewSecret("4111111111111111")},
			})
			require.NoError(t, err)
		}
		for _, r := range []string{paid, open, unknown} {
			_, _, err := d.Step(ctx, r)
			require.NoError(t, err)
		}
		stepped := make(chan error)
		go func() {
			_, _, err := d.Step(ctx, sending)
			stepped <- err
		}()
		select {
		case <-l.held:
		case err := <-stepped:
			require.Fail(t, "it was not sent", "%v", err)
		}
		states := func(b dispatch.Journal) map[string]string {
			out := map[string]string{}
			for _, r := range all {
				e, err := b.Load(ctx, r)
				require.NoError(t, err)
				out[r] = e.State.String()
			}
			return out
		}
		require.Equal(t, map[string]string{paid: "paid", open: "open", unknown: "unknown", sending: "sending", planned: "planned"}, states(b))

		done() // of SQLite its process has to end; on PostgreSQL it goes on
		report, err := from.move(to, nil)
		require.NoError(t, err)
		require.Equal(t, 1, report.InFlight)
		close(l.hold[sending]) // it was paid, and can't be written down
		err = <-stepped
		require.True(t, from.pool == nil || isMoved(err), "%v", err)
		if from.pool != nil {
			_, _, err := d.Step(ctx, planned)
			require.True(t, isMoved(err), "%v", err)
			_, err = d.Submit(ctx, payout.Request{
				Reference: "late", Amount: payout.FromMinor(1000, payout.EUR), Destination: payout.Card{Number: payout.NewSecret("4111111111111111")},
			})
			require.True(t, isMoved(err), "%v", err)
		}

		to.with(false, func(b book) {
			require.Equal(t, map[string]string{paid: "paid", open: "open", unknown: "unknown", sending: "unknown", planned: "planned"}, states(b))
			d := dispatcher(t, b, l, c)
			for range 10 {
				c.pass(10 * time.Minute)
				for _, r := range all {
					_, _, err := d.Step(ctx, r)
					require.NoError(t, err)
				}
			}
			for r, s := range states(b) {
				require.Equal(t, "paid", s, r)
				require.Equal(t, 1, l.paid[r], r)
			}
			history, err := b.History(ctx, sending)
			require.NoError(t, err)
			var kinds []string
			for _, ev := range history {
				kinds = append(kinds, ev.Kind.String())
			}
			require.Equal(t, []string{"intended", "aged", "found"}, kinds[:3])
			findings, err := b.Verify(ctx)
			require.NoError(t, err)
			require.Empty(t, findings)
		})
		require.Len(t, l.paid, len(all), fmt.Sprint(l.paid))
	})
}

func isMoved(err error) bool { return err != nil && errors.Is(err, journal.ErrMoved) }
