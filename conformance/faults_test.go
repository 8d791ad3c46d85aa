package conformance_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"syscall"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/provider"
)

// fault is one mistake planted in the toy provider.
type fault string

const (
	none fault = ""

	// In the way a request is sent.
	replays          fault = "sends again what net/http may replay"
	retries          fault = "a wrapped transport sends again on any error"
	sendsTwice       fault = "looks before it pays, by a second POST"
	followsRedirects fault = "follows redirects"
	trustsTrace      fault = "calls not sent what httptrace saw no answer to"
	skipsVerify      fault = "does not check certificates"
	noLimit          fault = "reads answers without a limit"
	unpacks          fault = "unpacks answers without a limit"
	ignoresContext   fault = "ignores the context"
	introducesItself fault = "sends a second POST on every new connection"
	leaksGoroutine   fault = "leaves a goroutine behind"
	plainErrors      fault = "returns errors without a kind"
	deniesDialProof  fault = "calls a refused connection unknown"
	neverAsks        fault = "sends without a permit"
	asksEarly        fault = "asks for the permit before it connects"
	dropsValues      fault = "sends in a context of its own, without what was in the caller's"

	// In what an answer to Create is taken for.
	timeoutFailed     fault = "calls a timeout failed"
	cancelNotSent     fault = "calls a cancelled call not sent"
	resetNotSent      fault = "calls a reset connection not sent"
	lostNotSent       fault = "calls a lost answer not sent"
	any4xxRefused     fault = "calls an unlisted 4xx refused"
	any5xxFailed      fault = "calls a 5xx failed"
	pageUnauthorized  fault = "takes a 403 page for the bank's"
	pageNotFound      fault = "takes a 404 page for the bank's"
	any429Limited     fault = "calls an unlisted 429 rate limited"
	jsonFailed        fault = "calls a 5xx in JSON failed"
	jsonUnauthorized  fault = "takes a 403 in JSON for the bank's"
	jsonNotFound      fault = "takes a 404 in JSON for the bank's"
	jsonLimited       fault = "calls a 429 in JSON rate limited"
	anyCodeRefused    fault = "calls a 400 with any code of the bank's form refused"
	codeAlone         fault = "goes by the code, whatever the HTTP status"
	unreadableFailed  fault = "calls an unreadable answer failed"
	mislistsRefusal   fault = "takes a listed refusal for something else"
	neverHolds        fault = "goes on after access was denied"
	deniedNotFound    fault = "calls a question with wrong credentials not found"
	duplicateFailed   fault = "calls a duplicate failed"
	acceptedPaid      fault = "calls accepted paid"
	oneReason         fault = "gives one reason for every decline"
	returnedFailed    fault = "calls what came back failed"
	defaultsToPaid    fault = "calls a status that it does not know paid"
	unknownWordFailed fault = "calls a status that it does not know failed"
	missingAsFailed   fault = "reads a missing status as the first of its list"

	// In what of an answer is believed.
	ignoresAmount    fault = "ignores the amount in the answer"
	ignoresCurrency  fault = "ignores the currency in the answer"
	ignoresReference fault = "ignores the reference in the answer"
	fillsAmount      fault = "fills in an amount that is missing"
	fillsReference   fault = "fills in a reference that is missing"
	failsUnnamed     fault = "believes a failure that names no payout"
	echoesID         fault = "returns the id that it was asked with"
	swapsMinor       fault = "swaps minor and major units"
	cutsReferences   fault = "sends the first 8 characters of a reference"
	endsReferences   fault = "sends the last 12 characters of a reference, and restores it in the answer"
	lowersReferences fault = "sends references in lower case, and restores them in the answer"
	floatsAmounts    fault = "writes amounts by way of a float"
	wholeUnits       fault = "drops the fraction of an amount"
	mixesAnswers     fault = "mixes up the answers of two calls"

	// In asking.
	callSucceeded      fault = "takes a status call's success for the payout's"
	notFoundFailed     fault = "calls not found failed"
	any404NotFound     fault = "calls any 404 of a question not found"
	emptyNotFound      fault = "calls a question whose answer has no payout in it not found"
	lostNotFound       fault = "calls a question whose answer was lost not found"
	unreadableNotFound fault = "calls an unreadable status answer not found"
	caches             fault = "remembers a final status"
	forgetsFailure     fault = "does not look again after a failure"
	asksByPaying       fault = "asks by paying"
	sendsAgain         fault = "sends a payout that the bank does not know"
	remembersRequests  fault = "keeps what it sent, and sends it again if the bank does not know it"
	needsID            fault = "finds by the bank's id only"

	// Elsewhere.
	leaksKey          fault = "quotes the key in an error"
	quotesBank        fault = "quotes the bank in an error"
	storesKeyAsString fault = "keeps the key as a string"
	changesInfo       fault = "changes its Info"
	overpromises      fault = "lists a kind that it does not pay to"
	laxInfo           fault = "lists no limit of references"
	losesPage         fault = "does not say on which page to act"
	promisesPing      fault = "has a Ping that does not work"
	trustsCallbacks   fault = "does not verify callbacks"
)

