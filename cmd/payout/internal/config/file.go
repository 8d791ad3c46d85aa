package config

import (
	"errors"
	"time"

	"github.com/payoutkit/payout"
)

// File is a configuration as it is written.
type File struct {
	Journal   Journal    `yaml:"journal"`
	Keys      Keys       `yaml:"keys"`
	Providers []Provider `yaml:"providers"`
	Routes    []Route    `yaml:"routes"`
	Batch     Batch      `yaml:"batch"`
	// Statements are how banks write their statements, by provider.
	Statements map[string]Statement `yaml:"statements"`

	MaxAttempts int              `yaml:"max_attempts"`
	NextRoute   []Reason         `yaml:"next_route"`
	Workers     int              `yaml:"workers"`
	Times       Times            `yaml:"times"`
	Rates       Rates            `yaml:"rates"`
	Limits      map[string]Rates `yaml:"provider_rates"`

	path  string
	lines map[string]int // where settings begin
}

// Journal is where payouts are written down: one of SQLite and Postgres.
type Journal struct {
	SQLite   string    `yaml:"sqlite"`
	Postgres *Postgres `yaml:"postgres"`
	// River has payouts driven by jobs in the same database, by workers on any number of
	// machines, see engine/river. It needs Postgres and Keyset.
	River *River `yaml:"river"`
	// Witness is a file on another disk, see journal/witness.
	Witness string `yaml:"witness"`
	// Keyset seals requests, so that unsent work goes on after a restart.
	Keyset string `yaml:"keyset"`
}

// Check is an error if there is not exactly one journal.
func (j Journal) Check() error {
	switch {
	case j.SQLite != "" && j.Postgres != nil:
		return errors.New("journal: sqlite and postgres are both set: a payout has one journal")
	case j.River != nil && j.Postgres == nil:
		return errors.New("journal: river is set, and postgres is not: its jobs are in the journal's database")
	case j.River != nil && j.Keyset == "":
		return errors.New("journal: river is set, and keyset is not: a worker on another machine has to open what this one seals")
	case j.SQLite == "" && j.Postgres == nil:
		return errors.New("journal: the configuration names none: set journal.sqlite or journal.postgres")
	}
	return nil
}

// Postgres is a database.
type Postgres struct {
	URL    Secret `yaml:"url"`
	Schema string `yaml:"schema"`
}

// River is the schema of its tables, and how many payouts of a provider a worker works on
// at once.
type River struct {
	Schema  string         `yaml:"schema"`
	Workers map[string]int `yaml:"workers"`
}

// Keys make fingerprints, see dispatch.Keys.
type Keys struct {
	Current  uint32            `yaml:"current"`
	Versions map[uint32]Secret `yaml:"versions"`
}

// Batch is how registries are taken.
type Batch struct {
	// Key makes references and tells rows that pay the same; it never changes.
	Key *Secret `yaml:"key"`
	// Ahead is how many payouts of a run may be unsettled at once. 0: 10,000.
	Ahead int `yaml:"ahead"`
}

// Provider is an account at a bank: one of these.
type Provider struct {
	All2Pay *All2Pay `yaml:"all2pay"`
	Bereke  *Bereke  `yaml:"bereke"`
	ConnPay *ConnPay `yaml:"connpay"`
}

// HTTP is how a bank is reached.
type HTTP struct {
	Proxy          string        `yaml:"proxy"`
	Roots          string        `yaml:"roots"`       // a file of PEM certificates
	Certificate    string        `yaml:"certificate"` // ours, a file in PEM
	CertificateKey *Secret       `yaml:"certificate_key"`
	Timeout        time.Duration `yaml:"timeout"`
	ConnectTimeout time.Duration `yaml:"connect_timeout"`
	IdleTimeout    time.Duration `yaml:"idle_timeout"`
	MaxAnswer      int64         `yaml:"max_answer"`
}

// Proof is what a test of the very account has shown of its bank.
type Proof struct {
	Dedup    Dedup         `yaml:"dedup"`
	Evidence string        `yaml:"evidence"`
	Absence  bool          `yaml:"absence"`
	After    time.Duration `yaml:"after"`
	Times    int           `yaml:"times"`
}

