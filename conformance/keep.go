package conformance

import (
	"encoding/json"
	"os"
	"path/filepath"
)

// KeepIn returns a [Live.Keep] that writes each report into a folder, as Markdown to
// be read and as JSON, named by adapter and day: "bereke-2026-02-01.md".
func KeepIn(folder string) func(Report) error {
	return func(r Report) error {
		raw, err := json.MarshalIndent(r, "", "  ")
		if err != nil {
			return err
		}
		if err := os.MkdirAll(folder, 0o750); err != nil {
			return err
		}
		name := filepath.Join(folder, r.Provider.Adapter+"-"+r.At.Format("2006-01-02"))
		if err := os.WriteFile(name+".md", []byte(r.Markdown()), 0o600); err != nil {
			return err
		}
		return os.WriteFile(name+".json", append(raw, '\n'), 0o600)
	}
}
