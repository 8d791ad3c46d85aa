package config

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/payoutkit/payout"
)

// Secret is where a secret is: in a variable of the environment or in a file. It is never
// in the configuration, which is copied, mailed and kept in version control.
type Secret struct {
	Env, File string
	line      int
}

// UnmarshalYAML reads {env: NAME} or {file: PATH}.
func (s *Secret) UnmarshalYAML(n *yaml.Node) error {
	if n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	if n.Kind != yaml.MappingNode || len(n.Content) != 2 || n.Content[1].Kind != yaml.ScalarNode || n.Content[1].Value == "" {
		// What stands there may be the secret itself, and is not shown.
		return fmt.Errorf("line %d: must be {env: NAME} or {file: PATH}: a secret itself is never written here", n.Line)
	}
	s.line = n.Line
	switch n.Content[0].Value {
	case "env":
		s.Env = n.Content[1].Value
	case "file":
		s.File = n.Content[1].Value
	default:
		return fmt.Errorf("line %d: must be {env: NAME} or {file: PATH}", n.Line)
	}
	return nil
}

// Sources is where secrets and files are read from.
type Sources struct {
	// Folder is what relative paths start from.
	Folder string
	// Lookup returns a variable of the environment.
	Lookup func(name string) (string, bool)
	// Dial connects to banks; nil: the network.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
}

// secret reads a secret. The error names where it should be, and never shows it.
func (s Sources) secret(where string, from *Secret) (payout.Secret, error) {
	switch {
	case from == nil:
		return payout.Secret{}, nil
	case from.Env != "":
		text, ok := s.Lookup(from.Env)
		if !ok || text == "" {
			return payout.Secret{}, fmt.Errorf("%s: the environment has no %s", where, from.Env)
		}
		return payout.NewSecret(text), nil
	case from.File != "":
		text, err := s.file(where, from.File)
		if err != nil {
			return payout.Secret{}, err
		}
		// Editors end a file with a line break; no secret ends with one.
		secret := strings.TrimRight(string(text), "\r\n")
		if secret == "" {
			return payout.Secret{}, fmt.Errorf("%s: %s is empty", where, from.File)
		}
		return payout.NewSecret(secret), nil
	default:
		return payout.Secret{}, fmt.Errorf("%s: is required: {env: NAME} or {file: PATH}", where)
	}
}

func (s Sources) file(where, path string) ([]byte, error) {
	text, err := os.ReadFile(s.Path(path))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", where, err)
	}
	return text, nil
}

// Address returns the address of the database. It holds a password, perhaps.
func (p Postgres) Address(s Sources) (payout.Secret, error) {
	return s.secret("journal.postgres.url", &p.URL)
}

// Path returns a path as the configuration means it: from its own folder.
func (s Sources) Path(path string) string {
	if path == "" || filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(s.Folder, path)
}

// SecretFiles returns the files that hold secrets, as they are written.
func (f *File) SecretFiles() []string {
	var all []*Secret
	for _, s := range f.Keys.Versions {
		all = append(all, &s)
	}
	all = append(all, f.Batch.Key)
	if f.Journal.Postgres != nil {
		all = append(all, &f.Journal.Postgres.URL)
	}
	for _, p := range f.Providers {
		switch {
		case p.All2Pay != nil:
			all = append(all, &p.All2Pay.Password, p.All2Pay.SigningKey, p.All2Pay.SigningKeyPassword, p.All2Pay.HTTP.CertificateKey)
		case p.Bereke != nil:
			all = append(all, &p.Bereke.Password, p.Bereke.HTTP.CertificateKey)
		case p.ConnPay != nil:
			all = append(all, &p.ConnPay.PrivateKey, p.ConnPay.PrivateKeyPassword, p.ConnPay.Control, p.ConnPay.HTTP.CertificateKey)
		}
	}
	files := map[string]bool{}
	for _, s := range all {
		if s != nil && s.File != "" {
			files[s.File] = true
		}
	}
	if f.Journal.Keyset != "" {
		files[f.Journal.Keyset] = true
	}
	return slices.Sorted(maps.Keys(files))
}

// LastingFiles are those that can't be made anew once there is a journal: the keyset opens
// what it sealed, and the keys tell what was submitted before.
func (f *File) LastingFiles() []string {
	var out []string
	if f.Journal.Keyset != "" {
		out = append(out, f.Journal.Keyset)
	}
	if f.Batch.Key != nil && f.Batch.Key.File != "" {
		out = append(out, f.Batch.Key.File)
	}
	for _, s := range f.Keys.Versions {
		if s.File != "" {
			out = append(out, s.File)
		}
	}
	return out
}

// BatchKey returns the key for registries.
func (f *File) BatchKey(s Sources) (payout.Secret, error) {
	if f.Batch.Key == nil {
		return payout.Secret{}, errors.New("batch.key: is required for registries: {file: batch.key}")
	}
	return s.secret("batch.key", f.Batch.Key)
}
