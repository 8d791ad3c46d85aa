package main

import (
	"context"
	"crypto/tls"
	"fmt"
	"strings"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/sandbox"
	"github.com/payoutkit/payout/sandbox/bank"
)

// simulated is a bank that loses every tenth of its answers.
type simulated struct {
	*sandbox.Module
	link link
}

func openBank(ctx context.Context) (*simulated, error) {
	m, err := sandbox.StartAll2Pay(sandbox.ModuleConfig{Balance: payout.MustMoney("10000000.00 RUB")})
	if err != nil {
		return nil, err
	}
	for i := 1; i <= *rows; i += 10 {
		m.Script(bank.Script{Operation: bank.Create, Reference: fmt.Sprintf("pay-%04d", i), Reply: bank.Lost()})
	}
	dialer := tls.Dialer{Config: &tls.Config{RootCAs: m.Roots(), MinVersion: tls.VersionTLS12}}
	conn, err := dialer.DialContext(ctx, "tcp", strings.TrimPrefix(m.URL(), "https://"))
	if err != nil {
		m.Close()
		return nil, err
	}
	chain := conn.(*tls.Conn).ConnectionState().VerifiedChains[0]
	s := &simulated{m, link{URL: m.URL(), User: m.UserName(), Password: m.Password(), Root: chain[len(chain)-1].Raw}}
	return s, conn.Close()
}

// check holds what the bank has paid against what was to be paid.
func (s *simulated) check(payouts int) error {
	times := map[string]int{}
	for _, e := range s.Ledger().Entries() {
		if times[e.Reference]++; times[e.Reference] > 1 {
			return fmt.Errorf("%s was paid more than once", e.Reference)
		}
	}
	if len(times) != payouts {
		return fmt.Errorf("the bank has paid %d of %d", len(times), payouts)
	}
	fmt.Printf("by the bank's ledger %d payouts were paid, each once; %d of its answers were lost\n", payouts, (payouts+9)/10)
	return nil
}
