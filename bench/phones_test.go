package bench

import (
	"crypto/x509"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/nyaruka/phonenumbers"
	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/adapters/all2pay"
	"github.com/payoutkit/payout/provider"
)

// The library reads Russian telephone numbers by thirty lines of its own, since
// nyaruka/phonenumbers adds 8 MB to a binary. Here the two are held against each other,
// by what an adapter sends.

// phones is a bank that notes which numbers arrive.
type phones struct {
	client *payout.Client
	n      atomic.Int64
	last   struct {
		Target struct{ Phone string }
		Client struct{ Phone string }
	}
}

func newPhones(t *testing.T) *phones {
	t.Helper()
	p := &phones{}
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p.last.Target.Phone, p.last.Client.Phone = "", ""
		if err := json.NewDecoder(r.Body).Decode(&p.last); err != nil {
			panic(http.ErrAbortHandler)
		}
		_, _ = io.WriteString(w, "{}")
	}))
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	t.Cleanup(server.Close)
	roots := x509.NewCertPool()
	roots.AddCert(server.Certificate())
	adapter, err := all2pay.New(all2pay.Config{
		BaseURL: server.URL, UserName: "u", Password: payout.NewSecret("p"), HTTP: provider.HTTP{Roots: roots},
	})
	require.NoError(t, err)
	t.Cleanup(adapter.CloseIdleConnections)
	p.client = payout.NewClient(adapter)
	return p
}

func (p *phones) request() payout.Request {
	return payout.Request{
		Reference: fmt.Sprintf("p-%d", p.n.Add(1)), Amount: payout.FromMinor(100, payout.RUB),
		Destination: payout.Card{Number: payout.NewSecret("4111111111111111")}, Recipient: payout.Recipient{Name: payout.NewSecret("N")},
	}
}

// mobile is what becomes of a number in SBP, or "" if it is refused.
func (p *phones) mobile(t *testing.T, number string) string {
	t.Helper()
	req := p.request()
	req.Destination = payout.SBP{
		Phone: payout.NewSecret(number), BankID: "100000000111", LastName: payout.NewSecret("Иванов"), FirstName: payout.NewSecret("Иван"),
	}
	if _, err := p.client.Create(t.Context(), req); payout.KindOf(err) == payout.ErrInvalid {
		return ""
	}
	return p.last.Target.Phone
}

// national is what becomes of it as the recipient's own, or "".
func (p *phones) national(t *testing.T, number string) string {
	t.Helper()
	req := p.request()
	req.Recipient.Phone = payout.NewSecret(number)
	if _, err := p.client.Create(t.Context(), req); payout.KindOf(err) == payout.ErrInvalid {
		return ""
	}
	return p.last.Client.Phone
}

// parsed is what they make of a number, written in Russia. 007 is how the bank's
// document writes +7 (all2pay:345); in Russia 00 is no prefix, and they say so.
func parsed(number string) (*phonenumbers.PhoneNumber, error) {
	digits := strings.NewReplacer(" ", "", "-", "", ".", "", "(", "", ")", "", "\u00a0", "", "\u2011", "", "\u2013", "").Replace(number)
	if strings.HasPrefix(digits, "007") {
		number = "+" + digits[2:]
	}
	return phonenumbers.Parse(number, "RU")
}

