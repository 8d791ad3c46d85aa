package river_test

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/payoutkit/payout"
)

// till is a bank in memory that pays twice if it is asked twice, and counts.
type till struct {
	name    string
	pending bool          // pays when it is asked about
	takes   time.Duration // to answer
	before  func(ctx context.Context, reference string)

	mu     sync.Mutex
	paid   map[string]int
	failed map[string]bool
	asked  map[string]int
	sentAt []time.Time
}

func newTill(name string) *till {
	return &till{name: name, paid: map[string]int{}, failed: map[string]bool{}, asked: map[string]int{}}
}

func (b *till) Info() payout.Info {
	return payout.Info{
		Adapter: "till", Name: b.name, Account: b.name,
		Amounts:      []payout.AmountRange{{Min: payout.MustMoney("1.00 RUB"), Max: payout.MustMoney("600000.00 RUB")}},
		Destinations: payout.Kinds(), Options: []payout.Kind{codedKind}, Polling: payout.Polling{{Every: 200 * time.Millisecond}},
	}
}

func (b *till) Create(ctx context.Context, req payout.Request) (payout.Payout, error) {
	if b.before != nil {
		b.before(ctx, req.Reference)
	}
	if !payout.SendPermitted(ctx) {
		return payout.Payout{}, payout.ErrNotSent
	}
	b.mu.Lock()
	b.sentAt = append(b.sentAt, time.Now())
	failed := b.failed[req.Reference]
	if !failed {
		b.paid[req.Reference]++
	}
	b.mu.Unlock()
	time.Sleep(b.takes)
	p := payout.Payout{Reference: req.Reference, ProviderID: "o-" + req.Reference, Amount: req.Amount, Status: payout.StatusPaid}
	switch {
	case failed:
		p.Status, p.Failure = payout.StatusFailed, payout.Failure{Reason: payout.ReasonInsufficientFunds}
	case b.pending:
		p.Status = payout.StatusPending
	}
	return p, nil
}

func (b *till) Find(_ context.Context, ref payout.Ref) (payout.Payout, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.asked[ref.Reference]++
	p := payout.Payout{
		Reference: ref.Reference, ProviderID: "o-" + ref.Reference, Amount: ref.Amount, Status: payout.StatusPaid,
		Destination: "card 411111******1111", // or what was refused might be somebody else's
	}
	switch {
	case b.failed[ref.Reference]:
		p.Status, p.Failure = payout.StatusFailed, payout.Failure{Reason: payout.ReasonInsufficientFunds}
	case b.paid[ref.Reference] == 0:
		return payout.Payout{}, payout.ErrNotFound
	}
	return p, nil
}

// moved returns how often money moved for each reference.
func (b *till) moved() map[string]int {
	b.mu.Lock()
	defer b.mu.Unlock()
	out := map[string]int{}
	for reference, n := range b.paid {
		out[reference] = n
	}
	return out
}

// hookOnce waits within the first call, and says that it is there.
func hookOnce(first *atomic.Bool, inside, release chan struct{}) func(context.Context, string) {
	return func(context.Context, string) {
		if !first.Swap(true) {
			close(inside)
			<-release
		}
	}
}
