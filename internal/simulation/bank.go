package simulation

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/dispatch"
)

// simBank is a bank in memory, with a ledger that only it writes. What it claims of
// itself in Info it keeps to, unless it is a liar.
type simBank struct {
	world *world
	name  string
	info  payout.Info

	duplicates int // what a second transmission gets: see create
	lag        time.Duration
	landing    time.Duration // how late a transmission can arrive
	liar       bool
	locked     bool // credentials have expired
	down       bool // nobody can connect
	blind      bool // it finds nothing, whatever it has

	orders []*simOrder
	picks  map[string]int // questions, by reference
	left   map[string]int // transmissions of which a byte has left, by reference
	ids    int
	flight []*simFlight
}

// simOrder is an order as the bank keeps it.
type simOrder struct {
	id, reference string
	amount        payout.Money
	destination   string
	mark          string
	made          time.Time
	plan          []payout.Status // what it says, a question each; the last one stays
	moved, back   bool
	stranger      bool // somebody else's, made before
	brokeWord     bool // the bank did what it says it never does
	lie           bool // it pays what it calls failed, and says so half an hour later
	asked, told   bool // it was asked since then; it said that it was paid
}

// simFlight is a transmission that is still on its way.
type simFlight struct {
	req  payout.Request
	late time.Time
}

func (b *simBank) Info() payout.Info { return b.info }

// ReadCallback implements [payout.CallbackReader].
func (b *simBank) ReadCallback(r *http.Request) (payout.Ref, error) {
	return payout.Ref{Reference: r.URL.Query().Get("reference")}, nil
}

func (b *simBank) lost(status int, hold bool) error {
	return &payout.Error{Kind: payout.ErrOutcomeUnknown, HTTPStatus: status, Hold: hold}
}

// Create implements [payout.Provider].
func (b *simBank) Create(ctx context.Context, req payout.Request) (payout.Payout, error) {
	w := b.world
	at(ctx, "before a connection to "+b.name)
	if b.down || w.chance(12) {
		w.tell("  %s can't be reached for %s", b.name, req.Reference)
		return payout.Payout{}, &payout.Error{Kind: payout.ErrNotSent}
	}
	if w.chance(80) {
		panic("an adapter panics before it sends")
	}
	at(ctx, "connected to "+b.name)
	if ctx.Err() != nil || !payout.SendPermitted(ctx) {
		w.tell("  %s may not be sent to %s any more", req.Reference, b.name)
		return payout.Payout{}, &payout.Error{Kind: payout.ErrNotSent}
	}
	b.leave(req.Reference)
	if w.chance(4) { // it is on its way, for a while or for ever
		w.tell("  %s to %s is on its way", req.Reference, b.name)
		b.flight = append(b.flight, &simFlight{req: req, late: time.Now().Add(time.Duration(w.of(256)) * b.landing / 255)})
		return b.wait(ctx)
	}
	left := time.Now()
	at(ctx, "on its way to "+b.name)
	if time.Since(left) > b.landing { // nothing takes longer: it is lost
		w.tell("  %s was too long on its way to %s", req.Reference, b.name)
		return payout.Payout{}, b.lost(0, false)
	}
	answer, err := b.take(req)
	if w.chance(80) {
		panic("an adapter panics after it has sent")
	}
	at(ctx, "an answer of "+b.name+" is on its way")
	switch {
	case ctx.Err() != nil:
		return payout.Payout{}, b.lost(0, false)
	case w.chance(8):
		w.tell("  an answer of %s about %s is lost", b.name, req.Reference)
		return b.wait(ctx)
	case w.chance(15):
		return payout.Payout{}, b.lost(http.StatusBadGateway, false)
	case w.chance(25):
		return payout.Payout{}, b.lost(http.StatusForbidden, true)
	case w.chance(25):
		return payout.Payout{}, nil // an answer that says nothing
	}
	return answer, err
}

// wait ends as a call does whose answer does not come.
func (b *simBank) wait(ctx context.Context) (payout.Payout, error) {
	if b.world.of(2) == 0 { // the connection breaks
		return payout.Payout{}, b.lost(0, false)
	}
	for ctx.Err() == nil {
		at(ctx, "waiting for "+b.name)
		if b.world.calm {
			return payout.Payout{}, b.lost(0, false)
		}
	}
	return payout.Payout{}, b.lost(0, false)
}

