package conformance

import (
	"bytes"
	"compress/gzip"
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
)

// lost lets the bank act and drops its answer.
func lost() fault {
	return fault{forward: true, reply: func(ex *exchange) { reset(ex.hijack(), false) }}
}

// unread drops the request before the bank has it; the adapter can't tell.
func unread() fault {
	return fault{reply: func(ex *exchange) { reset(ex.hijack(), true) }}
}

func reset(c net.Conn, hard bool) {
	if t, ok := c.(*tls.Conn); ok && hard {
		c = t.NetConn()
		if w, ok := c.(*conn); ok {
			if tcp, ok := w.Conn.(*net.TCPConn); ok {
				_ = tcp.SetLinger(0)
			}
		}
	}
	_ = c.Close()
}

// truncated lets the bank act and delivers half of its answer.
func truncated() fault {
	return fault{forward: true, reply: func(ex *exchange) {
		ex.w.Header().Set("Content-Type", ex.answer.header.Get("Content-Type"))
		ex.w.Header().Set("Content-Length", strconv.Itoa(len(ex.answer.body)))
		ex.w.WriteHeader(ex.answer.status)
		_, _ = ex.w.Write(ex.answer.body[:len(ex.answer.body)/2])
		flush(ex.w)
		_ = ex.hijack().Close()
	}}
}

// held lets the bank act and never delivers its answer.
func held() fault {
	return fault{forward: true, reply: func(ex *exchange) { ex.gone(); panic(http.ErrAbortHandler) }}
}

// dripped lets the bank act, delivers the beginning of its answer, calls begun, and
// then never comes to the end.
func dripped(begun func()) fault {
	return fault{forward: true, reply: func(ex *exchange) {
		ex.w.Header().Set("Content-Type", ex.answer.header.Get("Content-Type"))
		ex.w.Header().Set("Content-Length", strconv.Itoa(len(ex.answer.body)))
		ex.w.WriteHeader(ex.answer.status)
		_, _ = ex.w.Write(ex.answer.body[:1])
		flush(ex.w)
		begun()
		ex.gone()
		panic(http.ErrAbortHandler)
	}}
}

// said answers in the bank's place. If acted, the bank has acted before.
func said(acted bool, status int, header http.Header, body []byte) fault {
	return fault{forward: acted, reply: func(ex *exchange) {
		for name, values := range header {
			ex.w.Header()[http.CanonicalHeaderKey(name)] = values
		}
		ex.w.WriteHeader(status)
		_, _ = ex.w.Write(body)
	}}
}

// rewritten lets the bank act and changes its body.
func rewritten(edit func([]byte) []byte) fault {
	return fault{forward: true, reply: func(ex *exchange) {
		ex.answer.header.Del("Content-Length")
		ex.answer.body = edit(ex.answer.body)
		ex.deliver()
	}}
}

// flooded lets the bank act and answers with the beginning of its answer and then
// spaces without end, until the adapter has had enough or much went out. It reports the
// number of bytes.
func flooded(done func(written int)) fault {
	return fault{forward: true, reply: func(ex *exchange) {
		ex.w.Header().Set("Content-Type", ex.answer.header.Get("Content-Type"))
		ex.w.WriteHeader(ex.answer.status)
		written, _ := ex.w.Write(ex.answer.body)
		done(written + pour(ex.w, " "))
	}}
}

// poured lets the bank act and answers with other bytes than HTTP's: some, and then the
// same ones without end.
func poured(begin, again string, done func(written int)) fault {
	return fault{forward: true, reply: func(ex *exchange) {
		c := ex.hijack()
		defer func() { _ = c.Close() }()
		written, _ := io.WriteString(c, begin)
		done(written + pour(c, again))
	}}
}

// pour writes a text again and again, until nobody takes it any more or much went out.
func pour(w io.Writer, text string) (written int) {
	many := []byte(strings.Repeat(text, 1+(64<<10)/len(text)))
	for written < much {
		n, err := w.Write(many)
		written += n
		if err != nil {
			break
		}
	}
	return written
}

// packed lets the bank act and delivers its answer, followed by much, in a small body that
// has to be unpacked.
func packed(done func()) fault {
	return fault{forward: true, reply: func(ex *exchange) {
		defer done()
		ex.w.Header().Set("Content-Type", ex.answer.header.Get("Content-Type"))
		ex.w.Header().Set("Content-Encoding", "gzip")
		ex.w.WriteHeader(ex.answer.status)
		_, _ = ex.w.Write(zipped(ex.answer.body))
		// What is unpacked of parts in a row is one text (RFC 1952, 2.2).
		for range much >> 20 {
			_, _ = ex.w.Write(zippedMega())
		}
	}}
}

var zippedMega = sync.OnceValue(func() []byte { return zipped(bytes.Repeat([]byte(" "), 1<<20)) })

func zipped(text []byte) []byte {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, _ = z.Write(text)
	_ = z.Close() // into memory
	return b.Bytes()
}

func flush(w http.ResponseWriter) {
	if f, ok := w.(http.Flusher); ok {
		f.Flush()
	}
}
