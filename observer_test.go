package payout_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
)

func TestObserverSeesEachCallAndItsOutcome(t *testing.T) {
	created := payout.Call{
		Provider: "teller-1", Op: payout.OpCreate, Reference: "payout-1", Amount: payout.MustMoney("1500.00 RUB"), Destination: "card 411111******1111",
	}
	found := created
	found.Op, found.Destination = payout.OpFind, ""
	for op, call := range map[string]payout.Call{"create": created, "find": found} {
		seen := &record{}
		c, _ := answers(paid(), nil, payout.WithObserver(seen))
		_, err := asks[op](t.Context(), c)
		require.NoError(t, err)
		require.Equal(t, []payout.Call{call}, seen.calls)
		require.Equal(t, []payout.Outcome{{Status: payout.StatusPaid}}, seen.outcomes)
		require.Empty(t, seen.alarms)

		seen = &record{}
		c, _ = answers(paid(), payout.ErrRefused, payout.WithObserver(seen))
		_, err = asks[op](t.Context(), c)
		require.Equal(t, []payout.Outcome{{Status: payout.StatusUnknown, Err: err}}, seen.outcomes)
	}
	seen := &record{}
	c, _ := answers(paid(), nil, payout.WithObserver(seen))
	_, err := c.Create(t.Context(), payout.Request{})
	require.ErrorIs(t, err, payout.ErrInvalid)
	require.Len(t, seen.calls, 1, "a refused request is seen too")
	require.Equal(t, []payout.Outcome{{Err: err}}, seen.outcomes)
}

// A panic of an adapter goes on, but its span ends, and not as a success.
func TestObserverSeesAPanic(t *testing.T) {
	seen := &record{}
	c, b := answers(paid(), nil, payout.WithObserver(seen))
	b.create = func(context.Context, payout.Request) (payout.Payout, error) { panic("adapter") }
	require.PanicsWithValue(t, "adapter", func() { _, _ = c.Create(t.Context(), request()) })
	require.Len(t, seen.outcomes, 1)
	require.ErrorIs(t, seen.outcomes[0].Err, payout.ErrOutcomeUnknown)
}

func TestObserverMayBeNone(t *testing.T) {
	for _, o := range []payout.Observer{nil, payout.NoObserver()} {
		p := paid()
		p.Reference = "payout-2" // to raise an alarm
		c, _ := answers(p, nil, payout.WithObserver(o))
		got, err := c.Create(t.Context(), request())
		require.NoError(t, err)
		require.Equal(t, payout.StatusUnknown, got.Status)
	}
	seen := &record{}
	c, _ := answers(paid(), nil, payout.WithObserver(seen), payout.WithObserver(nil))
	_, err := c.Create(t.Context(), request())
	require.NoError(t, err)
	require.Len(t, seen.calls, 1, "nil changes nothing")
}

// logged makes a call under a LogObserver, and returns the lines, without the time.
func logged(t *testing.T, p payout.Payout, err error, do func(*payout.Client)) []map[string]any {
	t.Helper()
	var b bytes.Buffer
	log := slog.New(slog.NewJSONHandler(&b, &slog.HandlerOptions{Level: slog.LevelDebug}))
	synctest.Test(t, func(t *testing.T) {
		c, bank := answers(p, err, payout.WithObserver(payout.LogObserver(log)))
		create := bank.create
		bank.create = func(ctx context.Context, r payout.Request) (payout.Payout, error) {
			time.Sleep(time.Second)
			return create(ctx, r)
		}
		do(c)
	})
	var out []map[string]any
	for line := range strings.Lines(b.String()) {
		m := map[string]any{}
		require.NoError(t, json.Unmarshal([]byte(line), &m))
		delete(m, "time")
		out = append(out, m)
	}
	return out
}