// leave is a first byte that leaves. There must be an intent for it in the journal,
// of this very account.
func (b *simBank) leave(reference string) {
	w := b.world
	b.left[reference]++
	e, err := w.journal.FindAttempt(context.Background(), b.info.Account, reference)
	if err != nil {
		w.violated("%s is sent to %s without an intent in the journal", reference, b.name)
		return
	}
	w.owners[owned{b.info.Account, reference}] = e.Reference
	history, _ := w.journal.History(context.Background(), e.Reference)
	intents := 0
	for _, ev := range history {
		if ev.Kind == dispatch.EventIntended && ev.Planned.Reference == reference && ev.Planned.Account == b.info.Account {
			intents++
		}
	}
	if b.left[reference] > intents {
		w.violated("%s left for %s %d times, with %d intents", reference, b.name, b.left[reference], intents)
	}
	for _, a := range e.Attempts {
		if a.Account == b.info.Account && a.Reference == reference && time.Now().Truncate(time.Microsecond).After(a.SendBefore) {
			w.violated("%s left for %s after its window", reference, b.name)
		}
	}
}

// take is a transmission that arrives.
func (b *simBank) take(req payout.Request) (payout.Payout, error) {
	w := b.world
	if b.locked {
		return payout.Payout{}, &payout.Error{Kind: payout.ErrUnauthorized, HTTPStatus: 401}
	}
	if w.chance(25) {
		return payout.Payout{}, &payout.Error{Kind: payout.ErrRateLimited, HTTPStatus: 429, RetryAfter: time.Minute}
	}
	if have := b.find(req.Reference); have != nil {
		w.tell("  %s has %s already", b.name, req.Reference)
		switch b.duplicates {
		case 0:
			return payout.Payout{}, &payout.Error{Kind: payout.ErrRefused, HTTPStatus: 400}
		case 1:
			return have.say(), nil
		case 2: // it pays again, whatever it says of itself
			have.brokeWord = have.brokeWord || b.info.Dedup != payout.DedupNone
			o := b.make(req)
			o.brokeWord = o.brokeWord || have.brokeWord
			w.tell("  %s makes another order %s of %s: %v", b.name, o.id, req.Reference, o.plan)
			return o.say(), nil
		}
	} else if w.chance(15) {
		w.tell("  %s refuses %s", b.name, req.Reference)
		return payout.Payout{}, &payout.Error{Kind: payout.ErrRefused, HTTPStatus: 400}
	}
	o := b.make(req)
	w.tell("  %s makes order %s of %s: %v", b.name, o.id, req.Reference, o.plan)
	return o.say(), nil
}

// plans are what becomes of an order, the tamest first.
var plans = [][]payout.Status{
	{payout.StatusPaid},
	{payout.StatusPending, payout.StatusPaid},
	{payout.StatusFailed},
	{payout.StatusPending, payout.StatusPending, payout.StatusFailed},
	{payout.StatusActionRequired, payout.StatusPending, payout.StatusPaid},
	{payout.StatusUnknown, payout.StatusPaid},
	{payout.StatusUnknown, payout.StatusUnknown, payout.StatusFailed},
	{payout.StatusPaid, payout.StatusPending, payout.StatusPaid},
	{payout.StatusReview},
	{payout.StatusPending, payout.StatusReturned},
	{payout.StatusFailed},
	{payout.StatusPending, payout.StatusFailed},
	{payout.StatusUnknown, payout.StatusFailed},
	{payout.StatusPending, payout.StatusPaid},
}

// lies are what only a bank does that takes its word back.
var lies = [][]payout.Status{
	{payout.StatusFailed},
	{payout.StatusPending, payout.StatusFailed},
	{payout.StatusPaid, payout.StatusFailed},
}

