package conformance

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/payoutkit/payout"
)

// Live is a bank's own test host, and what it takes to run there the cases that are
// safe against somebody else's machine. It can reach no other host.
type Live struct {
	// Env are the environment variables that hold the account at the bank, such as
	// ALL2PAY_USER. All of them have to be set.
	Env []string

	// Hosts are the bank's test hosts, without ports. Never a production host: a payout
	// made there is a payout.
	Hosts []string

	// New makes the provider. env reads the variables of Env; dial is for
	// provider.HTTP.Dial, and connects to Hosts only.
	New func(env func(name string) string, dial Dial) (payout.Provider, error)

	// Requests are payouts to make at the test host; their references are set by the
	// suite. None: nothing is paid, only asked, and the cases that pay are not run.
	Requests []payout.Request

	// Patience is how long the fate of one payout is asked for. 0: five minutes.
	Patience time.Duration

	// Keep is given the report of a run, to be kept as evidence. May be nil.
	Keep func(Report) error
}

// Dial opens a connection.
type Dial = func(ctx context.Context, network, address string) (net.Conn, error)

// RunLive runs the live cases as subtests of t. Without the variables it skips, and
// says which are missing.
func RunLive(t *testing.T, l Live) {
	t.Helper()
	var missing []string
	for _, name := range l.Env {
		if os.Getenv(name) == "" {
			missing = append(missing, name)
		}
	}
	if len(missing) > 0 {
		t.Skipf("SKIP LIVE: set %s to run against %s", strings.Join(missing, ", "), strings.Join(l.Hosts, ", "))
	}
	r, err := VerifyLive(t.Context(), l)
	if err != nil {
		t.Fatal(err)
	}
	for _, res := range r.Results {
		t.Run(strings.ReplaceAll(res.Case, " ", "_"), func(t *testing.T) {
			for _, note := range res.Notes {
				t.Log(note)
			}
			switch res.Verdict {
			case NotRun:
				t.Skipf("SKIP LIVE: not run: %s", res.Reason)
			case Broken:
				t.Errorf("%s\nrule: %s\nwhy it costs money: %s", strings.Join(res.Seen, "\n"), res.Rule, res.Cost)
			}
		})
	}
	if l.Keep != nil {
		if err := l.Keep(r); err != nil {
			t.Errorf("the report can't be kept: %v", err)
		}
	}
}

// VerifyLive runs the live cases outside of go test.
func VerifyLive(ctx context.Context, l Live) (Report, error) {
	if l.New == nil || len(l.Hosts) == 0 {
		return Report{}, errors.New("conformance: Live needs New and Hosts")
	}
	for _, name := range l.Env {
		if os.Getenv(name) == "" {
			return Report{}, fmt.Errorf("conformance: %s is not set", name)
		}
	}
	world := &liveWorld{live: l, run: time.Now().UTC().Format("0102150405")}
	p, err := l.New(os.Getenv, world.dial)
	if err != nil {
		return Report{}, fmt.Errorf("conformance: the provider can't be made: %w", err)
	}
	world.client = payout.NewClient(p)
	r := Report{Provider: p.Info(), Host: strings.Join(l.Hosts, ", "), At: time.Now().UTC()}
	for _, c := range world.cases() {
		h := Harness{}
		r.Results = append(r.Results, h.verify(ctx, c))
	}
	return r, nil
}

type liveWorld struct {
	live   Live
	client *payout.Client
	run    string
	n      int
	dials  int
}

// dial reaches the bank's test hosts and nobody else.
func (w *liveWorld) dial(ctx context.Context, network, address string) (net.Conn, error) {
	host, _, err := net.SplitHostPort(address)
	if err != nil || !slices.Contains(w.live.Hosts, host) {
		return nil, errors.New("conformance: not one of the bank's test hosts")
	}
	w.dials++
	return (&net.Dialer{}).DialContext(ctx, network, address)
}

// as gives a request a reference that no earlier run has used.
func (w *liveWorld) as(r payout.Request) payout.Request {
	w.n++
	r.Reference = fmt.Sprintf("c%s%03d", w.run, w.n)
	return r
}

