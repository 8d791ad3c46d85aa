package payout_test

import (
	"context"
	"net/http"
	"sync"

	"github.com/payoutkit/payout"
)

// teller is a Provider that does as a test says, and counts its calls. It has no
// ability.
type teller struct {
	info   payout.Info
	create func(context.Context, payout.Request) (payout.Payout, error)
	find   func(context.Context, payout.Ref) (payout.Payout, error)

	mu    sync.Mutex
	calls []payout.Op
}

func (b *teller) called(op payout.Op) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.calls = append(b.calls, op)
}

func (b *teller) Info() payout.Info { return b.info }

func (b *teller) Create(ctx context.Context, r payout.Request) (payout.Payout, error) {
	b.called(payout.OpCreate)
	return b.create(ctx, r)
}

func (b *teller) Find(ctx context.Context, r payout.Ref) (payout.Payout, error) {
	b.called(payout.OpFind)
	return b.find(ctx, r)
}

// cashier is a teller with every ability.
type cashier struct {
	teller
	err      error
	balances []payout.Balance
	saved    payout.CardSaved
	callback payout.Ref
}

func (b *cashier) Ping(context.Context) error {
	b.called(payout.OpPing)
	return b.err
}

func (b *cashier) Balances(context.Context, payout.Source) ([]payout.Balance, error) {
	b.called(payout.OpBalances)
	return b.balances, b.err
}

func (b *cashier) SaveCard(context.Context, payout.SaveCardRequest) (payout.CardSaved, error) {
	b.called(payout.OpSaveCard)
	return b.saved, b.err
}

func (b *cashier) SaveSourceCard(context.Context, payout.SaveCardRequest) (payout.CardSaved, error) {
	b.called(payout.OpSaveSourceCard)
	return b.saved, b.err
}

func (b *cashier) ReadCallback(*http.Request) (payout.Ref, error) {
	b.called(payout.OpCallback)
	return b.callback, b.err
}

// facts are a provider's that takes request().
func facts() payout.Info {
	return payout.Info{
		Adapter: "teller", Name: "teller-1", Account: "host/login",
		Amounts: []payout.AmountRange{
			{Min: payout.MustMoney("1.00 RUB"), Max: payout.MustMoney("600000.00 RUB")},
			{Min: payout.MustMoney("1.00 KZT"), Max: payout.MustMoney("999.00 KZT")},
		},
		Destinations: append(payout.Kinds()[:2], passbookKind),
		SourceCards:  true,
		Reference:    payout.ReferenceRule{Max: 32, Doc: "teller:7"},
		Description:  20,
	}
}

// answers returns a Client of a teller that always answers so, to Create and Find.
func answers(p payout.Payout, err error, options ...payout.ClientOption) (*payout.Client, *teller) {
	b := &teller{
		info:   facts(),
		create: func(context.Context, payout.Request) (payout.Payout, error) { return p, err },
		find:   func(context.Context, payout.Ref) (payout.Payout, error) { return p, err },
	}
	return payout.NewClient(b, options...), b
}

// record is an Observer that keeps what it sees.
type record struct {
	mu       sync.Mutex
	calls    []payout.Call
	outcomes []payout.Outcome
	alarms   []payout.Alarm
}

func (r *record) Start(ctx context.Context, call payout.Call) (context.Context, func(payout.Outcome)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.calls = append(r.calls, call)
	return ctx, func(out payout.Outcome) {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.outcomes = append(r.outcomes, out)
	}
}

func (r *record) Alarm(_ context.Context, a payout.Alarm) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.alarms = append(r.alarms, a)
}
