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
// ConnPay is [ConnPay]. All stand on package bank, which keeps the ledger, the scripts
// and the request log, and whose [bank.Server] they embed.
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
