package dispatch_test

import (
	"context"
	"net/http"
	"sync"

	"github.com/payoutkit/payout"
)

// reply is what a bank answers to one call.
type reply func(ctx context.Context, asked payout.Ref) (payout.Payout, error)

// says is an answer with a status, about what was asked.
func says(s payout.Status) reply {
	return func(_ context.Context, asked payout.Ref) (payout.Payout, error) {
		p := payout.Payout{Reference: asked.Reference, Amount: asked.Amount, Status: s}
		if s == payout.StatusFailed {
			p.Failure.Reason = payout.ReasonInsufficientFunds
		}
		if s == payout.StatusActionRequired {
			p.Action.URL = payout.NewSecret("https://bank.example/page")
		}
		return p, nil
	}
}

func failed(why payout.Reason) reply {
	return func(_ context.Context, asked payout.Ref) (payout.Payout, error) {
		return payout.Payout{Reference: asked.Reference, Amount: asked.Amount, Status: payout.StatusFailed, Failure: payout.Failure{Reason: why}}, nil
	}
}

// fails is an error that proves something.
func fails(k payout.ErrorKind) reply { return broken(&payout.Error{Kind: k}) }

func broken(err error) reply {
	return func(context.Context, payout.Ref) (payout.Payout, error) { return payout.Payout{}, err }
}

func panics(context.Context, payout.Ref) (payout.Payout, error) {
	panic("4111111111111111 must not be seen")
}

// teller is a bank that answers as a test says; the last word of each list stays. It
// pays if it was told nothing.
type teller struct {
	info   payout.Info
	create []reply
	find   []reply
	plain  bool  // it returns no metadata
	unsafe bool  // it asks nobody whether it may send
	signed error // what a callback that is not the bank's is

	mu    sync.Mutex
	sent  []payout.Request
	asked []payout.Ref
}

func bank(name string) *teller {
	return &teller{info: payout.Info{
		Adapter: "teller", Name: name, Account: "account-of-" + name,
		Amounts:      []payout.AmountRange{{Min: payout.MustMoney("0.01 EUR"), Max: payout.MustMoney("9999.99 EUR")}},
		Destinations: payout.Kinds(),
		Description:  64,
	}}
}

// does sets what the bank answers to Create, asks what to Find.
func (b *teller) does(replies ...reply) *teller {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.create = replies
	return b
}

func (b *teller) tells(replies ...reply) *teller {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.find = replies
	return b
}

// Info implements [payout.Provider].
func (b *teller) Info() payout.Info { return b.info }

// Create implements [payout.Provider].
func (b *teller) Create(ctx context.Context, req payout.Request) (payout.Payout, error) {
	if !b.unsafe && !payout.SendPermitted(ctx) {
		return payout.Payout{}, &payout.Error{Kind: payout.ErrNotSent}
	}
	b.mu.Lock()
	b.sent = append(b.sent, req)
	next := first(&b.create, says(payout.StatusPaid))
	b.mu.Unlock()
	p, err := next(ctx, req.Ref())
	if !b.plain {
		p.Metadata = req.Metadata
	}
	return p, err
}

// Find implements [payout.Provider].
func (b *teller) Find(ctx context.Context, ref payout.Ref) (payout.Payout, error) {
	b.mu.Lock()
	b.asked = append(b.asked, ref)
	next := first(&b.find, says(payout.StatusPaid))
	var metadata map[string]string
	for _, req := range b.sent {
		if req.Reference == ref.Reference && !b.plain {
			metadata = req.Metadata
		}
	}
	b.mu.Unlock()
	p, err := next(ctx, ref)
	if p.Metadata == nil {
		p.Metadata = metadata
	}
	return p, err
}

// first takes the first of replies, and leaves the last one where it is.
func first(replies *[]reply, without reply) reply {
	all := *replies
	if len(all) == 0 {
		return without
	}
	if len(all) > 1 {
		*replies = all[1:]
	}
	return all[0]
}

// ReadCallback implements [payout.CallbackReader].
func (b *teller) ReadCallback(r *http.Request) (payout.Ref, error) {
	if b.signed != nil {
		return payout.Ref{}, b.signed
	}
	return payout.Ref{Reference: r.URL.Query().Get("reference")}, nil
}

func (b *teller) times() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.sent)
}

func (b *teller) questions() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.asked)
}

// last returns what was sent last.
func (b *teller) last() payout.Request {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.sent[len(b.sent)-1]
}

// references are those of what was sent, in order.
func (b *teller) references() (out []string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, req := range b.sent {
		out = append(out, req.Reference)
	}
	return out
}