// All2Pay is all2pay.Config.
type All2Pay struct {
	Name               string  `yaml:"name"`
	URL                string  `yaml:"url"`
	UserName           string  `yaml:"user_name"`
	Password           Secret  `yaml:"password"`
	MerchantLogin      string  `yaml:"merchant_login"`
	SourceBindingID    string  `yaml:"source_binding_id"`
	SigningKey         *Secret `yaml:"signing_key"`
	SigningKeyPassword *Secret `yaml:"signing_key_password"`
	SignatureForm      string  `yaml:"signature_form"`
	Balances           bool    `yaml:"balances"`
	CVC                bool    `yaml:"cvc"`
	Proved             Proof   `yaml:"proved"`
	HTTP               HTTP    `yaml:"http"`
}

// Bereke is bereke.Config.
type Bereke struct {
	Name            string `yaml:"name"`
	URL             string `yaml:"url"`
	UserName        string `yaml:"user_name"`
	Password        Secret `yaml:"password"`
	SourceBindingID string `yaml:"source_binding_id"`
	Proved          Proof  `yaml:"proved"`
	HTTP            HTTP   `yaml:"http"`
}

// ConnPay is connpay.Config.
type ConnPay struct {
	Name               string     `yaml:"name"`
	URL                string     `yaml:"url"`
	Login              string     `yaml:"login"`
	PrivateKey         Secret     `yaml:"private_key"`
	PrivateKeyPassword *Secret    `yaml:"private_key_password"`
	Control            *Secret    `yaml:"control"`
	Endpoint           string     `yaml:"endpoint"`
	Group              string     `yaml:"group"`
	Currencies         []Currency `yaml:"currencies"`
	Destinations       []string   `yaml:"destinations"`
	Required           []string   `yaml:"required"`
	RecurringPaymentID bool       `yaml:"recurring_payment_id"`
	StatusV2           bool       `yaml:"status_v2"`
	JSON               bool       `yaml:"json"`
	Aliases            bool       `yaml:"aliases"`
	Birthdays          string     `yaml:"birthdays"`
	Balance            string     `yaml:"balance"` // merchant or endpoint; empty: none
	BalanceName        string     `yaml:"balance_name"`
	HTTP               HTTP       `yaml:"http"`
}

// Route is dispatch.Route.
type Route struct {
	Name     string  `yaml:"name"`
	Provider string  `yaml:"provider"`
	Priority int     `yaml:"priority"`
	Weight   int     `yaml:"weight"`
	Match    Match   `yaml:"match"`
	Limits   []Limit `yaml:"limits"`
}

// Match is dispatch.Match.
type Match struct {
	Currencies   []Currency        `yaml:"currencies"`
	Destinations []string          `yaml:"destinations"`
	Min          Money             `yaml:"min"`
	Max          Money             `yaml:"max"`
	Banks        []string          `yaml:"banks"`
	Metadata     map[string]string `yaml:"metadata"`
}

// Limit is dispatch.Limit.
type Limit struct {
	Name   string `yaml:"name"`
	Amount Money  `yaml:"amount"`
	Count  int64  `yaml:"count"`
	Period Period `yaml:"period"`
	Zone   Zone   `yaml:"zone"`
}

// Times is dispatch.Times.
type Times struct {
	SendWindow  time.Duration      `yaml:"send_window"`
	CallTimeout time.Duration      `yaml:"call_timeout"`
	SendFor     time.Duration      `yaml:"send_for"`
	ReviewAfter time.Duration      `yaml:"review_after"`
	ReviewEvery time.Duration      `yaml:"review_every"`
	RetryEvery  time.Duration      `yaml:"retry_every"`
	Apart       time.Duration      `yaml:"apart"`
	Patrol      []time.Duration    `yaml:"patrol"`
	Check       time.Duration      `yaml:"check"`
	Polling     map[string]Polling `yaml:"polling"`
}

// Polling is payout.Polling: how often for how long, step by step.
type Polling []struct {
	Every time.Duration `yaml:"every"`
	For   time.Duration `yaml:"for"`
}

// Rates is dispatch.Rates.
type Rates struct {
	SendsPerSecond float64       `yaml:"sends_per_second"`
	AsksPerSecond  float64       `yaml:"asks_per_second"`
	Unknowns       int           `yaml:"unknowns"`
	Breaks         int           `yaml:"breaks"`
	BreakFor       time.Duration `yaml:"break_for"`
	Backlog        int           `yaml:"backlog"`
}

// Path is the file's.
func (f *File) Path() string { return f.path }

func (p Polling) schedule() (out payout.Polling) {
	for _, step := range p {
		out = append(out, payout.PollingStep{Every: step.Every, For: step.For})
	}
	return out
}
