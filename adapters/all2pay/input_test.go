package all2pay_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/adapters/all2pay"
)

// broken returns the rules that an error names, as text.
func broken(err error) (rules []string) {
	var e *payout.Error
	if errors.As(err, &e) && e.Kind == payout.ErrInvalid {
		for _, v := range e.Violations {
			rules = append(rules, v.String())
		}
	}
	return rules
}

// What SBP asks for. Nothing is sent for what breaks it.
func TestSBPRules(t *testing.T) {
	capture, client := captured(t, all2pay.Config{})
	const (
		mobile = "destination.phone: must be a mobile number: they begin with +79 (target.phone) (all2pay:343-345)"
		kazakh = "destination.phone: must be a Russian number: this one is of Kazakhstan (target.phone) (all2pay:343-345)"
		phone  = "destination.phone: must be a telephone number with country code 7, such as +79261214249 (target.phone) (all2pay:343-345)"
	)
	for name, tt := range map[string]struct {
		change func(*payout.SBP)
		want   string
	}{
		"Latin look-alike": {
			func(s *payout.SBP) { s.LastName = payout.NewSecret("Иванoв") }, // the o
			"destination.last_name: must be in Cyrillic letters: the character at position 5 is a Latin letter (target.lastName) (all2pay:348-349)",
		},
		"Latin first name": {
			func(s *payout.SBP) { s.FirstName = payout.NewSecret("Ivan") },
			"destination.first_name: must be in Cyrillic letters: the character at position 1 is a Latin letter (target.firstName) (all2pay:350-351)",
		},
		"digit": {
			func(s *payout.SBP) { s.MiddleName = payout.NewSecret("Иванович 2") },
			"destination.middle_name: must be in Cyrillic letters: the character at position 10 is not one (target.middleName) (all2pay:352-353)",
		},
		"Greek look-alike": {
			func(s *payout.SBP) { s.LastName = payout.NewSecret("Ивανов") },
			"destination.last_name: must be in Cyrillic letters: the character at position 3 is not one (target.lastName) (all2pay:348-349)",
		},
		"no letters": {
			func(s *payout.SBP) { s.LastName = payout.NewSecret("-") },
			"destination.last_name: must be in Cyrillic letters: it has none (target.lastName) (all2pay:348-349)",
		},
		"no last name":        {func(s *payout.SBP) { s.LastName = payout.Secret{} }, "destination.last_name: is required (target.lastName) (all2pay:348-349)"},
		"no first name":       {func(s *payout.SBP) { s.FirstName = payout.Secret{} }, "destination.first_name: is required (target.firstName) (all2pay:350-351)"},
		"no phone":            {func(s *payout.SBP) { s.Phone = payout.Secret{} }, "destination.phone: is required (target.phone) (all2pay:343-345)"},
		"no bank":             {func(s *payout.SBP) { s.BankID = "" }, "destination.bank_id: is required (target.bankId) (all2pay:346-347)"},
		"bank by another id":  {func(s *payout.SBP) { s.BankID = "044525225" }, "destination.bank_id: must be 12 digits that begin with 1 (target.bankId) (all2pay:346-347)"},
		"Kazakh mobile":       {func(s *payout.SBP) { s.Phone = payout.NewSecret("+7 701 123 45 67") }, kazakh},
		"Kazakh with 8":       {func(s *payout.SBP) { s.Phone = payout.NewSecret("8 (777) 123-45-67") }, kazakh},
		"Kazakh landline":     {func(s *payout.SBP) { s.Phone = payout.NewSecret("+77172123456") }, kazakh},
		"Kazakh, other range": {func(s *payout.SBP) { s.Phone = payout.NewSecret("76001234567") }, kazakh},
		"Moscow landline":     {func(s *payout.SBP) { s.Phone = payout.NewSecret("+7 495 123-45-67") }, mobile},
		"free of charge":      {func(s *payout.SBP) { s.Phone = payout.NewSecret("8 800 555-35-35") }, mobile},
		"nine digits":         {func(s *payout.SBP) { s.Phone = payout.NewSecret("926121424") }, phone},
		"twelve digits":       {func(s *payout.SBP) { s.Phone = payout.NewSecret("792612142490") }, phone},
		"another country":     {func(s *payout.SBP) { s.Phone = payout.NewSecret("+375 29 123-45-67") }, phone},
		"plus and 8":          {func(s *payout.SBP) { s.Phone = payout.NewSecret("+8 926 121-42-49") }, phone},
		"plus and zeros":      {func(s *payout.SBP) { s.Phone = payout.NewSecret("+0079261214249") }, phone},
		"extension":           {func(s *payout.SBP) { s.Phone = payout.NewSecret("+79261214249 доб. 1") }, phone},
		"two numbers":         {func(s *payout.SBP) { s.Phone = payout.NewSecret("+79261214249, +79261214250") }, phone},
		"plus in the middle":  {func(s *payout.SBP) { s.Phone = payout.NewSecret("8+9261214249") }, phone},
		"other digits":        {func(s *payout.SBP) { s.Phone = payout.NewSecret("+7926121424٩") }, phone},
	} {
		to := bySBP
		tt.change(&to)
		_, err := client.Create(t.Context(), request(to))
		require.Equal(t, []string{tt.want}, broken(err), name)
	}
	require.Empty(t, capture.Sent())
}

