package connpay

import (
	"encoding/json"
	"net/url"
	"testing"

	"github.com/dghubble/oauth1"
	"github.com/stretchr/testify/require"
)

// The vendor's published example lacks most of the parameters that a request has, so
// no request can show it.
func TestPublishedBaseString(t *testing.T) {
	address, err := url.Parse("https://gateway.example/paynet/api/v4/sale/123")
	require.NoError(t, err)
	require.Equal(t,
		"POST&https%3A%2F%2Fgateway.example%2Fpaynet%2Fapi%2Fv4%2Fsale%2F123&amount%3D1.00%26client_orderid%3Dhf-1%26oauth_consumer_key%3Dmerchant",
		baseString(address, encoded(url.Values{"oauth_consumer_key": {"merchant"}, "amount": {"1.00"}, "client_orderid": {"hf-1"}})))
	for value, want := range map[string]string{
		"!'()*": "%21%27%28%29%2A", "a+b": "a%2Bb", "é": "%C3%A9", "019-._~": "019-._~", "": "", "a b": "a%20b",
	} {
		require.Equal(t,
			"POST&https%3A%2F%2Fgateway.example%2Fpaynet%2Fapi%2Fv4%2Fsale%2F123&x%3D"+encodedTwice(want),
			baseString(address, encoded(url.Values{"x": {value}})))
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

// What takes the place of the library's encoder does what that does, with any bytes.
func FuzzPercentEncode(f *testing.F) {
	for _, text := range []string{"", "a b+c%20", "!'()*", "-._~", "\x00\xff", "Ж€\U0001f600", "a=b&c;d/e?f#g"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		require.Equal(t, oauth1.PercentEncode(text), percentEncode(text))
	})
}

// Parameters are in order by their encoded names, then by their encoded values, and an
// empty value counts (RFC 5849, 3.4.1.3.2).
func TestOrderOfParameters(t *testing.T) {
	address, err := url.Parse("https://gateway.example:8443/paynet")
	require.NoError(t, err)
	require.Equal(t,
		"POST&https%3A%2F%2Fgateway.example%3A8443%2Fpaynet&a%3D%26a%252F%3D2%26a-b%3D3%26aa%3D%2526%26aa%3D1",
		baseString(address, encoded(url.Values{"aa": {"1", "&"}, "a-b": {"3"}}).and(url.Values{"a": {""}, "a/": {"2"}})))
}

// Whatever arrives, it can be read or not; what was read is read again as the same.
func FuzzParseForm(f *testing.F) {
	for _, body := range []string{
		"type=async-response\n&serial-number=0\n&merchant-order-id=1", "a=1&a=1&b=\r\n", "a=%41+%2B&", "=", "&&", "a", "a=%4", "a=%ff", "<a=b", "\xff",
	} {
		f.Add([]byte(body))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		first, ok := parseForm(body)
		if !ok {
			require.Empty(t, first)
			return
		}
		form := url.Values{}
		for name, value := range first {
			form.Set(name, value)
		}
		again, ok := parseForm([]byte(encoded(form).String()))
		require.True(t, ok)
		require.Equal(t, first, again)
	})
}

func FuzzParseJSON(f *testing.F) {
	for _, body := range []string{`{"type":"x","paynet-order-id":1}`, `{"a":[1],"b":{"c":2}}`, `{"type":[]}`, `{"a":1,"A":2}`, `[]`, `{`, "{\"a\":\"\xff\"}"} {
		f.Add([]byte(body))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		fields, ok := parseJSON(body)
		if !ok {
			require.Nil(t, fields)
			return
		}
		var all map[string]any
		require.NoError(t, json.Unmarshal(body, &all))
		for name := range fields {
			require.Contains(t, all, name)
		}
		for name := range decisive {
			if value := all[name]; value != nil {
				require.Contains(t, fields, name)
			}
		}
	})
}
