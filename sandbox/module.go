package sandbox

import (
	"mime"
	"net/http"
	"slices"
	"strings"

	"github.com/payoutkit/payout/sandbox/bank"
)

// basePath is where the module's methods are (all2pay:177-185, bereke:108-117).
const basePath = "/payouts/api/v2/"

// Module is a simulated Payout Module, as all2pay and Bereke run it. Its methods are
// safe for concurrent use.
type Module struct {
	*bank.Server
	cfg     ModuleConfig
	dialect ModuleDialect
	ring    keyring
}

// StartAll2Pay starts all2pay: RUB, to cards, saved cards and by SBP.
func StartAll2Pay(cfg ModuleConfig) (*Module, error) { return StartModule(all2pay(), cfg) }

// StartBereke starts Bereke Bank: KZT, to cards and saved cards, from the transit
// account or a corporate card.
func StartBereke(cfg ModuleConfig) (*Module, error) { return StartModule(bereke(), cfg) }

// StartModule starts another bank on the same module. Close it when done.
func StartModule(d ModuleDialect, cfg ModuleConfig) (*Module, error) {
	d, err := d.complete()
	if err != nil {
		return nil, err
	}
	cfg = cfg.withDefaults(d)
	if err := cfg.check(d); err != nil {
		return nil, err
	}
	m := &Module{cfg: cfg, dialect: d, ring: keyring{used: make(map[string]bool)}}
	m.RotateKeys(cfg.Keys...)
	cfg.Bank.NotFound = func(c *bank.Call) bank.Answer { return m.noMethod(c) }
	server, err := bank.Start(cfg.Bank, m.routes()...)
	if err != nil {
		return nil, err
	}
	m.Server = server
	server.Ledger().Fund("", cfg.Balance)
	for id, balance := range cfg.Sources {
		server.Ledger().Fund(id, balance)
	}
	return m, nil
}

// routes are the methods that the bank has.
func (m *Module) routes() []bank.Route {
	var routes []bank.Route
	add := func(has bool, httpMethod, path string, op bank.Operation, serve func(*bank.Call) bank.Answer) {
		if has {
			page := op == Page || op == Submit
			routes = append(routes, bank.Route{Method: httpMethod, Path: path, Query: page, Operation: op, Serve: serve})
		}
	}
	post := func(has bool, method ModuleMethod, op bank.Operation, serve func(*bank.Call) bank.Answer) {
		add(has, http.MethodPost, basePath+string(method), op, serve)
	}
	add(true, http.MethodGet, basePath+"echo", bank.Echo, m.echo)
	post(true, PerformPayout, bank.Create, m.perform)
	post(true, GetPayoutStatus, bank.Status, m.status)
	post(m.dialect.has(GetAmount) || m.cfg.Balances, GetAmount, bank.Balance, m.amount)

	add(m.dialect.has(GetKeys), http.MethodGet, basePath+string(GetKeys), bank.Keys, m.keys)

	hosted := m.dialect.has(RegisterPayout)
	post(hosted, RegisterPayout, bank.Create, m.register)
	add(hosted, http.MethodGet, payPage, Page, m.page)
	add(hosted, http.MethodGet, finishPage, Page, m.page)
	add(hosted, http.MethodPost, payPage, Submit, m.submitCard)

	post(m.dialect.has(CreateTargetBindingID), CreateTargetBindingID, bank.SaveCard, m.saveTarget)
	post(m.dialect.has(CreateSourceBindingID), CreateSourceBindingID, SaveSourceCard, m.saveSource)
	add(true, http.MethodGet, acsPage, Page, m.acs)
	add(true, http.MethodPost, acsPage, Submit, m.submitCode)
	add(true, http.MethodGet, shortPage, Page, m.short)
	add(true, http.MethodGet, termPage, Page, m.term)
	return routes
}

// UserName is the partner's login.
func (m *Module) UserName() string { return m.cfg.UserName }

// Password is the partner's password.
func (m *Module) Password() string { return m.cfg.Password }

// echo says that the module is there (all2pay:191-198, bereke:121-141).
func (m *Module) echo(c *bank.Call) bank.Answer {
	return c.Answer("", func() bank.Answer {
		return bank.Text(http.StatusOK, "text/plain;charset=UTF-8",
			"Payout v2.3 is online in channel Payout_APIserver - svip01[instance:svipUAT]")
	})
}

// accept reads a request of a POST method. If it breaks a rule, ok is false and the
// answer is the refusal.
func (m *Module) accept(c *bank.Call, method ModuleMethod) (v bank.Values, refusal bank.Answer, ok bool) {
	refuse := func(rule string, a bank.Answer) (bank.Values, bank.Answer, bool) {
		return v, c.Refuse(v.Text("orderNumber"), rule, a), false
	}
	if rule := m.headers(c.Header); rule != "" {
		return refuse(rule, m.refusal(rowInvalid)) // invented: what is said about wrong headers
	}
	v, broken := m.dialect.fields(method).JSON(c.Body)
	if len(broken) > 0 && broken[0].Rule == bank.Syntax {
		return refuse(broken[0].String(), m.refusal(rowParse, "[messageType]", messageType(method)))
	}
	if v.Text("userName") == "" || v.Text("password") == "" {
		return refuse("userName, password: are required", m.refusal(rowNoCredentials))
	}
	if v.Text("userName") != m.cfg.UserName {
		return refuse("userName: is not known", m.refusal(rowUnauthenticated))
	}
	if v.Text("password") != m.cfg.Password {
		return refuse("password: is wrong", m.wrongPassword(v.Text("userName")))
	}
	if m.cfg.Signer != nil {
		if err := verifyModuleSignature(m.cfg.Signer, c.Header, c.Body); err != nil {
			return refuse(err.Error(), m.refusal(rowUnauthenticated)) // invented: what is said about wrong signatures
		}
	}
	if len(broken) > 0 {
		return refuse(broken[0].String(), m.violation(broken[0]))
	}
	return v, bank.Answer{}, true
}

// messageType is the name of a method's request in errors (invented: its form).
func messageType(method ModuleMethod) string {
	name := strings.TrimSuffix(string(method), ".do")
	return strings.ToUpper(name[:1]) + name[1:] + "Request"
}

// headers returns the broken rule of all2pay:183-184 or "". Bereke's list of headers
// is lost on its page (bereke:115-117); it runs the same module.
func (m *Module) headers(h http.Header) string {
	kind, params, err := mime.ParseMediaType(h.Get("Content-Type"))
	if err != nil || kind != "application/json" || !strings.EqualFold(params["charset"], "UTF-8") {
		return "Content-Type: must be application/json; charset=UTF-8 (all2pay:183)"
	}
	kind, params, err = mime.ParseMediaType(h.Get("Accept"))
	if err != nil || kind != "application/json" || params["version"] != "2.0" {
		return "Accept: must be application/json; version=2.0 (all2pay:184)"
	}
	if len(h["Content-Type"]) != 1 || len(h["Accept"]) != 1 {
		return "Content-Type, Accept: are given twice"
	}
	return ""
}

// child reports whether login may be named as merchantLogin (all2pay:316).
func (m *Module) child(login string) bool { return slices.Contains(m.cfg.Children, login) }
