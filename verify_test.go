package payout_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
)

// rich is an answer with something in every field.
func rich(change func(*payout.Payout)) payout.Payout {
	p := paid()
	p.Failure = payout.Failure{Reason: payout.ReasonDeclined, Code: "98"}
	p.Action = payout.Action{URL: payout.NewSecret("https://bank.example/act"), ExpiresAt: time.Unix(1, 0)}
	p.Destination = "card ******9999"
	p.Operations = []payout.Operation{{Type: "P2P_CREDIT", OK: true}}
	p.CreatedAt = time.Unix(1, 0)
	p.Metadata = map[string]string{"a": "b"}
	p.Support = map[string]string{"serial": "7"}
	p.Provider, p.Account = "bank's", "bank's"
	change(&p)
	return p
}

// asked is what a Client returns where nothing of an answer counts.
func asked(status payout.Status, ref payout.Ref) payout.Payout {
	return payout.Payout{
		Reference: ref.Reference, ProviderID: ref.ProviderID, Endpoint: ref.Endpoint, Amount: ref.Amount,
		Provider: "teller-1", Account: "host/login", Status: status,
	}
}

// What is about something else is somebody else's: its status counts for nothing,
// and nothing of it sticks.
func TestAnswerAboutSomethingElse(t *testing.T) {
	known := request().Ref()
	known.ProviderID, known.Endpoint = "bank-7", "33"
	for name, row := range map[string]struct {
		ref    payout.Ref
		change func(*payout.Payout)
		status payout.Status
		alarm  payout.Alarm
	}{
		"reference": {
			known, func(p *payout.Payout) { p.Reference = "payout-2" }, payout.StatusUnknown,
			payout.Alarm{Kind: payout.AlarmReferenceDiffers, Want: "payout-1", Got: "payout-2"},
		},
		"reference in other case": {
			known, func(p *payout.Payout) { p.Reference = "PAYOUT-1" }, payout.StatusUnknown,
			payout.Alarm{Kind: payout.AlarmReferenceDiffers, Want: "payout-1", Got: "PAYOUT-1"},
		},
		"reference that is text": {
			known, func(p *payout.Payout) { p.Reference = "номер 4111111111111111" }, payout.StatusUnknown,
			payout.Alarm{Kind: payout.AlarmReferenceDiffers, Want: "payout-1", Got: ""},
		},
		"amount": {
			known, func(p *payout.Payout) { p.Amount = payout.MustMoney("1500.01 RUB") }, payout.StatusUnknown,
			payout.Alarm{Kind: payout.AlarmAmountDiffers, Want: "1500.00 RUB", Got: "1500.01 RUB"},
		},
		"amount in minor units": {
			known, func(p *payout.Payout) { p.Amount = payout.MustMoney("15.00 RUB") }, payout.StatusUnknown,
			payout.Alarm{Kind: payout.AlarmAmountDiffers, Want: "1500.00 RUB", Got: "15.00 RUB"},
		},
		"currency": {
			known, func(p *payout.Payout) { p.Amount = payout.MustMoney("1500.00 KZT") }, payout.StatusUnknown,
			payout.Alarm{Kind: payout.AlarmAmountDiffers, Want: "1500.00 RUB", Got: "1500.00 KZT"},
		},
		"zero amount": {
			known, func(p *payout.Payout) { p.Amount = payout.FromMinor(0, payout.RUB) }, payout.StatusUnknown,
			payout.Alarm{Kind: payout.AlarmAmountDiffers, Want: "1500.00 RUB", Got: "0.00 RUB"},
		},
		"provider id": {
			known, func(p *payout.Payout) { p.ProviderID = "bank-8" }, payout.StatusReview,
			payout.Alarm{Kind: payout.AlarmProviderIDDiffers, Want: "bank-7", Got: "bank-8"},
		},
		"amount and provider id": {
			known, func(p *payout.Payout) { p.ProviderID, p.Amount = "bank-8", payout.MustMoney("1 JPY") }, payout.StatusUnknown,
			payout.Alarm{Kind: payout.AlarmAmountDiffers, Want: "1500.00 RUB", Got: "1 JPY"},
		},
		"nothing known before": {
			request().Ref(), func(p *payout.Payout) { p.Reference = "payout-2" }, payout.StatusUnknown,
			payout.Alarm{Kind: payout.AlarmReferenceDiffers, Want: "payout-1", Got: "payout-2"},
		},
	} {
		for _, status := range []payout.Status{payout.StatusPaid, payout.StatusFailed, payout.StatusPending, payout.StatusReturned, payout.StatusActionRequired} {
			seen := &record{}
			p := rich(row.change)
			p.Status = status
			c, _ := answers(p, nil, payout.WithObserver(seen))
			got, err := c.Find(t.Context(), row.ref)
			require.NoError(t, err)
			require.Equal(t, asked(row.status, row.ref), got, "%s, %v", name, status)
			row.alarm.Provider, row.alarm.Op, row.alarm.Reference = "teller-1", payout.OpFind, "payout-1"
			require.Equal(t, []payout.Alarm{row.alarm}, seen.alarms, name)
		}
	}
}

