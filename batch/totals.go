package batch

import (
	"slices"
	"strings"

	"github.com/payoutkit/payout"
)

// totals are sums by currency, of which a file has few.
type totals []payout.Money

func (t *totals) add(m payout.Money) error {
	for i, sum := range *t {
		if sum.Currency() != m.Currency() {
			continue
		}
		var err error
		if (*t)[i], err = sum.Add(m); err != nil {
			return fileError("asks for more "+m.Currency().Code()+" than can be counted", err)
		}
		return nil
	}
	*t = append(*t, m)
	return nil
}

// sub takes what was added before away.
func (t *totals) sub(m payout.Money) error {
	for i, sum := range *t {
		if sum.Currency() != m.Currency() {
			continue
		}
		var err error
		if (*t)[i], err = sum.Sub(m); (*t)[i].IsZero() {
			*t = slices.Delete(*t, i, i+1)
		}
		return err
	}
	return nil
}

// list has the sums in the order of the currencies' codes.
func (t *totals) list() []payout.Money {
	return slices.SortedFunc(slices.Values(*t), func(a, b payout.Money) int {
		return strings.Compare(a.Currency().Code(), b.Currency().Code())
	})
}
