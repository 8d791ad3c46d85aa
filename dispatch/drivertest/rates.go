package drivertest

import (
	"slices"
	"time"

	"github.com/payoutkit/payout/dispatch"
)

func ratesCases() []Case {
	return []Case{
		{"rates", "a provider is sent no more than its rates allow: all drivers of the place together, or each of them, as the place says", rates},
	}
}

func rates(t *trial) {
	const perSecond, drivers = 10, 2
	b, references := t.bank("bank"), numbered("p", 40)
	c := t.config()
	c.Rates.SendsPerSecond = perSecond
	t.submit(t.open(c), references...)
	begin := time.Now()
	for range drivers {
		t.start(t.open(c))
	}
	t.until("all are paid", t.all(dispatch.StatePaid, references...))
	b.mu.Lock()
	took := slices.MaxFunc(b.sentAt, time.Time.Compare).Sub(begin)
	b.mu.Unlock()
	// Alone a driver may begin with the calls of a second. Of those that share nobody does,
	// but one may have taken some of its calls a moment ahead.
	least := time.Duration(len(references)/drivers-perSecond) * time.Second / perSecond
	if t.SharesRates {
		least = time.Duration(len(references)-perSecond/2) * time.Second / perSecond
	}
	if took < least*95/100 {
		t.fail("%d sendings at %d a second were done after %s, and not after %s", len(references), perSecond, took, least)
	}
}
