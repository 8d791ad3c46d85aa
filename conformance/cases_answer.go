package conformance

import (
	"fmt"
	"net/http"
	"time"

	"github.com/payoutkit/payout"
)

func answerCases() []Case {
	cases := []Case{
		{
			Name: "listed refusals", Rule: "Every answer that the bank's document lists as a refusal ends in the kind or reason that it means, and is not retried.",
			Cost: "A refusal is taken for something that may still be paid, or the other way round.", Money: true, run: listedRefusals,
		},
		{
			Name: "unlisted refusals", Rule: "A 4xx that the bank's document does not list proves nothing: the outcome is unknown.",
			Cost: "A proxy or a new version of the bank answers 4xx after the bank has paid.", Money: true, run: unlistedRefusals,
		},
		{
			Name: "access denied", Rule: "An answer of 401 or 403 that is not the bank's own listed answer proves nothing about a payout that was sent, and asks for the provider to be held.",
			Cost: "A firewall cuts the answer to a payout that was made.", Money: true,
			run: func(t *T) { pages(t, http.StatusUnauthorized, http.StatusForbidden) },
		},
		{
			Name: "not found page", Rule: "A 404 from whatever stands before the bank proves nothing about a payout that was sent.",
			Cost: "A payout that was made is taken for one that does not exist.", Money: true,
			run: func(t *T) { pages(t, http.StatusNotFound) },
		},
		{
			Name: "rate limited", Rule: "A 429 that the document does not list proves nothing, and Retry-After is kept.",
			Cost: "Limits are counted after the bank has acted, and the payout is sent again.", Money: true, run: rateLimited,
		},
		{
			Name: "server errors after success", Rule: "A 5xx proves nothing: the bank may have acted before.",
			Cost: "The gateway times out, the bank pays, and the payout is sent again.", Money: true,
			run: func(t *T) {
				pages(t, http.StatusInternalServerError, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout, http.StatusInsufficientStorage, 509, 520, 599)
			},
		},
	}
	for _, lie := range []Lie{OtherAmount, OtherCurrency, OtherReference} {
		cases = append(cases, Case{
			Name: "answer with " + lie.String(), Rule: "An answer with " + lie.String() + " than was asked for is not about this payout: unknown, with an alarm.",
			Cost: "One payout's answer settles another.", Money: true,
			run: func(t *T) {
				w := neverFinal(t, lie.String(), Plan{Lie: lie})
				if !w.alarmed() {
					t.Errorf("nobody was alarmed")
				}
			},
		})
	}
	for _, lie := range []Lie{NoAmount, NoCurrency, NoReference} {
		cases = append(cases, Case{
			Name: "paid with " + lie.String(), Rule: "Paid needs evidence: an answer with " + lie.String() + " is none.",
			Cost: "The success of a call is taken for that of a payout.", Money: true,
			run: func(t *T) { neverFinal(t, lie.String(), Plan{Lie: lie}) },
		})
	}
	return append(cases, Case{
		Name: "failed with no reference", Rule: "Failed needs evidence, too: the answer to a question that names no payout is none.",
		Cost: "Somebody else's declined order decides about this payout, and it is paid again.", Money: true, run: failedUnnamed,
	})
}

func failedUnnamed(t *T) {
	w := t.world()
	for _, template := range t.h.Requests {
		req := w.as(template)
		w.bank.Plan(req.Reference, Plan{Turns: []Turn{Failed}, Lie: NoReference})
		p, err := w.create(req)
		if err == nil && p.Status == payout.StatusPaid {
			t.Errorf("declined, and the answer to Create is %s", p.Status)
		}
		if p, err = w.settle(req.Ref()); err == nil && p.Status.Moved() != payout.MovedMaybe {
			t.Errorf("no reference, in the answer to Find: the status is %s", p.Status)
		}
	}
}

func listedRefusals(t *T) {
	for _, a := range t.h.Answers {
		w := t.world()
		req := w.request()
		w.net.next(said(false, a.Status, a.Header, a.Body(req.Reference)))
		p, err := w.create(req)
		switch {
		case a.Reason != payout.ReasonUnknown:
			if err != nil || p.Status != payout.StatusFailed || p.Failure.Reason != a.Reason {
				t.Errorf("%s: want failed for %s, got %s for %s, error %v", a.Name, a.Reason, p.Status, p.Failure.Reason, err)
			}
		case err == nil:
			t.Errorf("%s: want an error that is %q, got status %s", a.Name, a.Kind, p.Status)
		case payout.KindOf(err) != a.Kind:
			t.Errorf("%s: want an error that is %q, got %q", a.Name, a.Kind, payout.KindOf(err))
		}
		if payout.SafeToRetry(err) {
			t.Errorf("%s: SafeToRetry is true", a.Name)
		}
	}
}

// unlistedRefusals tries bodies that look like a refusal to who reads no table.
func unlistedRefusals(t *T) {
	for _, status := range []int{400, 402, 405, 406, 408, 409, 410, 413, 415, 418, 422, 423, 451, 499} {
		for _, body := range unlistedBodies {
			w := t.world()
			req := w.request()
			w.net.next(said(true, status, http.Header{"Content-Type": {body.contentType}}, []byte(body.text)))
			p, err := w.create(req)
			w.wantUnknown(fmt.Sprintf("HTTP %d with %s", status, body.name), p, err)
		}
	}
}

var unlistedBodies = []struct{ name, contentType, text string }{
	{"no body", "text/plain", ""},
	{"a page", "text/html", "<html><body><h1>No</h1></body></html>"},
	{"an empty object", "application/json", "{}"},
	{"an error of another service", "application/json", `{"error":"invalid_request","message":"declined"}`},
	{"an error of a gateway", "application/json", `{"error":{"code":"upstream","message":"declined"}}`},
	{"a code of a gateway", "application/json", `{"code":"7373","message":"not found"}`},
}

// pages has something before the bank answer in its place, after the bank acted: with a
// page, and with what an adapter can read that looks for JSON first.
func pages(t *T, statuses ...int) {
	for _, status := range statuses {
		w := t.world()
		w.warm()
		for _, body := range unlistedBodies {
			req := w.request()
			what := fmt.Sprintf("HTTP %d with %s", status, body.name)
			w.net.next(said(true, status, http.Header{"Content-Type": {body.contentType}}, []byte(body.text)))
			p, err := w.create(req)
			w.wantUnknown(what, p, err)
			if denied := status == http.StatusUnauthorized || status == http.StatusForbidden; denied && !told(err).Hold {
				t.Errorf("%s: the error does not ask for the provider to be held, and the next payout ends in the same way", what)
			}
			w.wantFound(req)
		}
	}
}

func rateLimited(t *T) {
	w := t.world()
	for _, body := range unlistedBodies {
		req := w.request()
		what := "HTTP 429 with " + body.name
		w.net.next(said(true, http.StatusTooManyRequests, http.Header{"Retry-After": {"7"}, "Content-Type": {body.contentType}}, []byte(body.text)))
		p, err := w.create(req)
		w.wantUnknown(what, p, err)
		if after := told(err).RetryAfter; after != 7*time.Second {
			t.Errorf("%s: Retry-After is 7 s, and the error says %s", what, after)
		}
		w.wantFound(req)
	}
}

// told is the error of a Client, or the zero one.
func told(err error) payout.Error {
	if e, ok := err.(*payout.Error); ok { //nolint:errorlint // Client returns no other
		return *e
	}
	return payout.Error{}
}