// caughtBy is which case is meant to catch which fault.
var caughtBy = []struct {
	fault fault
	by    string
}{
	{replays, "answer lost"},
	{retries, "answer lost on a new connection"},
	{sendsTwice, "accepted"},
	{followsRedirects, "redirects"},
	{trustsTrace, "connection cut as the request begins"},
	{skipsVerify, "bad certificates"},
	{noLimit, "endless answer"},
	{unpacks, "endless answer"},
	{ignoresContext, "cancelled before sending"},
	{introducesItself, "idle connection closed"},
	{leaksGoroutine, "no goroutine left"},
	{plainErrors, "errors classified"},
	{deniesDialProof, "refused connection"},
	{neverAsks, "send permit"},
	{asksEarly, "send permit"},
	{dropsValues, "send permit"},
	{timeoutFailed, "timeout"},
	{cancelNotSent, "cancelled after sending"},
	{cancelNotSent, "slow answer"},
	{resetNotSent, "request unread"},
	{lostNotSent, "answer cut"},
	{any4xxRefused, "unlisted refusals"},
	{any5xxFailed, "server errors after success"},
	{pageUnauthorized, "access denied"},
	{neverHolds, "access denied"},
	{mislistsRefusal, "wrong credentials"},
	{deniedNotFound, "wrong credentials"},
	{pageNotFound, "not found page"},
	{any429Limited, "rate limited"},
	{jsonFailed, "server errors after success"},
	{jsonUnauthorized, "access denied"},
	{jsonNotFound, "not found page"},
	{jsonLimited, "rate limited"},
	{anyCodeRefused, "unlisted codes"},
	{codeAlone, "listed codes elsewhere"},
	{unreadableFailed, "unreadable answers"},
	{mislistsRefusal, "listed refusals"},
	{duplicateFailed, "duplicate reference"},
	{duplicateFailed, "the same reference at once"},
	{acceptedPaid, "pending then failed"},
	{defaultsToPaid, "unknown status word"},
	{unknownWordFailed, "unknown status word"},
	{missingAsFailed, "missing status"},
	{ignoresAmount, "answer with another amount"},
	{ignoresCurrency, "answer with another currency"},
	{ignoresReference, "answer with another reference"},
	{fillsAmount, "paid with no amount"},
	{fillsAmount, "paid with no currency"},
	{fillsReference, "paid with no reference"},
	{failsUnnamed, "failed with no reference"},
	{echoesID, "another payout under the reference"},
	{swapsMinor, "amounts"},
	{cutsReferences, "references"},
	{endsReferences, "references"},
	{lowersReferences, "references"},
	{floatsAmounts, "amounts"},
	{wholeUnits, "amounts"},
	{mixesAnswers, "many at once"},
	{callSucceeded, "failed"},
	{callSucceeded, "pending then paid"},
	{notFoundFailed, "find unknown reference"},
	{sendsAgain, "find unknown reference"},
	{remembersRequests, "find unknown reference"},
	{unreadableNotFound, "unreadable answers"},
	{any404NotFound, "find without an answer"},
	{emptyNotFound, "find without an answer"},
	{lostNotFound, "find without an answer"},
	{caches, "paid then failed"},
	{oneReason, "declines"},
	{forgetsFailure, "failed then paid"},
	{caches, "paid then returned"},
	{returnedFailed, "paid then returned"},
	{needsID, "find by each id"},
	{asksByPaying, "find changes nothing"},
	{leaksKey, "secrets in errors"},
	{quotesBank, "secrets in errors"},
	{storesKeyAsString, "secrets in values"},
	{changesInfo, "info constant"},
	{overpromises, "destinations described"},
	{laxInfo, "bad input"},
	{losesPage, "accepted"},
	{fillsAmount, "saved card"},
	{promisesPing, "abilities"},
	{trustsCallbacks, "callbacks"},
}

