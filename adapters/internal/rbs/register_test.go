package rbs_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/adapters/internal/adaptertest"
	"github.com/payoutkit/payout/sandbox"
	"github.com/payoutkit/payout/sandbox/bank"
)

// noon is a clock that stands.
func noon() time.Time { return time.Date(2026, 7, 6, 12, 0, 0, 0, time.UTC) }

const page = "https://payoutdomain.com/payment/merchants/svip_payout_ab/payment_ru.html?mdOrder=da42b8d9-328b-45e6-aa35-235e348268bf" // all2pay:294

// What is sent for a hosted page, byte for byte: #49 sessionTimeoutSecs always, #38
// returnUrl, #37 the language in lower case, #46 both headers.
func TestRegisterRequest(t *testing.T) {
	const (
		person = `"client":{"name":"John Doe"},"orderNumber":"p-1",`
		login  = `"userName":"payout_api_username","password":"payout_api_password"}`
		both2  = `"urls":{"returnUrl":"https://platform.example/done","failUrl":"https://platform.example/failed"},`
	)
	both(t, func(t *testing.T, e edition) {
		head := `{"amount":1234,"currency":"` + e.currency.Numeric() + `",`
		for name, tt := range map[string]struct {
			change func(*payout.Request)
			body   string
		}{
			"#49 by default": {func(*payout.Request) {}, head + person + `"sessionTimeoutSecs":1200,` + both2 + login},
			"#49 as asked": {
				func(r *payout.Request) { r.Options = []payout.Option{e.option("300")} },
				head + person + `"sessionTimeoutSecs":300,` + both2 + login,
			},
			"#38 no failUrl": {
				func(r *payout.Request) { r.FailURL = "" },
				head + person + `"sessionTimeoutSecs":1200,"urls":{"returnUrl":"https://platform.example/done"},` + login,
			},
			"everything": {
				func(r *payout.Request) {
					r.Description, r.Language, r.Metadata = "Decent payout", "en", map[string]string{"paramname1": "paramvalue1"}
					r.Recipient.ID, r.Recipient.Email, r.Recipient.Phone = "c-1", secret("payee@mail.com"), secret("+79991234567")
				},
				head + `"client":{"name":"John Doe","clientId":"c-1","email":"payee@mail.com","phone":"9991234567"},"orderNumber":"p-1",` +
					`"description":"Decent payout","language":"en","sessionTimeoutSecs":1200,` + both2 + `"jsonParams":{"paramname1":"paramvalue1"},` + login,
			},
		} {
			capture, client, _ := e.scripted(t)
			req := e.hosted("p-1")
			tt.change(&req)
			sent := capture.By(t, func() { _, _ = client.Create(t.Context(), req) })
			require.Equal(t, "POST /payouts/api/v2/registerPayout.do", sent.Method+" "+sent.Target, name)
			require.Equal(t, tt.body, sent.Body, name)
			sent.RequireHeader(t, adaptertest.ModuleHeader)
		}
	})
}

// What the answers to a registration mean. #39: the page's host is the bank's
// business, and https.
func TestRegisterAnswers(t *testing.T) {
	const ok = `{"errorCode":"0","orderNumber":"p-1","orderId":"da42b8d9-328b-45e6-aa35-235e348268bf","formUrl":"` + page + `"}`
	both(t, func(t *testing.T, e edition) {
		for name, tt := range map[string]struct {
			status  int
			answer  string
			want    string
			page    string
			id      string
			expires time.Duration // after noon
			seconds string
		}{
			"#39 registered": {200, ok, "action_required", page, "da42b8d9-328b-45e6-aa35-235e348268bf", 20 * time.Minute, ""},
			"as asked":       {200, ok, "action_required", page, "da42b8d9-328b-45e6-aa35-235e348268bf", 5 * time.Minute, "300"},
			"#19 ids that are not told": {
				200, `{"errorCode":0,"formUrl":"` + page + `"}`, "action_required", page, "", 20 * time.Minute, "",
			},
			"#39 page without TLS":   {200, `{"errorCode":"0","orderId":"o-1","formUrl":"http://payoutdomain.com/"}`, "unknown", "", "o-1", 0, ""},
			"#39 page of a script":   {200, `{"errorCode":"0","orderId":"o-1","formUrl":"javascript:alert(1)"}`, "unknown", "", "o-1", 0, ""},
			"no page":                {200, `{"errorCode":"0","orderNumber":"p-1","orderId":"o-1"}`, "unknown", "", "o-1", 0, ""},
			"another order's page":   {200, `{"errorCode":"0","orderNumber":"p-2","formUrl":"` + page + `"}`, "unknown", "", "", 0, ""},
			"nothing":                {200, `{}`, "error: outcome unknown", "", "", 0, ""},
			"refused":                {400, `{"errorCode":"98"}`, "error: refused by the bank", "", "", 0, ""},
			"refused, with a page":   {400, `{"errorCode":"98","formUrl":"` + page + `"}`, "error: outcome unknown", "", "", 0, ""},
			"refused, with an order": {400, `{"errorCode":"98","orderId":"o-1"}`, "error: outcome unknown", "", "", 0, ""},
			"refused, another order": {400, `{"errorCode":"98","orderNumber":"p-2"}`, "error: outcome unknown", "", "", 0, ""},
			"known already":          {200, `{"errorCode":"1"}`, "error: outcome unknown", "", "", 0, ""},
			"a page of a proxy":      {502, `<html>`, "error: outcome unknown", "", "", 0, ""},
			"success under an error": {500, ok, "error: outcome unknown", "", "", 0, ""},
		} {
			capture := adaptertest.NewCapture()
			t.Cleanup(capture.Close)
			client, _ := e.client(t, account{baseURL: capture.URL(), password: "p", now: noon, http: capture.HTTP()})
			capture.Say(tt.status, tt.answer)
			req := e.hosted("p-1")
			if tt.seconds != "" {
				req.Options = []payout.Option{e.option(tt.seconds)}
			}
			p, err := client.Create(t.Context(), req)
			require.Equal(t, tt.want, told(t, p, err), name)
			require.Equal(t, secret(tt.page), p.Action.URL, name)
			require.Equal(t, tt.id, p.ProviderID, name)
			if tt.expires != 0 {
				require.Equal(t, noon().Add(tt.expires), p.Action.ExpiresAt, name)
			} else {
				require.Zero(t, p.Action, name)
			}
		}
	})
}

