package bank

import (
	"context"
	"encoding/hex"
	"io"
	"net/http"
	"net/url"
	"time"
)

// Call is one request that a bank is answering. It belongs to the goroutine that
// serves it.
type Call struct {
	Operation Operation
	Method    string
	Path      string
	Query     url.Values // empty unless the route allows parameters in the URL
	Host      string     // as the client named it, with the port if it did
	Header    http.Header
	Body      []byte

	server *Server
	conn   *conn
	gone   context.Context // done when the client went away
	params map[string]string
	entry  *Request // nil until the request is in the log
	script Script
	lost   bool // no answer is to be sent
}

// Param returns the part of the path that stands for {name} in the route.
func (c *Call) Param(name string) string { return c.params[name] }

// Now is the bank's time.
func (c *Call) Now() time.Time { return c.server.cfg.Now() }

// Ledger is the bank's book.
func (c *Call) Ledger() *Ledger { return c.server.ledger }

// UUID returns a new random id of 36 characters.
func (c *Call) UUID() string {
	var b [16]byte
	c.server.mu.Lock()
	_, err := io.ReadFull(c.server.cfg.Rand, b[:])
	c.server.mu.Unlock()
	if err != nil {
		panic(http.ErrAbortHandler) // no randomness, no answer: net/http cuts the connection
	}
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	h := hex.EncodeToString(b[:])
	return h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:]
}

// Serial returns 1, 2, 3, ...: a number for every caller on this server.
func (c *Call) Serial() int64 {
	c.server.mu.Lock()
	defer c.server.mu.Unlock()
	c.server.serial++
	return c.server.serial
}

// Refuse answers a malformed request. rule says which rule it broke, for the log: a
// field and a rule, never a value. No script is used up.
func (c *Call) Refuse(reference, rule string, a Answer) Answer {
	c.arrive(reference, rule)
	return a
}

// Answer answers a call that is about no payout: with what answer returns, unless a
// script says otherwise.
func (c *Call) Answer(reference string, answer func() Answer) Answer {
	c.arrive(reference, "")
	if !c.begin() || c.script.Act.Ignore {
		return c.nothing()
	}
	return answer()
}

// arrive puts the request into the log and, unless it is refused, finds its script.
func (c *Call) arrive(reference, refused string) {
	if c.entry != nil {
		return
	}
	c.entry = c.server.log.add(Request{
		Time: c.Now(), Conn: c.conn.number, Reused: c.conn.served.Load() > 0,
		Method: c.Method, Path: MaskDigits(c.Path),
		Operation: c.Operation, Reference: reference, Refused: refused,
	})
	if refused == "" {
		c.script = c.server.take(c.Operation, reference)
	}
}

// begin waits until the bank may act; false says that the server closes.
func (c *Call) begin() bool { return c.script.Hold.hold(c.server.done) }

// nothing is the answer of a bank that did nothing: only a scripted reply, or none.
func (c *Call) nothing() Answer {
	c.lost = !c.script.Reply.speaks()
	return Answer{Status: http.StatusOK}
}
