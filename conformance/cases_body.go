package conformance

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/payoutkit/payout"
)

func bodyCases() []Case {
	return []Case{
		{
			Name: "unreadable answers", Rule: "An answer that is empty, a page, of another type or damaged proves nothing, to Create and to Find alike.",
			Cost: "A parser's error is taken for a refusal.", Money: true, run: unreadable,
		},
		{
			Name: "endless answer", Rule: "An answer is read up to a limit, and one that is longer is no answer.",
			Cost: "One answer takes the process down with every payout in it.", Money: true, run: endless,
		},
		{
			Name: "slow answer", Rule: "An answer that does not come to its end is given up with the context, and is no answer.",
			Cost: "Payouts wait for ever.", Money: true, run: slow,
		},
		{
			Name: "redirects", Rule: "A redirect is never followed: exactly one request, and the outcome is unknown.",
			Cost: "307 sends the payout again, with its credentials, to wherever the answer says.", Money: true, run: redirects,
		},
	}
}

var damages = []struct {
	name string
	edit func([]byte) []byte
}{
	{"empty", func([]byte) []byte { return nil }},
	{"a page", func([]byte) []byte { return []byte("<html><body>Welcome</body></html>") }},
	{"a number", func([]byte) []byte { return []byte("12345") }},
	{"null", func([]byte) []byte { return []byte("null") }},
	{"a list", func(b []byte) []byte { return append(append([]byte("["), b...), ']') }},
	{"cut in half, with a length that fits", func(b []byte) []byte { return b[:len(b)/2] }},
	{"not UTF-8", func([]byte) []byte { return []byte{0xff, 0xfe, 0x00, 0x01} }},
	{"followed by more", func(b []byte) []byte { return append(bytes.Clone(b), []byte("<!-- proxy -->")...) }},
}

func unreadable(t *T) {
	for _, d := range damages {
		w := t.world()
		w.warm()
		req := w.request()
		w.net.next(rewritten(d.edit))
		p, err := w.create(req)
		w.wantUnknown("an answer that is "+d.name, p, err)

		w.asked("an answer that is "+d.name, req, rewritten(d.edit))
		w.wantFound(req)
	}
}

// much is more than any bank says in one answer.
const much = 64 << 20

// floods are answers that are longer than an adapter may read.
var floods = []struct {
	name string
	made func(done func(written int)) fault
}{
	{"a body without end", flooded},
	{"headers without end", func(done func(int)) fault { return poured("HTTP/1.1 200 OK\r\n", "X-More: and more\r\n", done) }},
	{"one header without end", func(done func(int)) fault { return poured("HTTP/1.1 200 OK\r\nX-More: ", "and more", done) }},
	{"interim answers without end", func(done func(int)) fault { return poured("", "HTTP/1.1 100 Continue\r\n\r\n", done) }},
	{"a body that swells when it is unpacked", func(done func(int)) fault { return packed(func() { done(0) }) }},
}

func endless(t *T) {
	for _, f := range floods {
		w := t.world()
		req := w.request()
		written := make(chan int, 1)
		w.net.next(f.made(func(n int) { written <- n }))
		p, err := w.create(req)
		w.wantUnknown(f.name, p, err)
		if w.net.count() == 0 {
			return // nothing was sent, so nothing is written either
		}
		if n := <-written; n >= much {
			t.Errorf("%s: the adapter read %d bytes of one answer", f.name, n)
		}
		before := w.net.all()
		w.asked(f.name, req, f.made(func(n int) { written <- n }))
		if w.net.all() == before {
			continue // this adapter asks nobody
		}
		if n := <-written; n >= much {
			t.Errorf("%s: the adapter read %d bytes of one answer to a question", f.name, n)
		}
	}
}

func slow(t *T) {
	w := t.world()
	req := w.request()
	ctx, end := newEndable(t.ctx, context.DeadlineExceeded)
	w.net.next(dripped(end))
	p, err := w.createIn(ctx, req)
	w.wantUnknown("an answer that does not end", p, err)

	ctx, end = newEndable(t.ctx, context.DeadlineExceeded)
	w.net.nextAny(dripped(end))
	p, err = w.client.Find(ctx, req.Ref())
	if err == nil || !errors.Is(err, context.DeadlineExceeded) || payout.KindOf(err) == payout.ErrNotFound {
		t.Errorf("asked, with an answer that does not end: status %s, error %v", p.Status, err)
	}
	w.wantFound(req)
}

func redirects(t *T) {
	for _, status := range []int{301, 302, 303, 307, 308} {
		w := t.world()
		req := w.request()
		w.net.next(said(false, status, http.Header{"Location": {w.net.url + "/elsewhere"}}, nil))
		before := w.net.all()
		p, err := w.create(req)
		w.wantUnknown(fmt.Sprintf("HTTP %d", status), p, err)
		if all := w.net.all() - before; all != 1 {
			t.Errorf("HTTP %d was followed: %d requests arrived", status, all)
		}
	}
}
