// Package all2pay pays out roubles through all2pay: to cards of Russian banks, to
// saved and encrypted cards, to phone numbers in the System of Fast Payments, and to
// whatever card a recipient enters on the bank's page.
//
// # Semantics
//
// Create is performPayout.do (all2pay:296), and registerPayout.do for a
// [payout.HostedPage] (all2pay:199). Find is getPayoutStatus.do by orderNumber, which
// is the request's reference (all2pay:495, 504), and by orderId where that is known
// and the number is not found (all2pay:506). The bank answers a payout at once with
// its status (all2pay:122, 297); a hosted one with the page's address (all2pay:258).
// That page is open for Order.SessionTimeoutSecs, 1200 s if not said (all2pay:220);
// Create always says so, and when it ends is in Action.ExpiresAt. The address comes in
// that one answer only: after it was lost, the order is Pending until the bank ends it.
//
// Amounts are in kopecks (all2pay:309), the currency is 643 alone (all2pay:32). Paid
// is orderStatus 2 (all2pay:471, 598; its list is lost at all2pay:530, and is
// bereke:320-327), unless an operation or the actionCode contradicts it. Nothing is
// assumed about a second order under one number: the document is silent, so Info says
// that the bank does not deduplicate and that "not found" proves nothing, until a
// Config vouches for more.
//
// SaveCard is createTargetBindingId.do (all2pay:629), SaveSourceCard is
// createSourceBindingId.do (all2pay:687), whose Action is the page of 3-D Secure
// (all2pay:715-721). [Provider.FindCard] asks what became of either (all2pay:638). A
// card that was saved is never a payout, whatever its order says.
//
// # Destinations and source
//
// [payout.Card], [payout.SavedCard], [payout.EncryptedCard], [payout.SBP]
// (all2pay:337-353) and [payout.HostedPage] (all2pay:198-249). An encrypted card is
// a seToken (all2pay:774), given, or made by [Provider.EncryptCard] for one reference;
// by the vendor's other documents the bank takes it for 30 minutes. Recipient.Name is required, at most 24 characters
// (all2pay:328, 904), and for a saved card Recipient.ID too (all2pay:321), the OwnerID
// that it was saved for. A hosted page needs ReturnURL (all2pay:242). The source is
// the transit account, or a card of the payer's, as Config.SourceBindingID or for one
// request as Source.SavedCard, where that was agreed with the bank (all2pay:333). A
// child merchant pays by Config.MerchantLogin or Order.MerchantLogin (all2pay:317).
//
// # Errors
//
// By (HTTP status, errorCode), from all2pay:890-923: 200 with 116, 121 or 902 and
// 502 with 204, 400 or 98 are payouts that failed, and cards that are not saved;
// 400/98 is ErrRefused, 401/90 ErrUnauthorized; all else is ErrOutcomeUnknown. A
// refusal is about the request that it answers: of an earlier one under the same
// reference it proves nothing. To a question 400/98 is ErrNotFound (all2pay:898), and
// it has a dozen other causes.
//
// # Callbacks
//
// The document has none.
//
// # Limits
//
// References have at most 32 characters (all2pay:307): letters, digits, '-' and
// '_'. Amounts are of 1 to 999999999999 kopecks (all2pay:309), descriptions have at
// most 598 characters (all2pay:313), Recipient.Email 30 (all2pay:323). Payouts can't
// be reversed (all2pay:31). A balance is off until Config.Balances turns it on
// (all2pay:26). 3-D Secure is passed on the page of shortUrl, else of acsUrl
// (all2pay:715, 721); the older way, in which the platform itself posts paReq there,
// is not supported, since the calls that end it are not documented (all2pay:688).
//
// # Sandbox
//
// The bank's test host is [Test] (all2pay:175). Package sandbox simulates it.
package all2pay