func TestAnswerToCreateAboutSomethingElse(t *testing.T) {
	for _, change := range []func(*payout.Payout){
		func(p *payout.Payout) { p.Reference = "payout-2" },
		func(p *payout.Payout) { p.Amount = payout.MustMoney("1.00 RUB") },
	} {
		seen := &record{}
		c, _ := answers(rich(change), nil, payout.WithObserver(seen))
		got, err := c.Create(t.Context(), request())
		require.NoError(t, err)
		want := asked(payout.StatusUnknown, request().Ref())
		want.Destination = "card 411111******1111"
		require.Equal(t, want, got)
		require.Len(t, seen.alarms, 1)
		require.Equal(t, payout.OpCreate, seen.alarms[0].Op)
	}
}

// Absent is not different, but nothing is paid or returned without saying what.
func TestAnswerThatLacksSomething(t *testing.T) {
	for name, remove := range map[string]func(*payout.Payout){
		"reference": func(p *payout.Payout) { p.Reference = "" },
		"amount":    func(p *payout.Payout) { p.Amount = payout.Money{} },
		"both":      func(p *payout.Payout) { p.Reference, p.Amount = "", payout.Money{} },
	} {
		for _, status := range []payout.Status{
			payout.StatusUnknown, payout.StatusActionRequired, payout.StatusPending, payout.StatusPaid, payout.StatusFailed, payout.StatusReturned, payout.StatusReview,
		} {
			for _, ask := range asks {
				seen := &record{}
				p := paid()
				p.Status = status
				remove(&p)
				c, _ := answers(p, nil, payout.WithObserver(seen))
				got, err := ask(t.Context(), c)
				require.NoError(t, err)
				require.Equal(t, request().Ref().Reference, got.Reference)
				require.Equal(t, request().Amount, got.Amount)
				require.Equal(t, "bank-7", got.ProviderID)
				if status == payout.StatusPaid || status == payout.StatusReturned {
					require.Equal(t, payout.StatusUnknown, got.Status, "%v without %s", status, name)
					require.Len(t, seen.alarms, 1)
					require.Equal(t, payout.AlarmPaidWithoutEvidence, seen.alarms[0].Kind)
				} else if status == payout.StatusFailed && name != "amount" && seen.calls[0].Op == payout.OpFind {
					require.Equal(t, payout.StatusUnknown, got.Status, "something has failed")
					require.Len(t, seen.alarms, 1)
					require.Equal(t, payout.AlarmFailedWithoutEvidence, seen.alarms[0].Kind)
				} else {
					require.Equal(t, status, got.Status, "%v without %s", status, name)
					require.Empty(t, seen.alarms)
				}
			}
		}
	}
}

// What was known of where to ask stays known where an answer does not repeat it.
func TestAnswerKeepsWhatWasKnown(t *testing.T) {
	ref := request().Ref()
	ref.ProviderID, ref.Endpoint = "bank-7", "33"
	for _, gone := range []string{"", "два слова"} {
		p := paid()
		p.ProviderID, p.Endpoint = gone, gone
		c, _ := answers(p, nil)
		got, err := c.Find(t.Context(), ref)
		require.NoError(t, err)
		require.Equal(t, ref, got.Ref())
		require.Equal(t, payout.StatusPaid, got.Status)
	}
	p := paid()
	p.Endpoint = "34"
	c, _ := answers(p, nil)
	got, err := c.Find(t.Context(), ref)
	require.NoError(t, err)
	require.Equal(t, "34", got.Endpoint, "the bank may send elsewhere")
}

