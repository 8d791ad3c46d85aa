package sandbox_test

import (
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/sandbox"
	"github.com/payoutkit/payout/sandbox/bank"
)

// browser opens pages and sends their forms in.
type browser struct {
	t      *testing.T
	client *http.Client
}

func (b browser) open(url string) answer {
	b.t.Helper()
	a, err := send(b.t, b.client, http.MethodGet, url, "", http.Header{"Accept": {"text/html"}})
	require.NoError(b.t, err)
	assert.Contains(b.t, a.header.Get("Content-Type"), "text/html")
	assert.Equal(b.t, "no-store", a.header.Get("Cache-Control"))
	assert.Contains(b.t, a.header.Get("Content-Security-Policy"), "default-src 'none'")
	for _, outside := range []string{"<script", "src=", "<link", "@import", "url("} {
		assert.NotContains(b.t, a.body, outside, "the page stands by itself")
	}
	return a
}

var (
	formAction = regexp.MustCompile(`<form method="post" action="([^"]+)"`)
	inputName  = regexp.MustCompile(`<input [^>]*name="([^"]+)"`)
)

// action is where the form of a page goes.
func (b browser) action(page answer) string {
	b.t.Helper()
	found := formAction.FindStringSubmatch(page.body)
	require.NotNil(b.t, found, page.body)
	return html.UnescapeString(found[1])
}

func (b browser) submit(url, body string) answer {
	b.t.Helper()
	a, err := send(b.t, b.client, http.MethodPost, url, body, http.Header{"Content-Type": {"application/x-www-form-urlencoded"}})
	require.NoError(b.t, err)
	return a
}

// enter fills in the only field of a page and follows to where that leads.
func (b browser) enter(pageURL, value string) answer {
	b.t.Helper()
	page := b.open(pageURL)
	field := inputName.FindStringSubmatch(page.body)
	require.NotNil(b.t, field, page.body)
	a := b.submit(b.action(page), url.Values{field[1]: {value}}.Encode())
	if a.status == http.StatusSeeOther {
		return b.open(a.header.Get("Location"))
	}
	return a
}

// text is the text of an element.
func (b browser) text(a answer, id string) string {
	b.t.Helper()
	found := regexp.MustCompile(`id="` + id + `"[^>]*>([^<]*)<`).FindStringSubmatch(a.body)
	if found == nil {
		return ""
	}
	return html.UnescapeString(found[1])
}

// register makes a hosted payout and returns the address of its page.
func register(t *testing.T, c *http.Client, m *sandbox.Module, request string) string {
	t.Helper()
	page, _ := post(t, c, m, "registerPayout.do", request).json(t)["formUrl"].(string)
	require.NotEmpty(t, page)
	return page
}

// clock is a bank's clock that a test moves.
type clock struct {
	start  time.Time
	passed atomic.Int64
}

func newClock() *clock { return &clock{start: time.Now()} }

func (c *clock) Now() time.Time           { return c.start.Add(time.Duration(c.passed.Load())) }
func (c *clock) set(passed time.Duration) { c.passed.Store(int64(passed)) }
func (c *clock) config() bank.Config      { return bank.Config{Now: c.Now} }

