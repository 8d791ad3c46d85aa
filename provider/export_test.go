package provider

import (
	"net"
	"net/http"
	"net/url"
	"time"
)

// What tests reach that nothing else shows.

var FoldRune = foldRune

// OpenHooked is Open with a call to connected whenever a call has its connection.
func (h HTTP) OpenHooked(base string, connected func()) (*Link, error) {
	return h.open(base, connected)
}

// LinkOver is a Link over a transport of the test's.
func LinkOver(rt http.RoundTripper) *Link {
	l := &line{transport: rt, base: &url.URL{Scheme: "https", Host: "bank.test", Path: "/"}, timeout: time.Minute, limit: 1 << 20}
	return &Link{do: l.do, close: func() {}, host: "bank.test"}
}

// Guard wraps a connection as a Link's dialer does.
func Guard(conn net.Conn) net.Conn { return &guardedConn{Conn: conn} }
