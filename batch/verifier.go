package batch

import (
	"errors"

	"github.com/payoutkit/payout"
)

// verifier verifies the rows of a file, each by itself. It is not safe for concurrent use:
// whoever verifies beside another one has a verifier of his own.
type verifier struct {
	plan    *plan
	options Options
	keyed   *keyed                     // nil: there is no key
	accept  func(payout.Request) error // nil: everything is accepted
	// refused are the rows that were not accepted when the file was checked. Nil: it is
	// being checked.
	refused *rowSet
}

func newVerifier(p *plan, o Options) verifier {
	return verifier{plan: p, options: o, keyed: newKeyed(o.Key, o.Batch)}
}

// another does the same beside this one.
func (x *verifier) another() verifier {
	y := newVerifier(x.plan, x.options)
	y.accept, y.refused = x.accept, x.refused
	return y
}

// examine finds out what is wrong with a row, and what it needs to get its reference.
func (x *verifier) examine(number int, rec *record, v *verdict, c *claim) {
	x.verify(rec, v)
	x.claim(v, c)
	if len(v.all) > 0 || x.accept == nil || x.refused != nil && !x.refused.has(number) {
		return
	}
	req := x.build(v)
	req.Reference = c.text()
	err := x.accept(req)
	if err == nil && x.refused == nil {
		return
	}
	if err == nil {
		err = errors.New("was refused when the file was checked")
	}
	v.located(x.plan.kinds[v.kind].name, err)
	v.refused = true
	if c.derived { // only rows that are right count
		*c = claim{}
	}
}
