package drivertest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
)

// T is what is used of a *testing.T.
type T[Self any] interface {
	Helper()
	Context() context.Context
	Run(name string, f func(Self)) bool
	Parallel()
	Fatalf(format string, args ...any)
}

// Run runs every case as a subtest of t, beside each other as far as go test's -parallel
// allows. open returns a place without payouts, for one case alone.
func Run[Self T[Self]](t Self, open func(Self) Place) {
	t.Helper()
	for _, c := range Cases() {
		t.Run(c.Name, func(t Self) {
			t.Parallel()
			if err := c.Verify(t.Context(), open(t)); err != nil {
				t.Fatalf("%v\nrule: %s", err, c.Rule)
			}
		})
	}
}

// Case is one thing that a driver has to prove.
type Case struct {
	Name string
	Rule string // what it checks, in a sentence
	run  func(*trial)
}

// Cases returns all cases, those first that take longest.
func Cases() []Case {
	return slices.Concat(failureCases(), lossCases(), ratesCases(), askingCases(), requestCases(), holdCases(), outcomeCases())
}

// patience is how long is waited for what has to happen.
const patience = 30 * time.Second

// Verify runs the case in a place without payouts, and returns what is wrong with its
// drivers. What has to happen is waited for until ctx ends, and 30 s at most. It returns
// when all that it has begun has ended; a driver whose Run does not end is left behind,
// and that is an error.
func (c Case) Verify(ctx context.Context, p Place) (err error) {
	t := newTrial(ctx, p)
	defer func() {
		if r := recover(); r != nil {
			seen, ok := r.(broken)
			if !ok {
				panic(r)
			}
			err = errors.New(string(seen))
		}
		err = errors.Join(err, t.end())
	}()
	c.run(t)
	t.judge()
	return nil
}

// broken ends a case.
type broken string

func (t *trial) fail(format string, args ...any) { panic(broken(fmt.Sprintf(format, args...))) }

// ok ends the case if a call failed.
func (t *trial) ok(err error, what string, args ...any) {
	if err != nil {
		t.fail("%s: %v", fmt.Sprintf(what, args...), err)
	}
}

// is ends the case if a call did not fail as it should have.
func (t *trial) is(err, want error, what string) {
	if !errors.Is(err, want) {
		t.fail("%s: the error is %v, not %v", what, err, want)
	}
}

// same ends the case if two values differ.
func same[V comparable](t *trial, got, want V, what string, args ...any) {
	if got != want {
		t.fail("%s: %v, not %v", fmt.Sprintf(what, args...), got, want)
	}
}
