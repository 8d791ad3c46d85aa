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
	var e *payout.Error
	switch {
	case err == nil && x.refused == nil:
		return
	case err == nil:
		v.add("", "was refused when the file was checked")
	case errors.As(err, &e) && len(e.Violations) > 0:
		v.locate(x.plan.kinds[v.kind].name, e.Violations)
	default:
		v.add("", err.Error())
	}
	v.refused = true
	if c.derived { // only rows that are right count
		*c = claim{}
	}
}
