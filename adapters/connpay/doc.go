// Package connpay pays out through ConnPay's /api/v4/payout.
//
// Lines such as connpay:22 are those of ConnPay's document on that call. What it
// lacks is taken from the other pages of the platform that ConnPay runs, and is said
// here to be the platform's.
//
// # Semantics
//
// Create is POST /api/v4/payout, to an endpoint or a group of endpoints
// (connpay:8-11), form-encoded (connpay:209) and signed with OAuth 1.0a RSA-SHA256
// (connpay:3, 207), once for each request. The request's reference is
// client_orderid (connpay:18). Amounts are in major units with a dot (connpay:22).
// The answer only says that the order was received (connpay:231): Create returns
// Pending, and the fate comes from Find.
//
// Find is POST /api/v4/status, by client_orderid, and by orderid too once that is
// known; at the endpoint that the answer to Create named (connpay:235). With
// [Config.StatusV2] it is the older /api/v2/status, which the control key signs; so
// it is in any case for a group while the answer to Create is not known, since the
// platform documents v4 for endpoints only. Both calls are the platform's, and so
// are the words that a status is told in; order-stage never decides.
//
// Nothing is ever sent twice. No document says that the gateway refuses a
// client_orderid that it has seen: two orders may stand under one, so Info says
// [payout.DedupNone], and an answer about another paynet-order-id than the recorded
// one is Review, with an alarm. No code of "not found" is documented either: nothing
// proves that there is no order, and Info's Absence is zero.
//
// Request.Metadata travels as merchant_data (connpay:160-162), a JSON object of
// strings with its names in order, and comes back in Payout.Metadata. In its place
// [Order.MerchantData] sends a text as it is, which comes back under the name
// merchant_data.
//
// With [Config.Balance], Balances is /api/v2/get-balance, which is the platform's and
// off at the gateway until support turns it on.
//
// # Destinations and source
//
// [payout.BankAccount] (connpay:76-81, 91-117, 163-165), [payout.Card] (connpay:61-72),
// [payout.SavedCard] by its recurring payment id (connpay:178-183), [payout.Wallet]
// (connpay:82-87) and [payout.CryptoWallet] (connpay:88-90). Which of them an
// endpoint takes, and which conditional parameters it requires, is agreed with each
// merchant (connpay:184): [Endpoint.Destinations] and [Endpoint.Required]. There is
// no page on which the recipient enters the details: the document has none.
//
// What of a request only ConnPay knows is in [Order]. Of the recipient it takes first
// and last name, date of birth, phone, e-mail and address (connpay:124-153). A phone
// number's plus is left out, since the parameter is Numeric (connpay:150).
// [Config.Aliases] sends these under their other names.
//
// The source is the endpoint's: a request that names one is refused.
//
// # Errors
//
// type=validation-error (connpay:191) is ErrRefused, under HTTP 200 or, in JSON, 4xx;
// of an earlier request under the same reference that proves nothing. type=error,
// whatever its code, is ErrOutcomeUnknown: no table of codes is published. So is the
// page "Access is denied" (connpay:236-274), and any 401 or 403, with Hold set: it may
// come from a firewall that cut the answer off. So is whatever can't be read: an
// answer is told by its body, as its content type is text/html for everything
// (connpay:222, 240).
//
// The platform's status words: approved is Paid, declined and filtered are Failed,
// processing is Pending, unknown and whatever is not listed is Unknown. error is
// Review: the platform's own tables disagree about it. A redirect-to beside a status
// that is not final is ActionRequired: a form that the recipient has to fill.
//
// paynet-order-id, serial-number and end-point-id are kept (connpay:192-197, 235):
// support asks for them.
//
// # Callbacks
//
// CallbackURL is sent as server_callback_url (connpay:36-38), to port 80, 8080, 443 or
// 8443. At a final status the platform calls there, until it is answered by 200, 30
// times in 14 days; [payout.CallbackHandler] answers. ReadCallback takes GET and
// POST, and verifies control, the SHA-1 of status, orderid, client_orderid and
// [Config.Control]. That covers neither amount nor currency, and has nothing between
// its parts: a callback is a hint to ask, and about a reference that the platform
// knows. Without a control key no callback is read. [Config.Callback] has the names of
// parameters where they were set up otherwise.
//
// # Limits
//
// References have at most 128 characters (connpay:20), of letters, digits, '-', '_'
// and '.'; descriptions 64 (connpay:29); amounts 10 with their dot (connpay:23).
// Every other parameter is checked against connpay:18-183 before anything is sent:
// nothing is cut. A request has either ReturnURL, sent as redirect_url, or ReturnURL
// and FailURL, sent as the pair (connpay:44). Keys have 2048 to 4096 bits
// (connpay:283). receiver_birthday is Numeric (connpay:132), and its format is not
// published: it is written 19901231 unless [Config.Birthdays] says otherwise.
//
// # Sandbox
//
// The bank's test gateway is [Sandbox] (connpay:8); there the account number decides:
// 1234567890 is approved, 0987654321 declined, 1987654321 ends in an error
// (connpay:278-280). Package sandbox simulates it.
package connpay
