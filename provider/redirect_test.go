package provider_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout/provider"
)

func TestRedirectsAreNotFollowed(t *testing.T) {
	for _, status := range []int{300, 301, 302, 303, 304, 305, 307, 308} {
		t.Run(fmt.Sprint(status), func(t *testing.T) {
			b := openBank(t, serverTLS(t), func(x *exchange) {
				for x.request() {
					x.say(fmt.Sprintf("HTTP/1.1 %d Elsewhere\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n", status))
				}
			})
			l := link(t, b.url, provider.HTTP{})
			a, err := l.Do(t.Context(), post())
			require.NoError(t, err)
			assert.Equal(t, status, a.Status)
			assert.Equal(t, "/elsewhere", a.Header.Get("Location"))
			l.CloseIdle()
			requests := b.drained()
			require.Len(t, requests, 1)
			assert.Equal(t, "/pay", requests[0].path)
		})
	}
}
