package provider

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"syscall"

	"github.com/payoutkit/payout"
)

var (
	errProxy = errors.New("payout: the proxy did not open a connection")
	errEarly = errors.New("payout: an answer came before the call was sent")
)

const closedEarly = "the connection was closed before the answer was whole"

// failed decides what a failed round trip proves. The text of err decides nothing.
// If ctx has ended, that is the cause: what net/http then says depends on which of
// its goroutines saw it first.
func failed(ctx context.Context, err error, sent *sendings) *payout.Error {
	if ended := ctx.Err(); ended != nil {
		err = ended
	}
	e := &payout.Error{Kind: payout.ErrOutcomeUnknown, Detail: describe(err, sent), Err: cause(err)}
	if sent.giveUp() {
		e.Kind = payout.ErrNotSent
	}
	return e
}

// describe says what happened in words of ours.
func describe(err error, sent *sendings) string {
	var (
		dns       *net.DNSError
		verify    *tls.CertificateVerificationError
		authority x509.UnknownAuthorityError
		host      x509.HostnameError
		invalid   x509.CertificateInvalidError
	)
	switch {
	case errors.Is(err, context.Canceled):
		return "cancelled"
	case errors.Is(err, errNotPermitted):
		return "the permit to send was refused"
	case isTimeout(err) && sent.connected():
		return "no answer in time"
	case isTimeout(err):
		return "no connection in time"
	case errors.As(err, &authority):
		return "TLS: the certificate is signed by an unknown authority"
	case errors.As(err, &host):
		return "TLS: the certificate is for another host"
	case errors.As(err, &invalid):
		return "TLS: the certificate is not valid"
	case errors.As(err, &verify):
		return "TLS: the certificate can't be verified"
	case errors.Is(err, errProxy):
		return "the proxy refused to connect"
	case errors.As(err, &dns):
		return "the host's name can't be resolved"
	case errors.Is(err, syscall.ECONNREFUSED):
		return "connection refused"
	case sent.handshakeFailed() && !sent.connected():
		return "TLS: the handshake failed"
	case !sent.connected():
		return "no connection"
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE):
		return "connection reset"
	case errors.Is(err, errEarly):
		return "the connection is out of step: an answer came before the call was sent"
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, net.ErrClosed), sent.replaced():
		return closedEarly
	default:
		return "no answer that can be read"
	}
}

func isTimeout(err error) bool {
	var t interface{ Timeout() bool }
	return errors.As(err, &t) && t.Timeout()
}

// cause keeps what callers test for: the context's errors and the system's. Other
// errors of lower layers may quote what was sent or received, and are dropped.
func cause(err error) error {
	var errno syscall.Errno
	switch {
	case errors.Is(err, context.Canceled):
		return context.Canceled
	case errors.Is(err, context.DeadlineExceeded):
		return context.DeadlineExceeded
	case errors.As(err, &errno):
		return errno
	case isTimeout(err):
		return context.DeadlineExceeded
	default:
		return nil
	}
}