func TestPayoutPage(t *testing.T) {
	m, c := startAll2Pay(t, sandbox.ModuleConfig{Balance: payout.FromMinor(2000, payout.RUB)})
	b := browser{t, c}
	formURL := register(t, c, m, all2payRegister)
	page := b.open(formURL)
	assert.Equal(t, 200, page.status)
	assert.Equal(t, "12.34 RUB", b.text(page, "amount"))
	assert.Equal(t, "1645458818047", b.text(page, "order"))
	assert.Equal(t, "Decent payout", b.text(page, "description"))
	assert.Empty(t, m.Ledger().Entries(), "a page that is opened pays nothing")

	done := b.enter(formURL, "4111 1111 1111 1111")
	assert.Equal(t, "Done", b.text(done, "status"))
	assert.Equal(t, "411111XXXXXX1111", b.text(done, "card"))
	assert.Equal(t, "5; url=https://partnerdomain.com/&result=ok", done.header.Get("Refresh"), "all2pay:241-242")
	assert.Contains(t, done.body, `href="https://partnerdomain.com/&amp;result=ok"`)
	require.Equal(t, 1, m.Ledger().Times("1645458818047"))
	assert.Equal(t, "411111XXXXXX1111", m.Ledger().Entries()[0].Destination)
	assert.Equal(t, int64(766), m.Ledger().Funds("").Balance)

	v := post(t, c, m, "getPayoutStatus.do", registeredStatus).json(t)
	assert.Equal(t, "2", v["orderStatus"])
	assert.Equal(t, map[string]any{"clientId": "12345abc-d67e-8901-23fg-h45i67jk8901", "maskedPan": "4111XXXXXXXX1111"}, v["target"])
	assert.Len(t, v["operationList"], 2)

	// Sent in again, with another card, or opened again: it shows what stands.
	again := b.submit(b.action(page), "pan=5555555555554444")
	assert.Equal(t, http.StatusSeeOther, again.status)
	for _, address := range []string{again.header.Get("Location"), formURL} {
		a := b.open(address)
		assert.Equal(t, "Done", b.text(a, "status"))
		assert.Equal(t, "411111XXXXXX1111", b.text(a, "card"))
		assert.NotContains(t, a.body, "<form")
	}
	assert.Equal(t, 1, m.Ledger().Times("1645458818047"))
	assert.Empty(t, m.Refusals())
	assert.Equal(t, []int{2, 4}, []int{m.Count(sandbox.Submit, "1645458818047"), m.Count(sandbox.Page, "1645458818047") - 1})
}

func TestPayoutPageDeclines(t *testing.T) {
	for name, test := range map[string]struct {
		cfg  sandbox.ModuleConfig
		card string
		code float64
	}{
		"restricted": {sandbox.ModuleConfig{}, "4000000000000002", 902},
		"funds":      {sandbox.ModuleConfig{Balance: payout.FromMinor(1233, payout.RUB)}, "4111111111111111", 116},
		"limit":      {sandbox.ModuleConfig{Limit: payout.FromMinor(1233, payout.RUB)}, "4111111111111111", 121},
	} {
		t.Run(name, func(t *testing.T) {
			m, c := startAll2Pay(t, test.cfg)
			b := browser{t, c}
			formURL := register(t, c, m, all2payRegister)
			a := b.enter(formURL, test.card)
			assert.Equal(t, "Declined", b.text(a, "status"))
			assert.Equal(t, "5; url=https://partnerdomain.com/&result=fail", a.header.Get("Refresh"), "all2pay:243-244")
			assert.Empty(t, m.Ledger().Entries())
			v := post(t, c, m, "getPayoutStatus.do", registeredStatus).json(t)
			assert.Equal(t, []any{"6", test.code}, []any{v["orderStatus"], v["actionCode"]})
			assert.Equal(t, 1.0, v["operationList"].([]any)[1].(map[string]any)["resultCode"])

			m.Ledger().Fund("", payout.FromMinor(100_000, payout.RUB))
			b.submit(formURL, "pan=5555555555554444")
			assert.Empty(t, m.Ledger().Entries(), "declined is final")
		})
	}
	t.Run("no failUrl", func(t *testing.T) {
		m, c := startAll2Pay(t, sandbox.ModuleConfig{})
		a := browser{t, c}.enter(register(t, c, m, edit(t, all2payRegister, `,
"failUrl": "https://partnerdomain.com/&result=fail"`, "")), "4000000000000002")
		assert.Empty(t, a.header.Get("Refresh"))
		assert.NotContains(t, a.body, "<a ")
	})
}

// Whoever mistypes is asked again, and what was typed is not shown.
func TestPayoutPageTypingErrors(t *testing.T) {
	m, c := startAll2Pay(t, sandbox.ModuleConfig{})
	b := browser{t, c}
	formURL := register(t, c, m, all2payRegister)
	for _, typed := range []string{"", "4111111111111112", "41111111111", "no number", "4111111111111111x", "41111111111111111111", "<script>"} {
		a := b.enter(formURL, typed)
		assert.Equal(t, 200, a.status)
		assert.Contains(t, b.text(a, "problem"), "Please check it", typed)
		if typed != "" {
			assert.NotContains(t, a.body, typed)
		}
	}
	assert.Equal(t, "-1", post(t, c, m, "getPayoutStatus.do", registeredStatus).json(t)["orderStatus"])
	assert.Empty(t, m.Refusals(), "people's typing is no client's fault")
	assert.Equal(t, "Done", b.text(b.enter(formURL, "4111-1111-1111-1111"), "status"))
}

