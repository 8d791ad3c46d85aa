package payout_test

import (
	"context"
	"errors"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
)

// postbox is a provider whose bank's calls are signed with "s" and name their payout
// in the body.
type postbox struct{ deaf }

// deaf is one that reads no callbacks.
type deaf struct{}

func (deaf) Info() payout.Info { return payout.Info{Name: "postbox"} }

func (deaf) Create(context.Context, payout.Request) (payout.Payout, error) {
	return payout.Payout{}, errors.New("not asked")
}

func (deaf) Find(context.Context, payout.Ref) (payout.Payout, error) {
	return payout.Payout{}, errors.New("not asked")
}

func (postbox) ReadCallback(r *http.Request) (payout.Ref, error) {
	body, err := io.ReadAll(r.Body)
	switch {
	case err != nil:
		return payout.Ref{}, &payout.Error{Kind: payout.ErrInvalid, Detail: "too long"}
	case r.Header.Get("Signature") == "panic":
		panic("the adapter")
	case r.Header.Get("Signature") == "fail":
		return payout.Ref{}, errors.New("no kind")
	case r.Header.Get("Signature") != "s":
		return payout.Ref{}, &payout.Error{Kind: payout.ErrUnauthorized}
	}
	return payout.Ref{
		Reference: string(body), ProviderID: "id-1", Endpoint: "elsewhere", Amount: payout.FromMinor(1, payout.USD),
	}, nil
}

// hints notes the payouts that a handler was told of.
type hints struct {
	mu   sync.Mutex
	refs []payout.Ref
	err  error
}

func (h *hints) take(_ context.Context, ref payout.Ref) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.refs = append(h.refs, ref)
	return h.err
}

func call(h http.Handler, signature, body string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodPost, "/callback?x=1", strings.NewReader(body))
	r.Header.Set("Signature", signature)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// What each call is answered with, and whether anybody heard of it.
func TestCallbackHandler(t *testing.T) {
	long := strings.Repeat("a", 1<<20)
	for name, tt := range map[string]struct {
		p               payout.Provider
		signature, body string
		fails           error
		status          int
		heard           bool
	}{
		"verified":            {p: postbox{}, signature: "s", body: "p-1", status: 200, heard: true},
		"the platform fails":  {p: postbox{}, signature: "s", body: "p-1", fails: errors.New("full"), status: 503, heard: true},
		"another signature":   {p: postbox{}, signature: "t", body: "p-1", status: 403},
		"no signature":        {p: postbox{}, body: "p-1", status: 403},
		"no reference":        {p: postbox{}, signature: "s", status: 400},
		"no reference at all": {p: postbox{}, signature: "s", body: "p\n1", status: 400},
		"too long":            {p: postbox{}, signature: "s", body: long + "a", status: 400},
		"longer than a name":  {p: postbox{}, signature: "s", body: long, status: 400},
		"the adapter fails":   {p: postbox{}, signature: "fail", body: "p-1", status: 503},
		"no callbacks":        {p: deaf{}, signature: "s", body: "p-1", status: 404},
	} {
		t.Run(name, func(t *testing.T) {
			heard := &hints{err: tt.fails}
			w := call(payout.CallbackHandler(payout.NewClient(tt.p), heard.take), tt.signature, tt.body)
			require.Equal(t, tt.status, w.Code)
			require.Empty(t, w.Body.String())
			if !tt.heard {
				require.Empty(t, heard.refs)
				return
			}
			// Neither an amount nor a place to ask at comes from a callback.
			require.Equal(t, []payout.Ref{{Reference: "p-1", ProviderID: "id-1"}}, heard.refs)
		})
	}
}

// Callbacks come twice and at the same time: each is a hint of its own, and one that
// failed is one that comes again.
func TestCallbacksComeAgain(t *testing.T) {
	heard := &hints{}
	h := payout.CallbackHandler(payout.NewClient(postbox{}), heard.take)
	heard.err = errors.New("not now")
	require.Equal(t, 503, call(h, "s", "p-1").Code)
	heard.err = nil
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() { call(h, "s", "p-1") })
	}
	group.Wait()
	require.Len(t, heard.refs, 9)
}

// A panic, in the adapter or in the platform, is no 200.
func TestCallbackPanics(t *testing.T) {
	for signature, hint := range map[string]func(context.Context, payout.Ref) error{
		"panic": func(context.Context, payout.Ref) error { return nil },
		"s":     func(context.Context, payout.Ref) error { panic("the platform") },
	} {
		server := httptest.NewUnstartedServer(payout.CallbackHandler(payout.NewClient(postbox{}), hint))
		server.Config.ErrorLog = log.New(io.Discard, "", 0)
		server.Start()
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, server.URL, strings.NewReader("p-1"))
		require.NoError(t, err)
		r.Header.Set("Signature", signature)
		_, err = server.Client().Do(r)
		require.Error(t, err)
		server.Close()
	}
	require.Panics(t, func() { payout.CallbackHandler(nil, (&hints{}).take) })
	require.Panics(t, func() { payout.CallbackHandler(payout.NewClient(postbox{}), nil) })
}

// The context of the call goes with the hint, and one that has ended is answered so
// that the bank comes again.
func TestCallbackContext(t *testing.T) {
	type key struct{}
	var got any
	h := payout.CallbackHandler(payout.NewClient(postbox{}), func(ctx context.Context, _ payout.Ref) error {
		got = ctx.Value(key{})
		return nil
	})
	serve := func(ctx context.Context) int {
		r := httptest.NewRequestWithContext(ctx, http.MethodPost, "/", strings.NewReader("p-1"))
		r.Header.Set("Signature", "s")
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		return w.Code
	}
	require.Equal(t, 200, serve(context.WithValue(t.Context(), key{}, "v")))
	require.Equal(t, "v", got)
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	require.Equal(t, 503, serve(ended))
}
