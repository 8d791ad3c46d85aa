package sandbox_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout/sandbox"
)

// Each way to name the recipient.
func TestModuleTargets(t *testing.T) {
	saved := `"bindingId": "83309cde-a56d-7409-88dd-c02e00ab3428"`
	for name, test := range map[string]struct {
		target string
		status int
		code   string
		masked string
	}{
		"card":               {panTarget, 200, "0", "411111XXXXXX1111"},
		"saved card":         {saved, 200, "0", "411111XXXXXX1111"},
		"unknown saved card": {`"bindingId": "other"`, 502, "99", ""},
		"SBP":                {sbpTarget, 200, "0", "XXXXXXX4249"},
		"SBP without zeros":  {strings.Replace(sbpTarget, "00", "", 1), 200, "0", "XXXXXXX4249"},
		"SBP, no patronymic": {strings.Replace(sbpTarget, `,"middleName":"Ильич"`, "", 1), 200, "0", "XXXXXXX4249"},
		"SBP, no bank":       {strings.Replace(sbpTarget, `,"bankId":"100000000111"`, "", 1), 400, "98", ""},
		"SBP, short bank":    {strings.Replace(sbpTarget, `100000000111`, "10000000011", 1), 400, "98", ""},
		"SBP, foreign bank":  {strings.Replace(sbpTarget, `100000000111`, "200000000111", 1), 400, "98", ""},
		"SBP, no last name":  {strings.Replace(sbpTarget, `,"lastName":"Щукин-Ёлкин"`, "", 1), 400, "98", ""},
		"SBP, Latin letter":  {strings.Replace(sbpTarget, "Пётр", "Пëтp", 1), 400, "98", ""},
		"SBP, ten digits":    {strings.Replace(sbpTarget, "0079261214249", "9261214249", 1), 400, "98", ""},
		"SBP, Kazakh number": {strings.Replace(sbpTarget, "0079261214249", "77011234567", 1), 400, "98", ""},
		"SBP, plus":          {strings.Replace(sbpTarget, "0079261214249", "+79261214249", 1), 400, "98", ""},
		"none":               {``, 400, "98", ""},
		"card and saved":     {panTarget + "," + saved, 400, "98", ""},
		"card and SBP":       {panTarget + "," + sbpTarget, 400, "98", ""},
		"check digit":        {`"pan": "4111111111111112"`, 502, "98", ""},
		"short card":         {`"pan": "41111111111"`, 400, "98", ""},
		"card with spaces":   {`"pan": "4111 1111 1111 1111"`, 400, "98", ""},
		"card as a number":   {`"pan": 4111111111111111`, 400, "98", ""},
		"card.pan":           {`"card": {"pan": "4111111111111111"}`, 400, "98", ""},
		"token":              {`"seToken": "AAAA"`, 400, "98", ""},
		"restricted card":    {`"pan": "4000000000000002"`, 200, "902", ""},
	} {
		t.Run(name, func(t *testing.T) {
			m, c := startAll2Pay(t, sandbox.ModuleConfig{})
			a := post(t, c, m, "performPayout.do", edit(t, all2payRequest, panTarget, test.target))
			assert.Equal(t, test.status, a.status, a.body)
			assert.Equal(t, test.code, a.json(t)["errorCode"])
			if test.masked == "" {
				assert.Empty(t, m.Ledger().Entries())
				return
			}
			require.Len(t, m.Ledger().Entries(), 1)
			assert.Equal(t, test.masked, m.Ledger().Entries()[0].Destination)
			to := a.json(t)["target"].(map[string]any)
			if strings.HasPrefix(name, "SBP") {
				assert.Equal(t, test.masked, to["maskedPhone"])
				assert.NotContains(t, a.body, "cardholderName")
			} else {
				assert.Equal(t, test.masked, to["maskedPan"])
			}
		})
	}
	t.Run("Bereke has no SBP", func(t *testing.T) {
		m, c := startBereke(t, sandbox.ModuleConfig{})
		assert.Equal(t, 400, post(t, c, m, "performPayout.do", edit(t, berekeRequest, panTarget, sbpTarget)).status)
		assert.Contains(t, m.Refusals()[0].Refused, "target.phone: is not a parameter of this method")
		assert.Equal(t, 200, post(t, c, m, "performPayout.do", edit(t, berekeRequest, panTarget, saved)).status)
	})
	t.Run("a saved card needs its client", func(t *testing.T) {
		m, c := startAll2Pay(t, sandbox.ModuleConfig{})
		body := edit(t, all2payRequest, panTarget, saved)
		assert.Equal(t, 502, post(t, c, m, "performPayout.do", edit(t, body, "h45i67jk8901", "h45i67jk8902")).status)
		a := post(t, c, m, "performPayout.do", edit(t, body, `"clientId": "12345abc-d67e-8901-23fg-h45i67jk8901",`, ""))
		assert.Equal(t, 400, a.status)
		assert.Contains(t, a.body, "client.clientId is a required parameter")
	})
}