// Usual ways of writing, and what is refused on purpose.
func TestPhonesTable(t *testing.T) {
	p := newPhones(t)
	for _, number := range []string{
		"+79261214249", "79261214249", "89261214249", "9261214249", "0079261214249",
		"+7 926 121-42-49", "+7 926 121 42 49", "+7-926-121-42-49", "+7.926.121.42.49", "+7 9261214249",
		"+7 (926) 121-42-49", "+7 (926) 121 42 49", "+7(926)121-42-49", "+7(926)1214249",
		"8 926 121-42-49", "8-926-121-42-49", "8(926)121-42-49", "8 (926) 121-42-49", "8-(926)-121-42-49", "8 (926)1214249",
		"7 926 121 42 49", "926 121-42-49", "926-121-42-49", "(926) 121-42-49", "(926)1214249", "926 1214249",
		"+7 926 121 4249", "+7 926 12 14 249", "+7 926 - 121 - 42 - 49",
		"+7\u00a0926\u00a0121\u201142\u201149", "+7 926 121\u201342\u201349", "00 7 926 121-42-49",
	} {
		require.Equal(t, "79261214249", p.mobile(t, number), number)
		require.Equal(t, "9261214249", p.national(t, number), number)
		theirs, err := parsed(number)
		require.NoError(t, err, number)
		require.Equal(t, "+79261214249", phonenumbers.Format(theirs, phonenumbers.E164), number)
		require.Equal(t, "RU", phonenumbers.GetRegionCodeForNumber(theirs), number)
	}
	for number, why := range map[string]string{
		"+7 926 121-42-49 доб. 1":  "an extension: they cut it off",
		"+7 926 121-42-49 ext. 12": "an extension",
		"tel:+79261214249":         "a URI",
		"тел. +7 926 121-42-49":    "words around it: they cut them off",
		"+7 926 121-42-49, Иван":   "words around it",
		"+7926CALLNOW":             "letters for digits",
		"8 10 7 926 121-42-49":     "dialled from Russia as if from abroad",
		"+8 926 121-42-49":         "8 is no country code",
		"+007 926 121-42-49":       "two prefixes",
		"++7 926 121-42-49":        "two plus signs",
		"+ 7 926 121-42-49":        "a plus sign by itself",
		"+7 ((926)) 121-42-49":     "parentheses in parentheses",
		"+7 (926 121-42-49":        "half a parenthesis",
		"+7 926) 121-42-49":        "the other half",
		"+7 926--121-42-49":        "two hyphens",
		"+7  926 121-42-49":        "two spaces: a digit may be missing between them",
		"+7 926 121-42-49-":        "a hyphen at the end",
		"+7/926/121/42/49":         "slashes",
		"+7 926 121-42-4":          "a digit too few",
		"+7 926 121-42-490":        "a digit too many",
		"+7926121424९":             "other digits than ASCII's",
		"＋79261214249":             "another plus sign than ASCII's",
		"+7 701 123-45-67":         "Kazakhstan",
		"8 (727) 123-45-67":        "Kazakhstan, from there",
		"+7 495 123-45-67":         "a landline",
		"8 800 555-35-35":          "a number free of charge",
		"4951234567":               "ten digits of no mobile number",
		"+375 29 123-45-67":        "Belarus",
		"+380 50 123-45-67":        "Ukraine",
		"9 261 214 249 0":          "eleven digits that begin with 9",
	} {
		require.Empty(t, p.mobile(t, number), why)
	}
}

// Whatever we take, they read as the same number, of Russia. Most of what is made up
// here is a number that people might write, and some of it is damaged.
func TestPhonesGenerated(t *testing.T) {
	p := newPhones(t)
	random := rand.New(rand.NewPCG(7, 926)) // the same numbers every time
	pick := func(of ...string) string { return of[random.IntN(len(of))] }
	digits := func(n int) string {
		var b strings.Builder
		for range n {
			b.WriteByte(byte('0' + random.IntN(10)))
		}
		return b.String()
	}
	const rounds = 6000
	mobiles, nationals, refused := 0, 0, 0
	for range rounds {
		prefix := pick("+7", "8", "7", "", "007", "+7", "8", "+7", "8", "+8", "+77", "+375", "0")
		area := pick("9", "9", "9", "9", "9", "9", "4", "8", "3", "7", "6", "0") + digits(2)
		if random.IntN(3) == 0 {
			area = "(" + area + ")"
		}
		between := func() string {
			if random.IntN(40) == 0 {
				return pick("--", "  ", "/", "(", ")", ",", "+")
			}
			return pick("", "", "", " ", " ", "-", "-", ".", "\u00a0", "\u2011", " - ")
		}
		number := prefix + between() + area + between() + digits(3) + between() + digits(2) + between() + digits(2)
		if random.IntN(8) == 0 { // a slip of the hand
			at := random.IntN(len(number) + 1)
			number = number[:at] + pick("1", " ", "-", "+", "x", ")", "0") + number[at:]
		}
		number = strings.TrimSpace(strings.ToValidUTF8(number, ""))
		theirs, err := parsed(number)
		if got := p.mobile(t, number); got != "" {
			mobiles++
			require.NoError(t, err, number)
			require.Equal(t, "+"+got, phonenumbers.Format(theirs, phonenumbers.E164), number)
			require.Equal(t, "RU", phonenumbers.GetRegionCodeForNumber(theirs), number)
			require.True(t, phonenumbers.IsValidNumber(theirs), number)
		} else {
			refused++
		}
		if got := p.national(t, number); got != "" {
			nationals++
			require.NoError(t, err, number)
			require.Equal(t, "+7"+got, phonenumbers.Format(theirs, phonenumbers.E164), number)
		}
	}
	t.Logf("of %d: %d mobile numbers and %d of any kind were taken", rounds, mobiles, nationals)
	require.Greater(t, mobiles, rounds/10)
	require.Greater(t, nationals, mobiles)
	require.Greater(t, refused, rounds/10)
}
