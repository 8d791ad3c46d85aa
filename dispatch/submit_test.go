package dispatch_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/dispatch"
)

// gift is one bank's own extra.
type gift struct {
	Paper string
	Code  payout.Secret
}

var giftKind = payout.NewKind("gift", "a gift",
	payout.Text(payout.Field{Name: "paper"}, func(g *gift) *string { return &g.Paper }),
	payout.Hidden(payout.Field{Name: "code"}, func(g *gift) *payout.Secret { return &g.Code }),
)

func (gift) Kind() payout.Kind { return giftKind }

// coupon is an extra of a bank that no test has.
type coupon struct{ Number string }

var couponKind = payout.NewKind("coupon", "a coupon",
	payout.Text(payout.Field{Name: "number"}, func(c *coupon) *string { return &c.Number }))

func (coupon) Kind() payout.Kind { return couponKind }

func TestSubmit(t *testing.T) {
	b := bank("a")
	d := opened(t, dispatch.Config{}, b)
	ticket := d.take(order("p-1"))
	e := d.load("p-1")
	assert.Equal(t, e, ticket.Entry)
	assert.Equal(t, dispatch.Entry{
		Reference: "p-1", Version: 1, State: dispatch.StatePlanned, Amount: payout.MustMoney("10.00 EUR"),
		Destination: "card 411111******1111", Fingerprint: e.Fingerprint,
		CreatedAt: began, SendUntil: began.Add(24 * time.Hour), Due: began,
	}, e)
	assert.Equal(t, uint32(2), e.Fingerprint.Version)
	assert.Zero(t, b.times(), "Submit by itself sends nothing")

	assert.Equal(t, "paid", d.until("p-1", dispatch.StatePaid).State.String())
	assert.Equal(t, []string{"intended", "created"}, d.happened("p-1"))
	for range 3 {
		again := d.take(order("p-1"))
		assert.Equal(t, d.load("p-1"), again.Entry)
	}
	assert.Equal(t, 1, b.times())
	assert.Equal(t, "p-1", b.last().Reference)
	assert.Equal(t, "4111111111111111", b.last().Destination.(payout.Card).Number.Reveal())
}

// What makes two requests the same payout, and what does not.
func TestSubmitAgain(t *testing.T) {
	b := bank("a")
	b.info.SourceCards = true
	b.info.Options = []payout.Kind{giftKind}
	b.info.Amounts = append(b.info.Amounts, payout.AmountRange{Min: payout.MustMoney("0.01 USD"), Max: payout.MustMoney("9999.99 USD")})
	base := func() payout.Request {
		req := order("p-1")
		req.Destination = payout.Card{Number: payout.NewSecret("4111111111111111"), Holder: payout.NewSecret("A BC")}
		req.Source.SavedCard = "card-1"
		req.Options = []payout.Option{gift{Paper: "red", Code: payout.NewSecret("xy")}, coupon{Number: "1"}}
		return req
	}
	for _, row := range []struct {
		name   string
		other  bool
		change func(*payout.Request)
	}{
		{"the same", false, func(*payout.Request) {}},
		{"description", false, func(r *payout.Request) { r.Description = "other" }},
		{"metadata", false, func(r *payout.Request) { r.Metadata = map[string]string{"other": "x"} }},
		{"addresses", false, func(r *payout.Request) { r.ReturnURL, r.CallbackURL = "https://a.example/", "https://b.example/" }},
		{"language", false, func(r *payout.Request) { r.Language = "de" }},
		{"order of options", false, func(r *payout.Request) { r.Options[0], r.Options[1] = r.Options[1], r.Options[0] }},
		{"a pointer to the same destination", false, func(r *payout.Request) {
			card := r.Destination.(payout.Card)
			r.Destination = &card
		}},
		{"amount", true, func(r *payout.Request) { r.Amount = payout.MustMoney("10.01 EUR") }},
		{"currency", true, func(r *payout.Request) { r.Amount = payout.MustMoney("10.00 USD") }},
		{"card", true, func(r *payout.Request) {
			r.Destination = payout.Card{Number: payout.NewSecret("5105105105105100"), Holder: payout.NewSecret("A BC")}
		}},
		{"a card that looks the same when masked", true, func(r *payout.Request) {
			r.Destination = payout.Card{Number: payout.NewSecret("4111110000091111"), Holder: payout.NewSecret("A BC")}
		}},
		{"holder", true, func(r *payout.Request) {
			r.Destination = payout.Card{Number: payout.NewSecret("4111111111111111"), Holder: payout.NewSecret("A BD")}
		}},
		{"kind of destination", true, func(r *payout.Request) { r.Destination = payout.SavedCard{ID: "4111111111111111"} }},
		{"source", true, func(r *payout.Request) { r.Source.SavedCard = "card-2" }},
		{"an option's field", true, func(r *payout.Request) { r.Options[0] = gift{Paper: "green", Code: payout.NewSecret("xy")} }},
		{"an option's secret", true, func(r *payout.Request) { r.Options[0] = gift{Paper: "red", Code: payout.NewSecret("xz")} }},
		{"texts that run into one another", true, func(r *payout.Request) { r.Options[0] = gift{Paper: "redx", Code: payout.NewSecret("y")} }},
		{"an option more", true, func(r *payout.Request) { r.Options = r.Options[:1] }},
	} {
		t.Run(row.name, func(t *testing.T) {
			d := opened(t, dispatch.Config{}, b)
			d.take(base())
			stands := d.load("p-1")
			req := base()
			row.change(&req)
			_, err := d.Submit(t.Context(), req)
			if row.other {
				require.ErrorIs(t, err, payout.ErrConflict)
			} else {
				require.NoError(t, err)
			}
			assert.Equal(t, stands, d.load("p-1"), "either way nothing changes")
			same, err := testKeys.Same(stands, req)
			require.NoError(t, err)
			assert.Equal(t, !row.other, same, "who holds the keys can tell before")
		})
	}
}