// #25: every usual way to write a Russian mobile number.
func TestSBPPhones(t *testing.T) {
	capture, client := captured(t, all2pay.Config{})
	for _, phone := range []string{
		"79261214249", "0079261214249", "+79261214249", "89261214249", "9261214249",
		"+7 926 121-42-49", "8 (926) 121-42-49", "8-926-121-42-49", "7.926.121.42.49", "926 121 42 49",
		"+7\u00a0926\u00a0121\u201142\u201149", "00 7 926 1214249",
	} {
		to := bySBP
		to.Phone = payout.NewSecret(phone)
		sent := capture.By(t, func() { _, _ = client.Create(t.Context(), request(to)) })
		require.Contains(t, sent.Body, `"phone":"79261214249"`, phone)
	}
}

// A configuration that can't work is refused, with everything that is wrong with it.
func TestConfig(t *testing.T) {
	key, password := payout.NewSecret(publishedKey), payout.NewSecret("123456")
	good := all2pay.Config{BaseURL: all2pay.Test, UserName: "u", Password: payout.NewSecret("p")}
	long := "0123456789012345678901234567890"
	// Rules of package provider are named by their field.
	const unsafe, badKey = "base_url: ", "signing_key: "
	for name, tt := range map[string]struct {
		change func(*all2pay.Config)
		want   []string
	}{
		"none":              {func(c *all2pay.Config) { c.UserName, c.Password = "", payout.Secret{} }, []string{"user_name: is required (userName) (all2pay:302-303)", "password: is required (password) (all2pay:304-305)"}},
		"long user name":    {func(c *all2pay.Config) { c.UserName = long }, []string{"user_name: must be at most 30 characters (userName) (all2pay:302-303)"}},
		"long password":     {func(c *all2pay.Config) { c.Password = payout.NewSecret(long) }, []string{"password: must be at most 30 characters (password) (all2pay:304-305)"}},
		"no address":        {func(c *all2pay.Config) { c.BaseURL = "" }, []string{unsafe}},
		"no TLS":            {func(c *all2pay.Config) { c.BaseURL = "http://api.all2pay.net" }, []string{unsafe}},
		"key, no password":  {func(c *all2pay.Config) { c.SigningKey = key }, []string{badKey}},
		"key, wrong one":    {func(c *all2pay.Config) { c.SigningKey, c.SigningKeyPassword = key, payout.NewSecret("654321") }, []string{badKey}},
		"password, no key":  {func(c *all2pay.Config) { c.SigningKeyPassword = password }, []string{badKey}},
		"key that is a cat": {func(c *all2pay.Config) { c.SigningKey = payout.NewSecret("meow") }, []string{badKey}},
	} {
		c := good
		tt.change(&c)
		p, err := all2pay.New(c)
		require.Nil(t, p, name)
		got := broken(err)
		require.Len(t, got, len(tt.want), name)
		for i, want := range tt.want {
			require.True(t, strings.HasPrefix(got[i], want), "%s: %s", name, got[i])
		}
	}
	good.SigningKey, good.SigningKeyPassword = key, password
	for _, address := range []string{all2pay.Test, all2pay.Production} {
		good.BaseURL = address
		_, err := all2pay.New(good)
		require.NoError(t, err)
	}
}
