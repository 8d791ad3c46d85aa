package sandbox

import (
	"slices"
	"strings"

	"github.com/payoutkit/payout/sandbox/bank"
)

// target is where a payout goes.
type target struct {
	bindingID string
	masked    string
	card      bool // not by SBP

	restricted bool
	token      string // the uuid of a seToken
}

// card is a card as it is kept: without its number.
func (m *Module) card(pan string) target {
	return target{masked: bank.MaskCard(pan), card: true, restricted: slices.Contains(m.cfg.Restricted, pan)}
}

// target reads exactly one of the ways to name the recipient (all2pay:336-353,
// bereke:299-300). A broken rule is named together with the answer to it.
func (m *Module) target(c *bank.Call, v bank.Values) (to target, rule string, answer bank.Answer) {
	var ways []string
	for _, name := range []string{"pan", "bindingId", "seToken"} {
		if v.Has("target." + name) {
			ways = append(ways, name)
		}
	}
	for _, name := range []string{"phone", "bankId", "lastName", "firstName", "middleName"} {
		if v.Has("target." + name) {
			ways = append(ways, "sbp")
			break
		}
	}
	if len(ways) != 1 {
		return to, "target: must name the recipient in exactly one way (all2pay:337)", m.refusal(rowInvalid)
	}
	switch ways[0] {
	case "sbp":
		return m.sbp(v)
	case "bindingId":
		return m.savedCard(v)
	case "seToken":
		return m.token(c, v)
	}
	pan := v.Text("target.pan")
	if !bank.Luhn(pan) {
		return to, "target.pan: has a wrong check digit", m.refusal(rowMrBin)
	}
	return m.card(pan), "", answer
}

func (m *Module) sbp(v bank.Values) (to target, rule string, answer bank.Answer) {
	for _, name := range []string{"phone", "bankId", "lastName", "firstName"} { // a middle name not everyone has
		if v.Text("target."+name) == "" {
			return to, "target." + name + ": is required for SBP (all2pay:343-351)", m.refusal(rowRequired, "[paramName]", "target."+name)
		}
	}
	phone := strings.TrimPrefix(v.Text("target.phone"), "00")
	return target{masked: bank.MaskEnd(phone)}, "", answer // invented: the form of maskedPhone
}

func (m *Module) savedCard(v bank.Values) (to target, rule string, answer bank.Answer) {
	id, client := v.Text("target.bindingId"), v.Text("client.clientId")
	if client == "" {
		return to, "client.clientId: is required with bindings (all2pay:320)", m.refusal(rowRequired, "[paramName]", "client.clientId")
	}
	if card, ok := m.cfg.Cards[id]; ok && card.ClientID == client {
		to = m.card(card.PAN)
		to.bindingID = id
		return to, "", answer
	}
	if d, ok := m.savedBy(CreateTargetBindingID, id); ok && d.clientID == client {
		return d.target, "", answer
	}
	return to, "target.bindingId: is not a card of this client", m.refusal(rowBinding)
}
