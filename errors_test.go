package payout_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
)

func TestErrorText(t *testing.T) {
	var none *payout.Error
	for name, row := range map[string]struct {
		err  *payout.Error
		want string
	}{
		"nil":  {none, "payout: outcome unknown"},
		"zero": {&payout.Error{}, "payout: outcome unknown"},
		"all": {
			&payout.Error{
				Kind: payout.ErrRefused, Provider: "bereke-1", Op: payout.OpCreate, Code: "98", HTTPStatus: 400,
				RetryAfter: 90 * time.Second, Detail: "as listed", Err: errors.New(hidden),
			},
			"payout: bereke-1: create: refused by the bank: as listed (HTTP 400) (code 98) (retry after 1m30s)",
		},
		"violations": {
			&payout.Error{Kind: payout.ErrInvalid, Violations: []payout.Violation{
				{Field: "amount", Rule: "must be positive"}, {Field: "reference", Rule: "must be at most 32 characters", Doc: "bereke:317"},
			}},
			"payout: invalid, nothing was sent: amount: must be positive; reference: must be at most 32 characters (bereke:317)",
		},
		"a code that is none":  {&payout.Error{Code: "Карта 4111111111111111"}, "payout: outcome unknown"},
		"negative Retry-After": {&payout.Error{RetryAfter: -1}, "payout: outcome unknown"},
		"a kind that is none":  {&payout.Error{Kind: 77}, "payout: outcome unknown"},
		"contradiction":        {&payout.Error{Kind: payout.ErrNotSent, HTTPStatus: 502}, "payout: outcome unknown (HTTP 502)"},
		"stays one line":       {&payout.Error{Detail: "a\nb\x00\u2028c"}, "payout: outcome unknown: a?b??c"},
	} {
		require.Equal(t, row.want, row.err.Error(), name)
	}
}

// Whatever a cause says stays unsaid, however the error is printed.
func TestErrorHidesItsCause(t *testing.T) {
	type loud struct{ *fs.PathError } // says what it holds in every way
	cause := loud{&fs.PathError{Op: hidden, Path: hidden, Err: errors.New(hidden)}}
	err := &payout.Error{Kind: payout.ErrNotSent, Err: cause}
	for name, v := range map[string]any{
		"pointer": err, "value": *err, "field": struct{ E error }{err}, "value field": struct{ E payout.Error }{*err},
		"slice": []error{err}, "map": map[string]payout.Error{"e": *err}, "wrapped": fmt.Errorf("x: %w", err),
		"outer": &payout.Error{Err: err}, "outer join": &payout.Error{Err: errors.Join(err, cause)},
	} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d", "%p"} {
			requireHidden(t, fmt.Sprintf(verb, v))
		}
		var b bytes.Buffer
		slog.New(slog.NewTextHandler(&b, nil)).Info("e", "e", v)
		slog.New(slog.NewJSONHandler(&b, nil)).Info("e", "e", v)
		_ = json.NewEncoder(&b).Encode(v)
		requireHidden(t, b.String())
		if name == "pointer" {
			require.Contains(t, b.String(), "not sent")
		}
	}
	require.Equal(t, `"payout: not sent"`, fmt.Sprintf("%#v", err))
	require.Equal(t, "payout: not sent", fmt.Sprintf("%d", err))
}

func TestErrorIsAndAs(t *testing.T) {
	path := &fs.PathError{Op: "dial", Err: context.DeadlineExceeded}
	var err error = &payout.Error{Kind: payout.ErrNotSent, Err: fmt.Errorf("lower: %w", path)}
	err = fmt.Errorf("higher: %w", err)

	require.ErrorIs(t, err, payout.ErrNotSent)
	require.ErrorIs(t, err, context.DeadlineExceeded)
	require.ErrorIs(t, err, error(path))
	require.NotErrorIs(t, err, context.Canceled)
	var asPath *fs.PathError
	require.ErrorAs(t, err, &asPath)
	require.Same(t, path, asPath)
	var asError *payout.Error
	require.ErrorAs(t, err, &asError)
	require.Equal(t, payout.ErrNotSent, asError.Kind)
	var asKind payout.ErrorKind
	require.ErrorAs(t, err, &asKind)
	require.Equal(t, payout.ErrNotSent, asKind)
}

// A kind in the cause proves nothing about the error: whoever asks with errors.Is
// must not be told to send again.
func TestErrorIsOfOneKindOnly(t *testing.T) {
	for _, outer := range errorKinds {
		for _, inner := range errorKinds {
			err := &payout.Error{Kind: outer, Err: fmt.Errorf("lower: %w", &payout.Error{Kind: inner})}
			for _, k := range errorKinds {
				require.Equal(t, k == outer, errors.Is(err, k), "%v in %v is %v", inner, outer, k)
			}
			var asKind payout.ErrorKind
			require.True(t, errors.As(err, &asKind))
			require.Equal(t, outer, asKind)
		}
	}
}

func TestErrorNilPointerCanBeAsked(t *testing.T) {
	var none *payout.Error
	var err error = none
	require.ErrorIs(t, err, payout.ErrOutcomeUnknown)
	require.NotErrorIs(t, err, payout.ErrNotSent)
	require.NotErrorIs(t, err, context.Canceled)
	var path *fs.PathError
	require.False(t, errors.As(err, &path))
	require.Equal(t, "<nil>", fmt.Sprintf("%v", err))
}

func TestCleanCode(t *testing.T) {
	for code, want := range map[string]string{
		"98": "98", "-2007": "-2007", "INSUFFICIENT_FUNDS": "INSUFFICIENT_FUNDS", "a.b-c_D9": "a.b-c_D9", "": "",
		"1234567890":            "1234567890",
		"12345678901":           "",
		"4111111111111111":      "",
		"4111-1111-1111-1111":   "",
		"two words":             "",
		"Отказ":                 "",
		"С98":                   "", // the letter is Cyrillic
		"98\n":                  "",
		"98;":                   "",
		"<b>":                   "",
		strings.Repeat("a", 32): strings.Repeat("a", 32),
		strings.Repeat("a", 33): "",
		"٩٨":                    "",
		"\xff":                  "",
	} {
		require.Equal(t, want, payout.CleanCode(code), "%q", code)
	}
}