func TestPayoutPageForms(t *testing.T) {
	const form = "application/x-www-form-urlencoded"
	for name, test := range map[string]struct{ kind, body, rule string }{
		"another field": {form, "pan=4111111111111111&cvv=123", "cvv: is not a parameter"},
		"twice":         {form, "pan=4111111111111111&pan=4111111111111111", "pan: is given twice"},
		"no form":       {form, "pan", "body: is not well formed"},
		"with spaces":   {form, "pan=4111 1111 1111 1111", "body: is not well formed"},
		"a number":      {form, "4111111111111111=pan", "is not a parameter"},
		"too long":      {form, "pan=" + strings.Repeat("1", 41), "pan: has the wrong length"},
		"JSON":          {"application/json", `{"pan":"4111111111111111"}`, "Content-Type: must be"},
		"no type":       {"", "pan=4111111111111111", "Content-Type: must be"},
	} {
		t.Run(name, func(t *testing.T) {
			m, c := startAll2Pay(t, sandbox.ModuleConfig{})
			a, err := send(t, c, http.MethodPost, register(t, c, m, all2payRegister), test.body, http.Header{"Content-Type": {test.kind}})
			require.NoError(t, err)
			assert.Equal(t, 400, a.status)
			require.Len(t, m.Refusals(), 1)
			assert.Contains(t, m.Refusals()[0].Refused, test.rule)
			assert.Contains(t, a.body, test.rule, "whoever sends it by hand is told")
			assert.NotContains(t, a.body, "4111111111111111")
			assert.Empty(t, m.Ledger().Entries())
		})
	}
}

func TestPayoutPageAddresses(t *testing.T) {
	m, c := startAll2Pay(t, sandbox.ModuleConfig{TellOrderID: true})
	b := browser{t, c}
	formURL := register(t, c, m, all2payRegister)
	performed, _ := post(t, c, m, "performPayout.do", all2payRequest).json(t)["orderId"].(string)
	base, id, _ := strings.Cut(formURL, "?mdOrder=")
	for _, query := range []string{"", "?mdOrder=", "?mdOrder=" + id[1:], "?mdOrder=" + performed, "?mdorder=" + id} {
		a := b.open(base + query)
		assert.Equal(t, 404, a.status, query)
		assert.NotContains(t, a.body, "12.34")
		assert.Equal(t, 404, b.submit(base+query, "pan=4111111111111111").status, query)
	}
	assert.Len(t, m.Ledger().Entries(), 1, "performPayout's")
	for _, r := range m.Requests() {
		assert.NotContains(t, r.Path, id, "whoever has the address can enter a card: the log has it not")
	}
}

// What the partner wrote stands on the page as text.
func TestPayoutPageIsEscaped(t *testing.T) {
	m, c := startAll2Pay(t, sandbox.ModuleConfig{})
	b := browser{t, c}
	page := b.open(register(t, c, m, edit(t, all2payRegister, "Decent payout", `<script>alert(1)</script>\"'& 4111111111111111`)))
	assert.Equal(t, `<script>alert(1)</script>"'& XXXXXXXXXXXX1111`, b.text(page, "description"))
	assert.NotContains(t, page.body, "4111111111111111")
}

