// Command hostedpage makes a payout whose recipient enters the card on the bank's page.
// It runs a simulated bank, prints the address of the page for a browser, and waits
// until the payout is paid or its page has expired.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"os/signal"
	"strconv"
	"sync"
	"time"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/adapters/all2pay"
	"github.com/payoutkit/payout/provider"
	"github.com/payoutkit/payout/sandbox"
	"github.com/payoutkit/payout/sandbox/bank"
)

func main() {
	seconds := flag.Int("seconds", 600, "how long the page stays open")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Stdout, *seconds); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context, out io.Writer, seconds int) error {
	shop, err := openShop()
	if err != nil {
		return err
	}
	defer shop.Close()
	simulated, err := sandbox.StartAll2Pay(sandbox.ModuleConfig{})
	if err != nil {
		return err
	}
	defer simulated.Close()
	p, err := all2pay.New(all2pay.Config{
		BaseURL: simulated.URL(), UserName: simulated.UserName(), Password: payout.NewSecret(simulated.Password()),
		HTTP: provider.HTTP{Roots: simulated.Roots()},
	})
	if err != nil {
		return err
	}
	defer p.CloseIdleConnections()
	client := payout.NewClient(p, payout.WithPolling(payout.Polling{{Every: time.Second}}))

	hosted, err := client.Create(ctx, payout.Request{
		Reference:   "order-1001", // stored, with the amount and client.Name(), before this call
		Amount:      payout.MustMoney("1500.00 RUB"),
		Destination: payout.HostedPage{},
		Recipient:   payout.Recipient{Name: payout.NewSecret("Ivan Petrov")},
		Description: "A prize",
		ReturnURL:   shop.URL() + "/done",
		FailURL:     shop.URL() + "/failed",
		Options:     []payout.Option{all2pay.Order{SessionTimeoutSecs: strconv.Itoa(seconds)}},
	})
	if err != nil {
		return err
	}
	// Whoever has the address can enter a card: it goes to the recipient, and to no log.
	fmt.Fprintf(out, "%s of %s is %s. Open\n\n    %s\n\n", hosted.Reference, hosted.Amount, hosted.Status, hosted.Action.URL.Reveal())
	fmt.Fprintf(out, "before %s and enter the test card 4111 1111 1111 1111. The browser will warn: the bank is\n", hosted.Action.ExpiresAt.Format(time.TimeOnly))
	fmt.Fprintln(out, "simulated on this machine, and its certificate is its own.")

	paid, err := wait(ctx, client, hosted)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "\n%s is %s", paid.Reference, paid.Status)
	if paid.Status == payout.StatusFailed {
		fmt.Fprintf(out, ": %s\n", paid.Failure.Reason)
		return nil
	}
	fmt.Fprintf(out, " to %s\n", paid.Destination)
	shop.await(ctx)
	return nil
}

// wait asks until the fate is known. A page that has expired is asked about too: the
// bank says what became of the payout, not the clock.
func wait(ctx context.Context, client *payout.Client, hosted payout.Payout) (payout.Payout, error) {
	ctx, cancel := context.WithDeadline(ctx, hosted.Action.ExpiresAt.Add(30*time.Second))
	defer cancel()
	return payout.Wait(ctx, client, hosted.Ref())
}

// shop is the platform's own site, where the bank's page sends the browser. That it
// comes back there proves nothing.
type shop struct {
	*bank.Server
	back chan struct{}
}

func openShop() (shop, error) {
	s := shop{back: make(chan struct{})}
	arrived := sync.OnceFunc(func() { close(s.back) })
	says := func(text string) func(*bank.Call) bank.Answer {
		return func(c *bank.Call) bank.Answer {
			defer arrived()
			return c.Answer("", func() bank.Answer { return bank.Text(http.StatusOK, "text/plain; charset=utf-8", text) })
		}
	}
	var err error
	s.Server, err = bank.Start(bank.Config{},
		bank.Route{Method: http.MethodGet, Path: "/done", Operation: "done", Serve: says("Back at the shop. Whether you were paid we ask the bank.")},
		bank.Route{Method: http.MethodGet, Path: "/failed", Operation: "failed", Serve: says("Back at the shop. Whether it failed we ask the bank.")},
	)
	return s, err
}

// await gives the browser a while to come back.
func (s shop) await(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, 15*time.Second)
	defer cancel()
	select {
	case <-s.back:
	case <-ctx.Done():
	}
}
