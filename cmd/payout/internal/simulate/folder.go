package simulate

import (
	"bytes"
	_ "embed"
	"errors"
	"io/fs"
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
	keyName     = "fingerprint.key"
)

// Write writes a configuration for these banks into a folder, with everything that it
// names. What is there already of an earlier run is replaced, but for the key of
// fingerprints, which a journal may depend on.
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
	f, err := os.OpenFile(filepath.Join(folder, keyName), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600) //nolint:gosec // the folder is the operator's
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err != nil {
		return err
	}
	_, err = f.Write(config.NewKey())
	return errors.Join(err, f.Close())
}
