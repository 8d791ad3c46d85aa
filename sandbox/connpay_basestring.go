package sandbox

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/payoutkit/payout/sandbox/bank"
)

// baseString is what a signature is made over (RFC 5849, 3.4.1).
func baseString(method, address string, body []bank.Pair, oauth map[string]string) string {
	var pairs []string
	add := func(name, value string) { pairs = append(pairs, percentEncode(name)+"="+percentEncode(value)) }
	for _, p := range body {
		add(p.Name, p.Value)
	}
	for name, value := range oauth {
		if name != "oauth_signature" {
			add(name, value)
		}
	}
	slices.SortFunc(pairs, func(a, b string) int {
		an, av, _ := strings.Cut(a, "=")
		bn, bv, _ := strings.Cut(b, "=")
		if an != bn {
			return strings.Compare(an, bn)
		}
		return strings.Compare(av, bv)
	})
	return strings.ToUpper(method) + "&" + percentEncode(normalAddress(address)) + "&" + percentEncode(strings.Join(pairs, "&"))
}

// normalAddress lowers the host and drops the port that https has anyway.
func normalAddress(address string) string {
	host, path, _ := strings.Cut(strings.TrimPrefix(address, "https://"), "/")
	return "https://" + strings.TrimSuffix(strings.ToLower(host), ":443") + "/" + path
}

const unreserved = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"

// percentEncode encodes all but RFC 3986's unreserved characters, in upper-case hex.
func percentEncode(text string) string {
	var b strings.Builder
	for i := range len(text) {
		if strings.IndexByte(unreserved, text[i]) >= 0 {
			b.WriteByte(text[i])
			continue
		}
		const hex = "0123456789ABCDEF"
		b.Write([]byte{'%', hex[text[i]>>4], hex[text[i]&15]})
	}
	return b.String()
}

// percentDecode reads what percentEncode writes, and nothing else.
func percentDecode(text string) (string, bool) {
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		if text[i] != '%' {
			b.WriteByte(text[i])
			continue
		}
		if i+2 >= len(text) {
			return "", false
		}
		n, err := strconv.ParseUint(text[i+1:i+3], 16, 8)
		if err != nil {
			return "", false
		}
		b.WriteByte(byte(n))
		i += 2
	}
	decoded := b.String()
	return decoded, utf8.ValidString(decoded) && percentEncode(decoded) == text
}
