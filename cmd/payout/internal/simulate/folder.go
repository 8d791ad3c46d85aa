package simulate

import (
	"bytes"
	_ "embed"
	"os"
	"path/filepath"
	"text/template"

	"github.com/payoutkit/payout/cmd/payout/internal/config"
)

//go:embed payout.yaml.tmpl
var configuration string

// Names in the folder.
const (
	ConfigName  = "payout.yaml"
	controlName = "control"
)

// Write writes a configuration for these banks into a folder, with everything that it
// names. What is there already of an earlier run is replaced, but for
// the keys of our own, which a journal may depend on.
func (b *Banks) Write(folder string) error {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	files := map[string][]byte{"merchant.pem": b.merchantKey()}
	addresses := map[string]string{}
	for _, s := range b.all {
		files[s.name+".pem"] = s.RootPEM()
		addresses[s.name] = s.URL()
	}
	files["password"] = []byte(b.module["all2pay"].Password() + "\n")
	files["control.key"] = []byte(b.connpay.Control() + "\n")
	var text bytes.Buffer
	err := template.Must(template.New(ConfigName).Parse(configuration)).Execute(&text, map[string]any{
		"Address": addresses, "UserName": b.module["all2pay"].UserName(), "Login": b.connpay.Login(),
	})
	if err != nil {
		return err
	}
	files[ConfigName] = text.Bytes()
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(folder, name), content, 0o600); err != nil {
			return err
		}
	}
	for _, name := range config.KeyFiles {
		if err := config.CreateKey(filepath.Join(folder, name)); err != nil {
			return err
		}
	}
	return nil
}
