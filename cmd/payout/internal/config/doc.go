// Package config reads the command's configuration: a file in YAML that names the
// providers, the routes and the journal, and where their secrets are. A secret is never
// in it. A key that is not known is an error with its line: a misspelt limit would be no
// limit.
package config
