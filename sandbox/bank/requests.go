package bank

import (
	"context"
	"slices"
	"time"
)

// Operation names what a request asks for.
type Operation string

// The operations that banks share. A bank may have others.
const (
	Create   Operation = "create"    // make a payout, or register one whose recipient enters the details on the bank's page
	Status   Operation = "status"    // what became of one
	Balance  Operation = "balance"   // how much there is to pay from
	Echo     Operation = "echo"      // is the bank there
	SaveCard Operation = "save-card" // keep a card for later
	Keys     Operation = "keys"      // the bank's public keys

	// Dropped is a request whose connection was cut before it was read, by [Server.Drop].
	Dropped Operation = "dropped"
	// Unknown is a request that no route takes.
	Unknown Operation = "unknown"
)

// Request is what the log keeps of one request: no header, no body, no query.
type Request struct {
	Number    int // from 1, in order of arrival
	Time      time.Time
	Conn      int  // the connection's number, from 1
	Reused    bool // the connection had served a request before
	Method    string
	Path      string
	Operation Operation
	Reference string // "" if the request names none, or none was understood
	Status    int    // of the answer's HTTP; 0 while there is none, and if none was sent

	// Refused is the rule that the request broke, or "" if the bank took it. It names
	// fields and rules, never values.
	Refused string
}

type requestLog struct {
	state    monitor
	requests []*Request
}

func (l *requestLog) add(r Request) (entry *Request) {
	l.state.change(func() {
		r.Number = len(l.requests) + 1
		entry = &r
		l.requests = append(l.requests, entry)
	})
	return entry
}

func (l *requestLog) status(r *Request, status int) {
	l.state.change(func() { r.Status = status })
}

// count is called under the lock.
func (l *requestLog) count(op Operation, reference string) (n int) {
	for _, r := range l.requests {
		if (op == "" || op == r.Operation) && (reference == "" || reference == r.Reference) {
			n++
		}
	}
	return n
}

// Requests returns the log, in order of arrival.
func (s *Server) Requests() (all []Request) {
	s.log.state.look(func() {
		all = make([]Request, len(s.log.requests))
		for i, r := range s.log.requests {
			all[i] = *r
		}
	})
	return all
}

// Refusals returns the requests that broke a rule of the bank: what a suite looks at
// to see that a client never sent anything malformed.
func (s *Server) Refusals() []Request {
	return slices.DeleteFunc(s.Requests(), func(r Request) bool { return r.Refused == "" })
}

// Count returns how many requests arrived for an operation and a reference; "" is
// any. A request counts once the bank has understood what it is about, before it acts.
func (s *Server) Count(op Operation, reference string) (n int) {
	s.log.state.look(func() { n = s.log.count(op, reference) })
	return n
}

// WaitRequests returns when [Server.Count] is n or more, or with the context's error.
func (s *Server) WaitRequests(ctx context.Context, op Operation, reference string, n int) error {
	return s.log.state.wait(ctx, func() bool { return s.log.count(op, reference) >= n })
}
