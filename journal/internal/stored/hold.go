package stored

import (
	"encoding/json"
	"fmt"

	"github.com/payoutkit/payout/dispatch"
)

type hold struct {
	Reason  dispatch.HoldReason `json:"reason"`
	By      string              `json:"by,omitempty"`
	Note    string              `json:"note,omitempty"`
	Since   int64               `json:"since,omitempty"`
	Times   int                 `json:"times,omitempty"`
	CheckAt int64               `json:"check_at,omitempty"`
}

// FromHold returns the document of a hold.
func FromHold(h dispatch.Hold) ([]byte, error) {
	text, err := json.Marshal(hold{h.Reason, h.By, h.Note, Micros(h.Since), h.Times, Micros(h.CheckAt)})
	if err != nil {
		return nil, fmt.Errorf("journal: write the hold of %q: %w", h.Provider, err)
	}
	return text, nil
}

// Hold returns what a document says of a provider.
func Hold(provider string, document []byte) (dispatch.Hold, error) {
	var doc hold
	if err := json.Unmarshal(document, &doc); err != nil {
		return dispatch.Hold{}, fmt.Errorf("journal: read the hold of %q: %w", provider, err)
	}
	return dispatch.Hold{
		Provider: provider, Reason: doc.Reason, By: doc.By, Note: doc.Note, Since: Time(doc.Since), Times: doc.Times, CheckAt: Time(doc.CheckAt),
	}, nil
}
