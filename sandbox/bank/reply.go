package bank

import (
	"bytes"
	"net/http"
	"slices"
	"strconv"
	"time"
)

// Cut says where the connection breaks.
type Cut uint8

// Places to cut an answer.
const (
	Whole      Cut = iota // not at all
	BeforeHead            // not a byte of the answer is sent
	InHead                // within the status line
	InBody                // half of the body is sent
)

// Reply is what becomes of a bank's answer on its way to the client. The zero Reply
// delivers it as it is. Replies can be combined, field by field.
type Reply struct {
	// Hold keeps the answer until the gate opens, the client goes away or the server
	// closes.
	Hold *Gate
	// Status, Header and Body replace those of the answer, where set. A Body comes
	// without the answer's own header; one that is empty and not nil is an empty answer.
	Status int
	Header http.Header
	Body   []byte
	// Edit changes the body that would be sent.
	Edit func(body []byte) []byte
	// Drip pauses before each byte of the body.
	Drip time.Duration
	// Cut ends the connection, Reset by a TCP reset rather than in order.
	Cut   Cut
	Reset bool
}

// speaks reports whether the client gets to see an answer that is the reply's own.
func (r Reply) speaks() bool { return r.Status != 0 || r.Body != nil }

// Lost is an answer of which not a byte arrives.
func Lost() Reply { return Reply{Cut: BeforeHead} }

// HTTP is another answer than the bank's.
func HTTP(status int, contentType, body string) Reply {
	return Reply{Status: status, Header: http.Header{"Content-Type": {contentType}}, Body: []byte(body)}
}

// With is an answer in the bank's own form instead of the one that it would give.
func With(a Answer) Reply {
	return Reply{Status: a.Status, Header: a.Header, Body: append([]byte{}, a.Body...)}
}

// ProxyPage is the page of a proxy that could not reach the bank, or did not wait for it.
func ProxyPage() Reply {
	return HTTP(http.StatusBadGateway, "text/html", "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n"+
		"<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n")
}

// Forbidden is the page of a firewall.
func Forbidden() Reply {
	return HTTP(http.StatusForbidden, "text/html", "<html><body><h1>403 Forbidden</h1></body></html>")
}

// TooMany asks to be left alone for a while.
func TooMany(after time.Duration) Reply {
	r := HTTP(http.StatusTooManyRequests, "text/plain", "Too Many Requests")
	r.Header.Set("Retry-After", strconv.FormatInt(int64(after/time.Second), 10))
	return r
}

// Redirect sends the client elsewhere.
func Redirect(status int, location string) Reply {
	return Reply{Status: status, Header: http.Header{"Location": {location}}, Body: []byte{}}
}

// Empty is an answer without a body.
func Empty() Reply { return Reply{Body: []byte{}} }

// Truncated is half an answer that claims to be a whole one.
func Truncated() Reply {
	return Reply{Edit: func(body []byte) []byte { return body[:len(body)/2] }}
}

// Oversized is the bank's answer followed by n spaces.
func Oversized(n int) Reply {
	return Reply{Edit: func(body []byte) []byte { return slices.Concat(body, bytes.Repeat([]byte(" "), n)) }}
}

// transmit sends the answer as the script has it.
func (c *Call) transmit(w http.ResponseWriter, a Answer) {
	reply := c.script.Reply
	if !reply.Hold.hold(c.gone.Done(), c.server.done) || c.lost {
		reply.Cut = BeforeHead
	}
	if reply.Cut == BeforeHead || reply.Cut == InHead {
		if reply.Cut == InHead {
			_, _ = c.conn.Write([]byte("HTTP/1.1 20"))
		}
		c.conn.abort(reply.Reset)
		panic(http.ErrAbortHandler)
	}
	if reply.Status != 0 {
		a.Status = reply.Status
	}
	if reply.Body != nil {
		a.Body, a.Header = reply.Body, nil
	}
	if reply.Edit != nil {
		a.Body = reply.Edit(a.Body)
	}
	header := w.Header()
	for _, set := range []http.Header{a.Header, reply.Header} {
		for name, values := range set {
			header[http.CanonicalHeaderKey(name)] = slices.Clone(values)
		}
	}
	if header.Get("Content-Type") == "" {
		header["Content-Type"] = nil // net/http would guess one
	}
	header.Set("Content-Length", strconv.Itoa(len(a.Body)))
	c.server.log.status(c.entry, a.Status)
	if reply.Cut == InBody {
		w.WriteHeader(a.Status)
		_, _ = w.Write(a.Body[:len(a.Body)/2])
		_ = http.NewResponseController(w).Flush()
		c.conn.abort(reply.Reset)
		panic(http.ErrAbortHandler)
	}
	c.conn.answered()
	w.WriteHeader(a.Status)
	if reply.Drip > 0 {
		c.drip(w, a.Body, reply.Drip)
		return
	}
	_, _ = w.Write(a.Body)
}

// drip sends body byte by byte until it is sent, the client is gone or the server closes.
func (c *Call) drip(w http.ResponseWriter, body []byte, pause time.Duration) {
	tick := time.NewTicker(pause)
	defer tick.Stop()
	flush := http.NewResponseController(w)
	for i := range body {
		_ = flush.Flush()
		select {
		case <-tick.C:
		case <-c.gone.Done():
			panic(http.ErrAbortHandler)
		case <-c.server.done:
			panic(http.ErrAbortHandler)
		}
		if _, err := w.Write(body[i : i+1]); err != nil {
			panic(http.ErrAbortHandler)
		}
	}
}
