// Package newbank pays dinars and CFA francs to mobile wallets through Newbank, a
// bank that does not exist. It is a whole adapter, the example that docs/adapters.md
// follows: its bank's document is document.txt, whose lines the code cites as
// newbank:12.
//
// # Semantics
//
// Create is POST /v1/transfers (newbank:11). The bank only says that it has taken the
// transfer (newbank:21): Create returns Pending, and the fate comes from Find, GET
// /v1/transfers/{reference} (newbank:26). Amounts are text in major units with all
// decimals (newbank:13). A second transfer with the same content is answered with the
// first (newbank:23), and one that the bank does not know 120 s after it was sent was
// never taken (newbank:36): Info says both.
//
// # Destinations and source
//
// [MobileWallet] (newbank:15-17), whose number is of the currency's country. Nothing
// of Recipient is sent. The source is the merchant's account in the payout's currency.
//
// # Errors
//
// By (HTTP status, error), from newbank:39-46: malformed is ErrRefused, bad_signature
// ErrUnauthorized, slow_down ErrRateLimited, reference_used ErrConflict; unknown_wallet
// and blocked_wallet are payouts that failed. All else is ErrOutcomeUnknown
// (newbank:47).
//
// # Callbacks
//
// ReadCallback reads a notice (newbank:52-55). Its address is the merchant's, agreed
// with the bank: Request.CallbackURL is not sent.
//
// # Limits
//
// References have at most 20 characters (newbank:12), notes 35 (newbank:18). Amounts
// are of 1.000 to 5000.000 TND and 100 to 2000000 XOF (newbank:14).
//
// # Sandbox
//
// The bank's test host is [Test]; numbers that end in 0000 are unknown there
// (newbank:57). Package newbanktest simulates it.
package newbank
