package stored_test

import (
	"encoding/json"
	"reflect"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/dispatch"
	"github.com/payoutkit/payout/journal/internal/stored"
)

var at = time.Date(2026, 11, 22, 10, 11, 12, 345678000, time.UTC)

// filled is a value with something in every field, each something else.
func filled[T any](t *testing.T) (out T) {
	n := 0
	var fill func(v reflect.Value)
	fill = func(v reflect.Value) {
		n++
		switch x := v.Addr().Interface().(type) {
		case *time.Time:
			*x = at.Add(time.Duration(n) * time.Hour)
			return
		case *payout.Money:
			*x = payout.FromMinor(int64(n), payout.RUB)
			return
		case *dispatch.State:
			*x = dispatch.State(1 + n%10)
			return
		case *dispatch.Review:
			*x = dispatch.ReviewStranger
			return
		case *dispatch.EventKind:
			*x = dispatch.EventResolved
			return
		case *payout.Status:
			*x = payout.StatusReturned
			return
		case *payout.Reason:
			*x = payout.ReasonInsufficientFunds
			return
		case *payout.ErrorKind:
			*x = payout.ErrRateLimited
			return
		}
		switch v.Kind() {
		case reflect.Struct:
			for i := range v.NumField() {
				fill(v.Field(i))
			}
		case reflect.Slice:
			v.Set(reflect.MakeSlice(v.Type(), 2, 2))
			for i := range 2 {
				fill(v.Index(i))
			}
		case reflect.Array:
			for i := range v.Len() {
				fill(v.Index(i))
			}
		case reflect.String:
			v.SetString(string(rune('a'+n%26)) + "\x00ü\"")
		case reflect.Bool:
			v.SetBool(true)
		case reflect.Int, reflect.Int64:
			v.SetInt(int64(n))
		case reflect.Uint8, reflect.Uint32:
			v.SetUint(uint64(n % 256))
		default:
			t.Fatalf("nothing to fill a %s with", v.Type())
		}
	}
	fill(reflect.ValueOf(&out).Elem())
	return out
}

// fields shows every field: an Entry prints itself shorter.
func fields(e dispatch.Entry) any {
	type all dispatch.Entry
	return all(e)
}

func TestEntryComesBackWhole(t *testing.T) {
	e := filled[dispatch.Entry](t)
	row, err := stored.FromEntry(e)
	require.NoError(t, err)
	got, err := row.Entry()
	require.NoError(t, err)
	require.Equal(t, fields(e), fields(got))

	row, err = stored.FromEntry(dispatch.Entry{})
	require.NoError(t, err)
	got, err = row.Entry()
	require.NoError(t, err)
	require.Equal(t, fields(dispatch.Entry{}), fields(got))
}

func TestEventComesBackWhole(t *testing.T) {
	c := dispatch.Change{Entry: filled[dispatch.Entry](t), Event: filled[dispatch.Event](t)}
	want := dispatch.Changed{
		Reference: c.Entry.Reference, Version: c.Entry.Version + 1, Event: c.Event, State: c.Entry.State,
		Review: c.Entry.Review, Failure: c.Entry.Failure, Amount: c.Entry.Amount,
	}
	row, err := stored.FromChange(c)
	require.NoError(t, err)
	got, err := row.Changed()
	require.NoError(t, err)
	require.Equal(t, want, got)

	for kind := payout.ErrorKind(0); kind < 20; kind++ {
		c.Event.Outcome.Kind = kind
		row, err := stored.FromChange(c)
		require.NoError(t, err)
		got, err := row.Changed()
		require.NoError(t, err)
		want := kind
		if kind > payout.ErrConflict { // no kind has this number: it proves nothing
			want = payout.ErrOutcomeUnknown
		}
		require.Equal(t, want, got.Event.Outcome.Kind)
	}
}

func TestHoldComesBackWhole(t *testing.T) {
	h := filled[dispatch.Hold](t)
	document, err := stored.FromHold(h)
	require.NoError(t, err)
	got, err := stored.Hold(h.Provider, document)
	require.NoError(t, err)
	require.Equal(t, h, got)
}

// What can't be read is an error: never a payout that looks as if it were new.
func TestDamageIsAnError(t *testing.T) {
	good, err := stored.FromEntry(filled[dispatch.Entry](t))
	require.NoError(t, err)
	for name, damage := range map[string]func(*stored.Payout){
		"no document":         func(p *stored.Payout) { p.Document = nil },
		"half a document":     func(p *stored.Payout) { p.Document = p.Document[:len(p.Document)/2] },
		"no state":            func(p *stored.Payout) { p.State = "" },
		"a state of tomorrow": func(p *stored.Payout) { p.State = "tomorrow" },
		"no currency":         func(p *stored.Payout) { p.Currency = "" },
		"no such currency":    func(p *stored.Payout) { p.Currency = "XQQ" },
		"no fingerprint":      func(p *stored.Payout) { p.Document = []byte(`{}`) },
		"an attempt's state": func(p *stored.Payout) {
			p.Document = []byte(`{"fingerprint":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=","attempts":[{"state":"tomorrow"}]}`)
		},
	} {
		row := good
		damage(&row)
		_, err := row.Entry()
		require.ErrorContains(t, err, "read payout", name)
	}
	_, err = stored.Event{Document: []byte(`{"attempt":0,"amount":0,"currency":""}`), State: "paid", Kind: "tomorrow"}.Changed()
	require.Error(t, err)
	require.True(t, json.Valid(good.Document))
}
