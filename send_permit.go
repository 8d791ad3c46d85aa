package payout

import "context"

type permitKey struct{}

// WithSendPermit returns a context with which a provider asks permit right before
// the first byte of a request leaves, after the connection is up. If permit returns
// false, nothing is sent, and the error is ErrNotSent. It may be asked more than once,
// returns soon, and is not asked any more once the call has returned.
//
// It is for who writes down an intent to send and has to be certain that nothing
// leaves long after: package dispatch gives one that reads the clock.
func WithSendPermit(ctx context.Context, permit func() bool) context.Context {
	return context.WithValue(ctx, permitKey{}, permit)
}

// SendPermitted reports whether the first byte of a request may leave now. Providers
// ask it there; package provider does it for those that use it.
func SendPermitted(ctx context.Context) bool {
	permit, ok := ctx.Value(permitKey{}).(func() bool)
	return !ok || permit()
}
