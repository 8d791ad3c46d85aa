package payout

import (
	"context"
	"net/http"
)

// maxCallback bounds the body of a bank's call, in bytes.
const maxCallback = 1 << 20

// CallbackHandler returns a handler for the address where a bank calls the platform
// ([Request.CallbackURL]), whatever the bank. Each call is verified by
// [Client.ReadCallback]; hint is called for those that prove where they come
// from, with the payout that they are about.
//
// The Ref is a hint: look your own record of that payout up and ask about it, or note
// down that it is to be asked about. Nothing that a callback says of a status or an
// amount is passed on. Callbacks come twice, out of order and at the same time, so hint
// does too. It gets the call's context.
//
// The answer is 200 once hint has returned nil, and the bank then does not come again.
// If hint fails, it is 503, and the bank does. What is not verified is answered with
// 403, what is no callback with 400, and everything with 404 if the provider reads no
// callbacks; the client's observer sees why. No answer has a body.
//
// It panics if there is no client or no hint: that is a mistake in the program, found
// when it starts.
func CallbackHandler(c *Client, hint func(ctx context.Context, ref Ref) error) http.Handler {
	if c == nil || hint == nil {
		panic("payout: CallbackHandler needs a client and a hint")
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, maxCallback)
		ref, err := c.ReadCallback(r)
		if err != nil {
			w.WriteHeader(callbackStatus(err))
			return
		}
		if hint(r.Context(), ref) != nil {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		w.WriteHeader(http.StatusOK)
	})
}

// callbackStatus is 503 for whatever another try may end better.
func callbackStatus(err error) int {
	switch KindOf(err) {
	case ErrUnauthorized:
		return http.StatusForbidden
	case ErrInvalid:
		return http.StatusBadRequest
	case ErrUnsupported:
		return http.StatusNotFound
	default:
		return http.StatusServiceUnavailable
	}
}
