package stored

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/dispatch"
)

// Payout is a row of the table payouts: how one stands now.
type Payout struct {
	Reference string
	Version   int64
	State     string
	Queue     int   // what is due, see [Queue]
	Due       int64 // 0: nothing is
	CreatedAt int64
	Amount    int64 // minor units
	Currency  string
	Document  []byte // JSON
	Sealed    []byte // nil: none
}

// The queues of what is due. Their order is that in which they are worked off.
const (
	QueueUnknown = 0 // to be asked about, and nobody knows what became of it
	QueueAsk     = 1
	QueueSend    = 2
)

// Queue is where an entry waits.
func Queue(e dispatch.Entry) int {
	switch {
	case e.Work() == dispatch.Send:
		return QueueSend
	case e.State == dispatch.StateUnknown || e.State == dispatch.StateSending:
		return QueueUnknown
	default:
		return QueueAsk
	}
}

// ReferenceKey is a reference at a bank as it is compared: without regard to case.
func ReferenceKey(reference string) string { return strings.ToLower(reference) }

// entry is the document of a payout.
type entry struct {
	Review      dispatch.Review `json:"review,omitzero"`
	Failure     failure         `json:"failure,omitzero"`
	Destination string          `json:"destination,omitempty"`
	Key         uint32          `json:"key,omitempty"`
	Fingerprint []byte          `json:"fingerprint,omitempty"`
	SendUntil   int64           `json:"send_until,omitempty"`
	Strikes     int             `json:"strikes,omitempty"`
	Deferred    int             `json:"deferred,omitempty"`
	Attempts    []attempt       `json:"attempts,omitempty"`
	Checked     int64           `json:"checked,omitempty"`
	Inquiries   []inquiry       `json:"inquiries,omitempty"`
	Stopped     bool            `json:"stopped,omitempty"`
	Decision    decision        `json:"decision,omitzero"`
}

type failure struct {
	Reason payout.Reason `json:"reason,omitempty"`
	Code   string        `json:"code,omitempty"`
}

type attempt struct {
	Route         string         `json:"route,omitempty"`
	Provider      string         `json:"provider,omitempty"`
	Account       string         `json:"account,omitempty"`
	Reference     string         `json:"reference,omitempty"`
	Mark          string         `json:"mark,omitempty"`
	State         dispatch.State `json:"state"`
	Failure       failure        `json:"failure,omitzero"`
	Transmissions int            `json:"transmissions,omitempty"`
	Epoch         int64          `json:"epoch,omitempty"`
	Intent        int64          `json:"intent,omitempty"`
	IntentAt      int64          `json:"intent_at,omitempty"`
	SendBefore    int64          `json:"send_before,omitempty"`
	Tries         int            `json:"tries,omitempty"`
	ProviderID    string         `json:"provider_id,omitempty"`
	Endpoint      string         `json:"endpoint,omitempty"`
	Heard         bool           `json:"heard,omitempty"`
	Refused       bool           `json:"refused,omitempty"`
	Absent        absent         `json:"absent,omitzero"`
	Asked         int            `json:"asked,omitempty"`
	Errors        int            `json:"errors,omitempty"`
	FinalAt       int64          `json:"final_at,omitempty"`
	Next          int64          `json:"next,omitempty"`
	Reserved      []use          `json:"reserved,omitempty"`
}

type absent struct {
	Times int   `json:"times"`
	First int64 `json:"first"`
	Last  int64 `json:"last"`
}

type inquiry struct {
	Doubt      int64  `json:"doubt"`
	Provider   string `json:"provider"`
	Account    string `json:"account"`
	References int    `json:"references"`
	Asked      int    `json:"asked,omitempty"`
	Rounds     int    `json:"rounds,omitempty"`
	Seen       int64  `json:"seen,omitempty"`
	Absent     absent `json:"absent,omitzero"`
	Proved     bool   `json:"proved,omitempty"`
	Errors     int    `json:"errors,omitempty"`
	Begun      int64  `json:"begun,omitempty"`
	Next       int64  `json:"next,omitempty"`
}

