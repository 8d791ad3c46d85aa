package provider

import (
	"bytes"
	"context"
	"crypto/tls"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"time"

	"github.com/payoutkit/payout"
)

// Link reaches one bank. It is safe for concurrent use. Nothing of it can be
// printed: buffers of its connections hold what was sent.
type Link struct {
	do    func(context.Context, Call) (Answer, error)
	close func()
	host  string
}

// Host returns the bank's host, and port if it has one, for [payout.Info.Account].
func (l *Link) Host() string { return l.host }

// CloseIdle closes the connections that no call is using.
func (l *Link) CloseIdle() { l.close() }

// Do sends a call once and reads the answer. An error is a *payout.Error:
// ErrNotSent where it is proved that no byte of the call left this machine and none
// will, ErrInvalid for a call that can't be made, and ErrOutcomeUnknown for
// everything else, with the HTTP status where one was read. Any answer that was
// read whole is an Answer, whatever its status; redirects too, which are never
// followed.
//
// errors.Is finds [context.Canceled] or [context.DeadlineExceeded] in the error if
// the call was cancelled or took too long, by ctx or by [HTTP.Timeout], whether it
// was sent or not. Of the values in ctx only that of [payout.WithSendPermit] is used.
func (l *Link) Do(ctx context.Context, c Call) (Answer, error) { return l.do(ctx, c) }

// line is what a Link's functions hold.
type line struct {
	transport http.RoundTripper
	base      *url.URL // with a path
	timeout   time.Duration
	limit     int64  // bytes of an answer
	connected func() // for tests: called when a call has its connection and nothing is written
}

func (l *line) do(ctx context.Context, c Call) (Answer, error) {
	if err := Invalid(c.check()...); err != nil {
		return Answer{}, err
	}
	ctx, cancel := context.WithTimeout(ctx, l.timeout)
	defer cancel()
	if err := ctx.Err(); err != nil {
		return Answer{}, &payout.Error{Kind: payout.ErrNotSent, Detail: "the context had ended before the call", Err: err}
	}
	sent := &sendings{permit: func() bool { return payout.SendPermitted(ctx) }}
	// net/http gets a context of ours. It ends after the caller's, when sent is locked:
	// the transport closes connections as soon as its context ends. And it carries no
	// values: an httptrace in the caller's would see the headers, and lift a limit.
	inner, end := context.WithCancel(httptrace.WithClientTrace(context.Background(), &httptrace.ClientTrace{
		GotConn: func(info httptrace.GotConnInfo) {
			sent.got(info.Conn)
			if l.connected != nil {
				l.connected()
			}
		},
		TLSHandshakeDone: func(_ tls.ConnectionState, err error) { sent.handshakeDone(err) },
	}))
	defer end()
	defer context.AfterFunc(ctx, func() {
		sent.giveUp()
		end()
	})()
	req, err := http.NewRequestWithContext(inner, c.Method, "", bytes.NewReader(c.Body))
	if err != nil {
		return Answer{}, Invalid(payout.Violation{Field: "method", Rule: "must make a valid request"})
	}
	req.URL = l.base.JoinPath(c.Path)
	req.Host = req.URL.Host
	req.GetBody = nil // nobody may read the body a second time
	for name, values := range c.Header {
		req.Header[http.CanonicalHeaderKey(name)] = values
	}
	req.Header.Set("User-Agent", "payout-go")

	resp, err := l.transport.RoundTrip(req)
	if err != nil {
		return Answer{}, failed(ctx, err, sent)
	}
	defer resp.Body.Close()
	if !sent.answered() {
		return Answer{}, failed(ctx, errEarly, sent)
	}
	a := Answer{Status: resp.StatusCode, Header: resp.Header}
	if resp.StatusCode < http.StatusOK {
		// 101 hands the bare connection over: there is no body, and no timeout either.
		return Answer{}, a.Unknown("the answer is not a final one")
	}
	a.Body, err = io.ReadAll(io.LimitReader(resp.Body, l.limit+1))
	switch {
	case err != nil:
		e, cause := a.Unknown(""), failed(ctx, err, sent)
		e.Detail, e.Err = cause.Detail, cause.Err
		return Answer{}, e
	case int64(len(a.Body)) > l.limit:
		return Answer{}, a.Unknown("the answer is larger than the limit")
	case resp.ContentLength < 0 && len(resp.TransferEncoding) == 0 && !sent.whole():
		// Such a body ends where the connection does, and a connection can be cut.
		return Answer{}, a.Unknown(closedEarly)
	}
	return a, nil
}
