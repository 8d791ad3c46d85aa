package config

import (
	"crypto/rand"
	_ "embed"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
)

// Example is a configuration to begin with, with a word on everything that one may want
// to set.
//
//go:embed example.yaml
var Example []byte

// KeyFiles are the files with keys of our own that [Example] names.
var KeyFiles = []string{"fingerprint.key", "batch.key"}

// CreateKey writes a new key into a file, unless there is one already.
func CreateKey(path string) error {
	key := make([]byte, 32)
	_, _ = rand.Read(key)
	err := Create(path, []byte(hex.EncodeToString(key)+"\n"))
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	return err
}

// Create writes a file that is not there yet, for its owner alone.
func Create(path string, content []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600) // #nosec G304 -- the path is the operator's
	if err != nil {
		return err
	}
	_, err = f.Write(content)
	return errors.Join(err, f.Close())
}
