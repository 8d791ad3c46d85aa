package connpay

import (
	"bytes"
	"encoding/json"

	"github.com/payoutkit/payout"
	"github.com/payoutkit/payout/provider"
)

// maxMerchantData is "64k" (connpay:162), in characters as all lengths are.
const maxMerchantData = 64 << 10

// asJSON is a request's metadata as ConnPay carries it: a JSON object of strings, its
// names in order, and "" for none. So it can be read by whoever sees it at the
// gateway, and one request is always one text.
func asJSON(metadata map[string]string) (string, error) {
	if len(metadata) == 0 {
		return "", nil
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(metadata); err != nil {
		return "", err
	}
	return string(bytes.TrimSuffix(b.Bytes(), []byte("\n"))), nil
}

// metadata reads merchant_data back. What is no JSON object of strings was given as a
// text ([Order.MerchantData]), and comes back as one, under the parameter's name.
func metadata(merchantData string) map[string]string {
	if merchantData == "" {
		return nil
	}
	var m map[string]string
	if err := provider.DecodeJSON([]byte(merchantData), &m); err != nil {
		return map[string]string{"merchant_data": merchantData}
	}
	return m
}

// merchantData: the request's metadata, or a text in its place.
func (f *form) merchantData(req payout.Request, o Order) []payout.Violation {
	p := parameters["merchant_data"]
	data, err := asJSON(req.Metadata)
	switch {
	case err != nil:
		return []payout.Violation{p.broken("merchant_data", "can't be written as JSON")}
	case data != "" && o.MerchantData != "":
		return []payout.Violation{p.broken("merchant_data", "can't be sent beside "+orderField+"merchant_data")}
	}
	f.MerchantData = data + o.MerchantData
	return nil
}