// A fingerprint is compared under the version of the key that made it.
func TestSubmitUnderAnotherKey(t *testing.T) {
	old := dispatch.Keys{Current: 1, Versions: testKeys.Versions}
	d := opened(t, dispatch.Config{Keys: old}, bank("a"))
	d.take(order("p-1"))
	assert.Equal(t, uint32(1), d.load("p-1").Fingerprint.Version)

	d.config.Keys = testKeys // the current one is 2
	d.restart()
	d.take(order("p-1"))
	other := order("p-1")
	other.Amount = payout.MustMoney("11.00 EUR")
	_, err := d.Submit(t.Context(), other)
	require.ErrorIs(t, err, payout.ErrConflict)
	d.take(order("p-2"))
	assert.Equal(t, uint32(2), d.load("p-2").Fingerprint.Version)

	// Without the old key nobody knows whether it is the same. That is not "not taken".
	d.config.Keys = dispatch.Keys{Current: 2, Versions: map[uint32]payout.Secret{2: testKeys.Versions[2]}}
	d.restart()
	_, err = d.Submit(t.Context(), order("p-1"))
	require.Error(t, err)
	for _, k := range []payout.ErrorKind{payout.ErrInvalid, payout.ErrUnsupported, payout.ErrConflict} {
		require.NotErrorIs(t, err, k)
	}
}

