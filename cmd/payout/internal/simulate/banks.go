package simulate

import (
	"cmp"
	"context"
	"crypto/x509"
	"encoding/csv"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"slices"
	"time"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/sandbox"
	"github.com/payoutkit/payout/sandbox/bank"
)

// Banks are the simulated banks at work.
type Banks struct {
	all     []named
	module  map[string]*sandbox.Module
	connpay *sandbox.ConnPay
}

type named struct {
	name string
	*bank.Server
}

// Start starts the banks, on ports from the given one on; 0: on free ones.
func Start(ctx context.Context, port int) (_ *Banks, err error) {
	b := &Banks{module: map[string]*sandbox.Module{}}
	defer func() {
		if err != nil {
			b.Close()
		}
	}()
	next := func() (bank.Config, error) {
		address := "127.0.0.1:0"
		if port != 0 {
			address = fmt.Sprintf("127.0.0.1:%d", port+len(b.all))
		}
		l, err := new(net.ListenConfig).Listen(ctx, "tcp", address)
		return bank.Config{Listener: l, IdleTimeout: time.Minute}, err
	}
	for _, m := range []struct {
		name    string
		start   func(sandbox.ModuleConfig) (*sandbox.Module, error)
		balance payout.Money
	}{
		{"all2pay", sandbox.StartAll2Pay, payout.MustMoney("1000000000.00 RUB")},
		{"reserve", sandbox.StartAll2Pay, payout.MustMoney("1000000000.00 RUB")},
		{"bereke", sandbox.StartBereke, payout.MustMoney("1000000000.00 KZT")},
	} {
		config, err := next()
		if err != nil {
			return nil, err
		}
		server, err := m.start(sandbox.ModuleConfig{Bank: config, Balance: m.balance, Balances: m.name != "bereke"})
		if err != nil {
			return nil, fmt.Errorf("%s: %w", m.name, err)
		}
		b.module[m.name] = server
		b.all = append(b.all, named{m.name, server.Server})
	}
	config, err := next()
	if err != nil {
		return nil, err
	}
	if b.connpay, err = sandbox.StartConnPay(sandbox.ConnPayConfig{Bank: config, Balance: true}); err != nil {
		return nil, fmt.Errorf("connpay: %w", err)
	}
	b.all = append(b.all, named{"connpay", b.connpay.Server})
	return b, nil
}

// Close stops the banks.
func (b *Banks) Close() {
	for _, s := range b.all {
		s.Close()
	}
}

// merchantKey is the key that the gateway made for its merchant, in PEM.
func (b *Banks) merchantKey() []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(b.connpay.MerchantKey())})
}

// Fault is a way to misbehave for a number of calls.
type Fault struct {
	Bank string `json:"bank"` // empty: all
	Name string `json:"fault"`
	// Times is how many calls it is for; 0: one. Reference: of one payout only.
	Times     int    `json:"times"`
	Reference string `json:"reference,omitempty"`
}

// Faults are the ways to misbehave, with what each does.
func Faults() [][2]string {
	return [][2]string{
		{"lost", "the payout is made, and no answer comes"},
		{"unsent", "the request is lost on its way, and no answer comes"},
		{"dropped", "the connection is cut before the request is read"},
		{"gateway", "the payout is made, and a proxy answers 502 in the bank's place"},
		{"forbidden", "the page of a firewall, 403, and nothing is made"},
		{"busy", "429 with Retry-After, and nothing is made"},
		{"truncated", "the payout is made, and half of the answer comes"},
		{"pending", "the payout stays pending for the next ten questions, and is paid"},
		{"funds", "the bank says that the account holds too little"},
		{"returned", "the payout is paid, and the money comes back at the next question"},
		{"normal", "all faults of the bank that are still to come are taken back"},
	}
}

// Inject has a bank misbehave.
func (b *Banks) Inject(f Fault) error {
	found := false
	for _, s := range b.all {
		if f.Bank != "" && f.Bank != s.name {
			continue
		}
		found = true
		if err := b.inject(s, f); err != nil {
			return err
		}
	}
	if !found {
		return fmt.Errorf("there is no bank %q", f.Bank)
	}
	return nil
}

