package drivertest

import (
	"context"
	"net/http"
	"sync"
	"time"

	"github.com/payoutkit/payout"
)

// bank is one in memory. It pays what it is asked to, as often as it is asked to, and what
// it has paid is in its books. Without a plan it pays at once.
type bank struct {
	info payout.Info
	// before is called when a call to send has come in, before the first byte leaves; after,
	// when the bank is done, before its answer is on its way.
	before, after func(reference string)

	mu     sync.Mutex
	plans  map[string]plan // by reference
	orders map[string]*kept
	books  map[string]int         // how often money moved
	sent   map[string]int         // how often it was sent: a first byte has left
	sentAt []time.Time            // when, whatever it was
	asked  map[string][]time.Time // when
	locked bool                   // our credentials don't work
}

// plan is what becomes of an order: what its creations bring, and then its questions, each
// in turn, the last one again and again.
type plan struct{ create, find []turn }

// turn is what one call brings. It is called with the bank locked.
type turn func(b *bank, o *kept) (payout.Status, error)

// kept is an order as its bank keeps it, if it does.
type kept struct {
	reference   string
	amount      payout.Money
	metadata    map[string]string
	status      payout.Status
	failure     payout.Failure
	known       bool // to the bank
	created     int
	askedBefore int
}

func newBank(name string) *bank {
	return &bank{
		info: payout.Info{
			Adapter: "drivertest", Name: name, Account: name + "/account",
			Amounts:      []payout.AmountRange{{Min: payout.MustMoney("1.00 RUB"), Max: payout.MustMoney("600000.00 RUB")}},
			Destinations: payout.Kinds(), Polling: payout.Polling{{Every: 200 * time.Millisecond}},
		},
		before: func(string) {}, after: func(string) {},
		plans: map[string]plan{}, orders: map[string]*kept{}, books: map[string]int{}, sent: map[string]int{}, asked: map[string][]time.Time{},
	}
}

// Turns.

// becomes is an order that stands so, and is said to. Money moves when it is paid.
func becomes(s payout.Status) turn {
	return func(b *bank, o *kept) (payout.Status, error) {
		if s == payout.StatusPaid && (o.status != s || !o.known) {
			b.books[o.reference]++
		}
		o.known, o.status, o.failure = true, s, payout.Failure{}
		return s, nil
	}
}

// declines is an order that the bank keeps, and does not pay.
func declines(why payout.Reason) turn {
	return func(_ *bank, o *kept) (payout.Status, error) {
		o.known, o.status, o.failure = true, payout.StatusFailed, payout.Failure{Reason: why}
		return o.status, nil
	}
}

// fails is a call that changes nothing.
func fails(kind payout.ErrorKind) turn {
	return func(*bank, *kept) (payout.Status, error) { return 0, kind }
}

// lost is a turn whose answer does not arrive.
func lost(t turn) turn {
	return func(b *bank, o *kept) (payout.Status, error) {
		_, _ = t(b, o)
		return 0, payout.ErrOutcomeUnknown
	}
}

// panics is an adapter with a mistake.
func panics(*bank, *kept) (payout.Status, error) { panic("an adapter panics") }

// tells says how the order stands.
func tells(_ *bank, o *kept) (payout.Status, error) {
	if !o.known {
		return 0, payout.ErrNotFound
	}
	return o.status, nil
}

// pick returns the nth of some turns, or the last.
func pick(turns []turn, n int, otherwise turn) turn {
	if len(turns) == 0 {
		return otherwise
	}
	return turns[min(n, len(turns)-1)]
}

// Info implements [payout.Provider].
func (b *bank) Info() payout.Info { return b.info }

// Create implements [payout.Provider].
func (b *bank) Create(ctx context.Context, req payout.Request) (payout.Payout, error) {
	b.before(req.Reference)
	if !payout.SendPermitted(ctx) {
		return payout.Payout{}, payout.ErrNotSent
	}
	p, err := b.take(req)
	b.after(req.Reference)
	return p, err
}

func (b *bank) take(req payout.Request) (payout.Payout, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.locked {
		return payout.Payout{}, payout.ErrUnauthorized
	}
	o := b.orders[req.Reference]
	if o == nil {
		o = &kept{reference: req.Reference}
		b.orders[req.Reference] = o
	}
	if o.status == payout.StatusPaid { // whoever sends it twice has it paid twice
		o.known = false
	}
	b.sent[req.Reference]++
	b.sentAt = append(b.sentAt, time.Now())
	o.amount, o.metadata = req.Amount, req.Metadata
	o.created++
	return o.answer(pick(b.plans[req.Reference].create, o.created-1, becomes(payout.StatusPaid))(b, o))
}

// Find implements [payout.Provider].
func (b *bank) Find(_ context.Context, ref payout.Ref) (payout.Payout, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.locked {
		return payout.Payout{}, payout.ErrUnauthorized
	}
	b.asked[ref.Reference] = append(b.asked[ref.Reference], time.Now())
	o := b.orders[ref.Reference]
	if o == nil {
		return payout.Payout{}, payout.ErrNotFound
	}
	o.askedBefore++
	return o.answer(pick(b.plans[ref.Reference].find, o.askedBefore-1, tells)(b, o))
}

func (o *kept) answer(s payout.Status, err error) (payout.Payout, error) {
	if err != nil {
		return payout.Payout{}, err
	}
	return payout.Payout{
		Reference: o.reference, ProviderID: "order of " + o.reference, Amount: o.amount, Metadata: o.metadata,
		Status: s, Failure: o.failure,
	}, nil
}

// plan says what becomes of an order.
func (b *bank) plan(reference string, p plan) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.plans[reference] = p
}

// moved returns how often money moved for a reference, or, for "", for all.
func (b *bank) moved(reference string) (n int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return total(b.books, reference)
}

// sends returns how often a first byte left for a reference, or, for "", for all.
func (b *bank) sends(reference string) int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return total(b.sent, reference)
}

func total(counts map[string]int, reference string) (n int) {
	if reference != "" {
		return counts[reference]
	}
	for _, m := range counts {
		n += m
	}
	return n
}

// questions returns when the bank was asked about a reference.
func (b *bank) questions(reference string) []time.Time {
	b.mu.Lock()
	defer b.mu.Unlock()
	return append([]time.Time(nil), b.asked[reference]...)
}

// calling is a bank that calls back.
type calling struct{ *bank }

// ReadCallback implements [payout.CallbackReader]: it believes everything.
func (calling) ReadCallback(r *http.Request) (payout.Ref, error) {
	return payout.Ref{Reference: r.URL.Query().Get("reference")}, nil
}
