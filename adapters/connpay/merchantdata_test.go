package connpay_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/adapters/connpay"
)

// Metadata goes out as JSON in one order, a text as it is, and each comes back with
// the status.
func TestMerchantData(t *testing.T) {
	half := strings.Repeat("ж", 1024)
	for name, tt := range map[string]struct {
		metadata map[string]string
		text     string
		wire     string
		back     map[string]string
	}{
		"none":          {},
		"no metadata":   {metadata: map[string]string{}},
		"metadata":      {metadata: map[string]string{"b": "2", "a": "1&2", "A-c": ""}, wire: `{"A-c":"","a":"1&2","b":"2"}`, back: map[string]string{"b": "2", "a": "1&2", "A-c": ""}},
		"hard metadata": {metadata: map[string]string{"k": `<"Ж">' \ 1+1=2; 5%`}, wire: `{"k":"<\"Ж\">' \\ 1+1=2; 5%"}`, back: map[string]string{"k": `<"Ж">' \ 1+1=2; 5%`}},
		"long metadata": {metadata: map[string]string{"k": half}, wire: `{"k":"` + half + `"}`, back: map[string]string{"k": half}},
		"a text":        {text: "VIP customer; 5% <off>", wire: "VIP customer; 5% <off>", back: map[string]string{"merchant_data": "VIP customer; 5% <off>"}},
		"a text that is JSON": {
			text: `{"campaign":"tv"}`, wire: `{"campaign":"tv"}`, back: map[string]string{"campaign": "tv"},
		},
		"a text that is other JSON": {
			text: `{"campaign":7}`, wire: `{"campaign":7}`, back: map[string]string{"merchant_data": `{"campaign":7}`},
		},
		"a text that is a list": {text: `["tv"]`, wire: `["tv"]`, back: map[string]string{"merchant_data": `["tv"]`}},
		"a text of 64k":         {text: letters(65536), wire: letters(65536), back: map[string]string{}}, // more than a payout's metadata holds
	} {
		t.Run(name, func(t *testing.T) {
			gate, client := inSandbox(t, endpoint)
			req := request("p-1", "1234567890")
			req.Metadata = tt.metadata
			if tt.text != "" {
				req.Options = []payout.Option{connpay.Order{MerchantData: tt.text}}
			}
			form, err := client.Provider().(*connpay.Provider).Form(req)
			require.NoError(t, err)
			require.Equal(t, tt.wire, form.Get("merchant_data"))
			require.Equal(t, tt.wire != "", form.Has("merchant_data"))

			p, err := client.Create(t.Context(), req)
			require.NoError(t, err, gate.Refusals())
			require.Empty(t, p.Metadata) // the answer to a payout has none (connpay:231-235)
			p, err = client.Find(t.Context(), p.Ref())
			require.NoError(t, err)
			require.Equal(t, payout.StatusPaid, p.Status)
			require.Equal(t, tt.back, p.Metadata)
		})
	}
}

// What a gateway sends of itself is no reason not to read the status.
func TestStrangeMerchantData(t *testing.T) {
	capture, client := captured(t, connpay.Config{})
	for data, want := range map[string]map[string]string{
		`{"a":"1","a":"2"}`: {"merchant_data": `{"a":"1","a":"2"}`},
		`{"a":"1","A":"2"}`: {"merchant_data": `{"a":"1","A":"2"}`},
		`{"a":null}`:        {"a": ""},
		`{}`:                {},
		`{"":"x"}`:          {}, // no name
		`{"a":"1`:           {"merchant_data": `{"a":"1`},
		"a\nb":              {}, // nothing that a payout's metadata holds
	} {
		capture.Say(200, stated(nil)+"\n&merchant_data="+url.QueryEscape(data))
		p, err := client.Find(t.Context(), request("p-1", "1234567890").Ref())
		require.NoError(t, err)
		require.Equal(t, payout.StatusPaid, p.Status, data)
		require.Equal(t, want, p.Metadata, data)
	}
}
