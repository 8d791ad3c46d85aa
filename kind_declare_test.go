package payout_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
)

// odd is a record for declarations that are wrong.
type odd struct {
	Plain string
}

func (odd) Kind() payout.Kind { return payout.Kind{} }

type double struct {
	First, Second payout.Secret
}

func (double) Kind() payout.Kind { return payout.Kind{} }

type inexpressible struct {
	Text string
	Deep struct{ Number int }
}

func (inexpressible) Kind() payout.Kind { return payout.Kind{} }

type nothing struct {
	_    [0]func()
	Text string
}

func (nothing) Kind() payout.Kind { return payout.Kind{} }

type onPointer struct{ Text string }

func (*onPointer) Kind() payout.Kind { return payout.Kind{} }

type notAStruct string

func (notAStruct) Kind() payout.Kind { return payout.Kind{} }

func plainOf(d *odd) *string { return &d.Plain }

func first(d *double) *payout.Secret  { return &d.First }
func second(d *double) *payout.Secret { return &d.Second }

func TestNewKindPanicsOnBadNames(t *testing.T) {
	for _, name := range []string{"", "Card", "two words", "карта", "a-b", "a.b", "a\n"} {
		require.PanicsWithValue(t, "payout: "+quoted(name)+" is no name of a kind or field", func() {
			payout.NewKind(name, "", payout.Text(payout.Field{Name: "plain"}, plainOf))
		}, "kind %q", name)
		require.PanicsWithValue(t, "payout: "+quoted(name)+" is no name of a kind or field", func() {
			payout.NewKind("odd", "", payout.Text(payout.Field{Name: name}, plainOf))
		}, "field %q", name)
	}
	require.NotPanics(t, func() { payout.NewKind("a_1", "", payout.Text(payout.Field{Name: "_0"}, plainOf)) })
}

func TestNewKindPanicsOnBadDeclarations(t *testing.T) {
	hidden := payout.Hidden[double]
	elsewhere := new(string)
	for want, declare := range map[string]func(){
		"payout: kind double declares field a twice": func() {
			payout.NewKind("double", "", hidden(payout.Field{Name: "a"}, first), hidden(payout.Field{Name: "a"}, second))
		},
		"payout: kind double declares fields a and b in one place": func() {
			payout.NewKind("double", "", hidden(payout.Field{Name: "a"}, first), hidden(payout.Field{Name: "b"}, first))
		},
		"payout: kind double does not declare double.Second": func() {
			payout.NewKind("double", "", hidden(payout.Field{Name: "a"}, first))
		},
		"payout: kind odd does not declare odd.Plain": func() { payout.NewKind[odd]("odd", "") },
		"payout: kind inexpressible does not declare inexpressible.Deep.Number": func() {
			payout.NewKind("inexpressible", "", payout.Text(payout.Field{Name: "text"}, func(i *inexpressible) *string { return &i.Text }))
		},
		"payout: kind odd declares field b in a place that is not in the struct": func() {
			payout.NewKind("odd", "", payout.Text(payout.Field{Name: "a"}, plainOf),
				payout.Text(payout.Field{Name: "b"}, func(*odd) *string { return elsewhere }))
		},
		"payout: kind p must declare a struct, and its Kind a method of the struct itself": func() {
			payout.NewKind("p", "", payout.Text(payout.Field{Name: "a"}, func(p **onPointer) *string { return &(*p).Text }))
		},
		"payout: kind n must declare a struct, and its Kind a method of the struct itself": func() {
			payout.NewKind("n", "", payout.Text(payout.Field{Name: "a"}, func(n *notAStruct) *string { return (*string)(n) }))
		},
	} {
		require.PanicsWithValue(t, want, declare)
	}
}

func TestNewKindIgnoresWhatHoldsNothing(t *testing.T) {
	k := payout.NewKind("nothing", "", payout.Text(payout.Field{Name: "text"}, func(n *nothing) *string { return &n.Text }))
	require.Len(t, k.Fields(), 1)
}

func TestNewKindKeepsItsFields(t *testing.T) {
	fields := []payout.FieldOf[double]{
		payout.Hidden(payout.Field{Name: "first"}, first), payout.Hidden(payout.Field{Name: "second"}, second),
	}
	k := payout.NewKind("double", "", fields...)
	fields[0], fields[1] = fields[1], fields[0]
	values := k.Values(double{First: payout.NewSecret("1"), Second: payout.NewSecret("2")})
	require.Equal(t, "first", values[0].Name)
	require.Equal(t, "1", values[0].Text.Reveal())
}
