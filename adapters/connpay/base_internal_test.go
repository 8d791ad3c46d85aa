package connpay

import (
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"
)

// The vendor's published example lacks most of the parameters that a request has, so
// no request can show it.
func TestPublishedBaseString(t *testing.T) {
	address, err := url.Parse("https://gateway.example/paynet/api/v4/sale/123")
	require.NoError(t, err)
	require.Equal(t,
		"POST&https%3A%2F%2Fgateway.example%2Fpaynet%2Fapi%2Fv4%2Fsale%2F123&amount%3D1.00%26client_orderid%3Dhf-1%26oauth_consumer_key%3Dmerchant",
		baseString(address, url.Values{"oauth_consumer_key": {"merchant"}, "amount": {"1.00"}, "client_orderid": {"hf-1"}}))
	for value, want := range map[string]string{
		"!'()*": "%21%27%28%29%2A", "a+b": "a%2Bb", "é": "%C3%A9", "019-._~": "019-._~", "": "", "a b": "a%20b",
	} {
		require.Equal(t,
			"POST&https%3A%2F%2Fgateway.example%2Fpaynet%2Fapi%2Fv4%2Fsale%2F123&x%3D"+encodedTwice(want),
			baseString(address, url.Values{"x": {value}}))
	}
}

func encodedTwice(encoded string) string {
	out := ""
	for _, r := range encoded {
		if r == '%' {
			out += "%25"
		} else {
			out += string(r)
		}
	}
	return out
}
