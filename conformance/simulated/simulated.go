// Package simulated shows a bank that is built on sandbox/bank to the conformance
// suite.
package simulated

import (
	"crypto/x509"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/conformance"
	"github.com/payoutkit/payout/sandbox/bank"
)

// Bank makes a [conformance.Bank] of a simulated bank.
func Bank(s *bank.Server) conformance.Bank { return simulated{s} }

type simulated struct{ server *bank.Server }

func (s simulated) URL() string           { return s.server.URL() }
func (s simulated) Roots() *x509.CertPool { return s.server.Roots() }
func (s simulated) Close()                { s.server.Close() }

func (s simulated) Moved(reference string) (out []payout.Money) {
	for _, e := range s.server.Ledger().Moved(reference) {
		if !e.Back {
			out = append(out, e.Money)
		}
	}
	return out
}

func (s simulated) Total() int { return len(s.server.Ledger().Entries()) }

// oddWord is in no bank's list.
const oddWord = "73"

func (s simulated) Plan(reference string, p conformance.Plan) {
	act := bank.Act{}
	for _, turn := range p.Turns {
		switch turn {
		case conformance.Pending:
			act = act.Then(bank.Pend(0))
		case conformance.Failed:
			act = act.Then(bank.Decline(p.Code))
		case conformance.Returned:
			act = act.Then(bank.Return())
		case conformance.Odd:
			act = act.Then(bank.Say(bank.Paid, oddWord))
		default:
			act = act.Then(bank.Pay())
		}
	}
	for _, op := range []bank.Operation{bank.Create, bank.Status} {
		script := bank.Script{Operation: op, Reference: reference, Alter: alter(p)}
		if op == bank.Create {
			script.Act = act
		}
		s.server.Script(script)
	}
}

func alter(p conformance.Plan) func(*bank.Statement) {
	silent := false
	for _, t := range p.Turns {
		silent = silent || t == conformance.Silent
	}
	return func(s *bank.Statement) {
		if silent {
			bank.Omit(bank.StatusWord)(s)
		}
		switch p.Lie {
		case conformance.OtherAmount:
			other, err := s.Money.Add(payout.FromMinor(1, s.Money.Currency()))
			if err == nil {
				bank.Claim(other)(s)
			}
		case conformance.OtherCurrency:
			other := payout.USD
			if s.Money.Currency() == payout.USD {
				other = payout.EUR
			}
			bank.Claim(payout.FromMinor(s.Money.Minor(), other))(s)
		case conformance.OtherReference:
			bank.ClaimReference("somebody-elses")(s)
		case conformance.NoAmount:
			bank.Omit(bank.Amount)(s)
		case conformance.NoCurrency:
			bank.Omit(bank.Currency)(s)
		case conformance.NoReference:
			bank.Omit(bank.Reference)(s)
		}
	}
}