func (b *simBank) make(req payout.Request) *simOrder {
	w := b.world
	b.ids++
	o := &simOrder{
		id: fmt.Sprintf("%s-%d", b.name, b.ids), reference: req.Reference, amount: req.Amount,
		destination: payout.Masked(req.Destination), mark: req.Metadata["payout_mark"], made: time.Now(),
	}
	o.plan = plans[0]
	if !w.calm {
		o.plan = plans[w.of(len(plans))]
		if b.liar && w.of(3) == 2 {
			o.plan, o.brokeWord = lies[w.of(len(lies))], true
			o.lie = o.plan[0] != payout.StatusPaid
		}
	}
	// The money moves at once if it ever does: a bank need not be asked in order to pay.
	for _, s := range o.plan {
		o.moved = o.moved || o.lie || s == payout.StatusPaid || s == payout.StatusReturned
	}
	// A bank that takes "paid" back has the money back.
	last := o.plan[len(o.plan)-1]
	o.back = !o.lie && (last == payout.StatusReturned || last == payout.StatusFailed)
	b.orders = append(b.orders, o)
	return o
}

func (o *simOrder) say() payout.Payout {
	p := payout.Payout{
		Reference: o.reference, ProviderID: o.id, Amount: o.amount, Status: o.plan[0], Destination: o.destination,
		Metadata: map[string]string{},
	}
	if o.mark != "" {
		p.Metadata["payout_mark"] = o.mark
	}
	if p.Status == payout.StatusFailed {
		p.Failure = payout.Failure{Reason: payout.ReasonInsufficientFunds}
	}
	return p
}

// find is the first order under a reference.
func (b *simBank) find(reference string) *simOrder {
	for _, o := range b.orders {
		if o.reference == reference {
			return o
		}
	}
	return nil
}

// pick is the order that an answer is about: of several under one reference each in
// its turn, for nobody knows which a bank takes.
func (b *simBank) pick(reference string) *simOrder {
	var all []*simOrder
	for _, o := range b.orders {
		if o.reference == reference {
			all = append(all, o)
		}
	}
	if len(all) == 0 {
		return nil
	}
	b.picks[reference]++
	return all[b.picks[reference]%len(all)]
}

// Find implements [payout.Provider].
func (b *simBank) Find(ctx context.Context, ref payout.Ref) (payout.Payout, error) {
	w := b.world
	at(ctx, "asking "+b.name)
	for _, o := range b.orders {
		if o.reference == ref.Reference && o.lie && time.Since(o.made) > 30*time.Minute {
			o.asked, o.plan = true, plans[0]
		}
	}
	if b.down || w.chance(10) {
		return payout.Payout{}, &payout.Error{Kind: payout.ErrNotSent}
	}
	if b.locked {
		return payout.Payout{}, &payout.Error{Kind: payout.ErrUnauthorized, HTTPStatus: 401}
	}
	b.mustBeOurs(ref.Reference)
	o := b.pick(ref.Reference)
	if o == nil || b.blind || time.Since(o.made) < b.lag {
		w.tell("  %s does not know %s", b.name, ref.Reference)
		at(ctx, "an answer of "+b.name+" is on its way")
		return payout.Payout{}, &payout.Error{Kind: payout.ErrNotFound, HTTPStatus: 400}
	}
	if len(o.plan) > 1 {
		o.plan = o.plan[1:]
	}
	answer := o.say()
	w.tell("  %s says %s of %s", b.name, answer.Status, ref.Reference)
	at(ctx, "an answer of "+b.name+" is on its way")
	if w.chance(10) {
		return payout.Payout{}, b.lost(http.StatusBadGateway, false)
	}
	o.told = o.told || answer.Status == payout.StatusPaid
	return answer, nil
}

// mustBeOurs holds who asks here about what was sent elsewhere.
func (b *simBank) mustBeOurs(reference string) {
	ctx, w := context.Background(), b.world
	if w.doubts > 0 { // then everybody is asked
		return
	}
	if _, err := w.journal.FindAttempt(ctx, b.info.Account, reference); err == nil {
		return
	}
	for _, other := range w.banks {
		if _, err := w.journal.FindAttempt(ctx, other.info.Account, reference); err == nil {
			w.violated("%s is asked about %s, which was sent to %s", b.name, reference, other.name)
		}
	}
}

// land has a transmission arrive that was on its way. Nobody waits for its answer.
func (b *simBank) land(i int) {
	f := b.flight[i]
	b.flight = append(b.flight[:i:i], b.flight[i+1:]...)
	b.world.tell("  %s lands at %s", f.req.Reference, b.name)
	before := len(b.orders)
	_, _ = b.take(f.req)
	if b.liar { // it says that nothing arrives so late
		for _, o := range b.orders[before:] {
			o.brokeWord = true
		}
	}
}
