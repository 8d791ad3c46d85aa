package payout_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/payoutkit/payout"
)

// What a call that brought no answer says. Nothing of the bank's own text is in it.
func ExampleError() {
	var err error = &payout.Error{
		Kind: payout.ErrRateLimited, Provider: "newbank", Op: payout.OpCreate,
		Code: "slow_down", HTTPStatus: 429, RetryAfter: 30 * time.Second,
	}
	err = fmt.Errorf("order 7: %w", err)
	fmt.Println(err)
	var e *payout.Error
	if errors.As(err, &e) && errors.Is(err, payout.ErrRateLimited) {
		fmt.Println(e.Code, e.RetryAfter, payout.ProvedUnpaid(err), payout.SafeToRetry(err))
	}
	// Output:
	// order 7: payout: newbank: create: rate limited (HTTP 429) (code slow_down) (retry after 30s)
	// slow_down 30s true false
}

// Each rail is a plain struct; its kind knows its fields, and which of them are secret.
func ExampleBankAccount() {
	to := payout.BankAccount{
		Number: payout.NewSecret("DE89370400440532013000"), Name: payout.NewSecret("Ivan Petrov"), BIC: "COBADEFFXXX",
	}
	fmt.Println(payout.Masked(to))
	for _, v := range to.Kind().Values(to) {
		if !v.Text.IsZero() {
			fmt.Println(v.Name, v.Secret)
		}
	}
	// Output:
	// bank_account ******3000
	// number true
	// name true
	// bic false
}

// A record is taken apart into fields, and built again from them: so a row of a file, or
// flags of a command, become a destination of any kind.
func ExampleKind_Build() {
	fields := map[string]string{"phone": "+7 926 121-42-49", "bank_id": "100000000111", "last_name": "Петров", "first_name": "Иван"}
	kind := payout.SBP{}.Kind()
	to := kind.Build(func(field string) string { return fields[field] }).(payout.SBP)
	fmt.Println(payout.Masked(to), kind.Check(to, "destination"))
	fmt.Println(kind.Check(payout.SBP{}, "destination")[0])
	// Output:
	// sbp ******49 []
	// destination.phone: is required
}

// Facts about a provider are in its Info: currencies, rails, rules.
func ExampleInfo() {
	info := payout.NewClient(&smallBank{}).Info()
	amounts, pays := info.Range(payout.RUB)
	fmt.Println(amounts.Min, amounts.Max, pays)
	_, pays = info.DestinationKind("sbp")
	fmt.Println(pays)
	fmt.Println(info.Dedup == payout.DedupNone, info.Absence.Proves)
	// Output:
	// 1.00 RUB 100000.00 RUB true
	// false
	// true false
}

// A reference travels to the bank, so the bank's rules hold for it.
func ExampleReferenceRule() {
	rule := payout.ReferenceRule{Max: 12}
	fmt.Println(rule.Check("order-1001") == "")
	fmt.Println(rule.Check("order/1001"))
	fmt.Println(rule.Check("order-1001-of-october"))
	// Output:
	// true
	// has a character at position 6 that is not allowed; allowed are ASCII letters, digits - _
	// must be at most 12 characters
}

// What a status says about money is three-valued: a payout that is under way may have
// moved it.
func ExampleMoved() {
	for _, s := range []payout.Status{payout.StatusFailed, payout.StatusPending, payout.StatusUnknown, payout.StatusPaid} {
		fmt.Println(s, s.Moved(), s.Final())
	}
	// Output:
	// failed no true
	// pending maybe false
	// unknown maybe false
	// paid yes true
}

// Store what a bank has answered: it knows more than the request.
func ExampleRef() {
	req := payout.Request{Reference: "order-1001", Amount: payout.MustMoney("1500.00 RUB")}
	answered := payout.Payout{Reference: "order-1001", ProviderID: "0c3a16da", Amount: req.Amount, Status: payout.StatusPending}
	fmt.Printf("%q %q\n", req.Ref().ProviderID, answered.Ref().ProviderID)
	// Output: "" "0c3a16da"
}

// An observer hears of every call. This one writes to a log, without a secret.
func ExampleLogObserver() {
	var out bytes.Buffer
	logger := slog.New(slog.NewTextHandler(&out, &slog.HandlerOptions{
		Level: slog.LevelDebug,
		ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
			if a.Key == slog.TimeKey || a.Key == "took" {
				return slog.Attr{}
			}
			return a
		},
	}))
	client := payout.NewClient(&smallBank{}, payout.WithObserver(payout.LogObserver(logger)))
	_, _ = client.Create(context.Background(), payout.Request{
		Reference: "payout-1", Amount: payout.MustMoney("1500.00 RUB"),
		Destination: payout.Card{Number: payout.NewSecret("4111111111111111")},
	})
	fmt.Print(out.String())
	// Output:
	// level=WARN msg="payout call" provider=smallbank op=create reference=payout-1 amount="1500.00 RUB" destination="card 411111******1111" error="payout: smallbank: create: outcome unknown"
}