func TestAnswerFitsItsStatus(t *testing.T) {
	full := rich(func(*payout.Payout) {})
	for s := payout.StatusUnknown; s <= payout.StatusReview; s++ {
		full.Status = s
		c, _ := answers(full, nil)
		got, err := c.Find(t.Context(), request().Ref())
		require.NoError(t, err)
		require.Equal(t, s == payout.StatusFailed, got.Failure != payout.Failure{}, "%v has a failure", s)
		require.Equal(t, s == payout.StatusActionRequired, !got.Action.IsZero(), "%v has an action", s)
	}
	full.Status, full.Failure.Reason = payout.StatusReview+1, 99
	c, _ := answers(full, nil)
	got, err := c.Find(t.Context(), request().Ref())
	require.NoError(t, err)
	require.Equal(t, payout.StatusUnknown, got.Status)
	full.Status = payout.StatusFailed
	c, _ = answers(full, nil)
	got, err = c.Find(t.Context(), request().Ref())
	require.NoError(t, err)
	require.Equal(t, payout.Failure{Code: "98"}, got.Failure, "a reason that does not exist is unknown")
}

// A bank's text goes nowhere: it may hold a name, a number, or a line for a log.
func TestAnswerLosesFreeText(t *testing.T) {
	for _, text := range []string{"Карта 4111111111111111", "two words", "a\nb", "tab\t", "\x00", "\u00a0", strings.Repeat("x", 129), "é"} {
		support := map[string]string{"serial": text, "other": "7"}
		operations := []payout.Operation{{Type: text, Code: text, RRN: text, OK: true}, {Type: "P2P_CREDIT", Code: "0", RRN: "948498232196"}}
		p := paid()
		p.Status = payout.StatusFailed
		p.ProviderID, p.Endpoint, p.Failure.Code, p.Support, p.Operations = text, text, text, support, operations
		c, _ := answers(p, nil)
		got, err := c.Find(t.Context(), request().Ref())
		require.NoError(t, err)
		require.Empty(t, got.ProviderID+got.Endpoint+got.Failure.Code)
		require.Equal(t, map[string]string{"serial": "", "other": "7"}, got.Support)
		require.Equal(t, []payout.Operation{{OK: true}, {Type: "P2P_CREDIT", Code: "0", RRN: "948498232196"}}, got.Operations)
		require.Equal(t, text, support["serial"], "the adapter's map is its own")
		require.Equal(t, text, operations[0].Type, "and so are its operations")
	}
}

// An id may be a long number. A code is none, and what looks like one may be a card.
func TestAnswerLosesACodeThatMayBeACard(t *testing.T) {
	p := paid()
	p.Status, p.ProviderID, p.Failure.Code = payout.StatusFailed, "4111111111111111", "4111111111111111"
	p.Operations = []payout.Operation{{Code: "4111111111111111"}}
	c, _ := answers(p, nil)
	got, err := c.Find(t.Context(), request().Ref())
	require.NoError(t, err)
	require.Equal(t, "4111111111111111", got.ProviderID)
	require.Empty(t, got.Failure.Code+got.Operations[0].Code)
}

// What a bank returns of the request's metadata keeps the rules that the request
// kept. The rest was not the request's.
func TestAnswerKeepsTheRequestsMetadata(t *testing.T) {
	own := map[string]string{"order": "заказ 7", "empty": "", "broken": "a\nb", "": "x", "a\nb": "x", "long": strings.Repeat("x", 1025)}
	p := paid()
	p.Metadata = own
	c, _ := answers(p, nil)
	got, err := c.Find(t.Context(), request().Ref())
	require.NoError(t, err)
	require.Equal(t, map[string]string{"order": "заказ 7", "empty": ""}, got.Metadata)
	require.Len(t, own, 6, "the adapter's map is its own")
}

func TestAnswerShowsNoCardNumber(t *testing.T) {
	for text, want := range map[string]string{
		"card ******1111": "card ******1111", "card 411111******1111": "card 411111******1111",
		"card 4111111111111111": "", "card 4111 1111 1111 1111": "", "card 41111111***1111": "", "a\nb": "", "": "",
	} {
		p := paid()
		p.Destination = text
		c, _ := answers(p, nil)
		got, err := c.Find(t.Context(), request().Ref())
		require.NoError(t, err)
		require.Equal(t, want, got.Destination)

		created, err := c.Create(t.Context(), request())
		require.NoError(t, err)
		if want == "" {
			want = "card 411111******1111" // what the request says
		}
		require.Equal(t, want, created.Destination)
	}
}