func TestSubmitRefuses(t *testing.T) {
	a, b := bank("a"), bank("b")
	a.info.Destinations = []payout.Kind{payout.Card{}.Kind()}
	a.info.Reference = payout.ReferenceRule{Max: 32, Doc: "teller:9"}
	b.info.Destinations = []payout.Kind{payout.Card{}.Kind(), payout.SavedCard{}.Kind()}
	b.info.Reference.Alphabet = payout.Alphanumeric + "-"
	routes := []dispatch.Route{
		{Provider: "a", Match: dispatch.Match{Max: payout.MustMoney("500.00 EUR"), Destinations: []string{"card"}}},
		{Provider: "b", Match: dispatch.Match{Currencies: []payout.Currency{payout.EUR}}},
	}
	d := opened(t, dispatch.Config{Routes: routes}, a, b)
	for _, row := range []struct {
		name, field string
		kind        payout.ErrorKind
		change      func(*payout.Request)
	}{
		{"no reference", "reference", payout.ErrInvalid, func(r *payout.Request) { r.Reference = "" }},
		{"a reference that one of the routes could not carry", "reference", payout.ErrInvalid, func(r *payout.Request) { r.Reference = "p_1" }},
		{"a reference that is too long for one of the routes", "reference", payout.ErrInvalid, func(r *payout.Request) { r.Reference = "p-1234567890123456789012345678901" }},
		{"no amount", "amount", payout.ErrInvalid, func(r *payout.Request) { r.Amount = payout.Money{} }},
		{"an amount below zero", "amount", payout.ErrInvalid, func(r *payout.Request) { r.Amount = payout.MustMoney("-1.00 EUR") }},
		{"more than any route takes", "amount", payout.ErrInvalid, func(r *payout.Request) { r.Amount = payout.MustMoney("10000.00 EUR") }},
		{"a currency that no route matches", "routes", payout.ErrUnsupported, func(r *payout.Request) { r.Amount = payout.MustMoney("700.00 USD") }},
		{"no destination", "destination", payout.ErrInvalid, func(r *payout.Request) { r.Destination = nil }},
		{"a pointer to no destination", "destination", payout.ErrInvalid, func(r *payout.Request) { r.Destination = (*payout.Card)(nil) }},
		{"a kind that no provider pays to", "destination", payout.ErrUnsupported, func(r *payout.Request) { r.Destination = payout.HostedPage{} }},
		{"a card number that is none", "destination.number", payout.ErrInvalid, func(r *payout.Request) { r.Destination = payout.Card{Number: payout.NewSecret("4111")} }},
		{"a source card that no provider takes", "source.saved_card", payout.ErrUnsupported, func(r *payout.Request) { r.Source.SavedCard = "card-1" }},
		{"an address that is not https", "callback_url", payout.ErrInvalid, func(r *payout.Request) { r.CallbackURL = "http://a.example/" }},
		{"the dispatcher's own metadata", "metadata.payout_mark", payout.ErrInvalid, func(r *payout.Request) { r.Metadata = map[string]string{"payout_mark": "x"} }},
		{"the dispatcher's own metadata in capitals", "metadata.payout_mark", payout.ErrInvalid, func(r *payout.Request) { r.Metadata = map[string]string{"Payout_Mark": "x"} }},
	} {
		t.Run(row.name, func(t *testing.T) {
			req := order("p-1")
			row.change(&req)
			_, err := d.Submit(t.Context(), req)
			require.ErrorIs(t, err, row.kind)
			var e *payout.Error
			require.ErrorAs(t, err, &e)
			var fields []string
			for _, v := range e.Violations {
				fields = append(fields, v.Field)
			}
			assert.Contains(t, fields, row.field)
			assert.NotContains(t, err.Error(), "4111")
			_, err = d.Status(t.Context(), req.Reference)
			require.ErrorIs(t, err, dispatch.ErrNoEntry, "nothing was taken")
		})
	}
	t.Run("a reference that only a route of another kind could not carry is taken", func(t *testing.T) {
		req := order("p-1234567890123456789012345678901") // 33 characters, and a pays to cards only
		req.Destination = payout.SavedCard{ID: "s-1"}
		d.take(req)
	})
	t.Run("what one of two routes takes is taken", func(t *testing.T) {
		req := order("p-2")
		req.Amount = payout.MustMoney("600.00 EUR")
		d.take(req)
	})
}

// What the caller does with his request after Submit is his own affair.
func TestSubmitKeepsItsOwnCopy(t *testing.T) {
	b := bank("a")
	b.info.Options = []payout.Kind{giftKind}
	d := opened(t, dispatch.Config{}, b)
	card := payout.Card{Number: payout.NewSecret("4111111111111111")}
	wrapped := gift{Paper: "red"}
	req := order("p-1")
	req.Destination, req.Metadata, req.Options = &card, map[string]string{"order": "1"}, []payout.Option{&wrapped}
	d.take(req)
	card.Number = payout.NewSecret("5105105105105100")
	wrapped.Paper = "green"
	req.Metadata["order"] = "2"
	req.Options[0] = coupon{}
	d.until("p-1", dispatch.StatePaid)
	assert.Equal(t, "4111111111111111", b.last().Destination.(payout.Card).Number.Reveal())
	assert.Equal(t, "1", b.last().Metadata["order"])
	assert.Equal(t, []payout.Option{gift{Paper: "red"}}, b.last().Options)
}

