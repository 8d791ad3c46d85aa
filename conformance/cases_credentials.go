package conformance

import (
	"context"

	"github.com/payoutkit/payout"
)

func credentialCases() []Case {
	return []Case{{
		Name: "wrong credentials", Rule: "Wrong credentials are ErrUnauthorized by the bank's own words, or an unknown outcome that asks for the provider to be held; a question with them stays open.",
		Cost: "A password that was changed at the bank closes every payout, or sends them one after another.", Money: true, run: wrongCredentials,
	}}
}

func wrongCredentials(t *T) {
	w := t.world()
	p, err := t.h.Stranger(w.net.url, w.net.roots)
	if err != nil {
		t.fatalf("Harness.Stranger failed: %v", err)
	}
	t.closeIdle(p)
	stranger := payout.NewClient(p)

	req := w.request()
	before := w.net.count()
	_, err = stranger.Create(t.ctx, req)
	w.judgeError(err, w.net.count()-before)
	w.wantDenied("Create", err)
	calls := map[payout.Ability]func(context.Context) error{
		payout.AbilityBalances: func(ctx context.Context) error {
			_, err := stranger.Balances(ctx, req.Source)
			return err
		},
		payout.AbilitySaveCard: func(ctx context.Context) error {
			save := t.h.SaveCard
			save.Reference = w.reference()
			_, err := stranger.SaveCard(ctx, save)
			return err
		},
	}
	for ability, call := range calls {
		if stranger.Supports(ability) {
			w.wantDenied(string(ability), call(t.ctx))
		}
	}
	if n := w.bank.Total(); n > 0 {
		t.Errorf("money moved %d times", n)
	}

	// About a payout that was made: whatever is denied proves nothing of it.
	w.pay(req)
	found, err := stranger.Find(t.ctx, req.Ref())
	switch kind := payout.KindOf(err); {
	case err == nil:
		t.Errorf("Find with wrong credentials: the status is %s", found.Status)
	case kind != payout.ErrUnauthorized && kind != payout.ErrOutcomeUnknown:
		t.Errorf("Find with wrong credentials: %v", err)
	}
}

func (w *world) wantDenied(call string, err error) {
	w.t.Helper()
	switch kind := payout.KindOf(err); {
	case err == nil:
		w.t.Errorf("%s with wrong credentials: no error", call)
	case kind == payout.ErrUnauthorized:
	case kind == payout.ErrOutcomeUnknown && told(err).Hold:
	default:
		w.t.Errorf("%s with wrong credentials: %v; it is neither ErrUnauthorized nor an unknown outcome with Hold", call, err)
	}
}