// Every row of both banks' tables as the answer to a registration: no page came, so
// nobody can be paid, and the rows mean what they mean to a payout.
func TestRegisterRows(t *testing.T) {
	both(t, func(t *testing.T, e edition) {
		module, client := e.inSandbox(t)
		for n, row := range module.Rows() {
			reference := "row-" + string(rune('a'+n/26)) + string(rune('a'+n%26))
			module.Script(bank.Script{Reference: reference, Act: bank.Nothing(), Reply: row.Reply()})
			p, err := client.Create(t.Context(), e.hosted(reference))
			want, listed := createRows[pairOf(row)]
			if !listed {
				want = "error: outcome unknown"
			}
			require.Equal(t, want, told(t, p, err), "%s", row.Doc)
		}
		require.Empty(t, module.Orders())
	})
}

// #38, #36, #49: what a page needs, and what it alone takes.
func TestRegisterRules(t *testing.T) {
	lines := map[string][4]string{ // returnUrl, failUrl, sessionTimeoutSecs, performPayout's table
		"all2pay": {"all2pay:241-242", "all2pay:243-244", "all2pay:219-220", "all2pay:300-358"},
		"bereke":  {"bereke:216", "bereke:217", "bereke:214", "bereke:277-302"},
	}
	both(t, func(t *testing.T, e edition) {
		bank, client, _ := e.scripted(t)
		l := lines[e.name]
		timeout := "options." + e.name + "_order.session_timeout_secs: "
		const seconds = "must be a whole number of seconds, of at most 9 digits, and more than 0"
		for name, tt := range map[string]struct {
			change func(*payout.Request)
			want   string
		}{
			"#38 no returnUrl":       {func(r *payout.Request) { r.ReturnURL = "" }, "return_url: is required (urls.returnUrl) (" + l[0] + ")"},
			"#36 relative":           {func(r *payout.Request) { r.ReturnURL = "/done" }, "return_url: must be an absolute https address (urls.returnUrl) (" + l[0] + ")"},
			"#36 no host":            {func(r *payout.Request) { r.ReturnURL = "https:///done" }, "return_url: must be an absolute https address (urls.returnUrl) (" + l[0] + ")"},
			"#36 no TLS":             {func(r *payout.Request) { r.FailURL = "http://a.example/" }, "fail_url: must be an absolute https address (urls.failUrl) (" + l[1] + ")"},
			"#36 with a password":    {func(r *payout.Request) { r.FailURL = "https://u:p@a.example/" }, "fail_url: must be an absolute https address (urls.failUrl) (" + l[1] + ")"},
			"#36 no address":         {func(r *payout.Request) { r.FailURL = "https://%zz/" }, "fail_url: must be an absolute https address (urls.failUrl) (" + l[1] + ")"},
			"no time":                {func(r *payout.Request) { r.Options = []payout.Option{e.option("0")} }, timeout + seconds + " (sessionTimeoutSecs) (" + l[2] + ")"},
			"a time with a unit":     {func(r *payout.Request) { r.Options = []payout.Option{e.option("5m")} }, timeout + seconds + " (sessionTimeoutSecs) (" + l[2] + ")"},
			"a time before":          {func(r *payout.Request) { r.Options = []payout.Option{e.option("-5")} }, timeout + seconds + " (sessionTimeoutSecs) (" + l[2] + ")"},
			"a time of 10 digits":    {func(r *payout.Request) { r.Options = []payout.Option{e.option("1000000000")} }, timeout + seconds + " (sessionTimeoutSecs) (" + l[2] + ")"},
			"#49 a time and no page": {func(r *payout.Request) { *r = e.request("p-1"); r.Options = []payout.Option{e.option("300")} }, timeout + "must be empty: performPayout.do does not take it (sessionTimeoutSecs) (" + l[3] + ")"},
		} {
			req := e.hosted("p-1")
			tt.change(&req)
			_, err := client.Provider().Create(t.Context(), req)
			require.Equal(t, []string{tt.want}, rules(t, err), name)
			_, err = client.Create(t.Context(), req)
			require.ErrorIs(t, err, payout.ErrInvalid, name)
		}
		// #36: the document's own addresses, which are odd and absolute.
		req := e.hosted("p-1")
		req.ReturnURL, req.FailURL = "https://partnerdomain.com/&result=ok", "https://partnerdomain.com/&result=ok"
		sent := bank.By(t, func() { _, _ = client.Create(t.Context(), req) })
		require.Contains(t, sent.Body, `"returnUrl":"https://partnerdomain.com/&result=ok"`)
	})
}