func TestPayoutPageExpires(t *testing.T) {
	for name, test := range map[string]struct {
		request string
		last    time.Duration // when it still pays
	}{
		"as asked":   {all2payRegister, 300*time.Second - 1},
		"by default": {edit(t, all2payRegister, `"sessionTimeoutSecs": 300,`, ``), 1200*time.Second - 1},
	} {
		t.Run(name, func(t *testing.T) {
			now := newClock()
			m, c := startAll2Pay(t, sandbox.ModuleConfig{Bank: now.config()})
			b := browser{t, c}
			formURL := register(t, c, m, test.request)
			kept := register(t, c, m, edit(t, test.request, "1645458818047", "kept"))
			now.set(test.last)
			assert.Contains(t, b.open(formURL).body, "<form")
			assert.Equal(t, "Done", b.text(b.enter(kept, "4111111111111111"), "status"))
			assert.Equal(t, "-1", post(t, c, m, "getPayoutStatus.do", registeredStatus).json(t)["orderStatus"])

			now.set(test.last + 1)
			late := b.submit(formURL, "pan=4111111111111111")
			require.Equal(t, http.StatusSeeOther, late.status)
			for _, address := range []string{late.header.Get("Location"), formURL} {
				a := b.open(address)
				assert.Equal(t, "The time for this is over", b.text(a, "status"))
				assert.NotContains(t, a.body, "<form")
				assert.Equal(t, "5; url=https://partnerdomain.com/&result=fail", a.header.Get("Refresh"))
			}
			v := post(t, c, m, "getPayoutStatus.do", registeredStatus).json(t)
			assert.Equal(t, []any{"6", -2007.0}, []any{v["orderStatus"], v["actionCode"]})
			assert.NotContains(t, v, "operationList", "nothing was tried")
			assert.NotContains(t, v, "target")
			assert.Equal(t, 0, m.Ledger().Times("1645458818047"))
			assert.Equal(t, "2", post(t, c, m, "getPayoutStatus.do", edit(t, registeredStatus, "1645458818047", "kept")).json(t)["orderStatus"],
				"what is paid does not expire")
		})
	}
	t.Run("Bereke has no action codes", func(t *testing.T) {
		now := newClock()
		m, c := startBereke(t, sandbox.ModuleConfig{Bank: now.config()})
		register(t, c, m, berekeRegister)
		now.set(300 * time.Second)
		v := post(t, c, m, "getPayoutStatus.do", registeredStatus).json(t)
		assert.Equal(t, "6", v["orderStatus"])
		assert.NotContains(t, v, "actionCode")
	})
	t.Run("what a script drives does not", func(t *testing.T) {
		now := newClock()
		m, c := startAll2Pay(t, sandbox.ModuleConfig{Bank: now.config()})
		m.Script(bank.Script{Operation: bank.Create, Act: bank.Pend(0)})
		formURL := register(t, c, m, all2payRegister)
		now.set(time.Hour)
		assert.Equal(t, "0", post(t, c, m, "getPayoutStatus.do", registeredStatus).json(t)["orderStatus"])
		a := browser{t, c}.open(formURL)
		assert.Contains(t, a.body, "In progress")
		assert.Empty(t, a.header.Get("Refresh"))
	})
}

// Sent in by many at once, or lost on its way, a page pays once.
func TestPayoutPagePaysOnce(t *testing.T) {
	m, c := startAll2Pay(t, sandbox.ModuleConfig{})
	b := browser{t, c}
	formURL := register(t, c, m, all2payRegister)
	var calls sync.WaitGroup
	for range 20 {
		calls.Go(func() { assert.Equal(t, http.StatusSeeOther, b.submit(formURL, "pan=4111111111111111").status) })
	}
	calls.Wait()
	assert.Equal(t, 1, m.Ledger().Times("1645458818047"))

	lost := register(t, c, m, edit(t, all2payRegister, "1645458818047", "lost"))
	m.Script(bank.Script{Operation: sandbox.Submit, Reference: "lost", Times: 1, Reply: bank.Lost()})
	_, err := send(t, c, http.MethodPost, lost, "pan=4111111111111111", http.Header{"Content-Type": {"application/x-www-form-urlencoded"}})
	require.Error(t, err)
	assert.Equal(t, "Done", b.text(b.open(lost), "status"), "reloaded, it says so")
	assert.Equal(t, http.StatusSeeOther, b.submit(lost, "pan=4111111111111111").status)
	assert.Equal(t, 1, m.Ledger().Times("lost"))

	slow := register(t, c, m, edit(t, all2payRegister, "1645458818047", "slow"))
	m.Script(bank.Script{Operation: sandbox.Submit, Reference: "slow", Act: bank.PendPaid(0).Then(bank.Pay())})
	assert.Contains(t, b.text(b.enter(slow, "4111111111111111"), "status"), "In progress")
	assert.Equal(t, "2", post(t, c, m, "getPayoutStatus.do", edit(t, registeredStatus, "1645458818047", "slow")).json(t)["orderStatus"])
	assert.Equal(t, 1, m.Ledger().Times("slow"))
}
