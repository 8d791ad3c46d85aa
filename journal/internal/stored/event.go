package stored

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/dispatch"
)

// Event is a row of the table events, to which rows are only added: one commit, and how
// the payout stood after it.
type Event struct {
	Reference string
	Version   int64 // of the payout after it
	At        int64
	Kind      string
	State     string
	Document  []byte // JSON
}

// event is the document of an event.
type event struct {
	Attempt   int                  `json:"attempt"`
	Planned   *attempt             `json:"planned,omitempty"`
	Inquiries []inquiry            `json:"inquiries,omitempty"`
	Outcome   outcome              `json:"outcome,omitzero"`
	Decision  decision             `json:"decision,omitzero"`
	Alarms    []dispatch.AlarmKind `json:"alarms,omitempty"`
	Review    dispatch.Review      `json:"review,omitzero"`
	Failure   failure              `json:"failure,omitzero"`
	Amount    int64                `json:"amount"`
	Currency  string               `json:"currency"`
}

type outcome struct {
	Answered    bool          `json:"answered,omitempty"`
	Status      payout.Status `json:"status,omitzero"`
	Kind        string        `json:"error,omitempty"`
	Failure     failure       `json:"failure,omitzero"`
	Code        string        `json:"code,omitempty"`
	HTTPStatus  int           `json:"http_status,omitempty"`
	RetryAfter  time.Duration `json:"retry_after_ns,omitempty"`
	Violations  []violation   `json:"violations,omitempty"`
	Hold        bool          `json:"hold,omitempty"`
	ProviderID  string        `json:"provider_id,omitempty"`
	Endpoint    string        `json:"endpoint,omitempty"`
	Destination string        `json:"destination,omitempty"`
	Mark        string        `json:"mark,omitempty"`
}

type violation struct {
	Field string `json:"field"`
	Rule  string `json:"rule"`
	Doc   string `json:"doc,omitempty"`
}

// FromChange returns a commit as it is stored, with the version that it makes.
func FromChange(c dispatch.Change) (Event, error) {
	ev, e := c.Event, c.Entry
	doc := event{
		Attempt: ev.Attempt, Inquiries: fromInquiries(ev.Inquiries), Outcome: fromOutcome(ev.Outcome), Decision: fromDecision(ev.Decision), Alarms: ev.Alarms,
		Review: e.Review, Failure: failure(e.Failure), Amount: e.Amount.Minor(), Currency: code(e.Amount),
	}
	if planned := fromAttempt(ev.Planned); !planned.isZero() {
		doc.Planned = &planned
	}
	text, err := json.Marshal(doc)
	if err != nil {
		return Event{}, fmt.Errorf("journal: write an event of payout %q: %w", e.Reference, err)
	}
	return Event{
		Reference: e.Reference, Version: e.Version + 1, At: Micros(ev.At), Kind: ev.Kind.String(), State: e.State.String(), Document: text,
	}, nil
}

// Changed returns what a row says, without a cursor.
func (r Event) Changed() (dispatch.Changed, error) {
	c := dispatch.Changed{Reference: r.Reference, Version: r.Version}
	err := r.read(&c)
	if err != nil {
		return dispatch.Changed{}, fmt.Errorf("journal: read an event of payout %q: %w", r.Reference, err)
	}
	return c, nil
}

func (r Event) read(c *dispatch.Changed) error {
	var doc event
	if err := json.Unmarshal(r.Document, &doc); err != nil {
		return err
	}
	if err := c.State.UnmarshalText([]byte(r.State)); err != nil {
		return err
	}
	var err error
	if c.Amount, err = money(doc.Amount, doc.Currency); err != nil {
		return err
	}
	c.Review, c.Failure = doc.Review, payout.Failure(doc.Failure)
	c.Event = dispatch.Event{
		At: Time(r.At), Attempt: doc.Attempt, Inquiries: inquiries(doc.Inquiries), Outcome: doc.Outcome.outcome(), Decision: doc.Decision.decision(), Alarms: doc.Alarms,
	}
	if err := c.Event.Kind.UnmarshalText([]byte(r.Kind)); err != nil {
		return err
	}
	if doc.Planned != nil {
		c.Event.Planned, err = doc.Planned.attempt()
	}
	return err
}

func (a attempt) isZero() bool {
	return a.Route == "" && a.Provider == "" && a.Account == "" && a.Reference == "" && a.State == 0
}

// errorKinds are the kinds of errors as they are stored. A word that is none of them
// proves nothing.
var errorKinds = map[payout.ErrorKind]string{
	payout.ErrInvalid: "invalid", payout.ErrUnsupported: "unsupported", payout.ErrNotSent: "not_sent",
	payout.ErrRefused: "refused", payout.ErrUnauthorized: "unauthorized", payout.ErrRateLimited: "rate_limited",
	payout.ErrNotFound: "not_found", payout.ErrConflict: "conflict",
}

func fromOutcome(o dispatch.Outcome) outcome {
	out := outcome{
		Answered: o.Answered, Status: o.Status, Kind: errorKinds[o.Kind], Failure: failure(o.Failure), Code: o.Code,
		HTTPStatus: o.HTTPStatus, RetryAfter: o.RetryAfter, Hold: o.Hold, ProviderID: o.ProviderID, Endpoint: o.Endpoint,
		Destination: o.Destination, Mark: o.Mark,
	}
	for _, v := range o.Violations {
		out.Violations = append(out.Violations, violation(v))
	}
	return out
}

func (o outcome) outcome() dispatch.Outcome {
	out := dispatch.Outcome{
		Answered: o.Answered, Status: o.Status, Failure: payout.Failure(o.Failure), Code: o.Code,
		HTTPStatus: o.HTTPStatus, RetryAfter: o.RetryAfter, Hold: o.Hold, ProviderID: o.ProviderID, Endpoint: o.Endpoint,
		Destination: o.Destination, Mark: o.Mark,
	}
	for kind, name := range errorKinds {
		if name == o.Kind {
			out.Kind = kind
		}
	}
	for _, v := range o.Violations {
		out.Violations = append(out.Violations, payout.Violation(v))
	}
	return out
}