// inject scripts one bank.
func (b *Banks) inject(s named, f Fault) error {
	script := bank.Script{Operation: bank.Create, Reference: f.Reference, Times: cmp.Or(f.Times, 1)}
	switch f.Name {
	case "lost":
		script.Reply = bank.Lost()
	case "unsent":
		script.Act, script.Reply = bank.Nothing(), bank.Lost()
	case "dropped":
		s.Drop(bank.Drop{Times: script.Times})
		return nil
	case "gateway":
		script.Reply = bank.ProxyPage()
	case "forbidden":
		script.Act, script.Reply = bank.Nothing(), bank.Forbidden()
	case "busy":
		script.Act, script.Reply = bank.Nothing(), bank.TooMany(5*time.Second)
	case "truncated":
		script.Reply = bank.Truncated()
	case "pending":
		script.Act = bank.PendPaid(10).Then(bank.Pay())
	case "funds":
		script.Act = bank.Decline(fundsCode(s.name))
	case "returned":
		script.Act = bank.Pay().Then(bank.Return())
	case "normal":
		s.ClearScripts()
		return nil
	default:
		return errors.New("there is no such fault: see --help")
	}
	s.Script(script)
	return nil
}

// Moved is what a bank's ledger says of one currency.
type Moved struct {
	Bank     string `json:"bank"`
	Currency string `json:"currency"`
	Payouts  int    `json:"payouts"`
	Amount   string `json:"amount"`
	// Twice are the references under which money left more than once.
	Twice []string `json:"twice,omitempty"`
}

// Ledgers returns what moved at each bank.
func (b *Banks) Ledgers() ([]Moved, error) {
	var out []Moved
	for _, s := range b.all {
		totals, err := s.Ledger().Totals()
		if err != nil {
			return nil, err
		}
		count, times, twice := map[payout.Currency]int{}, map[string]int{}, map[payout.Currency][]string{}
		for _, e := range s.Ledger().Entries() {
			if e.Back {
				continue
			}
			count[e.Money.Currency()]++
			if times[e.Reference]++; times[e.Reference] == 2 {
				twice[e.Money.Currency()] = append(twice[e.Money.Currency()], e.Reference)
			}
		}
		for _, c := range sortedCurrencies(count) {
			out = append(out, Moved{Bank: s.name, Currency: c.Code(), Payouts: count[c], Amount: totals[c].Major(), Twice: twice[c]})
		}
	}
	return out, nil
}

// fundsCode is the bank's own code for an account that holds too little.
func fundsCode(bank string) string {
	if bank == "connpay" {
		return "INSUFFICIENT_FUNDS"
	}
	return "116" // all2pay:890
}

func sortedCurrencies(m map[payout.Currency]int) []payout.Currency {
	return slices.SortedFunc(maps.Keys(m), func(a, b payout.Currency) int { return cmp.Compare(a.Code(), b.Code()) })
}

// Addresses returns each bank's name and where it is.
func (b *Banks) Addresses() (out [][2]string) {
	for _, s := range b.all {
		out = append(out, [2]string{s.name, s.URL()})
	}
	return out
}

// Statement writes a bank's ledger as its statement: money that left has a minus.
func (b *Banks) Statement(name string, w io.Writer) error {
	entries, err := b.Entries(name)
	if err != nil {
		return err
	}
	out := csv.NewWriter(w)
	_ = out.Write([]string{"time", "reference", "amount", "currency"}) // Error has it
	for _, e := range entries {
		sign := "-"
		if e.Back {
			sign = ""
		}
		_ = out.Write([]string{e.Time.UTC().Format(time.RFC3339), e.Reference, sign + e.Money.Major(), e.Money.Currency().Code()})
	}
	out.Flush()
	return out.Error()
}

// Entries returns a bank's ledger.
func (b *Banks) Entries(name string) ([]bank.Entry, error) {
	for _, s := range b.all {
		if s.name == name {
			return s.Ledger().Entries(), nil
		}
	}
	return nil, fmt.Errorf("there is no bank %q", name)
}