type use struct {
	Bucket    string `json:"bucket"`
	Currency  string `json:"currency,omitempty"`
	Amount    int64  `json:"amount,omitempty"`
	MaxAmount int64  `json:"max_amount,omitempty"`
	MaxIn     string `json:"max_currency,omitempty"`
	MaxCount  int64  `json:"max_count,omitempty"`
}

type decision struct {
	Outcome  dispatch.State `json:"outcome"`
	Evidence string         `json:"evidence,omitempty"`
	By       string         `json:"by,omitempty"`
	At       int64          `json:"at,omitempty"`
}

// FromEntry returns an entry as it is stored.
func FromEntry(e dispatch.Entry) (Payout, error) {
	doc := entry{
		Review: e.Review, Failure: failure(e.Failure), Destination: e.Destination,
		Key: e.Fingerprint.Version, Fingerprint: e.Fingerprint.Sum[:], SendUntil: Micros(e.SendUntil),
		Checked: e.Checked, Inquiries: fromInquiries(e.Inquiries),
		Strikes: e.Strikes, Deferred: e.Deferred, Stopped: e.Stopped, Decision: fromDecision(e.Decision),
	}
	for _, a := range e.Attempts {
		doc.Attempts = append(doc.Attempts, fromAttempt(a))
	}
	text, err := json.Marshal(doc)
	if err != nil {
		return Payout{}, fmt.Errorf("journal: write payout %q: %w", e.Reference, err)
	}
	return Payout{
		Reference: e.Reference, Version: e.Version, State: e.State.String(), Queue: Queue(e), Due: Micros(e.Due),
		CreatedAt: Micros(e.CreatedAt), Amount: e.Amount.Minor(), Currency: code(e.Amount), Document: text, Sealed: e.Sealed,
	}, nil
}

// Entry returns what a row says.
func (p Payout) Entry() (dispatch.Entry, error) {
	e := dispatch.Entry{
		Reference: p.Reference, Version: p.Version, Due: Time(p.Due), CreatedAt: Time(p.CreatedAt), Sealed: p.Sealed,
	}
	var doc entry
	amount, err := money(p.Amount, p.Currency)
	if err == nil {
		err = json.Unmarshal(p.Document, &doc)
	}
	if err == nil {
		err = e.State.UnmarshalText([]byte(p.State))
	}
	if err == nil && len(doc.Fingerprint) != len(e.Fingerprint.Sum) {
		err = fmt.Errorf("a fingerprint of %d bytes", len(doc.Fingerprint))
	}
	if err != nil {
		return dispatch.Entry{}, fmt.Errorf("journal: read payout %q: %w", p.Reference, err)
	}
	e.Amount, e.Review, e.Failure, e.Destination = amount, doc.Review, payout.Failure(doc.Failure), doc.Destination
	e.Fingerprint = dispatch.Fingerprint{Version: doc.Key, Sum: [32]byte(doc.Fingerprint)}
	e.SendUntil, e.Strikes, e.Deferred, e.Stopped = Time(doc.SendUntil), doc.Strikes, doc.Deferred, doc.Stopped
	e.Checked, e.Inquiries = doc.Checked, inquiries(doc.Inquiries)
	e.Decision = doc.Decision.decision()
	for _, a := range doc.Attempts {
		read, err := a.attempt()
		if err != nil {
			return dispatch.Entry{}, fmt.Errorf("journal: read payout %q: %w", p.Reference, err)
		}
		e.Attempts = append(e.Attempts, read)
	}
	return e, nil
}

