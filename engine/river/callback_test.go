package river_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
)

// hinting is a till that calls back.
type hinting struct{ *till }

// ReadCallback implements payout.CallbackReader: it believes everything.
func (hinting) ReadCallback(r *http.Request) (payout.Ref, error) {
	return payout.Ref{Reference: r.URL.Query().Get("reference")}, nil
}

func callback(t testing.TB, h http.Handler, reference string) {
	t.Helper()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/?reference="+reference, strings.NewReader("")))
	require.Equal(t, http.StatusOK, w.Code)
}

// slept reports whether a payout's job waits for its time.
func slept(t testing.TB, pool *pgxpool.Pool, reference string) bool {
	t.Helper()
	jobs := jobsOf(t, pool, reference)
	return len(jobs) == 0 || !strings.Contains(jobs[len(jobs)-1], "running")
}