// A page pays from where the bank's table says: at Bereke from the transit account
// only (bereke:195-219), so that a corporate card has none.
func TestRegisterSource(t *testing.T) {
	capture, client, _ := berekeEdition.scripted(t)
	req := berekeEdition.hosted("p-1")
	req.Source.SavedCard = "corporate"
	_, err := client.Create(t.Context(), req)
	require.Equal(t, []string{"source.saved_card: must be empty: registerPayout.do does not take it (source.bindingId) (bereke:195-219)"}, rules(t, err))

	client, _ = berekeEdition.client(t, account{baseURL: capture.URL(), password: "p", source: "corporate", http: capture.HTTP()})
	_, err = client.Create(t.Context(), berekeEdition.hosted("p-1"))
	require.ErrorIs(t, err, payout.ErrUnsupported)
	require.Empty(t, capture.Sent())

	capture, client, _ = all2payEdition.scripted(t)
	req = all2payEdition.hosted("p-1")
	req.Source.SavedCard = "payers"
	sent := capture.By(t, func() { _, _ = client.Create(t.Context(), req) })
	require.Contains(t, sent.Body, `"source":{"bindingId":"payers"}`)
}

// The life of a hosted payout: nothing moves before somebody acts; after a lost answer
// it is Pending, and its page can't be had again; what nobody acts on expires at the
// bank.
func TestHostedPayout(t *testing.T) {
	both(t, func(t *testing.T, e edition) {
		clock := noon()
		now := func() time.Time { return clock }
		module, client := e.configured(t, sandbox.ModuleConfig{Bank: bank.Config{Now: now}}, account{now: now})
		find := func(reference string) payout.Payout {
			p, err := client.Find(t.Context(), e.hosted(reference).Ref())
			require.NoError(t, err)
			return p
		}
		shown, err := client.Create(t.Context(), e.hosted("shown"))
		require.NoError(t, err)
		require.Equal(t, payout.StatusActionRequired, shown.Status)
		require.Equal(t, noon().Add(20*time.Minute), shown.Action.ExpiresAt)
		require.Equal(t, payout.StatusPending, find("shown").Status)
		require.Zero(t, find("shown").Action)

		module.Script(bank.Script{Reference: "lost", Operation: bank.Create, Reply: bank.Lost()})
		_, err = client.Create(t.Context(), e.hosted("lost"))
		require.ErrorIs(t, err, payout.ErrOutcomeUnknown)
		require.Equal(t, payout.StatusPending, find("lost").Status)
		require.Equal(t, 1, module.Count(bank.Create, "lost"))

		require.NoError(t, adaptertest.Enter("4111 1111 1111 1111")(t.Context(), adaptertest.Browser(t, module), shown.Action))
		require.Equal(t, payout.StatusPaid, find("shown").Status)
		require.Equal(t, 1, module.Ledger().Times("shown"))

		clock = clock.Add(20 * time.Minute)
		expired := find("lost")
		require.Equal(t, payout.StatusFailed, expired.Status)
		if e.name == "all2pay" { // Bereke's answers have no actionCode
			require.Equal(t, payout.Failure{Reason: payout.ReasonExpired, Code: "-2007"}, expired.Failure)
		}
		require.Equal(t, 0, module.Ledger().Times("lost"))
		require.Empty(t, module.Refusals())
	})
}