func fromAttempt(a dispatch.Attempt) attempt {
	out := attempt{
		Route: a.Route, Provider: a.Provider, Account: a.Account, Reference: a.Reference, Mark: a.Mark,
		State: a.State, Failure: failure(a.Failure), Transmissions: a.Transmissions,
		Epoch: a.Epoch, Intent: a.Intent, IntentAt: Micros(a.IntentAt), SendBefore: Micros(a.SendBefore), Tries: a.Tries,
		ProviderID: a.ProviderID, Endpoint: a.Endpoint, Heard: a.Heard, Refused: a.Refused,
		Absent: fromAbsent(a.Absent),
		Asked:  a.Asked, Errors: a.Errors, FinalAt: Micros(a.FinalAt), Next: Micros(a.Next),
	}
	for _, u := range a.Reserved {
		out.Reserved = append(out.Reserved, use{u.Bucket, code(u.Amount), u.Amount.Minor(), u.MaxAmount.Minor(), code(u.MaxAmount), u.MaxCount})
	}
	return out
}

func (a attempt) attempt() (dispatch.Attempt, error) {
	out := dispatch.Attempt{
		Route: a.Route, Provider: a.Provider, Account: a.Account, Reference: a.Reference, Mark: a.Mark,
		State: a.State, Failure: payout.Failure(a.Failure), Transmissions: a.Transmissions,
		Epoch: a.Epoch, Intent: a.Intent, IntentAt: Time(a.IntentAt), SendBefore: Time(a.SendBefore), Tries: a.Tries,
		ProviderID: a.ProviderID, Endpoint: a.Endpoint, Heard: a.Heard, Refused: a.Refused,
		Absent: a.Absent.absent(),
		Asked:  a.Asked, Errors: a.Errors, FinalAt: Time(a.FinalAt), Next: Time(a.Next),
	}
	for _, u := range a.Reserved {
		amount, err := money(u.Amount, u.Currency)
		if err != nil {
			return out, err
		}
		most, err := money(u.MaxAmount, u.MaxIn)
		if err != nil {
			return out, err
		}
		out.Reserved = append(out.Reserved, dispatch.Use{Bucket: u.Bucket, Amount: amount, MaxAmount: most, MaxCount: u.MaxCount})
	}
	return out, nil
}

func fromAbsent(a dispatch.Absent) absent {
	return absent{a.Times, Micros(a.First), Micros(a.Last)}
}

func (a absent) absent() dispatch.Absent {
	return dispatch.Absent{Times: a.Times, First: Time(a.First), Last: Time(a.Last)}
}

func fromInquiries(all []dispatch.Inquiry) (out []inquiry) {
	for _, q := range all {
		out = append(out, inquiry{
			q.Doubt, q.Provider, q.Account, q.References, q.Asked, q.Rounds, Micros(q.Seen), fromAbsent(q.Absent), q.Proved, q.Errors, Micros(q.Begun), Micros(q.Next),
		})
	}
	return out
}

func inquiries(all []inquiry) (out []dispatch.Inquiry) {
	for _, q := range all {
		out = append(out, dispatch.Inquiry{
			Doubt: q.Doubt, Provider: q.Provider, Account: q.Account, References: q.References, Asked: q.Asked, Rounds: q.Rounds, Seen: Time(q.Seen),
			Absent: q.Absent.absent(), Proved: q.Proved, Errors: q.Errors, Begun: Time(q.Begun), Next: Time(q.Next),
		})
	}
	return out
}

func fromDecision(d dispatch.Decision) decision {
	return decision{d.Outcome, d.Evidence, d.By, Micros(d.At)}
}

func (d decision) decision() dispatch.Decision {
	return dispatch.Decision{Outcome: d.Outcome, Evidence: d.Evidence, By: d.By, At: Time(d.At)}
}

// code is an amount's currency, "" for the zero Money, which has none.
func code(m payout.Money) string {
	if m == (payout.Money{}) {
		return ""
	}
	return m.Currency().Code()
}

func money(minor int64, currency string) (payout.Money, error) {
	if currency == "" && minor == 0 {
		return payout.Money{}, nil
	}
	c, err := payout.ParseCurrency(currency)
	if err != nil {
		return payout.Money{}, err
	}
	return payout.FromMinor(minor, c), nil
}
