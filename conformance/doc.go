// Package conformance proves that an adapter keeps the contract of
// [payout.Provider]: that one payout moves money at most once, and that nothing is
// called paid, failed or unsent without evidence. Every adapter of this library
// runs it, and one in somebody else's repository runs it the same way:
//
//	func TestConformance(t *testing.T) {
//		conformance.Run(t, conformance.Harness{
//			New:      func(url string, roots *x509.CertPool) (payout.Provider, error) { ... },
//			Stranger: func(url string, roots *x509.CertPool) (payout.Provider, error) { ... },
//			NewBank:  func() (conformance.Bank, error) { ... },
//			Requests: []payout.Request{ ... },
//			Secrets:  []string{ ... },
//		})
//	}
//
// The adapter talks to its simulated bank through a network that the suite lays
// between them: TLS, a request counter, and faults. So the bank only has to say what
// becomes of a payout ([Plan]) and to tell how often money moved; losing answers,
// cutting connections and redirecting is the suite's work, and the same for every
// adapter. Each case has a bank and a provider of its own.
//
// Whatever a case is about, these hold in all of them: at most one request leaves
// for a Create, every error has a kind, what the error proves is compared with what
// arrived at the bank, and no money moves twice.
//
// A case can be declared not to apply, with a reason that the report prints; one
// that concerns money can't.
package conformance
