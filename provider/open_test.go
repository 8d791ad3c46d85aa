package provider_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/provider"
)

func TestBaseAddressesThatAreRefused(t *testing.T) {
	for _, c := range []struct{ name, base string }{
		{"nothing", ""},
		{"plain HTTP", "http://bank.test"},
		{"no scheme", "bank.test/base"},
		{"no scheme, with slashes", "//bank.test"},
		{"another scheme", "ftp://bank.test"},
		{"no host", "https://"},
		{"no host, a path", "https:///base"},
		{"a port alone", "https://:443"},
		{"opaque", "https:bank.test"},
		{"user", "https://s3cret-password@bank.test"},
		{"user and password", "https://u:s3cret-password@bank.test"},
		{"no user, but a password", "https://:s3cret-password@bank.test"},
		{"empty user", "https://@bank.test"},
		{"query", "https://bank.test/?key=s3cret-password"},
		{"empty query", "https://bank.test/?"},
		{"fragment", "https://bank.test/#x"},
		{"empty fragment", "https://bank.test/#"},
		{"a space", "https://bank .test"},
		{"a line", "https://bank.test\r\n"},
		{"a bad port", "https://bank.test:44x"},
		{"a bad escape", "https://bank.test/%zz"},
	} {
		t.Run(c.name, func(t *testing.T) {
			l, err := provider.HTTP{}.Open(c.base)
			assert.Nil(t, l)
			e := proves(t, err, payout.ErrInvalid)
			assert.Equal(t, []payout.Violation{{Field: "base_url", Rule: "must be an absolute https address without user, query or fragment"}}, e.Violations)
		})
	}
}

func TestSettingsThatAreRefused(t *testing.T) {
	_, err := provider.HTTP{Timeout: -1, ConnectTimeout: -time.Second, MaxAnswer: -1, IdleTimeout: -1}.Open("http://bank.test")
	e := proves(t, err, payout.ErrInvalid)
	fields := []string{}
	for _, v := range e.Violations {
		fields = append(fields, v.Field)
	}
	assert.Equal(t, []string{"base_url", "http.timeout", "http.connect_timeout", "http.max_answer"}, fields)
}

func TestHostIdentifiesTheBank(t *testing.T) {
	for _, c := range []struct{ base, host string }{
		{"https://bank.test", "bank.test"},
		{"https://bank.test/base/", "bank.test"},
		{"https://bank.test:8443", "bank.test:8443"},
		{"https://bank.test:443", "bank.test"},
		{"HTTPS://Bank.Test:443/Base", "bank.test"},
		{"https://[::1]:8443", "[::1]:8443"},
	} {
		t.Run(c.base, func(t *testing.T) {
			l, err := provider.HTTP{}.Open(c.base)
			require.NoError(t, err)
			assert.Equal(t, c.host, l.Host())
		})
	}
}
