package dispatch_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/dispatch"
)

// wax is a Sealer that hides nothing, and notices what was changed.
type wax struct{ err error }

func (w *wax) Seal(_ context.Context, text []byte, bound string) ([]byte, error) {
	if w.err != nil {
		return nil, w.err
	}
	return bytes.Join([][]byte{[]byte("sealed"), []byte(bound), text}, []byte{0}), nil
}

func (w *wax) Open(_ context.Context, sealed []byte, bound string) ([]byte, error) {
	parts := bytes.SplitN(sealed, []byte{0}, 3)
	if w.err != nil || len(parts) != 3 || string(parts[1]) != bound {
		return nil, errors.Join(errors.New("this seal is broken"), w.err)
	}
	return parts[2], nil
}

// A sealed request goes on after a restart as it was.
func TestSealed(t *testing.T) {
	secret := payout.NewSecret
	destinations := map[string]payout.Destination{
		"card":           payout.Card{Number: secret("4111111111111111"), Holder: secret("A BC"), Expiry: secret("2034-12")},
		"saved_card":     payout.SavedCard{ID: "saved-1"},
		"encrypted_card": payout.EncryptedCard{Token: secret("dG9rZW4=")},
		"sbp":            payout.SBP{Phone: secret("+79261214249"), BankID: "100000000111", LastName: secret("Библброкс"), FirstName: secret("Зафод")},
		"bank_account":   payout.BankAccount{Number: secret("DE89370400440532013000"), Name: secret("A BC"), BIC: "COBADEFF", BankCity: "Köln"},
		"wallet":         payout.Wallet{System: "qiwi", ID: secret("9261214249")},
		"crypto_wallet":  payout.CryptoWallet{Address: secret("bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq")},
		"hosted_page":    payout.HostedPage{},
	}
	require.Len(t, destinations, len(payout.Kinds()), "every kind there is")
	for name, to := range destinations {
		t.Run(name, func(t *testing.T) {
			b := bank("a")
			b.info.SourceCards = true
			b.info.Options = []payout.Kind{giftKind}
			d := opened(t, dispatch.Config{Sealer: &wax{}}, b)
			req := payout.Request{
				Reference: "p-1", Amount: payout.MustMoney("10.07 EUR"), Destination: to,
				Source:      payout.Source{SavedCard: "source-1"},
				Recipient:   payout.Recipient{Name: secret("A BC"), Email: secret("a@example.com")},
				Description: "for \"A\"", Language: "de",
				ReturnURL: "https://r.example/", FailURL: "https://f.example/", CallbackURL: "https://c.example/?a=1&b=2",
				Metadata: map[string]string{"order": "1", "note": "ä"},
				Options:  []payout.Option{gift{Paper: "red", Code: secret("xy")}},
			}
			d.take(req)
			d.restart()
			e := d.step("p-1")
			assert.Equal(t, "paid", e.State.String())
			assert.Nil(t, e.Sealed, "a request that is not needed any more is forgotten")
			got := b.last()
			assert.Equal(t, e.Attempts[0].Mark, got.Metadata["payout_mark"])
			req.Metadata["payout_mark"] = e.Attempts[0].Mark
			assert.Equal(t, req.Metadata, got.Metadata)
			assert.Equal(t, req.Options, got.Options)
			req.Metadata, req.Options, got.Metadata, got.Options = nil, nil, nil, nil
			assert.Equal(t, []any{
				req.Reference, req.Amount, req.Destination, req.Source, req.Recipient, req.Description,
				req.Language, req.ReturnURL, req.FailURL, req.CallbackURL,
			}, []any{
				got.Reference, got.Amount, got.Destination, got.Source, got.Recipient, got.Description,
				got.Language, got.ReturnURL, got.FailURL, got.CallbackURL,
			})
		})
	}
}

// An extra that no provider here could read could not be read again either.
func TestSealedOptionOfNobody(t *testing.T) {
	b := bank("a")
	req := order("p-1")
	req.Options = []payout.Option{coupon{Number: "1"}}
	d := opened(t, dispatch.Config{Sealer: &wax{}}, b)
	_, err := d.Submit(t.Context(), req)
	require.ErrorIs(t, err, payout.ErrInvalid)
	require.ErrorContains(t, err, "options.coupon")

	d = opened(t, dispatch.Config{}, b) // it stays in memory, and the bank does not read it
	d.take(req)
	assert.Equal(t, "paid", d.step("p-1").State.String())
}

