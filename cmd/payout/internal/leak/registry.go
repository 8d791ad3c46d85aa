package leak

import (
	"bytes"
	"encoding/csv"
	"fmt"

	"github.com/payoutkit/payout"
)

// Registry returns the texts in a registry that must not come out again: those of the
// columns that the library's kinds declare secret.
func Registry(file []byte) ([]string, error) {
	records, err := csv.NewReader(bytes.NewReader(file)).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("leak: %w", err)
	}
	secret := map[string]bool{}
	for _, k := range append(payout.Kinds(), payout.Recipient{}.Kind()) {
		for _, f := range k.Fields() {
			secret[k.Name()+"."+f.Name] = f.Secret
		}
	}
	var out []string
	for _, r := range records[1:] {
		for i, text := range r {
			if secret[records[0][i]] && text != "" {
				out = append(out, text)
			}
		}
	}
	return out, nil
}
