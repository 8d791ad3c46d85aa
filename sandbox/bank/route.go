package bank

import (
	"io"
	"net/http"
	"net/url"
	"strings"
)

// maxBody is more than any request of a payout needs.
const maxBody = 1 << 20

// Route is one request that a bank takes.
type Route struct {
	Method string
	// Path is matched exactly, segment by segment; a segment "{name}" stands for any
	// one that is not empty, see [Call.Param].
	Path      string
	Operation Operation
	// Query allows parameters in the URL. Without it such a request is not found.
	Query bool
	// Serve answers. It ends in [Call.Create], [Call.Find], [Call.Answer] or
	// [Call.Refuse].
	Serve func(*Call) Answer
}

func (r Route) match(path string) (map[string]string, bool) {
	want, have := strings.Split(r.Path, "/"), strings.Split(path, "/")
	if len(want) != len(have) {
		return nil, false
	}
	var params map[string]string
	for i, w := range want {
		if !strings.HasPrefix(w, "{") {
			if w != have[i] {
				return nil, false
			}
			continue
		}
		if have[i] == "" {
			return nil, false
		}
		if params == nil {
			params = make(map[string]string)
		}
		params[strings.Trim(w, "{}")] = have[i]
	}
	return params, true
}

// serve is the server's only HTTP handler.
func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	nc, _ := r.Context().Value(connKey{}).(*conn)
	c := &Call{
		Operation: Unknown,
		Method:    r.Method, Path: r.URL.Path, Host: r.Host, Header: r.Header,
		server: s, conn: nc, gone: r.Context(),
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, maxBody+1))
	if err != nil {
		panic(http.ErrAbortHandler) // the client broke off; it can't be told
	}
	c.Body = body
	answer := s.find(r, c)
	c.arrive("", "no answer was given") // for a Serve that forgot
	c.transmit(w, answer)
}

func (s *Server) find(r *http.Request, c *Call) Answer {
	if len(c.Body) > maxBody {
		return c.Refuse("", "body: too long", Answer{Status: http.StatusRequestEntityTooLarge})
	}
	query, err := url.ParseQuery(r.URL.RawQuery)
	for _, route := range s.routes {
		params, ok := route.match(r.URL.EscapedPath())
		if ok && route.Method == r.Method && (route.Query && err == nil || r.URL.RawQuery == "") {
			c.params, c.Query, c.Operation = params, query, route.Operation
			return route.Serve(c)
		}
	}
	answer := Answer{Status: http.StatusNotFound}
	if s.cfg.NotFound != nil {
		answer = s.cfg.NotFound(c)
	}
	return c.Refuse("", "no such method here", answer)
}
