package conformance

import (
	"bytes"
	"fmt"
	"slices"
)

func ownFormCases() []Case {
	return []Case{
		{
			Name: "unlisted codes", Rule: "An error in the bank's own form with a code that its document does not list proves nothing, whatever its HTTP status.",
			Cost: "The bank adds a code for what it has already taken, and the payout is sent again.", Money: true, run: unlistedCodes,
		},
		{
			Name: "listed codes elsewhere", Rule: "A listed answer means what the document says with the HTTP status of its row; with another one it proves nothing.",
			Cost: "A gateway repeats a code of its own after the bank has paid.", Money: true, run: listedElsewhere,
		},
	}
}

// ownStatuses are those that somebody takes for the whole answer.
var ownStatuses = []int{200, 400, 401, 403, 404, 409, 422, 429, 500, 502, 503}

func unlistedCodes(t *T) {
	w := t.world()
	w.warm()
	for _, a := range unlikeOf(t.h.Answers) {
		for _, status := range ownStatuses {
			w.provesNothing(status, a, true)
		}
	}
	if len(t.h.Answers) == 0 {
		t.notef("Harness.Answers has no row")
	}
}

func listedElsewhere(t *T) {
	w := t.world()
	w.warm()
	for _, a := range t.h.Answers {
		for _, status := range ownStatuses {
			if a.Status != status && !listed(t.h.Answers, status, a) {
				w.provesNothing(status, a, false)
			}
		}
	}
}

// provesNothing has the bank act, and an answer arrive with that status instead of its
// own. changed: the values in it are others than the document's.
func (w *world) provesNothing(status int, a Answer, changed bool) {
	req := w.request()
	text := a.Body(req.Reference)
	what := fmt.Sprintf("HTTP %d with the body of %s", status, a.Name)
	if changed {
		text, what = unlike(text, req.Reference), what+", and other values in it"
	}
	w.net.next(said(true, status, a.Header, text))
	p, err := w.create(req)
	w.wantUnknown(what, p, err)
	if changed {
		w.asked(what, req, said(false, status, a.Header, text))
	}
}

// unlikeOf leaves out the answers that are the same once their values are changed, or
// can't be.
func unlikeOf(answers []Answer) (out []Answer) {
	const reference = "c000000"
	var seen [][]byte
	for _, a := range answers {
		body := a.Body(reference)
		text := unlike(body, reference)
		same := func(b []byte) bool { return bytes.Equal(b, text) }
		if !bytes.Equal(body, text) && !slices.ContainsFunc(seen, same) {
			out, seen = append(out, a), append(seen, text)
		}
	}
	return out
}

// listed reports whether a row of the table could mean an answer that arrives with that
// status: it shares a value with it, which may be its code.
func listed(answers []Answer, status int, a Answer) bool {
	const reference = "c000000"
	mine := valuesOf(a.Body(reference))
	for _, row := range answers {
		if row.Status != status {
			continue
		}
		for v := range valuesOf(row.Body(reference)) {
			if mine[v] {
				return true
			}
		}
	}
	return false
}
