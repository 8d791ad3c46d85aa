package journaltest

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"

	"github.com/payoutkit/payout/dispatch"
)

// T is what is used of a *testing.T.
type T[Self any] interface {
	Helper()
	Context() context.Context
	Run(name string, f func(Self)) bool
	Fatalf(format string, args ...any)
}

// Run runs every case as a subtest of t. open returns a journal that is empty, for one
// case alone.
func Run[Self T[Self]](t Self, open func(Self) dispatch.Journal) {
	t.Helper()
	for _, c := range Cases() {
		t.Run(c.Name, func(t Self) {
			if err := c.Verify(t.Context(), open(t)); err != nil {
				t.Fatalf("%v\nrule: %s", err, c.Rule)
			}
		})
	}
}

// Case is one thing that a journal has to prove.
type Case struct {
	Name string
	Rule string // what it checks, in a sentence
	run  func(*trial)
}

// Cases returns all cases.
func Cases() []Case {
	return slices.Concat(entryCases(), commitCases(), referenceCases(), limitCases(), dueCases(), listCases(), holdCases(), contextCases())
}

// Verify runs the case on an empty journal, and returns what is wrong with it.
func (c Case) Verify(ctx context.Context, j dispatch.Journal) (err error) {
	t := &trial{ctx: ctx, Journal: j}
	defer func() {
		if r := recover(); r != nil {
			seen, ok := r.(broken)
			if !ok {
				panic(r)
			}
			err = errors.New(string(seen))
		}
	}()
	c.run(t)
	return nil
}

// trial is a case that is running.
type trial struct {
	dispatch.Journal
	ctx context.Context
}

// broken ends a case.
type broken string

func (t *trial) fail(format string, args ...any) { panic(broken(fmt.Sprintf(format, args...))) }

// ok ends the case if a call failed.
func (t *trial) ok(err error, what string) {
	if err != nil {
		t.fail("%s: %v", what, err)
	}
}

// is ends the case if a call did not fail as it should have.
func (t *trial) is(err, want error, what string) {
	if !errors.Is(err, want) {
		t.fail("%s: the error is %v, not %v", what, err, want)
	}
}

// same ends the case if two values differ.
func (t *trial) same(got, want any, what string) {
	if !reflect.DeepEqual(got, want) {
		t.fail("%s:\ngot  %+v\nwant %+v", what, bare(got), bare(want))
	}
}

// bare is a value whose fields are printed.
func bare(v any) any {
	type entry dispatch.Entry
	if e, ok := v.(dispatch.Entry); ok {
		return entry(e)
	}
	return v
}
