package move

import (
	"bytes"

	"github.com/payoutkit/payout/dispatch"
	"github.com/payoutkit/payout/journal/internal/stored"
)

// age notes a payout that was being sent when the old journal ended. What became of it
// could not be written down there, so it is unknown, as after any worker that has not said
// so in time.
func (m *moving) age(p stored.Payout) error {
	if !bytes.Contains(p.Document, []byte(`"sending"`)) { // few are, and it takes long to look closely
		return nil
	}
	e, err := p.Entry()
	if err != nil {
		return err
	}
	var events []stored.Event
	for n, a := range e.Attempts {
		if a.State != dispatch.StateSending {
			continue
		}
		c := dispatch.Next(e, dispatch.Event{Kind: dispatch.EventAged, At: m.now, Attempt: n}, dispatch.Rules{})
		ev, err := stored.FromChange(c)
		if err != nil {
			return err
		}
		events = append(events, ev)
		e = c.Entry
		e.Version++
	}
	if len(events) == 0 {
		return nil
	}
	if p, err = stored.FromEntry(e); err != nil {
		return err
	}
	m.aged = append(m.aged, stored.Aged{Payout: p, Events: events})
	return nil
}
