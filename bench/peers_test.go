package bench

import (
	"encoding/json"
	"testing"

	gomoney "github.com/Rhymond/go-money"
	"github.com/cockroachdb/apd/v3"
	govalues "github.com/govalues/decimal"
	"github.com/shopspring/decimal"

	"github.com/payoutkit/payout"
)

const (
	ours       = "payout"
	shopspring = "shopspring/decimal"
	rhymond    = "Rhymond/go-money"
	govalue    = "govalues/decimal"
	cockroach  = "cockroachdb/apd"
)

// An operation is the same work done by this library and by those peers that
// can do it.
type operation struct {
	name  string
	goals map[string]float64 // peer to the largest ratio that is wanted
	by    []contestant       // ours first
}

type contestant struct {
	library string
	run     func(b *testing.B)
}

// amounts have the lengths that payouts have.
var amounts = []string{"0.01", "10.42", "1500.00", "99999.99", "1234567.89"}

var operations = []operation{
	{
		name:  "parse",
		goals: map[string]float64{govalue: 0.8},
		by: []contestant{
			{ours, loop(func(i int) error { _, err := payout.ParseMajor(amounts[i], payout.USD); return err })},
			{shopspring, loop(func(i int) error { _, err := decimal.NewFromString(amounts[i]); return err })},
			{govalue, loop(func(i int) error { _, err := govalues.Parse(amounts[i]); return err })},
			{cockroach, parseApd},
		},
	},
	{
		name:  "add",
		goals: map[string]float64{shopspring: 0.2},
		by:    []contestant{{ours, addOurs}, {shopspring, addShopspring}, {rhymond, addRhymond}, {govalue, addGovalues}, {cockroach, addApd}},
	},
	{
		name: "compare",
		by:   []contestant{{ours, compareOurs}, {shopspring, compareShopspring}, {rhymond, compareRhymond}, {govalue, compareGovalues}, {cockroach, compareApd}},
	},
	{
		name: "append in major units",
		by:   []contestant{{ours, appendOurs}, {shopspring, appendShopspring}, {rhymond, appendRhymond}, {govalue, appendGovalues}, {cockroach, appendApd}},
	},
	{
		name: "from and to minor units",
		by:   []contestant{{ours, minorOurs}, {shopspring, minorShopspring}, {rhymond, minorRhymond}, {govalue, minorGovalues}, {cockroach, minorApd}},
	},
	{
		name:  "split into three",
		goals: map[string]float64{rhymond: 0.25},
		by:    []contestant{{ours, splitOurs}, {rhymond, splitRhymond}},
	},
	{
		name: "split into three, the slice kept",
		by:   []contestant{{ours, splitKeptOurs}, {rhymond, splitKeptRhymond}},
	},
	{
		name: "split into three, into a slice at hand",
		by:   []contestant{{ours, splitIntoOurs}, {rhymond, splitRhymond}},
	},
	{
		name:  "JSON round trip",
		goals: map[string]float64{rhymond: 0.6},
		by:    []contestant{{ours, jsonOurs}, {rhymond, jsonRhymond}},
	},
}

// loop calls step with the amounts in turn.
func loop(step func(i int) error) func(*testing.B) {
	return func(b *testing.B) {
		i := 0
		for b.Loop() {
			if err := step(i); err != nil {
				b.Fatal(err)
			}
			if i++; i == len(amounts) {
				i = 0
			}
		}
	}
}

// check stops a benchmark that measures errors.
func check(b *testing.B, err error) {
	if err != nil {
		b.Fatal(err)
	}
}

func parseApd(b *testing.B) {
	var d apd.Decimal
	loop(func(i int) error { _, _, err := d.SetString(amounts[i]); return err })(b)
}

func addOurs(b *testing.B) {
	x, y := payout.FromMinor(150000, payout.USD), payout.FromMinor(1042, payout.USD)
	for b.Loop() {
		_, err := x.Add(y)
		check(b, err)
	}
}

func addShopspring(b *testing.B) {
	x, y := decimal.New(150000, -2), decimal.New(1042, -2)
	for b.Loop() {
		_ = x.Add(y)
	}
}

func addRhymond(b *testing.B) {
	x, y := gomoney.New(150000, "USD"), gomoney.New(1042, "USD")
	for b.Loop() {
		_, err := x.Add(y)
		check(b, err)
	}
}

func addGovalues(b *testing.B) {
	x, y := govalues.MustParse("1500.00"), govalues.MustParse("10.42")
	for b.Loop() {
		_, err := x.Add(y)
		check(b, err)
	}
}

func addApd(b *testing.B) {
	x, y := apd.New(150000, -2), apd.New(1042, -2)
	var sum apd.Decimal
	for b.Loop() {
		_, err := apd.BaseContext.Add(&sum, x, y)
		check(b, err)
	}
}

func compareOurs(b *testing.B) {
	x, y := payout.FromMinor(150000, payout.USD), payout.FromMinor(1042, payout.USD)
	for b.Loop() {
		_, err := x.Cmp(y)
		check(b, err)
	}
}

