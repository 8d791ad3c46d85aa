// Package bereke pays out tenge through Bereke Bank, to cards of banks of
// Kazakhstan, from the transit account or from a corporate card.
//
// # Semantics
//
// Create is performPayout.do (bereke:271), and registerPayout.do for a
// [payout.HostedPage] (bereke:191). Find is getPayoutStatus.do by orderNumber, which
// is the request's reference (bereke:416, 425), and by orderId where that is known and
// the number is not found (bereke:428). The bank answers a payout at once with its
// status (bereke:66, 272); a hosted one with the page's address (bereke:226). That
// page is open for Order.SessionTimeoutSecs, 1200 s if not said (bereke:214); Create
// always says so, and when it ends is in Action.ExpiresAt. The address comes in that
// one answer only: after it was lost, the order is Pending until the bank ends it.
//
// Amounts are in tiyn (bereke:203), the currency is 398 alone (bereke:35). Paid is
// orderStatus 2 (bereke:323), unless an operation or the actionCode contradicts it.
// Nothing is assumed about a second order under one number: the document is silent, so
// Info says that the bank does not deduplicate and that "not found" proves nothing,
// until a Config vouches for more.
//
// # Destinations and source
//
// [payout.Card], [payout.SavedCard] (target.bindingId, bereke:299-300) and
// [payout.HostedPage] (bereke:189-219). Recipient.Name is required, in Latin letters,
// at most 24 (bereke:295), and for a saved card Recipient.ID too (bereke:292). A
// hosted page needs ReturnURL (bereke:216). The source is the transit account, or a
// corporate card that was added in the bank's portal (bereke:297, 527-559), as
// Config.SourceBindingID or for one request as Source.SavedCard; a hosted page pays
// from the transit account only (bereke:195-219). The purpose code (KNP) is set in the
// portal too, before the first payout (bereke:561). No method saves a card: corporate
// ones are added in the portal (bereke:534-545), and of how a recipient's comes to have
// an identifier the document says nothing.
//
// # Errors
//
// By (HTTP status, errorCode), from bereke:577-603: 502 with 204, 400 or 98 are
// payouts that failed; 400/98 is ErrRefused, 401/90 ErrUnauthorized; all else is
// ErrOutcomeUnknown. A refusal is about the request that it answers: of an earlier
// one under the same reference it proves nothing. To a question 400/98 is ErrNotFound
// (bereke:582), and it has a dozen other causes. The document lists no code for
// insufficient funds: such a payout shows in its status.
//
// # Callbacks
//
// The document has none.
//
// # Limits
//
// References have at most 32 characters (bereke:317): letters, digits, '-' and '_'.
// Amounts are of 1 to 999999999999 tiyn (bereke:203), descriptions have at most 598
// characters (bereke:289), Recipient.Email 30 (bereke:293). Payouts can't be reversed
// (bereke:34).
//
// # Sandbox
//
// The bank's test host is [Test] (bereke:110). Package sandbox simulates it.
package bereke
