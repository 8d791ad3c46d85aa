package config

import (
	"crypto/rand"
	_ "embed"
	"encoding/hex"
)

// Example is a configuration to begin with, with a word on everything that one may want
// to set.
//
//go:embed example.yaml
var Example []byte

// NewKey returns a key for fingerprints, as the text of a file.
func NewKey() []byte {
	key := make([]byte, 32)
	_, _ = rand.Read(key)
	return []byte(hex.EncodeToString(key) + "\n")
}
