// Package sandbox holds the three banks as simulations: servers on a free loopback
// port, written from the banks' documents alone and apart from the adapters' code.
//
//	b, err := sandbox.StartAll2Pay(sandbox.ModuleConfig{})
//	defer b.Close()
//	// b.URL(), b.Roots(): where it is and whom to trust
//	// b.UserName(), b.Password(): how to log in
//	b.Script(bank.Script{Reference: "p-1", Operation: bank.Create, Reply: bank.Lost()})
//	// ... pay p-1 ...
//	b.Ledger().Times("p-1") // 1: the money moved, though no answer came
//
// all2pay and Bereke run one simulated Payout Module, [Module], which differs by data;
// another bank on it is a [ModuleDialect] of a few lines. ConnPay is [ConnPay]. All stand
// on package bank, which keeps the ledger, the scripts and the request log, and whose
// [bank.Server] they embed.
//
// # Pages
//
// The Payout Module's registerPayout.do answers with the address of a page, formUrl,
// where the recipient enters a card; createSourceBindingId.do, and a payout scripted
// with [Challenge], answer with one of 3-D Secure, acsUrl, which takes [ThreeDSCode].
// They are real pages: open them in a browser that puts up with an unknown certificate,
// or send their forms in by HTTP. Each pays at most once, expires by the bank's clock,
// and leads on to returnUrl or failUrl. Where nobody is to open a page, an Act scripted
// for [bank.Create] stands for the recipient, or [ModuleConfig.PageCard] for every one:
// the answer to registerPayout.do tells no status, so the first status call tells the
// first turn.
//
// ConnPay calls back too, if it is given a way to do so, and only on this machine:
//
//	g, err := sandbox.StartConnPay(sandbox.ConnPayConfig{
//		Callbacks: sandbox.ConnPayCallbacks{Transport: &http.Transport{}, AnyPort: true},
//	})
//	// ... pay p-1 with a server_callback_url on 127.0.0.1 ...
//	g.Finish("p-1") // or ask for its status, or let ConnPayConfig.ProcessingTime pass
//	err = g.WaitCallbacks(ctx, "p-1", 1)
//
// A comment that says "invented" marks an answer for which the documents have none. An
// adapter must not depend on it.
package sandbox
