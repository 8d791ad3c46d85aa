package payout_test

import (
	"context"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
)

var saves = map[payout.Op]func(context.Context, *payout.Client, payout.SaveCardRequest) (payout.CardSaved, error){
	payout.OpSaveCard: func(ctx context.Context, c *payout.Client, r payout.SaveCardRequest) (payout.CardSaved, error) {
		return c.SaveCard(ctx, r)
	},
	payout.OpSaveSourceCard: func(ctx context.Context, c *payout.Client, r payout.SaveCardRequest) (payout.CardSaved, error) {
		return c.SaveSourceCard(ctx, r)
	},
}

func TestSaveCardChecksItsRequest(t *testing.T) {
	for want, change := range map[string]func(*payout.SaveCardRequest){
		"card.number: is required": func(r *payout.SaveCardRequest) { r.Card = payout.Card{} },
		"card.number: must have a valid check digit: one or more digits are wrong": func(r *payout.SaveCardRequest) {
			r.Card.Number = payout.NewSecret("4111111111111112")
		},
		"reference: is required (teller:7)":                func(r *payout.SaveCardRequest) { r.Reference = "" },
		"owner_id: must not contain control characters":    func(r *payout.SaveCardRequest) { r.OwnerID = "\n" },
		"owner_id: must be at most 255 characters":         func(r *payout.SaveCardRequest) { r.OwnerID = strings.Repeat("x", 256) },
		"cvv: must be at most 4 characters":                func(r *payout.SaveCardRequest) { r.CVV = payout.NewSecret("12345") },
		"card.expiry: must be a month as YYYY-MM":          func(r *payout.SaveCardRequest) { r.Card.Expiry = payout.NewSecret("1") },
		"cvv: must not begin or end with a space":          func(r *payout.SaveCardRequest) { r.CVV = payout.NewSecret(" 12") },
		"card.holder: must not contain control characters": func(r *payout.SaveCardRequest) { r.Card.Holder = payout.NewSecret("a\tb") },
	} {
		for op, save := range saves {
			c, b := fullCashier()
			r := saveRequest()
			change(&r)
			_, err := save(t.Context(), c, r)
			require.ErrorIs(t, err, payout.ErrInvalid)
			require.Equal(t, "payout: teller-1: "+string(op)+": invalid, nothing was sent: "+want, err.Error())
			require.Empty(t, b.calls)
		}
	}
}

func TestSaveCardAnswer(t *testing.T) {
	action := payout.Action{URL: payout.NewSecret("https://bank.example/3ds")}
	for name, row := range map[string]struct{ answer, want payout.CardSaved }{
		"whole": {
			payout.CardSaved{Reference: "card-1", ProviderID: "7", ID: "binding-1", Masked: "411111XXXXXX1111", Action: action},
			payout.CardSaved{Reference: "card-1", ProviderID: "7", ID: "binding-1", Masked: "411111******1111", Action: action},
		},
		"bare":            {payout.CardSaved{ID: "b"}, payout.CardSaved{Reference: "card-1", ID: "b", Masked: "411111******1111"}},
		"nothing":         {payout.CardSaved{}, payout.CardSaved{Reference: "card-1", Masked: "411111******1111"}},
		"hides all":       {payout.CardSaved{ID: "b", Masked: "****"}, payout.CardSaved{Reference: "card-1", ID: "b", Masked: "411111******1111"}},
		"ids are text":    {payout.CardSaved{ID: "два слова", ProviderID: "a\nb"}, payout.CardSaved{Reference: "card-1", Masked: "411111******1111"}},
		"masked is whole": {payout.CardSaved{Masked: "4111111111111111"}, payout.CardSaved{Reference: "card-1", Masked: "411111******1111"}},
	} {
		for _, save := range saves {
			seen := &record{}
			c, b := fullCashier(payout.WithObserver(seen))
			b.saved = row.answer
			got, err := save(t.Context(), c, saveRequest())
			require.NoError(t, err, name)
			require.Equal(t, row.want, got, name)
			require.Empty(t, seen.alarms)
		}
	}
}

// An identifier of another card would pay a stranger, later and in good order.
func TestSaveCardAnswerAboutAnother(t *testing.T) {
	for name, row := range map[string]struct {
		answer payout.CardSaved
		alarm  payout.Alarm
	}{
		"reference": {
			payout.CardSaved{Reference: "card-2", ID: "binding-2"},
			payout.Alarm{Kind: payout.AlarmReferenceDiffers, Want: "card-1", Got: "card-2"},
		},
		"reference, text": {
			payout.CardSaved{Reference: "карта 4111111111111111", ID: "binding-2"},
			payout.Alarm{Kind: payout.AlarmReferenceDiffers, Want: "card-1"},
		},
		"card": {
			payout.CardSaved{Reference: "card-1", ID: "binding-2", Masked: "411111XXXXXX1112"},
			payout.Alarm{Kind: payout.AlarmCardDiffers, Want: "411111******1111", Got: "******1112"},
		},
	} {
		for op, save := range saves {
			seen := &record{}
			c, b := fullCashier(payout.WithObserver(seen))
			b.saved = row.answer
			got, err := save(t.Context(), c, saveRequest())
			require.ErrorIs(t, err, payout.ErrOutcomeUnknown, name)
			require.Zero(t, got)
			row.alarm.Provider, row.alarm.Op, row.alarm.Reference = "teller-1", op, "card-1"
			require.Equal(t, []payout.Alarm{row.alarm}, seen.alarms)
		}
	}
}

func TestSaveCardAnswerBesideAnErrorIsNone(t *testing.T) {
	for _, save := range saves {
		c, b := fullCashier()
		b.saved, b.err = payout.CardSaved{Reference: "card-1", ID: "binding"}, io.EOF
		got, err := save(t.Context(), c, saveRequest())
		require.ErrorIs(t, err, payout.ErrOutcomeUnknown)
		require.Zero(t, got)
	}
}