// careless is net/http as most code uses it, with one mistake.
type careless struct {
	fault fault
	base  string
	http  *http.Client
}

func worseSender(f fault, base string, roots *x509.CertPool) sender {
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12, InsecureSkipVerify: f == skipsVerify}}
	client := &http.Client{Transport: transport, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	switch f {
	case followsRedirects:
		client.CheckRedirect = nil
	case replays, retries, trustsTrace, skipsVerify, noLimit, unpacks, leaksGoroutine, plainErrors, deniesDialProof, leaksKey, timeoutFailed, lostNotSent,
		cancelNotSent, resetNotSent, introducesItself, neverAsks, asksEarly:
	default:
		return nil
	}
	return &careless{f, base, client}
}

func (c *careless) CloseIdle() { c.http.CloseIdleConnections() }

func (c *careless) Do(ctx context.Context, call provider.Call) (provider.Answer, error) {
	if err := ctx.Err(); err != nil {
		return provider.Answer{}, &payout.Error{Kind: payout.ErrNotSent, Err: err}
	}
	if c.fault == asksEarly && !payout.SendPermitted(ctx) {
		return provider.Answer{}, &payout.Error{Kind: payout.ErrNotSent}
	}
	var answered, fresh bool
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GotFirstResponseByte: func() { answered = true },
		GotConn:              func(info httptrace.GotConnInfo) { fresh = !info.Reused },
	})
	send := func() (*http.Response, error) {
		req, err := http.NewRequestWithContext(ctx, call.Method, c.base+call.Path, bytes.NewReader(call.Body))
		if err != nil {
			return nil, err
		}
		if c.fault == replays {
			req.Header.Set("Idempotency-Key", "1")
		} else if c.fault != followsRedirects {
			req.GetBody = nil
		}
		return c.http.Do(req)
	}
	resp, err := send()
	if err != nil && c.fault == retries && ctx.Err() == nil {
		resp, err = send()
	}
	if err == nil && c.fault == introducesItself && fresh {
		_ = resp.Body.Close()
		resp, err = send()
	}
	if c.fault == leaksGoroutine {
		go func() { <-over }()
	}
	if err != nil {
		return provider.Answer{}, c.classify(ctx, err, call, answered)
	}
	defer resp.Body.Close()
	limit := int64(1 << 20)
	if c.fault == noLimit || c.fault == unpacks && resp.Uncompressed {
		limit = 1 << 40
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, limit))
	if err != nil {
		return provider.Answer{}, c.classify(ctx, err, call, answered)
	}
	return provider.Answer{Status: resp.StatusCode, Header: resp.Header, Body: body}, nil
}

func (c *careless) classify(ctx context.Context, err error, call provider.Call, answered bool) error {
	dial := !answered && isDial(err)
	e := &payout.Error{Kind: payout.ErrOutcomeUnknown, Err: context.Cause(ctx)}
	switch {
	case c.fault == plainErrors:
		return fmt.Errorf("pay: %w", err)
	case c.fault == leaksKey:
		e.Detail = string(call.Body)
	case c.fault == deniesDialProof:
	case c.fault == trustsTrace && !answered, dial:
		e.Kind = payout.ErrNotSent
	case c.fault == timeoutFailed && errors.Is(err, context.DeadlineExceeded):
		e.Kind = payout.ErrRefused
	case c.fault == cancelNotSent && ctx.Err() != nil:
		e.Kind = payout.ErrNotSent
	case c.fault == resetNotSent && errors.Is(err, syscall.ECONNRESET):
		e.Kind = payout.ErrNotSent
	case c.fault == lostNotSent && errors.Is(err, io.ErrUnexpectedEOF):
		e.Kind = payout.ErrNotSent
	}
	return e
}
