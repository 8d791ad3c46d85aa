package config

import _ "embed"

// Example is a configuration to begin with, with a word on everything that one may want
// to set.
//
//go:embed example.yaml
var Example []byte
