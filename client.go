package payout

import (
	"context"
	"maps"
	"slices"
)

// Client is the portable face of one [Provider], and what applications hold. It
// has a method for everything that some provider can do; what this one can't is
// ErrUnsupported before any I/O.
//
// It checks each request against [Info], gives every error a kind, and compares
// what a bank answers with what was asked. It keeps no state about payouts: to
// survive a crash the platform must store the reference itself, before Create, or
// use package dispatch.
//
// A Client is immutable and safe for concurrent use.
type Client struct {
	provider Provider
	info     Info
	observer Observer
}

// ClientOption configures a [Client].
type ClientOption func(*Client)

// WithObserver has the Client report its calls.
func WithObserver(o Observer) ClientOption {
	return func(c *Client) {
		if o != nil {
			c.observer = o
		}
	}
}

// WithPolling replaces the provider's schedule for [Wait].
func WithPolling(p Polling) ClientOption {
	return func(c *Client) { c.info.Polling = p }
}

// NewClient returns the Client of a provider. It does no I/O.
func NewClient(p Provider, options ...ClientOption) *Client {
	c := &Client{provider: p, info: p.Info(), observer: NoObserver()}
	for _, o := range options {
		o(c)
	}
	return c
}

// Info returns the provider's facts.
func (c *Client) Info() Info { return c.info }

// Name returns the provider's instance name.
func (c *Client) Name() string { return c.info.Name }

// Provider returns the provider itself, for what only its adapter has.
func (c *Client) Provider() Provider { return c.provider }

// Create sends one payout, with exactly one request, or refuses it before anything
// is sent. What its result proves is in the package's documentation. The answer is
// compared with the request: if it is about another reference or amount, or says
// paid without saying what, the status is Unknown and the observer gets an alarm.
func (c *Client) Create(ctx context.Context, req Request) (Payout, error) {
	req = c.forAdapter(req)
	asked, masked := req.Ref(), Masked(req.Destination)
	return observed(ctx, c, c.callOf(OpCreate, asked, masked), func(ctx context.Context) (Payout, error) {
		if err := c.Check(req); err != nil {
			return Payout{}, err
		}
		p, err := c.provider.Create(ctx, req)
		if err != nil {
			return Payout{}, err
		}
		p = c.verify(ctx, OpCreate, asked, p)
		if p.Destination == "" {
			p.Destination = masked
		}
		return p, nil
	})
}

// forAdapter returns a copy that an adapter may do with as it likes.
func (c *Client) forAdapter(req Request) Request {
	req.Destination = plain(req.Destination)
	req.Metadata = maps.Clone(req.Metadata)
	req.Options = slices.Clone(req.Options)
	for i, o := range req.Options {
		req.Options[i] = plain(o)
	}
	if c.info.Description == 0 {
		req.Description = ""
	}
	return req
}

// Find asks about a payout. It never sends one, and may be called at any time. The
// answer is compared with ref as that of Create is, and a payout of another
// provider id than ref's is Review, with an alarm.
//
// An error means that the question brought no answer; it says nothing about money.
func (c *Client) Find(ctx context.Context, ref Ref) (Payout, error) {
	return observed(ctx, c, c.callOf(OpFind, ref, ""), func(ctx context.Context) (Payout, error) {
		v := checker{info: c.info}
		v.ref(ref)
		if err := v.err(c.info.Name, OpFind); err != nil {
			return Payout{}, err
		}
		p, err := c.provider.Find(ctx, ref)
		if err != nil {
			return Payout{}, err
		}
		return c.verify(ctx, OpFind, ref, p), nil
	})
}

func (c *Client) callOf(op Op, ref Ref, destination string) Call {
	return Call{Provider: c.info.Name, Op: op, Reference: ref.Reference, Amount: ref.Amount, Destination: destination}
}

// observed makes one call: it tells the observer, and gives the error a kind. A
// context that has already ended stops it before the provider sees it. What came
// beside an error is dropped.
func observed[T any](ctx context.Context, c *Client, call Call, do func(context.Context) (T, error)) (out T, err error) {
	ctx, done := c.observer.Start(ctx, call)
	outcome := Outcome{Err: &Error{Provider: c.info.Name, Op: call.Op, Detail: "the call panicked"}}
	defer func() {
		if done != nil {
			done(outcome)
		}
	}()
	if ended := ctx.Err(); ended != nil {
		err = &Error{Kind: ErrNotSent, Detail: "the context had ended before the call", Err: ended}
	} else {
		out, err = do(ctx)
	}
	outcome = Outcome{}
	if err != nil {
		var none T
		out, err = none, classified(err, c.info.Name, call.Op)
		outcome.Err = err
	} else if p, ok := any(out).(Payout); ok {
		outcome.Status = p.Status
	}
	return out, err
}