func (w *liveWorld) cases() []Case {
	return []Case{
		{
			Name: "nothing sent for bad input", Rule: "What a provider can't carry is refused before a connection is opened.",
			Cost: "The bank finds out later, or makes something else of it.", Money: true, run: w.badInput,
		},
		{
			Name: "reachable", Rule: "What the provider can be asked without paying works.",
			Cost: "A platform goes live on a configuration that does not work.", run: w.reachable,
		},
		{
			Name: "find unknown reference", Rule: "A payout that was never made is not found, or the question stays open; it is never a status.",
			Cost: "A payout that is still on its way is taken for one that will never come.", Money: true, run: w.unknownReference,
		},
		{
			Name: "paid and found", Rule: "A payout comes to an end that asking by its reference alone confirms.",
			Cost: "After a crash only the reference is left.", Money: true, run: w.paidAndFound,
		},
	}
}

func (w *liveWorld) badInput(t *T) {
	w.wantRequests(t)
	for _, template := range w.live.Requests {
		req := w.as(template)
		req.Amount = payout.Money{}
		if _, err := w.client.Create(t.ctx, req); payout.KindOf(err) != payout.ErrInvalid {
			t.Errorf("a payout without an amount: %v", err)
		}
	}
	if w.dials > 0 {
		t.Errorf("%d connections were opened", w.dials)
	}
}

func (w *liveWorld) reachable(t *T) {
	if w.client.Supports(payout.AbilityPing) {
		if err := w.client.Ping(t.ctx); err != nil {
			t.Errorf("ping: %v", err)
		}
	} else {
		t.notef("no ping")
	}
	if w.client.Supports(payout.AbilityBalances) {
		balances, err := w.client.Balances(t.ctx, payout.Source{})
		if err != nil {
			t.Errorf("balances: %v", err)
		}
		t.notef("%d balances", len(balances))
	}
	if !w.client.Supports(payout.AbilityPing) && !w.client.Supports(payout.AbilityBalances) {
		t.notRunf("the provider has neither a ping nor balances to ask for")
	}
}

func (w *liveWorld) unknownReference(t *T) {
	ref := payout.Ref{Reference: w.as(payout.Request{}).Reference, Amount: w.client.Info().Amounts[0].Min}
	p, err := w.client.Find(t.ctx, ref)
	switch {
	case err == nil && p.Status.Moved() != payout.MovedMaybe:
		t.Errorf("a payout that was never made is %s", p.Status)
	case err != nil && payout.KindOf(err) != payout.ErrNotFound && payout.KindOf(err) != payout.ErrOutcomeUnknown:
		t.Errorf("a payout that was never made: %v", err)
	default:
		t.notef("the bank's answer: %v", err)
	}
}

func (w *liveWorld) paidAndFound(t *T) {
	w.wantRequests(t)
	ended := 0
	for _, template := range w.live.Requests {
		req := w.as(template)
		p, err := w.client.Create(t.ctx, req)
		if err != nil && payout.KindOf(err) != payout.ErrOutcomeUnknown {
			t.Errorf("%s: %v", req.Reference, err)
			continue
		}
		ref := req.Ref()
		if err == nil {
			ref = p.Ref()
		}
		if p.Status == payout.StatusActionRequired {
			w.leftWaiting(t, req)
			continue
		}
		p, err = w.wait(t.ctx, ref)
		if err != nil {
			t.Errorf("%s: %v", req.Reference, err)
			continue
		}
		again, err := w.client.Find(t.ctx, req.Ref())
		if err != nil || again.Status != p.Status {
			t.Errorf("%s ended as %s, and by its reference alone is %s, error %v", req.Reference, p.Status, again.Status, err)
		}
		ended++
		t.notef("%s to %s ended as %s", req.Amount, payout.Masked(req.Destination), p.Status)
	}
	if ended == 0 {
		t.notRunf("no payout came to an end")
	}
}

// wantRequests ends a case that needs payouts if there are none.
func (w *liveWorld) wantRequests(t *T) {
	if len(w.live.Requests) == 0 {
		t.notRunf("there is no payout to make: nothing was paid")
	}
}

// leftWaiting asks once about a payout on whose page nobody acts.
func (w *liveWorld) leftWaiting(t *T, req payout.Request) {
	p, err := w.client.Find(t.ctx, req.Ref())
	if err != nil || p.Status.Final() {
		t.Errorf("%s waits for somebody to act, and by its reference is %s, error %v", req.Reference, p.Status, err)
	}
	t.notef("%s to %s waits for somebody to act, and was left so", req.Amount, payout.Masked(req.Destination))
}

func (w *liveWorld) wait(ctx context.Context, ref payout.Ref) (payout.Payout, error) {
	patience := w.live.Patience
	if patience == 0 {
		patience = 5 * time.Minute
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	return payout.Wait(ctx, w.client, ref)
}
