// Package payout is one provider-neutral way to send money to people through
// several banks and payment services.
//
// Its promise: one intended payout moves money at most once, and its fate is
// always known or being asked for. A payout can't be called back, so whatever is
// not proved to be unsent or refused is unknown, and unknown is resolved by
// asking the bank, never by sending again.
//
// # Sending one payout
//
// Give the intended payout a [Request.Reference] of your own and store it, with
// the amount and the provider's name, before the first call. Then:
//
//	p, err := client.Create(ctx, req)
//
// A nil error means that the bank said something about the payout: look at
// p.Status. An error means that the call brought no answer about it, and its kind
// says what that proves about money:
//
//	ErrInvalid, ErrUnsupported   nothing was sent: the request can't be carried
//	ErrNotSent                   nothing was sent: no byte of it left
//	ErrRefused, ErrUnauthorized,
//	ErrRateLimited               the bank, by a documented answer, did not take it
//	ErrNotFound, ErrConflict     see there: they prove nothing by themselves
//	ErrOutcomeUnknown            it may have been paid
//
// After ErrOutcomeUnknown, and after any status that is not final, ask. Where a
// payout came back its own Ref knows more, such as where the bank wants to be asked:
//
//	ref := req.Ref()
//	if err == nil {
//		ref = p.Ref()
//	}
//	p, err = payout.Wait(ctx, client, ref)
//
// Never call Create again for it, neither here nor at another provider; only
// [SafeToRetry] says otherwise. Package dispatch does all this durably.
//
// # The parts
//
// [Provider] is the small interface that an adapter implements. [Client] is what
// you hold: it checks requests and answers for every provider alike and grows
// without breaking anyone. [Money] is exact. A [Destination] describes itself.
// [Secret] holds whatever must never be printed.
//
// All zero values are the safe ones: the zero [Status] is Unknown, the zero
// [ErrorKind] is ErrOutcomeUnknown, the zero [Moved] is maybe, the zero [Dedup]
// is none.
package payout