func TestSealerFails(t *testing.T) {
	w := &wax{}
	d := opened(t, dispatch.Config{Sealer: w}, bank("a"))
	w.err = errors.New("no key")
	_, err := d.Submit(t.Context(), order("p-1"))
	require.ErrorIs(t, err, w.err)
	_, err = d.Status(t.Context(), "p-1")
	require.ErrorIs(t, err, dispatch.ErrNoEntry)

	w.err = nil
	d.take(order("p-1"))
	w.err = errors.New("no key")
	assert.Equal(t, "paid", d.step("p-1").State.String(), "it is still at hand")

	w.err = nil
	d.take(order("p-2"))
	d.restart()
	w.err = errors.New("no key")
	for range 2 {
		d.clock.set(d.load("p-2").Due)
		_, _, err = d.Step(t.Context(), "p-2")
		require.ErrorIs(t, err, w.err)
	}
	e := d.load("p-2")
	assert.Equal(t, []any{"planned", 2, 0}, []any{e.State.String(), e.Deferred, e.Strikes}, "it waits")
	w.err = nil
	assert.Equal(t, "paid", d.step("p-2").State.String())
}

// A sealed request that was swapped for another's, or changed, is never sent.
func TestSealedSwapped(t *testing.T) {
	for name, spoil := range map[string]func(mine, other []byte) []byte{
		"another payout's": func(_, other []byte) []byte { return other },
		"another payout's, bound to this one": func(_, other []byte) []byte {
			return bytes.Replace(other, []byte("sealed\x00p-2"), []byte("sealed\x00p-1"), 1)
		},
		"another amount": func(mine, _ []byte) []byte { return bytes.Replace(mine, []byte(`"10.00"`), []byte(`"90.00"`), 1) },
		"another card": func(mine, _ []byte) []byte {
			return bytes.Replace(mine, []byte("4111111111111111"), []byte("5105105105105100"), 1)
		},
		"another reference": func(mine, _ []byte) []byte {
			return bytes.Replace(mine, []byte(`"reference":"p-1"`), []byte(`"reference":"p-3"`), 1)
		},
		"a kind that nobody knows": func(mine, _ []byte) []byte {
			return bytes.Replace(mine, []byte(`"kind":"card"`), []byte(`"kind":"cart"`), 1)
		},
		"not readable": func(mine, _ []byte) []byte { return mine[:len(mine)-3] },
	} {
		t.Run(name, func(t *testing.T) {
			b, j := bank("a"), dispatch.NewMemory()
			first := opened(t, dispatch.Config{Journal: dispatch.NewMemory(), Sealer: &wax{}}, b)
			other := order("p-2")
			other.Destination = payout.Card{Number: payout.NewSecret("5105105105105100")}
			first.take(order("p-1"))
			first.take(other)
			e := first.load("p-1")
			was := string(e.Sealed)
			e.Sealed = spoil(e.Sealed, first.load("p-2").Sealed)
			require.NotEqual(t, was, string(e.Sealed))
			_, _, err := j.Insert(t.Context(), e)
			require.NoError(t, err)

			d := opened(t, dispatch.Config{Journal: j, Sealer: &wax{}}, b)
			for range 10 {
				d.clock.set(d.load("p-1").Due)
				_, _, err := d.Step(t.Context(), "p-1")
				require.Error(t, err)
				require.NotContains(t, err.Error(), "5105")
			}
			d.pass(48 * time.Hour)
			e = d.step("p-1")
			assert.Equal(t, []any{"failed", payout.ReasonExpired}, []any{e.State.String(), e.Failure.Reason}, "it waits for a right one until its time is over")
			assert.Zero(t, b.times())
		})
	}
}

// A request whose key was destroyed before it was sent is one that is not at hand: it
// waits until it is submitted again, and fails at its deadline.
func TestErased(t *testing.T) {
	gone := fmt.Errorf("the key of this payout: %w", dispatch.ErrErased)
	for name, again := range map[string]bool{"for ever": false, "until it is submitted again": true} {
		t.Run(name, func(t *testing.T) {
			w, b := &wax{}, bank("a")
			d := opened(t, dispatch.Config{Sealer: w}, b)
			d.take(order("p-1"))
			d.restart()
			w.err = gone
			d.clock.set(d.load("p-1").Due.Add(time.Minute)) // no other process has it
			_, _, err := d.Step(t.Context(), "p-1")
			require.NoError(t, err)
			e := d.load("p-1")
			require.Equal(t, []any{"awaiting_request", 0, e.SendUntil}, []any{e.State.String(), e.Deferred, e.Due}, "nothing is tried until then")
			if again {
				d.take(order("p-1"))
				assert.Equal(t, "paid", d.step("p-1").State.String())
				assert.Equal(t, 1, b.times())
				return
			}
			d.clock.set(e.SendUntil)
			e = d.step("p-1")
			assert.Equal(t, []any{"failed", payout.ReasonExpired, true}, []any{e.State.String(), e.Failure.Reason, e.Due.IsZero()})
			assert.Zero(t, b.times())
		})
	}

	// One that can't be sealed since its key is gone is paid all the same, and not kept.
	w := &wax{err: gone}
	d := opened(t, dispatch.Config{Sealer: w}, bank("a"))
	d.take(order("p-1"))
	assert.Empty(t, d.load("p-1").Sealed)
	assert.Equal(t, "paid", d.step("p-1").State.String())
}