func compareShopspring(b *testing.B) {
	x, y := decimal.New(150000, -2), decimal.New(1042, -2)
	for b.Loop() {
		_ = x.Cmp(y)
	}
}

func compareRhymond(b *testing.B) {
	x, y := gomoney.New(150000, "USD"), gomoney.New(1042, "USD")
	for b.Loop() {
		_, err := x.Compare(y)
		check(b, err)
	}
}

func compareGovalues(b *testing.B) {
	x, y := govalues.MustParse("1500.00"), govalues.MustParse("10.42")
	for b.Loop() {
		_ = x.Cmp(y)
	}
}

func compareApd(b *testing.B) {
	x, y := apd.New(150000, -2), apd.New(1042, -2)
	for b.Loop() {
		_ = x.Cmp(y)
	}
}

func appendOurs(b *testing.B) {
	x, buffer := payout.FromMinor(150042, payout.USD), make([]byte, 0, 64)
	for b.Loop() {
		buffer = x.AppendMajor(buffer[:0])
	}
}

func appendShopspring(b *testing.B) {
	x, buffer := decimal.New(150042, -2), make([]byte, 0, 64)
	for b.Loop() {
		buffer = append(buffer[:0], x.StringFixed(2)...)
	}
}

func appendRhymond(b *testing.B) {
	x, buffer := gomoney.New(150042, "USD"), make([]byte, 0, 64)
	for b.Loop() {
		buffer = append(buffer[:0], x.Display()...)
	}
}

func appendGovalues(b *testing.B) {
	x, buffer := govalues.MustParse("1500.42"), make([]byte, 0, 64)
	for b.Loop() {
		var err error
		buffer, err = x.AppendText(buffer[:0])
		check(b, err)
	}
}

func appendApd(b *testing.B) {
	x, buffer := apd.New(150042, -2), make([]byte, 0, 64)
	for b.Loop() {
		buffer = x.Append(buffer[:0], 'f')
	}
}

func minorOurs(b *testing.B) {
	n := int64(150042)
	for b.Loop() {
		n = payout.FromMinor(n, payout.USD).Minor()
	}
}

func minorShopspring(b *testing.B) {
	n := int64(150042)
	for b.Loop() {
		n = decimal.New(n, -2).Shift(2).IntPart()
	}
}

func minorRhymond(b *testing.B) {
	n := int64(150042)
	for b.Loop() {
		n = gomoney.New(n, "USD").Amount()
	}
}

func minorGovalues(b *testing.B) {
	n := int64(150042)
	for b.Loop() {
		d, err := govalues.New(n, 2)
		check(b, err)
		whole, fraction, _ := d.Int64(2)
		n = whole*100 + fraction
	}
}

func minorApd(b *testing.B) {
	n := int64(150042)
	var d apd.Decimal
	for b.Loop() {
		d.SetFinite(n, -2)
		d.Exponent += 2
		var err error
		n, err = d.Int64()
		check(b, err)
	}
}

func splitOurs(b *testing.B) {
	x, sum := payout.FromMinor(10000, payout.USD), int64(0)
	for b.Loop() {
		parts, err := x.Split(3)
		check(b, err)
		for _, part := range parts {
			sum += part.Minor()
		}
	}
}

func splitRhymond(b *testing.B) {
	x, sum := gomoney.New(10000, "USD"), int64(0)
	for b.Loop() {
		parts, err := x.Split(3)
		check(b, err)
		for _, part := range parts {
			sum += part.Amount()
		}
	}
}

// What is stored here has to outlive the loop, so it can't be on the stack.
var (
	kept        []payout.Money
	keptRhymond []*gomoney.Money
)

func splitKeptOurs(b *testing.B) {
	x := payout.FromMinor(10000, payout.USD)
	for b.Loop() {
		var err error
		kept, err = x.Split(3)
		check(b, err)
	}
}

func splitKeptRhymond(b *testing.B) {
	x := gomoney.New(10000, "USD")
	for b.Loop() {
		var err error
		keptRhymond, err = x.Split(3)
		check(b, err)
	}
}

func splitIntoOurs(b *testing.B) {
	x, parts, sum := payout.FromMinor(10000, payout.USD), make([]payout.Money, 3), int64(0)
	for b.Loop() {
		check(b, x.SplitInto(parts))
		for _, part := range parts {
			sum += part.Minor()
		}
	}
}

func jsonOurs(b *testing.B) {
	x := payout.FromMinor(150042, payout.USD)
	for b.Loop() {
		data, err := json.Marshal(x)
		check(b, err)
		var read payout.Money
		check(b, json.Unmarshal(data, &read))
	}
}

func jsonRhymond(b *testing.B) {
	x := gomoney.New(150042, "USD")
	for b.Loop() {
		data, err := json.Marshal(x)
		check(b, err)
		var read gomoney.Money
		check(b, json.Unmarshal(data, &read))
	}
}