func TestAwaitAnswer(t *testing.T) {
	await := func(t *testing.T, d *desk) dispatch.Ticket { return d.take(order("p-1"), dispatch.AwaitAnswer()) }
	t.Run("paid", func(t *testing.T) {
		d := opened(t, dispatch.Config{}, bank("a"))
		ticket := await(t, d)
		assert.Equal(t, "paid", ticket.State.String())
		assert.Equal(t, d.load("p-1"), ticket.Entry)
	})
	t.Run("someone must act: the page", func(t *testing.T) {
		d := opened(t, dispatch.Config{}, bank("a").does(says(payout.StatusActionRequired)).tells(says(payout.StatusPaid)))
		ticket := await(t, d)
		assert.Equal(t, "open", ticket.State.String())
		assert.Equal(t, "https://bank.example/page", ticket.Action.URL.Reveal())
		status, err := d.Status(t.Context(), "p-1")
		require.NoError(t, err)
		assert.Equal(t, ticket, status)
		d.until("p-1", dispatch.StatePaid)
		status, err = d.Status(t.Context(), "p-1")
		require.NoError(t, err)
		assert.Zero(t, status.Action, "it is over")
	})
	t.Run("unknown", func(t *testing.T) {
		ticket := await(t, opened(t, dispatch.Config{}, bank("a").does(fails(payout.ErrOutcomeUnknown))))
		assert.Equal(t, "unknown", ticket.State.String())
	})
	t.Run("sending has to wait", func(t *testing.T) {
		b := bank("a").does(fails(payout.ErrNotSent))
		ticket := await(t, opened(t, dispatch.Config{}, b))
		assert.Equal(t, "planned", ticket.State.String())
		assert.Equal(t, 1, b.times())
	})
	t.Run("another bank is tried at once where nothing was sent", func(t *testing.T) {
		a, b := bank("a").does(fails(payout.ErrInvalid)), bank("b")
		ticket := await(t, opened(t, dispatch.Config{}, a, b))
		assert.Equal(t, "paid", ticket.State.String())
	})
	t.Run("held", func(t *testing.T) {
		d := opened(t, dispatch.Config{}, bank("a"))
		require.NoError(t, d.Hold(t.Context(), "a", "Ann", ""))
		assert.Equal(t, "planned", await(t, d).State.String())
	})
	t.Run("again: what stands", func(t *testing.T) {
		b := bank("a").does(says(payout.StatusPending))
		d := opened(t, dispatch.Config{}, b)
		await(t, d)
		assert.Equal(t, "open", await(t, d).State.String())
		assert.Equal(t, 1, b.times())
	})
	t.Run("the journal fails", func(t *testing.T) {
		j := &flaky{Journal: dispatch.NewMemory()}
		d := opened(t, dispatch.Config{Journal: j}, bank("a"))
		j.set(never("epoch"), nil)
		assert.Equal(t, "planned", await(t, d).State.String(), "it was taken all the same")
	})
	t.Run("the caller goes", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		b := bank("a").does(func(_ context.Context, asked payout.Ref) (payout.Payout, error) {
			cancel()
			return says(payout.StatusPaid)(ctx, asked)
		})
		d := opened(t, dispatch.Config{}, b)
		ticket, err := d.Submit(ctx, order("p-1"), dispatch.AwaitAnswer())
		require.NoError(t, err)
		assert.Equal(t, "paid", ticket.State.String(), "what was sent is recorded")
	})
}

// The errors that mean "not taken" are two; everything else is to be submitted again.
func TestSubmitErrors(t *testing.T) {
	j := &flaky{Journal: dispatch.NewMemory()}
	d := opened(t, dispatch.Config{Journal: j}, bank("a"))
	j.set(nil, once("insert"))
	_, err := d.Submit(t.Context(), order("p-1"))
	require.ErrorIs(t, err, errJournal)
	d.step("p-1") // it was taken, and its request is at hand
	assert.Equal(t, "paid", d.load("p-1").State.String())

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = d.Submit(ctx, order("p-2"))
	require.True(t, errors.Is(err, context.Canceled))
}