func TestLogObserver(t *testing.T) {
	create := func(c *payout.Client) { _, _ = c.Create(context.Background(), request()) }
	require.Equal(t, []map[string]any{{
		"level": "DEBUG", "msg": "payout call", "provider": "teller-1", "op": "create", "reference": "payout-1", "amount": "1500.00 RUB",
		"destination": "card 411111******1111", "status": "paid", "took": 1e9,
	}}, logged(t, paid(), nil, create))

	require.Equal(t, []map[string]any{{
		"level": "WARN", "msg": "payout call", "provider": "teller-1", "op": "create", "reference": "payout-1", "amount": "1500.00 RUB",
		"destination": "card 411111******1111", "error": "payout: teller-1: create: not sent", "took": 1e9,
	}}, logged(t, paid(), &payout.Error{Kind: payout.ErrNotSent, Err: errors.New(hidden)}, create))

	other := paid()
	other.Amount = payout.MustMoney("15.00 RUB")
	lines := logged(t, other, nil, create)
	require.Len(t, lines, 2)
	require.Equal(t, map[string]any{
		"level": "ERROR", "msg": "payout alarm", "alarm": "amount_differs", "provider": "teller-1", "op": "create", "reference": "payout-1",
		"want": "1500.00 RUB", "got": "15.00 RUB",
	}, lines[0])
	require.Equal(t, "unknown", lines[1]["status"])

	require.Equal(t, []map[string]any{{
		"level": "WARN", "msg": "payout call", "provider": "teller-1", "op": "ping", "took": 0.0,
		"error": "payout: teller-1: ping: unsupported, nothing was sent: ping: is not among this provider's abilities",
	}}, logged(t, paid(), nil, func(c *payout.Client) { _ = c.Ping(context.Background()) }))
}

func TestLogObserverSaysNothingOfAStatusWhereThereIsNone(t *testing.T) {
	var b bytes.Buffer
	c, _ := fullCashier(payout.WithObserver(payout.LogObserver(slog.New(slog.NewTextHandler(&b, &slog.HandlerOptions{Level: slog.LevelDebug})))))
	_, err := c.SaveCard(t.Context(), saveRequest())
	require.NoError(t, err)
	require.Contains(t, b.String(), `op="save card" reference=card-1 destination="card 411111******1111" took=`)
	require.NotContains(t, b.String(), "status")
	require.NotContains(t, b.String(), "amount")
}

// Nothing private gets into a log, whatever stands in a request and an answer.
func TestLogObserverShowsNothingPrivate(t *testing.T) {
	r := request()
	s := payout.NewSecret(made())
	r.Recipient = payout.Recipient{ID: "private", Name: s, Email: s, Phone: s, BirthDate: s, Address: payout.Address{State: "private", City: s, Street: s}}
	r.Description, r.Metadata = "private", map[string]string{"a": "private"}
	r.Destination = payout.BankAccount{Number: payout.NewSecret("40817810099910004312"), Name: s, BankName: "private", BankAddress: "private"}
	p := rich(func(p *payout.Payout) {
		p.Action.URL, p.ProviderID, p.Reference = s, "два слова private", "private "+hidden
		p.Failure.Code, p.Support = "private code", map[string]string{"a": "private"}
	})
	var b bytes.Buffer
	all := &slog.HandlerOptions{Level: slog.LevelDebug}
	for _, h := range []slog.Handler{slog.NewTextHandler(&b, all), slog.NewJSONHandler(&b, all)} {
		for _, err := range []error{nil, errors.New("private " + hidden), &payout.Error{Code: "private " + hidden, Err: errors.New("private " + hidden)}} {
			for _, kinds := range [][]payout.Kind{payout.Kinds(), nil} { // sent, and refused
				_, bank := answers(p, err)
				bank.info.Destinations = kinds
				c := payout.NewClient(bank, payout.WithObserver(payout.LogObserver(slog.New(h))))
				_, _ = c.Create(t.Context(), r)
				_, _ = c.Find(t.Context(), r.Ref())
			}
		}
	}
	require.Contains(t, b.String(), "reference_differs")
	require.Contains(t, b.String(), "bank_account ******4312")
	requireHidden(t, b.String())
	require.NotContains(t, b.String(), "private")
	require.NotContains(t, b.String(), "40817810099910004312")
}

func TestLogObserverUsesTheDefaultLogger(t *testing.T) {
	var b bytes.Buffer
	was := slog.Default()
	slog.SetDefault(slog.New(slog.NewTextHandler(&b, nil)))
	defer slog.SetDefault(was)
	c, _ := answers(payout.Payout{}, payout.ErrRefused, payout.WithObserver(payout.LogObserver(nil)))
	_, err := c.Create(t.Context(), request())
	require.Error(t, err)
	require.Contains(t, b.String(), "refused by the bank")
}
